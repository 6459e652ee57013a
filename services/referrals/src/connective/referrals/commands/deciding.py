"""Asking what may be shared: one question for each request, many in one hop, and what the answer means for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from connective.contracts.categories import Category, Method, Purpose
from connective.contracts.needs import NeedsList, needs_list
from connective.contracts.permissions import BY_LINK
from connective.contracts.sharing import Decision, Question
from connective.kit.actor import Actor, ActorKind
from connective.referrals.commands.ports import Consent
from connective.referrals.domain.forms import Form
from connective.referrals.domain.request import Content, PeopleAsked, Relied
from connective.referrals.domain.sending import RefusedCategory, Weighed, categories_to_ask, weigh
from connective.referrals.domain.visible import Permitted


@dataclass(frozen=True)
class Asking:
    """What a decision is needed for."""

    form: Form
    people: PeopleAsked
    content: Content
    discloser_id: UUID
    recipient_id: UUID
    service_id: UUID

    @cached_property
    def categories(self) -> frozenset[Category]:
        """What the form requires, and of the useful only what there is to share: for the question and its answer."""
        return categories_to_ask(self.form, self.content.answers, revealed_by(self.content, needs_list()))


def revealed_by(content: Content, needs: NeedsList) -> frozenset[Category]:
    """Categories that the coded needs and the free text of a request reveal."""
    of_needs = [needs.needs[need.code].reveals for need in content.needs]
    of_words = [content.words.categories] if content.words is not None else []
    return frozenset().union(*of_needs, *of_words)


def method_of(actor: Actor) -> Method:
    """How data travel to this reader: a system takes them by API; a person sees a page, or came by a link."""
    if BY_LINK in actor.roles:
        return Method.SECURE_LINK
    return Method.API if actor.kind is ActorKind.CLIENT else Method.HUB_PAGE


def question(asking: Asking, method: Method) -> Question:
    """The question to put for one request."""
    return Question(
        discloser_organisation_id=asking.discloser_id,
        recipient_organisation_id=asking.recipient_id,
        service_id=asking.service_id,
        service_kind=asking.form.kind,
        subjects=asking.people.everyone,
        categories=asking.categories,
        purpose=Purpose.REFERRAL,
        method=method,
    )


def permitted_by(decision: Decision) -> Permitted:
    """What a decision permits about each person."""
    return {subject.person_id: subject.categories for subject in decision.subjects}


def meaning(asking: Asking, decision: Decision) -> Weighed:
    """What a decision means for the request: what blocks it, what it goes without."""
    refusals = [RefusedCategory(r.category, r.person_id, r.code, r.sentence, r.remedy) for r in decision.refusals]
    return weigh(asking.form, asking.categories, asking.people, permitted_by(decision), refusals)


def relied_on(decision: Decision) -> Relied:
    """What the decision stands on."""
    return Relied(decision.agreement_id, decision.consent_record_ids)


async def decide(consent: Consent, actor: Actor, askings: Sequence[Asking]) -> list[tuple[Weighed, Relied]]:
    """The consequence for each request, in their order; one hop for all, none for none.

    How a recipient will read is not known at sending; a page of the Hub is assumed, and each reading decides again.
    """
    if not askings:
        return []
    answers = await consent.decide(actor, [question(asking, Method.HUB_PAGE) for asking in askings])
    return [
        (meaning(asking, answer.decision), relied_on(answer.decision))
        for asking, answer in zip(askings, answers, strict=True)
    ]
