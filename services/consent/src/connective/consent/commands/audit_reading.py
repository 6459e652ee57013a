"""An officer's look is itself an access: it is recorded in the transaction that reads, or nothing is shown."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from connective.consent.commands.ledger_entries import note
from connective.consent.commands.refusals import ruled_unit, translated
from connective.consent.domain.audit_period import Period, period_of
from connective.consent.domain.ledger import EntryKind
from connective.consent.storage.audit_access import Access, add_accesses
from connective.consent.storage.audit_look import Look
from connective.consent.storage.organisations import entity_of
from connective.consent.storage.works import OFFICER
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.ids import new_id


def asked_period(since: datetime | None, until: datetime | None, now: datetime) -> Period:
    """The period an officer asks for. Raises Unacceptable for one that is empty or too long."""
    with translated():
        return period_of(since, until, now)


def _said(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked for, as far as it was; filters hold ids, codes, times and pseudonyms only."""
    return {name: value for name, value in asked.items() if value is not None}


@asynccontextmanager
async def looking(
    database: Database,
    actor: Actor,
    act: str,
    now: datetime,
    asked: Mapping[str, Any] | None = None,
    *,
    kind: EntryKind = EntryKind.ACCESS,
) -> AsyncIterator[Look]:
    """Read as an officer of the actor's legal entity, and record the look under `audit.<act>` with what was asked.

    Raises NotAllowed while the actor's organisation is not on the register. Nothing is shown unless this commits.
    """
    async with ruled_unit(database, actor, work=OFFICER) as unit:
        look = Look(unit, await entity_of(unit.connection, actor))
        yield look
        await _record(look, kind, f"audit.{act}", now, _said(asked or {}))


async def _record(look: Look, kind: EntryKind, act: str, now: datetime, asked: dict[str, Any]) -> None:
    actor = look.unit.actor
    person = asked.get("person")
    access = Access(
        id=new_id(),
        place_id=actor.place,
        service="consent",
        act=act,
        actor_id=actor.id,
        organisation_id=actor.organisation,
        at=now,
        purpose="audit",
        hits=look.hits,
        people=(person,) if isinstance(person, str) else (),
    )
    await add_accesses(look.unit, [access])
    facts = {"service": "consent", "purpose": "audit", "asked": asked, "act_id": access.id}
    if look.hits is not None:
        facts["hits"] = look.hits
    await note(look.unit, kind, act, now, facts)
