"""From values to answers: the only place that decides which field of a request goes to which side."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from connective.contracts.sharing import ServiceFacts
from connective.kit.actor import Actor
from connective.referrals.api import answers as out
from connective.referrals.commands.act_on_request import actions_open_to
from connective.referrals.commands.open_request import Opened, Tombstone
from connective.referrals.commands.read_own_request import OwnRequest
from connective.referrals.domain.clocks import due
from connective.referrals.domain.notes import silence
from connective.referrals.domain.referral import Referral
from connective.referrals.domain.request import AskedNeed, Decline, Missing, NeedNow, Outcome, Request, View, Words
from connective.referrals.domain.sending import what_today
from connective.referrals.domain.states import Party, State
from connective.referrals.domain.status import FHIR_STATUS, referral_status
from connective.referrals.domain.told import Message, ShownOutcome


def _due(request: Request) -> out.DueOut | None:
    owed = due(request)
    return None if owed is None else out.DueOut(clock=owed.clock, owner=str(owed.owner), at=owed.at)


def missing_out(items: Iterable[Missing]) -> list[out.MissingOut]:
    """What may not be shared, and what would clear it."""
    return [out.MissingOut(category=i.category, code=i.code, sentence=i.sentence, remedy=i.remedy) for i in items]


def _decline(request: Request) -> out.DeclineOut | None:
    decline: Decline | None = request.decline
    if decline is None:
        return None
    told = request.family_told
    return out.DeclineOut(
        code=decline.code,
        family_sentence=decline.family_sentence,
        next_step=decline.next_step,
        tells=decline.tells,
        tell_by=decline.tell_by,
        second_look=decline.second_look,
        front_door=decline.front_door,
        family_told=None if told is None else out.FamilyToldOut(code=told.code, at=told.at),
    )


def _notices(request: Request) -> list[out.NoticeOut]:
    prompt = silence(request)
    told = request.notices if prompt is None else (*request.notices, prompt)
    return [out.NoticeOut(code=notice.code, sentence=notice.sentence) for notice in told]


def _today(request: Request, service: ServiceFacts | None) -> list[out.TodayOut]:
    if request.state is not State.BLOCKED:
        return []
    name, telephone = ("the service", None) if service is None else (service.name, service.telephone)
    return [
        out.TodayOut(kind=option.kind, sentence=option.sentence)
        for option in what_today(name, request.service_kind, telephone)
    ]


class Shaper:
    """Shapes answers for one reader at one instant, under the place's safeguarding sentence."""

    def __init__(self, actor: Actor, sentence: str, at: datetime) -> None:
        self._actor = actor
        self._sentence = sentence
        self._at = at

    def status(self, request: Request, party: Party, service: ServiceFacts | None) -> out.StatusOut:
        """Where a request stands, for this party."""
        own = party is Party.REFERRER
        return out.StatusOut(
            id=request.id,
            reference=request.reference,
            state=str(request.state),
            version=request.version,
            fhir_status=FHIR_STATUS.get(request.state),
            service_id=request.service_id,
            service_kind=request.service_kind,
            referrer_organisation_id=request.referrer_organisation_id,
            recipient_organisation_id=request.recipient_organisation_id,
            submitted_at=request.submitted_at,
            received_at=request.received_at,
            needed_by=request.needed_by,
            expected_on=request.expected_on,
            due=_due(request),
            allowed_actions=sorted(str(action) for action in actions_open_to(self._actor, request, self._at)),
            hold_reasons=list(request.hold.reasons) if request.hold is not None else [],
            missing=missing_out(request.missing) if own else [],
            without=missing_out(request.without) if own else [],
            today=_today(request, service) if own else [],
            notices=_notices(request) if own else [],
            replaces=request.replaces if own else None,
            decline=_decline(request),
            outcome_code=request.outcome and request.outcome.code,
            contact_attempts=request.contact_attempts,
            safeguarding=self._sentence,
        )

    def referral(
        self, referral: Referral, requests: Iterable[Request], services: dict[UUID, ServiceFacts]
    ) -> out.ReferralOut:
        """A referral and its requests, for its referrer."""
        shown = list(requests)
        return out.ReferralOut(
            id=referral.id,
            family_id=referral.family_id,
            made_at=referral.made_at,
            status=referral_status([request.state for request in shown]),
            safeguarding_check=referral.check.answer,
            safeguarding=self._sentence,
            requests=[self.status(r, Party.REFERRER, services.get(r.service_id)) for r in shown],
        )

    def own(self, read: OwnRequest) -> out.OwnRequestOut:
        """A request for its referrer."""
        request, service = read.request, read.service
        return out.OwnRequestOut(
            view="referrer",
            status=self.status(request, Party.REFERRER, service),
            referral_id=request.referral_id,
            family_id=request.family_id,
            subjects=list(request.people.subjects),
            contact_person_id=request.people.contact,
            processing_restricted=list(read.processing_restricted),
            form=out.FormUsed(kind=read.form.kind, version=read.form.version),
            answers=dict(read.content.answers),
            needs=_needs(read.content.needs),
            free_text=_words(read.content.words),
            messages=_messages(read.messages),
            queued=read.queued,
            outcome=read.outcome and _shown_outcome(read.outcome, read.content.needs),
            service=service
            and out.ServiceShown(
                name=service.name, organisation_name=service.organisation_name, telephone=service.telephone
            ),
        )

    def opened(self, opened: Opened) -> out.OpenedOut:
        """A request for its recipient, at this moment."""
        request, answer = opened.request, opened.disclosure
        return out.OpenedOut(
            view="recipient",
            status=self.status(request, Party.RECIPIENT, None),
            form=out.FormUsed(kind=opened.form.kind, version=opened.form.version),
            people=[
                out.PersonShown(
                    person_id=person,
                    subject=person in request.people.subjects,
                    contact=person == request.people.contact,
                    fields=opened.people.get(person, {}),
                )
                for person in request.people.everyone
            ],
            answers=opened.answers,
            needs=_needs(opened.needs),
            free_text=_words(opened.words),
            messages=_messages(opened.messages),
            withheld=list(opened.withheld),
            disclosure=out.DisclosureShown(
                disclosure_id=answer.disclosure_id,
                decision_id=answer.decision_id,
                agreement_reference=answer.decision.agreement_reference,
                agreement_version=answer.decision.agreement_version,
                basis=answer.decision.basis,
            ),
        )

    def tombstone(self, stone: Tombstone) -> out.TombstoneOut:
        """A final request for its recipient."""
        outcome = stone.request.outcome
        return out.TombstoneOut(
            view="tombstone",
            status=self.status(stone.request, Party.RECIPIENT, None),
            messages=_messages(stone.messages),
            outcome=None if outcome is None else _shown_outcome(_whole(outcome), ()),
        )

    def any_view(self, read: OwnRequest | Opened | Tombstone) -> out.OwnRequestOut | out.OpenedOut | out.TombstoneOut:
        """Whichever view the reader is given."""
        if isinstance(read, OwnRequest):
            return self.own(read)
        return self.opened(read) if isinstance(read, Opened) else self.tombstone(read)


