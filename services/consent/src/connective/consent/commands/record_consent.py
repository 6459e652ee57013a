from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from connective.consent.commands.consent_facts import consent_event, enter_consent
from connective.consent.commands.ports import Families
from connective.consent.domain.consent import (
    ConsentState,
    Kind,
    Scope,
    Spoken,
    check_authority,
    check_scope,
    expiry,
)
from connective.consent.storage.locks import lock_for_changing
from connective.consent.storage.people import keep_facts, person_keys
from connective.consent.storage.statements import add_consent, add_consent_act, scope_columns
from connective.contracts.events import ConsentGiven, ConsentRefused
from connective.contracts.sharing import PersonFacts
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Said:
    """What one person said, about whom, and how it was heard."""

    kind: Kind
    state: ConsentState
    """Given or refused."""
    family_id: UUID | None
    giver_id: UUID
    spoken: tuple[Spoken, ...]
    scope: Scope
    how: str
    words: str
    ends_on: date | None


async def record_consent(
    database: Database, families: Families, actor: Actor, attempt: Attempt, said: Said, *, now: datetime
) -> Done:
    """Record a yes or no, once families has confirmed that the giver may speak for everyone it is about.

    Raises NoAuthority or Unacceptable; NotFound when the worker may not see somebody; Unavailable without families.
    """
    check_scope(said.kind, said.scope)
    people = tuple(one.person_id for one in said.spoken)
    facts = (await families.facts(actor, (*people, said.giver_id), said.family_id)).people
    check_authority(said.giver_id, said.spoken, facts)
    values = _values(said, facts, now)
    async with database.unit(actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        await lock_for_changing(unit, people)
        await keep_facts(unit, actor.place, facts, now)
        await add_consent(unit.connection, actor, values, said.spoken)
        act = said.state.value
        await add_consent_act(unit.connection, actor.place, actor, values["id"], act=act, words=said.words, at=now)
        keys = await person_keys(unit, actor.place, {*people, said.giver_id})
        event = ConsentGiven if said.state is ConsentState.GIVEN else ConsentRefused
        unit.tell(consent_event(event, values, people), version=1)
        await enter_consent(unit, act, values, people, keys, at=now, place_id=actor.place)
        return await remember(unit, attempt, Done(values["id"], 201))


def _values(said: Said, facts: tuple[PersonFacts, ...], now: datetime) -> dict[str, Any]:
    given = said.state is ConsentState.GIVEN
    return {
        "id": new_id(),
        "family_id": said.family_id,
        "kind": said.kind.value,
        "state": said.state.value,
        "giver_id": said.giver_id,
        **scope_columns(said.scope),
        "how": said.how,
        "note": said.words,
        "said_at": now,
        "expires_at": expiry(now, said.ends_on, said.spoken, facts) if given else None,
        "withdrawn_at": None,
        "version": 1,
    }
