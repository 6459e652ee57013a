"""A referrer reads its own request: everything it wrote, and of what the recipient wrote back what is permitted.

The reading is audited in its own transaction: no row, no data. What comes back is a disclosure too, decided in that
direction; state, dates and codes always return, even when consent cannot be asked.
"""

from dataclasses import dataclass
from uuid import UUID

from connective.contracts.categories import Category, Purpose
from connective.contracts.needs import needs_list
from connective.contracts.sharing import DisclosureAsked, Question, ServiceFacts
from connective.kit.actor import Actor
from connective.kit.ids import new_id
from connective.kit.problems import Refusal
from connective.referrals.commands.deciding import method_of, permitted_by
from connective.referrals.commands.delivering import delivering
from connective.referrals.commands.loading import Loaded
from connective.referrals.commands.room import Room
from connective.referrals.domain.forms import Form
from connective.referrals.domain.request import Content, Request
from connective.referrals.domain.states import Party
from connective.referrals.domain.stored_only import content_left, shown_left, words_left
from connective.referrals.domain.told import Message, ShownOutcome, outcome_seen, returned_categories, words_seen
from connective.referrals.domain.visible import Permitted
from connective.referrals.storage.events import audited, is_queued
from connective.referrals.storage.services import known_services
from connective.referrals.storage.stored_only import stored_among


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """One request as its referrer sees it."""

    request: Request
    form: Form
    content: Content
    messages: tuple[Message, ...]
    outcome: ShownOutcome | None
    service: ServiceFacts | None
    """What is known of the service now; None until its copy is fetched again."""
    processing_restricted: tuple[UUID, ...]
    """Whose data are stored and not used: what may speak of them is left out."""
    queued: bool
    """Whether it was sent and its recipient has not been told yet."""


async def read_own_request(room: Room, actor: Actor, loaded: Loaded) -> OwnRequest:
    """Audit the reading, and ask what of the recipient's words may be shown."""
    request, outcome = loaded.request, loaded.request.outcome
    categories = returned_categories(loaded.messages, outcome, needs_list())
    permitted = await _permitted_back(room, actor, request, categories)
    async with room.database.unit(actor) as unit:
        act = audited(actor, "request.read", room.clock(), family_id=request.family_id, request_id=request.id)
        unit.tell(act, version=1)
        known = await known_services(unit.connection, request.place_id, [request.service_id])
        stored = await stored_among(unit.connection, request.place_id, request.people.everyone)
        queued = request.submitted_at is not None and await is_queued(unit.connection, request.id)
    messages = words_seen(loaded.messages, Party.REFERRER, request.people, permitted)
    shown = None if outcome is None else outcome_seen(outcome, request.people, permitted, needs_list())
    return OwnRequest(
        request=request,
        form=loaded.form,
        content=content_left(loaded.content, stored),
        messages=words_left(messages, stored),
        outcome=None if shown is None else shown_left(shown, stored),
        service=known.services.get(request.service_id),
        processing_restricted=tuple(sorted(stored)),
        queued=queued,
    )


async def _permitted_back(room: Room, actor: Actor, request: Request, categories: frozenset[Category]) -> Permitted:
    """What the recipient may show the referrer; nothing, when there is nothing to show or consent cannot be asked."""
    if not categories:
        return {}
    if request.recipient_organisation_id == request.referrer_organisation_id:
        return dict.fromkeys(request.people.everyone, categories)
    question = Question(
        discloser_organisation_id=request.recipient_organisation_id,
        recipient_organisation_id=request.referrer_organisation_id,
        service_id=request.service_id,
        service_kind=request.service_kind,
        subjects=request.people.everyone,
        categories=categories,
        purpose=Purpose.REFERRAL,
        method=method_of(actor),
    )
    asked = DisclosureAsked(
        question=question, request_id=request.id, request_version=request.version, disclosure_id=new_id()
    )
    try:
        async with delivering(room, actor, asked) as delivery:
            answer = await room.others.consent.disclose(actor, asked)
            delivery.recorded = answer.disclosure_id is not None
    except Refusal:
        return {}
    return {} if answer.permit is None else permitted_by(answer.decision)
