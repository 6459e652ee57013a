from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from connective.consent.commands.consent_facts import consent_event, enter_consent
from connective.consent.commands.ports import Families
from connective.consent.commands.refusals import translated
from connective.consent.domain.authority import check_authority
from connective.consent.domain.consent import ConsentState, Giver, Kind, Manner, Scope, Spoken, check_scope, expiry
from connective.consent.domain.days import day_of
from connective.consent.storage.entities import load_entity
from connective.consent.storage.locks import lock_for_changing
from connective.consent.storage.people import keep_facts, person_keys
from connective.consent.storage.statements import Act, add_consent, add_consent_act, manner_columns, scope_columns
from connective.contracts.consent_events import ConsentGiven, ConsentRefused
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
    given_by: UUID
    """The person who said it, or the legal entity of the body for which somebody said it."""
    spoken_for_body: str
    """Name and role of who spoke for a body; empty where a person of the family spoke."""
    spoken: tuple[Spoken, ...]
    scope: Scope
    manner: Manner
    words: str
    ends_on: date | None


async def record_consent(
    database: Database, families: Families, actor: Actor, attempt: Attempt, said: Said, *, now: datetime
) -> Done:
    """Record a yes or no, once families has confirmed that the giver may speak for everyone it is about.

    Raises NoAuthority or Unacceptable; NotFound when the worker may not see somebody; Unavailable without families.
    """
    with translated():
        check_scope(said.kind, said.scope)
    giver = await _giver(database, actor, said)
    people = tuple(one.person_id for one in said.spoken)
    persons = people if giver.entity_kind else (*people, giver.id)
    facts = (await families.facts(actor, persons, said.family_id)).people
    with translated():
        check_authority(giver, said.spoken, facts, yes=said.state is ConsentState.GIVEN, today=day_of(now))
        values = _values(said, giver, facts, now)
    async with database.unit(actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        await lock_for_changing(unit, people)
        await keep_facts(unit, actor.place, facts, now)
        await add_consent(unit.connection, actor, values, said.spoken)
        act = Act(values["id"], said.state.value, now, said.words, said.manner)
        await add_consent_act(unit.connection, actor.place, actor, act)
        keys = await person_keys(unit, actor.place, persons)
        event = ConsentGiven if said.state is ConsentState.GIVEN else ConsentRefused
        unit.tell(consent_event(event, values, people), version=1)
        await enter_consent(unit, act.act, values, people, keys, at=now, place_id=actor.place)
        return await remember(unit, attempt, Done(values["id"], 201))


async def _giver(database: Database, actor: Actor, said: Said) -> Giver:
    """Who speaks; a body must be on the register of the place. Raises NotFound."""
    if not said.spoken_for_body:
        return Giver(said.given_by)
    async with database.reading(actor) as connection:
        entity = await load_entity(connection, actor, said.given_by)
    return Giver(entity.id, entity.kind, said.spoken_for_body)


def _values(said: Said, giver: Giver, facts: tuple[PersonFacts, ...], now: datetime) -> dict[str, Any]:
    given = said.state is ConsentState.GIVEN
    return {
        "id": new_id(),
        "family_id": said.family_id,
        "kind": said.kind.value,
        "state": said.state.value,
        "giver_id": giver.id,
        "giver_kind": "body" if giver.entity_kind else "person",
        "spoken_by": giver.spoken_by,
        **scope_columns(said.scope),
        **manner_columns(said.manner),
        "note": said.words,
        "said_at": now,
        "expires_at": expiry(now, said.ends_on, said.spoken, facts) if given else None,
        "withdrawn_at": None,
        "version": 1,
    }
