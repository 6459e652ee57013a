"""Attachments: stored with what they announce, and found for whichever side of their request may know of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.contracts.categories import Category
from connective.contracts.referral_events import ATTACHMENT_EVENTS
from connective.kit.actor import Actor
from connective.kit.database import Unit, fetch, fetch_one
from connective.kit.problems import NotFound
from connective.referrals.domain.attachments import Attachment, Kept, Kind, Stage
from connective.referrals.domain.request import Request
from connective.referrals.domain.states import Party

_COLUMNS = """id, place_id, request_id, family_id, organisation_id, party, name, categories, answers, stage, reason,
    version, kind, object_id, pieces, content_key, size, digest, uploaded_digest, attached_by, attached_at, settled_at,
    tries, next_try_at"""
_ADD = f"""
INSERT INTO attachment ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text[], $9, $10, $11, $12, $13, $14, $15,
    $16, $17, $18, $19, $20, $21, $22, $23, $24)
"""  # noqa: S608 - constants only
_SAVE = """
UPDATE attachment SET name = $2, stage = $3, reason = $4, version = $5, kind = $6, object_id = $7, pieces = $8,
    content_key = $9, size = $10, digest = $11, uploaded_digest = $12, settled_at = $13, tries = $14, next_try_at = $15
WHERE id = $1
"""
_SEEN = "place_id = $1 AND (organisation_id = $2 OR stage = 'available')"
_ONE = f"SELECT {_COLUMNS} FROM attachment WHERE {_SEEN} AND id = $3"  # noqa: S608 - constants only
_LIST = f"""
SELECT {_COLUMNS} FROM attachment WHERE {_SEEN} AND request_id = $3 AND ($4::uuid IS NULL OR id > $4)
  AND ($6 OR organisation_id = $2) AND stage <> 'removed'
ORDER BY id LIMIT $5
"""  # noqa: S608 - constants only
_HELD = f"""
SELECT {_COLUMNS} FROM attachment WHERE place_id = $1 AND id = $4 AND EXISTS (
  SELECT FROM request AS r WHERE r.id = request_id AND r.family_id = ANY($2::uuid[]) AND r.people && $3::uuid[])
