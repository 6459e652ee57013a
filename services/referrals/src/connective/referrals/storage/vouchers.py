"""Vouchers: loaded as somebody may see them, and saved together with what they announce."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.contracts.referral_events import (
    VoucherCancelled,
    VoucherEvent,
    VoucherExpired,
    VoucherIssued,
    VoucherUsed,
)
from connective.kit.actor import Actor, ActorKind
from connective.kit.database import Unit, fetch, fetch_one
from connective.kit.problems import NotFound, Stale
from connective.referrals.domain.vouchers import AgeBand, Contents, PackingNote, Voucher, VoucherState

_EVENTS: dict[VoucherState, type[VoucherEvent]] = {
    VoucherState.ISSUED: VoucherIssued,
    VoucherState.USED: VoucherUsed,
    VoucherState.CANCELLED: VoucherCancelled,
    VoucherState.EXPIRED: VoucherExpired,
}
_COLUMNS = """id, place_id, reference, request_id, family_id, service_id, issuer_organisation_id,
    recipient_organisation_id, issued_by, issued_at, expires_at, adults, children::text AS children, packing_notes,
    state, version, ended_at"""
_SEEN = "place_id = $1 AND $2::uuid IN (issuer_organisation_id, recipient_organisation_id)"
_ONE = f"SELECT {_COLUMNS} FROM voucher WHERE id = $3 AND {_SEEN}"  # noqa: S608 - constants only
_LIST = f"""
SELECT {_COLUMNS} FROM voucher WHERE {_SEEN}
  AND CASE WHEN $3::boolean THEN issuer_organisation_id = $2 ELSE recipient_organisation_id = $2 END
  AND ($4::uuid IS NULL OR id < $4) AND ($5::text IS NULL OR reference = $5)
  AND (cardinality($6::text[]) = 0 OR CASE WHEN state = 'issued' AND expires_at <= $7 THEN 'expired' ELSE state END
       = ANY ($6::text[]))
ORDER BY id DESC LIMIT $8
"""  # noqa: S608 - constants only
_ADD = """
INSERT INTO voucher (id, place_id, reference, request_id, family_id, service_id, issuer_organisation_id,
  recipient_organisation_id, issued_by, issued_at, expires_at, adults, children, packing_notes, state, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::jsonb, $14::text[], $15, $16)
"""
_END = "UPDATE voucher SET state = $3, version = $4, ended_at = $5 WHERE id = $1 AND version = $2"
_DUE = f"""
SELECT {_COLUMNS} FROM voucher WHERE state = 'issued' AND expires_at <= $1
ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True)
class WantedVouchers:
    """Which part of which list: those issued by the organisation, or those presented to it."""

    sent: bool
    states: Sequence[VoucherState]
    reference: str | None
    after: UUID | None
    limit: int
    at: datetime


def _voucher(row: Any) -> Voucher:  # noqa: ANN401 - a driver row
    children = {AgeBand(band): count for band, count in json.loads(row.children).items()}
    return Voucher(
        id=row.id,
        place_id=row.place_id,
        reference=row.reference,
        request_id=row.request_id,
        family_id=row.family_id,
        service_id=row.service_id,
        issuer_organisation_id=row.issuer_organisation_id,
        recipient_organisation_id=row.recipient_organisation_id,
        issued_by=row.issued_by,
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        contents=Contents(row.adults, children, frozenset(map(PackingNote, row.packing_notes))),
        state=VoucherState(row.state),
        version=row.version,
        ended_at=row.ended_at,
    )


async def load_voucher(connection: AsyncConnection, actor: Actor, voucher_id: UUID, *, lock: bool = False) -> Voucher:
    """A voucher that the actor's organisation issued or is to honour. Raises NotFound."""
    row = await fetch_one(
        connection, f"{_ONE} FOR UPDATE" if lock else _ONE, (actor.place, actor.organisation, voucher_id)
    )
    if row is None:
        raise NotFound
    return _voucher(row)


async def list_vouchers(connection: AsyncConnection, actor: Actor, wanted: WantedVouchers) -> list[Voucher]:
    """One more than the limit, if there is one; newest first."""
    states = [str(state) for state in wanted.states]
    narrowed = (wanted.sent, wanted.after, wanted.reference, states, wanted.at, wanted.limit + 1)
    return [_voucher(row) for row in await fetch(connection, _LIST, (actor.place, actor.organisation, *narrowed))]


async def due_to_expire(unit: Unit, at: datetime, limit: int) -> list[Voucher]:
    """Vouchers whose last day is over, locked; those another worker holds are skipped."""
    return [_voucher(row) for row in await unit.fetch(_DUE, (at, limit))]


async def add_voucher(unit: Unit, new: Voucher) -> None:
    """Store a new one and announce it. Raises IntegrityError when the request has one that stands."""
    said = new.contents
    values = (
        *(new.id, new.place_id, new.reference, new.request_id, new.family_id, new.service_id),
        *(new.issuer_organisation_id, new.recipient_organisation_id, new.issued_by, new.issued_at, new.expires_at),
        *(said.adults, json.dumps(said.children), sorted(said.packing_notes), str(new.state), new.version),
    )
    await unit.run(_ADD, values)
    _announce(unit, new, new.issued_at)


async def save_ended(unit: Unit, before: Voucher, after: Voucher, at: datetime) -> None:
    """Store that it was used, cancelled or expired, and announce it. Raises Stale when somebody was quicker."""
    if await unit.run(_END, (before.id, before.version, str(after.state), after.version, after.ended_at)) != 1:
        raise Stale("Read it again: somebody changed it since.")
    _announce(unit, after, at)


def _announce(unit: Unit, voucher: Voucher, at: datetime) -> None:
    event = _EVENTS[voucher.state](
        voucher_id=voucher.id,
        service_id=voucher.service_id,
        issuer_organisation_id=voucher.issuer_organisation_id,
        recipient_organisation_id=voucher.recipient_organisation_id,
        reference=voucher.reference,
        expires_at=voucher.expires_at,
        at=at,
    )
    unit.tell(event, version=voucher.version, place_id=voucher.place_id)


def is_issuer(voucher: Voucher, actor: Actor) -> bool:
    """Whether the actor's organisation issued it; a service acts for the Hub and issues none."""
    return actor.kind is not ActorKind.SERVICE and voucher.issuer_organisation_id == actor.organisation_id