def _needs(needs: Iterable[AskedNeed]) -> list[out.NeedOut]:
    return [out.NeedOut(person_id=need.person_id, code=need.code, severity=need.severity) for need in needs]


def _words(words: Words | None) -> out.WordsOut | None:
    return None if words is None else out.WordsOut(text=words.text, categories=sorted(words.categories))


def _messages(messages: Iterable[Message]) -> list[out.MessageOut]:
    return [
        out.MessageOut(
            at=message.at,
            party=str(message.party),
            fact=message.fact,
            text=message.words and message.words.text,
            withheld=sorted(message.withheld),
        )
        for message in messages
    ]


def _needs_now(now: Iterable[NeedNow], then: Iterable[AskedNeed]) -> list[out.NeedNowOut]:
    """Each need with its severity then and now: those asked for first, whether or not anything is said of them."""
    asked = {(need.person_id, need.code): need.severity for need in then}
    told = {(need.person_id, need.code): need.severity for need in now}
    return [
        out.NeedNowOut(person_id=person, code=code, severity_then=asked.get((person, code)), severity_now=severity)
        for (person, code), severity in ({key: told.get(key) for key in asked} | told).items()
    ]


def _views(views: Iterable[View]) -> list[out.ViewOut]:
    return [out.ViewOut(person_id=v.person_id, text=v.words.text) for v in views if v.words is not None]


def _no_views(views: Iterable[View]) -> list[out.NoViewOut]:
    return [
        out.NoViewOut(person_id=view.person_id, reason=view.reason)
        for view in views
        if view.person_id is not None and view.reason is not None
    ]


def _shown_outcome(outcome: ShownOutcome, then: Iterable[AskedNeed]) -> out.OutcomeOut:
    return out.OutcomeOut(
        code=outcome.code,
        needs=_needs_now(outcome.needs, then),
        views=_views(outcome.views),
        no_view_reason=outcome.no_view_reason,
        no_views=_no_views(outcome.views),
        withheld=list(outcome.withheld),
    )


def _whole(outcome: Outcome) -> ShownOutcome:
    """All of it, for whoever wrote it."""
    return ShownOutcome(outcome.code, outcome.needs, outcome.views, outcome.no_view_reason, ())
