from datetime import datetime
from uuid import UUID

from connective.consent.commands.consent_facts import consent_event, enter_consent, persons_of
from connective.consent.commands.refusals import ruled_unit
from connective.consent.domain.consent import ConsentState, Manner
from connective.consent.domain.refusals import NotNow
from connective.consent.storage.locks import lock_for_changing
from connective.consent.storage.people import person_keys
from connective.consent.storage.statements import Act, add_consent_act, end_consent, load_consent, people_of
from connective.contracts.consent_events import ConsentWithdrawn
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember


async def withdraw_consent(
    database: Database, actor: Actor, attempt: Attempt, consent_id: UUID, *, words: str, manner: Manner, now: datetime
) -> Done:
    """End a yes, as its giver said. No disclosure that relied on it starts after this commits (promise P6).

    Somebody else who may decide for the person records their own refusal instead. Raises NotNow, NotFound.
    """
    async with ruled_unit(database, actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        people = await people_of(unit.connection, consent_id)
        await lock_for_changing(unit, people)
        row = await load_consent(unit.connection, actor, consent_id)
        if row["state"] != ConsentState.GIVEN.value:
            raise NotNow("not_given", f"This record is {row['state']}: only a yes can be withdrawn.")
        state, version = ConsentState.WITHDRAWN.value, row["version"] + 1
        await end_consent(unit.connection, consent_id, state=state, version=version, withdrawn_at=now)
        await add_consent_act(unit.connection, actor.place, actor, Act(consent_id, state, now, words, manner))
        keys = await person_keys(unit, actor.place, persons_of(row, people))
        unit.tell(consent_event(ConsentWithdrawn, row, people), version=version)
        await enter_consent(unit, state, row, people, keys, at=now, place_id=actor.place)
        return await remember(unit, attempt, Done(consent_id, 200))
