"""Intakes: loaded as sender or recipient may see them, and saved together with what they announce."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.contracts.referral_events import (
    IntakeClosed,
    IntakeEvent,
    IntakeLapsed,
    IntakeMatched,
    IntakeOverdue,
    IntakeReceived,
    IntakeWithdrawn,
)
from connective.kit.actor import Actor, ActorKind
from connective.kit.database import Database, Unit, fetch, fetch_one
from connective.kit.problems import NotFound, Stale
from connective.referrals.domain.intake import Intake, IntakeContent, IntakeState, Source, Withheld
from connective.referrals.domain.intake_clock import next_step_at

_EVENTS: dict[IntakeState, type[IntakeEvent]] = {
    IntakeState.WAITING: IntakeReceived,
    IntakeState.MATCHED: IntakeMatched,
    IntakeState.CLOSED: IntakeClosed,
    IntakeState.WITHDRAWN: IntakeWithdrawn,
    IntakeState.LAPSED: IntakeLapsed,
}
_COLUMNS = """id, place_id, reference, source, sender_organisation_id, sent_by, external_reference, fingerprint,
    service_id, service_kind, recipient_organisation_id, received_at, due_at, content::text AS content,
    withheld::text AS withheld, state, version, ended_at, end_code, sentence, escalations"""
_SEEN = "place_id = $1 AND (recipient_organisation_id = $2 OR sender_organisation_id = $2)"
_ONE = f"SELECT {_COLUMNS} FROM intake WHERE id = $3 AND {_SEEN}"  # noqa: S608 - constants only
_BY_ID = f"SELECT {_COLUMNS} FROM intake WHERE id = $1"  # noqa: S608 - constants only
_ASKED = f"SELECT {_COLUMNS} FROM intake WHERE reference = $1 AND source = 'self'"  # noqa: S608 - constants only
_SENT_AS = f"""
SELECT {_COLUMNS} FROM intake WHERE place_id = $1 AND sender_organisation_id = $2 AND external_reference = $3
"""  # noqa: S608 - constants only
_LIST = f"""
SELECT {_COLUMNS} FROM intake WHERE {_SEEN}
  AND CASE WHEN $3::boolean THEN sender_organisation_id = $2 ELSE recipient_organisation_id = $2 END
  AND ($4::uuid IS NULL OR id < $4) AND (cardinality($5::text[]) = 0 OR state = ANY ($5::text[]))
ORDER BY id DESC LIMIT $6
"""  # noqa: S608 - constants only
_ADD = """
INSERT INTO intake (id, place_id, reference, source, sender_organisation_id, sent_by, external_reference, fingerprint,
  service_id, service_kind, recipient_organisation_id, received_at, due_at, content, withheld, state, version,
  next_step_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::jsonb, $15::jsonb, $16, $17, $18)
"""
_END = """
UPDATE intake SET state = $3, version = $4, content = NULL, ended_at = $5, end_code = $6, sentence = $7,
  next_step_at = NULL
WHERE id = $1 AND version = $2
"""
_DUE = f"""
SELECT {_COLUMNS} FROM intake WHERE state = 'waiting' AND received_at <= $1
ORDER BY received_at LIMIT $2 FOR UPDATE SKIP LOCKED
"""  # noqa: S608 - constants only
_REMIND = f"""
SELECT {_COLUMNS} FROM intake WHERE next_step_at <= $1 ORDER BY next_step_at LIMIT $2 FOR UPDATE SKIP LOCKED
"""  # noqa: S608 - constants only
_REMINDED = "UPDATE intake SET version = $3, escalations = $4, next_step_at = $5 WHERE id = $1 AND version = $2"
_OVERDUE = f"""
SELECT {_COLUMNS} FROM intake WHERE place_id = $1 AND state = 'waiting' AND due_at < $2
  AND ($3::uuid IS NULL OR id < $3)
  AND (NOT $5 OR EXISTS (SELECT FROM hub_copy h WHERE h.place_id = $1 AND h.coordinator_account_id = $6
    AND h.member_organisation_ids && ARRAY[recipient_organisation_id]))
ORDER BY id DESC LIMIT $4
"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True)
class WantedIntakes:
    """Which part of which list: those the organisation sent, or those that arrived at it."""

    sent: bool
    states: Sequence[IntakeState]
    after: UUID | None
    limit: int


@lru_cache(maxsize=1)
def _content() -> TypeAdapter[IntakeContent]:
    return TypeAdapter(IntakeContent)


@lru_cache(maxsize=1)
def _withheld() -> TypeAdapter[tuple[Withheld, ...]]:
    return TypeAdapter(tuple[Withheld, ...])


def _intake(row: Any) -> Intake:  # noqa: ANN401 - a driver row
    return Intake(
        id=row.id,
        place_id=row.place_id,
        reference=row.reference,
        source=Source(row.source),
        sender_organisation_id=row.sender_organisation_id,
        sent_by=row.sent_by,
        external_reference=row.external_reference,
        fingerprint=row.fingerprint,
        service_id=row.service_id,
        service_kind=row.service_kind,
        recipient_organisation_id=row.recipient_organisation_id,
        received_at=row.received_at,
        due_at=row.due_at,
        content=None if row.content is None else _content().validate_json(row.content),
        withheld=_withheld().validate_json(row.withheld),
        state=IntakeState(row.state),
        version=row.version,
        ended_at=row.ended_at,
        end_code=row.end_code,
        sentence=row.sentence,
        escalations=row.escalations,
    )


