"""Rule 2: an active, in-date agreement version covers this direction, purpose, category, method and person.

Each agreement between the two legal entities is weighed on its own, because a decision names one; `weigh` answers for
one of them, and the decision keeps the one that permits most.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from connective.consent.domain.agreement import State
from connective.consent.domain.agreement_terms import PeopleCovered
from connective.consent.domain.answers import Refusal
from connective.consent.domain.consent import ADULT
from connective.consent.domain.days import Standing, standing
from connective.consent.domain.evidence import Evidence, FlowEvidence, PartyEvidence, SubjectEvidence
from connective.consent.domain.rules.exchange import Exchange
from connective.consent.domain.verdicts import ALWAYS_RETURNS, Ground, Verdict, refuse, refuse_all
from connective.contracts.categories import Category, Purpose
from connective.contracts.sharing import Question

RULE = 2
KEPT = 4096
"""How many agreements between two ends are kept as weighed; a place has some hundreds."""
COMPATIBLE_WITHIN_ENTITY = frozenset(
    {
        Purpose.DIRECT_CARE,
        Purpose.EARLY_HELP_COORDINATION,
        Purpose.REFERRAL,
        Purpose.SAFEGUARDING,
        Purpose.TRANSITION,
    }
)
"""Purposes for which a team may need what another team of its controller holds about a named person; planning, audit
and research are served without names."""

NO_AGREEMENT = Ground(
    "no_agreement",
    "No active agreement lets these two legal entities share in this direction for this purpose.",
    "Ask your agreement manager to draft one from a template; until it is signed, phone, give a voucher or signpost.",
)
NOT_COMPATIBLE = Ground(
    "purpose_not_compatible",
    "Between teams of one legal entity, named data serve direct work with the family, not this purpose.",
    "Use counts without names.",
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One agreement version that both legal entities are party to, with its lines for this direction and purpose."""

    flows: tuple[FlowEvidence, ...]

    @property
    def head(self) -> FlowEvidence:
        """Any of its lines: what concerns the whole version is the same on each."""
        return self.flows[0]


@lru_cache(maxsize=KEPT)
def candidates(found: tuple[FlowEvidence, ...]) -> tuple[Candidate, ...]:
    """The agreement versions that these lines are of, by reference."""
    by_version = attrgetter("reference", "version", "agreement_id")
    ordered = sorted(found, key=by_version)
    return tuple(Candidate(tuple(flows)) for _, flows in groupby(ordered, key=by_version))


def _not_in_force(flow: FlowEvidence, today: date) -> Ground | None:
    name = f"Agreement {flow.reference} version {flow.version}"
    if flow.state is State.SUSPENDED:
        remedy = "Ask your agreement manager why it is suspended and when it may be reinstated."
        return Ground("agreement_suspended", f"{name} is suspended.", remedy)
    if flow.ends_on < today:
        remedy = "Ask your agreement manager to renew it."
        return Ground("agreement_expired", f"{name} ended on {flow.ends_on}.", remedy)
    if flow.state is not State.ACTIVE or flow.starts_on > today:
        remedy = "Ask your agreement manager what it waits for."
        return Ground("agreement_not_active", f"{name} is not in force.", remedy)
    return None


def _lapses(candidate: Candidate, exchange: Exchange) -> Iterator[tuple[str, str, date]]:
    yield "dpia", f"The impact assessment of agreement {candidate.head.reference}", candidate.head.dpia_review_due_on
    for party in (exchange.discloser, exchange.recipient):
        if party is not None:
            yield from _lapses_of(party)


def _lapses_of(party: PartyEvidence) -> Iterator[tuple[str, str, date]]:
    yield "ico_registration", f"The ICO registration of {party.name}", party.ico_registered_until
    yield "training", f"The data-protection training of {party.name}", party.training_valid_until


def _whole(candidate: Candidate, exchange: Exchange, today: date) -> tuple[list[Ground], list[str]]:
    ground = _not_in_force(candidate.head, today)
    grounds, warnings = [ground] if ground else [], []
    for code, what, until in _lapses(candidate, exchange):
        match standing(until, today):
            case Standing.OUT_OF_DATE:
                sentence = f"{what} was due on {until}, more than 28 days ago."
                grounds.append(Ground(f"{code}_out_of_date", sentence, "Ask its data protection officer to renew it."))
            case Standing.LAPSED:
                warnings.append(f"{what} was due on {until}; 28 days after that, sharing stops.")
            case Standing.IN_DATE:
                pass
    return grounds, warnings


