"""Read a part of the thread of a request: the other side's words are a disclosure, decided for what they reveal.

What is shown counts as read by the reader's organisation, in the transaction that records the look: should that fail,
nothing is shown. What may not be shown is named by its categories, and counts as read too.
"""

from dataclasses import dataclass
from uuid import UUID

from connective.contracts.categories import Category, Purpose
from connective.contracts.sharing import DisclosureAsked, Question
from connective.kit.actor import Actor
from connective.kit.ids import new_id
from connective.referrals.commands.deciding import method_of, permitted_by
from connective.referrals.commands.delivering import delivering
from connective.referrals.commands.open_request import closed
from connective.referrals.commands.refusals import unavailable_instead
from connective.referrals.commands.room import Room
from connective.referrals.commands.stored_only import refuse_stored_to
from connective.referrals.domain.request import Request
from connective.referrals.domain.states import FINAL, Party
from connective.referrals.domain.told import words_seen
from connective.referrals.domain.visible import ALWAYS, Permitted
from connective.referrals.storage.events import audited
from connective.referrals.storage.messages import Said, count_unread, load_said, mark_read
from connective.referrals.storage.requests import load
from connective.referrals.storage.seeing import parties_of


@dataclass(frozen=True, slots=True)
class Thread:
    """A part of what both sides wrote, oldest first, and how much the reader's organisation has not read yet.

    One message more than the limit tells that there is a next part; it counts as unread until it is shown.
    """

    request: Request
    reader: Party
    said: tuple[Said, ...]
    unread: int


@dataclass(frozen=True, slots=True)
class _Part:
    """What was found for one reader: at most `limit` messages are shown, and one more tells that there are others."""

    request: Request
    reader: Party
    said: tuple[Said, ...]
    limit: int

    @property
    def shown(self) -> tuple[Said, ...]:
        return self.said[: self.limit]

    def revealed(self) -> frozenset[Category]:
        """Categories of the other side's words: what the reading is decided for."""
        others = [each.message.words for each in self.shown if each.message.party is not self.reader]
        return frozenset[Category]().union(*(words.categories for words in others if words is not None)) - ALWAYS


async def read_messages(room: Room, actor: Actor, request_id: UUID, after: int, limit: int) -> Thread:
    """The part of the thread after a version of the request.

    Of a final request its recipient sees what it wrote itself. Raises NotFound; SharingNotPermitted while it is held;
    ProcessingRestricted; Unavailable when consent cannot be asked: then nothing is shown.
    """
    part = await _found(room, actor, request_id, after, limit)
    request, revealed = part.request, part.revealed()
    if not revealed or request.recipient_organisation_id == request.referrer_organisation_id:
        return await _seen(room, actor, part, dict.fromkeys(request.people.everyone, revealed))
    asked = _asked(actor, part, revealed)
    async with delivering(room, actor, asked) as delivery:
        with unavailable_instead():
            answer = await room.others.consent.disclose(actor, asked)
        delivery.recorded = answer.disclosure_id is not None
        return await _seen(room, actor, part, {} if answer.permit is None else permitted_by(answer.decision))


async def _found(room: Room, actor: Actor, request_id: UUID, after: int, limit: int) -> _Part:
    async with room.database.reading(actor) as connection:
        request = await load(connection, actor, request_id)
        reader = Party.REFERRER if Party.REFERRER in parties_of(request, actor) else Party.RECIPIENT
        if reader is Party.RECIPIENT and request.hold is not None:
            raise closed(request)
        await refuse_stored_to(connection, request, reader)
        only = reader if reader is Party.RECIPIENT and request.state in FINAL else None
        return _Part(request, reader, await load_said(connection, request_id, after, limit + 1, only), limit)


def _asked(actor: Actor, part: _Part, revealed: frozenset[Category]) -> DisclosureAsked:
    request, back = part.request, part.reader is Party.REFERRER
    question = Question(
        discloser_organisation_id=request.recipient_organisation_id if back else request.discloser_organisation_id,
        recipient_organisation_id=request.referrer_organisation_id if back else request.recipient_organisation_id,
        service_id=request.service_id,
        service_kind=request.service_kind,
        subjects=request.people.everyone,
        categories=revealed,
        purpose=Purpose.REFERRAL,
        method=method_of(actor),
    )
    return DisclosureAsked(
        question=question, request_id=request.id, request_version=request.version, disclosure_id=new_id()
    )


async def _seen(room: Room, actor: Actor, part: _Part, permitted: Permitted) -> Thread:
    """The part as its reader may see it, marked as read and audited in one transaction."""
    request = part.request
    messages = words_seen([each.message for each in part.said], part.reader, request.people, permitted)
    async with room.database.unit(actor) as unit:
        if part.shown:
            await mark_read(unit, request.id, part.shown[-1].version)
        if part.reader is Party.REFERRER:
            act = audited(actor, "messages.read", room.clock(), family_id=request.family_id, request_id=request.id)
            unit.tell(act, version=1)
        unread = await count_unread(unit.connection, actor, request.id)
    said = tuple(Said(each.version, message) for each, message in zip(part.said, messages, strict=True))
    return Thread(request, part.reader, said, unread)