async def load_intake(connection: AsyncConnection, actor: Actor, intake_id: UUID, *, lock: bool = False) -> Intake:
    """An intake that the actor's organisation sent, or that arrived at it. Raises NotFound."""
    parameters = (actor.place, actor.organisation, intake_id)
    row = await fetch_one(connection, f"{_ONE} FOR UPDATE" if lock else _ONE, parameters)
    if row is None:
        raise NotFound
    return _intake(row)


async def load_own_work(unit: Unit, intake_id: UUID) -> Intake:
    """An intake as the Hub itself sees it, to answer a family that has no account. Raises NotFound."""
    row = await unit.fetch_one(_BY_ID, (intake_id,))
    if row is None:
        raise NotFound
    return _intake(row)


async def find_asked(connection: AsyncConnection, reference: str) -> Intake | None:
    """What a family asked by itself under a reference, as the Hub itself sees it; None where there is none."""
    row = await fetch_one(connection, _ASKED, (reference,))
    return None if row is None else _intake(row)


async def sent_before(connection: AsyncConnection, actor: Actor, external_reference: str) -> Intake | None:
    """What the actor's organisation sent under its own reference, if anything."""
    row = await fetch_one(connection, _SENT_AS, (actor.place, actor.organisation, external_reference))
    return None if row is None else _intake(row)


async def list_intakes(connection: AsyncConnection, actor: Actor, wanted: WantedIntakes) -> list[Intake]:
    """One more than the limit, if there is one; newest first."""
    states = [str(state) for state in wanted.states]
    parameters = (actor.place, actor.organisation, wanted.sent, wanted.after, states, wanted.limit + 1)
    return [_intake(row) for row in await fetch(connection, _LIST, parameters)]


async def due_to_lapse(unit: Unit, received_before: datetime, limit: int) -> list[Intake]:
    """Intakes that nobody matched in time, locked; those another worker holds are skipped."""
    return [_intake(row) for row in await unit.fetch(_DUE, (received_before, limit))]


async def due_to_remind(unit: Unit, at: datetime, limit: int) -> list[Intake]:
    """Intakes of which somebody is to be told now, locked; those another worker holds are skipped."""
    return [_intake(row) for row in await unit.fetch(_REMIND, (at, limit))]


async def list_overdue(
    database: Database, actor: Actor, at: datetime, *, mine: bool, after: UUID | None, limit: int
) -> list[Intake]:
    """Intakes of the place past their time, for whom coordinates it; one more than the limit, if there is one.

    `mine` leaves out what concerns no member of a hub that the actor coordinates.
    """
    # The whole place's list is the Hub's own work, done in the coordinator's name: row security lets it through.
    async with database.reading(replace(actor, kind=ActorKind.SERVICE)) as connection:
        values = (actor.place, at, after, limit + 1, mine, actor.account_id)
        return [_intake(row) for row in await fetch(connection, _OVERDUE, values)]


async def add_intake(unit: Unit, new: Intake) -> None:
    """Store a new one and announce it. Raises IntegrityError where its reference is taken."""
    assert new.content is not None  # noqa: S101 - what arrives has a content
    values = (
        *(new.id, new.place_id, new.reference, str(new.source), new.sender_organisation_id, new.sent_by),
        *(new.external_reference, new.fingerprint, new.service_id, new.service_kind, new.recipient_organisation_id),
        *(new.received_at, new.due_at, _content().dump_json(new.content).decode()),
        *(_withheld().dump_json(new.withheld).decode(), str(new.state), new.version, next_step_at(new)),
    )
    await unit.run(_ADD, values)
    _announce(unit, new, new.received_at)


async def save_ended_intake(unit: Unit, before: Intake, after: Intake, at: datetime) -> None:
    """Store how it ended, without what was sent, and announce it. Raises Stale when somebody was quicker."""
    changes = (str(after.state), after.version, after.ended_at, after.end_code, after.sentence)
    if await unit.run(_END, (before.id, before.version, *changes)) != 1:
        raise Stale("Read it again: somebody changed it since.")
    _announce(unit, after, at)


async def save_reminded_intake(
    unit: Unit, before: Intake, after: Intake, told: tuple[str, UUID | None], at: datetime
) -> None:
    """Store that a step was taken and announce it: why, and the coordinator who is to act, if one is."""
    await unit.run(_REMINDED, (before.id, before.version, after.version, after.escalations, next_step_at(after)))
    facts = _facts(after, at) | {"reason_code": told[0]}
    unit.tell(IntakeOverdue(**facts, escalated_to=told[1]), version=after.version, place_id=after.place_id)


def _announce(unit: Unit, intake: Intake, at: datetime) -> None:
    unit.tell(_EVENTS[intake.state](**_facts(intake, at)), version=intake.version, place_id=intake.place_id)


def _facts(intake: Intake, at: datetime) -> dict[str, Any]:
    return {
        "intake_id": intake.id,
        "service_id": intake.service_id,
        "sender_organisation_id": intake.sender_organisation_id,
        "recipient_organisation_id": intake.recipient_organisation_id,
        "reference": intake.reference,
        "state": str(intake.state),
        "reason_code": intake.end_code,
        "at": at,
    }