def _missing_category(candidate: Candidate, exchange: Exchange, category: Category) -> Ground | None:
    """None if one of its lines carries the category; otherwise what comes nearest to it."""
    both = {exchange.discloser_organisation_id, exchange.recipient_organisation_id}
    if any(
        f.signed
        and category in f.categories
        and exchange.method in f.methods
        and not both & f.excluded_organisation_ids
        for f in candidate.flows
    ):
        return None
    name = f"Agreement {candidate.head.reference} version {candidate.head.version}"
    lines = [f for f in candidate.flows if category in f.categories]
    change = "Send what remains, or ask your agreement manager whether the next version should."
    if not lines:
        return Ground("category_not_in_agreement", f"{name} does not share `{category.value}` this way.", change)
    lines = [f for f in lines if exchange.method in f.methods]
    if not lines:
        sentence = f"{name} does not let it be shared by `{exchange.method.value}`."
        return Ground("method_not_in_agreement", sentence, "Share it by a method that the agreement lists.")
    if all(both & f.excluded_organisation_ids for f in lines):
        return Ground("organisation_excluded", f"{name} excludes one of these organisations.", change)
    sentence = f"{name} waits for the signature of a party that joined it late."
    return Ground("party_has_not_signed", sentence, "Ask that party's signatory to sign.")


def _covers(people: PeopleCovered, subject: SubjectEvidence) -> bool:
    if subject.age_years is None:
        return False
    return (subject.age_years >= ADULT) is (people is PeopleCovered.ADULTS)


def _not_covered(candidate: Candidate, subjects: tuple[SubjectEvidence, ...]) -> Iterator[tuple[UUID, Ground]]:
    people = candidate.head.people_covered
    ground = Ground(
        "person_not_covered",
        f"Agreement {candidate.head.reference} is about {people.value}, and this person is not known to be one.",
        "Leave this person out, or record their age with the family.",
    )
    yield from ((s.person_id, ground) for s in subjects if not _covers(people, s))


def weigh(candidate: Candidate, exchange: Exchange, today: date) -> Verdict:
    """Rule 2 under one agreement, but for whom it is about; see `weigh_people`."""
    asked = exchange.categories - ALWAYS_RETURNS
    grounds, warnings = _whole(candidate, exchange, today)
    refusals: list[Refusal] = [r for ground in grounds for r in refuse_all(RULE, ground, asked)]
    for category in sorted(asked):
        ground = _missing_category(candidate, exchange, category)
        refusals += [refuse(RULE, ground, category)] if ground else []
    head = candidate.head
    passed = f"Agreement {head.reference} version {head.version} covers all that is asked."
    return Verdict(RULE, refusals[0].sentence if refusals else passed, tuple(refusals), tuple(warnings))


def weigh_people(verdict: Verdict, candidate: Candidate, question: Question, evidence: Evidence) -> Verdict:
    """The verdict of `weigh`, with refusals about those whom the agreement is not about."""
    if candidate.head.people_covered is PeopleCovered.EVERYONE:
        return verdict
    asked = question.categories - ALWAYS_RETURNS
    refusals = list(verdict.refusals)
    for person_id, ground in _not_covered(candidate, evidence.subjects):
        refusals += refuse_all(RULE, ground, asked, person_id)
    sentence = refusals[0].sentence if refusals else verdict.sentence
    return Verdict(RULE, sentence, tuple(refusals), verdict.warnings)


def without_agreement(question: Question, evidence: Evidence) -> Verdict:
    """Rule 2 where no agreement was found: within one legal entity, by a one-off disclosure, or not at all."""
    asked = question.categories - ALWAYS_RETURNS
    if evidence.same_entity:
        if question.purpose in COMPATIBLE_WITHIN_ENTITY:
            return Verdict(RULE, "Both teams belong to one legal entity, and the purpose is compatible.")
        return Verdict(RULE, NOT_COMPATIBLE.sentence, refuse_all(RULE, NOT_COMPATIBLE, asked))
    if evidence.one_off is None:
        sentence = NO_AGREEMENT.sentence if asked else "Progress always returns; it needs no agreement."
        return Verdict(RULE, sentence, refuse_all(RULE, NO_AGREEMENT, asked))
    one_off = evidence.one_off
    refusals = list(refuse_all(RULE, NO_AGREEMENT, asked - one_off.categories))
    for subject in evidence.subjects:
        if subject.person_id not in one_off.person_ids:
            refusals += refuse_all(RULE, NO_AGREEMENT, asked & one_off.categories, subject.person_id)
    sentence = f"A one-off disclosure is recorded, on the ground {one_off.ground.value.replace('_', ' ')}."
    return Verdict(RULE, refusals[0].sentence if refusals else sentence, tuple(refusals))