"""  # noqa: S608 - constants only
_COUNT = """
SELECT count(*)::int AS count FROM attachment WHERE request_id = $1 AND organisation_id = $2 AND stage <> 'removed'
"""
_BY_ID = f"SELECT {_COLUMNS} FROM attachment WHERE id = $1 FOR UPDATE"  # noqa: S608 - constants only
_CLAIM = f"""
UPDATE attachment SET next_try_at = $2 WHERE id = (
  SELECT id FROM attachment WHERE next_try_at <= $1 AND stage = 'quarantined'
  ORDER BY next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING {_COLUMNS}
"""  # noqa: S608 - constants only
_GIVE_UP = """
UPDATE attachment SET stage = 'removed', name = '', version = version + 1
WHERE stage = 'awaiting_content' AND attached_at < $1
"""
HELD_FOR = timedelta(minutes=5)
"""How long one worker has for one file before another may take it up."""


async def add_attachment(unit: Unit, new: Attachment) -> None:
    """Store a new one; nothing is announced of it until its content came."""
    place = (new.id, new.place_id, new.request_id, new.family_id, new.organisation_id, str(new.party))
    said = (new.name, sorted(new.categories), new.answers, str(new.stage), new.reason, new.version)
    by = (new.attached_by, new.attached_at, new.settled_at, new.tries, new.next_try_at)
    await unit.run(_ADD, (*place, *said, *_content(new), *by))


async def save_attachment(unit: Unit, after: Attachment) -> None:
    """Store how it stands now."""
    told = (after.name, str(after.stage), after.reason, after.version)
    await unit.run(_SAVE, (after.id, *told, *_content(after), after.settled_at, after.tries, after.next_try_at))


def _content(file: Attachment) -> tuple[Any, ...]:
    kept = file.kept
    of_it = (None,) * 5 if kept is None else (kept.object_id, kept.pieces, kept.key, kept.size, kept.digest)
    return (file.kind, *of_it, file.uploaded_digest)


def announce(unit: Unit, file: Attachment, request: Request, fact: str) -> None:
    """Tell what became of a file: ids and codes, never its name."""
    told = ATTACHMENT_EVENTS[fact](
        attachment_id=file.id,
        request_id=file.request_id,
        referrer_organisation_id=request.referrer_organisation_id,
        recipient_organisation_id=request.recipient_organisation_id,
        by_organisation_id=file.organisation_id,
        service_id=request.service_id,
        reference=request.reference,
        kind=file.kind,
        state=str(file.stage),
        reason_code=file.reason,
        sent=request.submitted_at is not None,
        at=file.settled_at or file.attached_at,
    )
    unit.tell(told, version=file.version, place_id=file.place_id)


async def load_attachment(connection: AsyncConnection, actor: Actor, attachment_id: UUID) -> Attachment:
    """One the actor's organisation attached, or one of the other side's that can be had. Raises NotFound.

    Whether the actor is a party to its request is for the caller to find by loading that.
    """
    row = await fetch_one(connection, _ONE, (actor.place, actor.organisation, attachment_id))
    if row is None:
        raise NotFound
    return _attachment(row)


async def load_held_attachment(
    connection: AsyncConnection, place_id: UUID, families: Sequence[UUID], people: Sequence[UUID], attachment_id: UUID
) -> Attachment:
    """One that goes with a request about one of these people, whoever attached it. Raises NotFound."""
    row = await fetch_one(connection, _HELD, (place_id, list(families), list(people), attachment_id))
    if row is None:
        raise NotFound
    return _attachment(row)


async def load_attachment_locked(unit: Unit, attachment_id: UUID) -> Attachment | None:
    """The same, kept from changing until the unit ends; None for one that is gone. Its caller has the right to it."""
    row = await unit.fetch_one(_BY_ID, (attachment_id,))
    return None if row is None else _attachment(row)


async def list_attachments(
    connection: AsyncConnection, actor: Actor, request_id: UUID, after: UUID | None, limit: int, *, both: bool
) -> list[Attachment]:
    """Those of one request, oldest first: its own, and of the other side what can be had; one more than the limit."""
    given = (actor.place, actor.organisation, request_id, after, limit + 1, both)
    return [_attachment(row) for row in await fetch(connection, _LIST, given)]


async def count_attached(unit: Unit, request_id: UUID, organisation_id: UUID) -> int:
    """How many an organisation has attached to a request."""
    return int((await unit.fetch_one(_COUNT, (request_id, organisation_id))).count)


async def claim_due(unit: Unit, at: datetime) -> Attachment | None:
    """The quarantined file that waits longest, for this worker alone for a while."""
    row = await unit.fetch_one(_CLAIM, (at, at + HELD_FOR))
    return None if row is None else _attachment(row)


async def give_up_waiting(unit: Unit, before: datetime) -> int:
    """Forget the names of files whose content never came."""
    return await unit.run(_GIVE_UP, (before,))


def _attachment(row: Any) -> Attachment:  # noqa: ANN401 - a driver row
    kept = None
    if row.object_id is not None:
        kept = Kept(row.object_id, row.pieces, row.content_key, row.size, row.digest)
    return Attachment(
        id=row.id,
        place_id=row.place_id,
        request_id=row.request_id,
        family_id=row.family_id,
        organisation_id=row.organisation_id,
        party=Party(row.party),
        name=row.name,
        categories=frozenset(map(Category, row.categories)),
        answers=row.answers,
        stage=Stage(row.stage),
        reason=row.reason,
        version=row.version,
        kind=None if row.kind is None else Kind(row.kind),
        kept=kept,
        uploaded_digest=row.uploaded_digest,
        attached_by=row.attached_by,
        attached_at=row.attached_at,
        settled_at=row.settled_at,
        tries=row.tries,
        next_try_at=row.next_try_at,
    )
