"""Who said yes or no, about whom, with what authority, to what (§5, rules 4 and 5).

One statement is made by one person, the giver, about one or more persons, each on its own authority. A refusal or
withdrawal ends only the giver's own yes. Nobody permits the sharing of another adult's data.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from connective.consent.domain.refused import NoAuthority, Unacceptable
from connective.contracts.authority import FOR_A_CHILD, FOR_AN_ADULT_WITHOUT_CAPACITY, Authority
from connective.contracts.categories import Category, Purpose
from connective.contracts.sharing import PersonFacts

ADULT = 18
PRESUMED_CAPABLE = 16
"""The age from which a young person is presumed able to decide (Family Law Reform Act 1969 s8, by analogy)."""
OWN_AUTHORITIES = frozenset({Authority.OWN, Authority.OWN_ASSESSED_COMPETENT})
LONGEST = timedelta(days=365)
"""A yes is asked again at least once a year."""


class Kind(StrEnum):
    """The two records that must never be mistaken for each other."""

    AGREEMENT_TO_ENGAGE = "agreement_to_engage"
    """Yes to being helped by this kind of service, whatever the lawful basis."""
    CONSENT = "consent"
    """Permission under data-protection law."""


class ConsentState(StrEnum):
    """What a statement stands for now."""

    EXPIRED = "expired"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a statement is about; an empty set of recipients, kinds or purposes means every one."""

    recipient_organisation_ids: frozenset[UUID]
    service_kinds: frozenset[str]
    purposes: frozenset[Purpose]
    categories: frozenset[Category]
    """Consent names its categories; an agreement to engage has none."""

    def covers(self, recipient_id: UUID, service_kind: str | None, purpose: Purpose) -> bool:
        """Is this recipient, kind of service and purpose within it?"""
        return (
            (not self.recipient_organisation_ids or recipient_id in self.recipient_organisation_ids)
            and (not self.service_kinds or service_kind in self.service_kinds)
            and (not self.purposes or purpose in self.purposes)
        )


@dataclass(frozen=True, slots=True)
class Assessment:
    """That a child under 16 understands what is decided: who judged it, how and when."""

    assessed_by: str
    how: str
    on: date


@dataclass(frozen=True, slots=True)
class Spoken:
    """On what authority the giver speaks for one person."""

    person_id: UUID
    authority: Authority
    competence: Assessment | None = None
    evidence: str = ""
    """What was seen: the order, the power of attorney, the recorded best-interests decision."""


def _by_id(facts: tuple[PersonFacts, ...]) -> dict[UUID, PersonFacts]:
    return {f.person_id: f for f in facts}


def _refuse(reason: str, sentence: str) -> NoAuthority:
    return NoAuthority(reason, sentence, "/about")


def _check_own(spoken: Spoken, giver_id: UUID, facts: PersonFacts) -> None:
    if spoken.person_id != giver_id:
        raise _refuse("not_own", "Only the person themself decides on their own authority.")
    age = facts.age_years
    if spoken.authority is Authority.OWN and (age is None or age < PRESUMED_CAPABLE):
        sentence = "Under 16, a child's own decision counts once somebody has assessed that they understand it."
        raise _refuse("too_young", sentence)
    if spoken.authority is Authority.OWN_ASSESSED_COMPETENT and spoken.competence is None:
        raise _refuse("competence_not_assessed", "Say who assessed that the child understands, how and when.")


def _check_for_child(spoken: Spoken, giver_id: UUID, facts: PersonFacts) -> None:
    if facts.age_years is not None and facts.age_years >= ADULT:
        raise _refuse("another_adult", "Nobody permits the sharing of another adult's data. Ask them.")
    held = {a.authority for a in facts.responsible if a.person_id == giver_id}
    if spoken.authority.value not in held:
        sentence = "The family's record does not show that this person holds that authority for this child."
        raise _refuse("authority_not_recorded", sentence)


def _check_for_adult(spoken: Spoken, facts: PersonFacts) -> None:
    if facts.age_years is None or facts.age_years < PRESUMED_CAPABLE:
        raise _refuse("not_for_a_child", "This authority is for somebody of 16 or over who lacks capacity.")
    if not spoken.evidence.strip():
        raise _refuse("authority_not_shown", "Say what was seen: the registered power, the order or the decision.")


def check_authority(giver_id: UUID, spoken: tuple[Spoken, ...], facts: tuple[PersonFacts, ...]) -> None:
    """May the giver speak for each of these persons? Raises NoAuthority for the first that they may not.

    `facts` are families' answers about exactly these persons and the giver.
    """
    known = _by_id(facts)
    for one in spoken:
        fact = known.get(one.person_id)
        if fact is None or not fact.living:
            raise _refuse("no_such_person", "This person's record cannot be spoken for.")
        if one.authority in OWN_AUTHORITIES:
            _check_own(one, giver_id, fact)
        elif one.person_id == giver_id:
            raise _refuse("own_data", "A person decides about their own data on their own authority.")
        elif one.authority in FOR_A_CHILD:
            _check_for_child(one, giver_id, fact)
        elif one.authority in FOR_AN_ADULT_WITHOUT_CAPACITY:
            _check_for_adult(one, fact)


def check_scope(kind: Kind, scope: Scope) -> None:
    """Is the scope specific enough for its kind? Raises Unacceptable."""
    if kind is Kind.CONSENT and not (scope.categories and scope.purposes and scope.recipient_organisation_ids):
        sentence = "Consent names who receives what and why: give recipients, purposes and categories."
        raise Unacceptable("consent_not_specific", sentence, "/scope")
    if kind is Kind.AGREEMENT_TO_ENGAGE and scope.categories:
        sentence = "Agreeing to be helped is not about categories of data: leave them out."
        raise Unacceptable("engagement_has_no_categories", sentence, "/scope/categories")


def expiry(
    given_at: datetime, asked: date | None, spoken: tuple[Spoken, ...], facts: tuple[PersonFacts, ...]
) -> datetime:
    """When the yes runs out: as asked, within a year, and no later than a child spoken for surely turns 18.

    Ages come in whole years, so a birthday is known to within one: the year's limit keeps the error under that.
    """
    known = _by_id(facts)
    limit = given_at + LONGEST
    for one in spoken:
        age = known[one.person_id].age_years
        if one.authority in FOR_A_CHILD and age is not None:
            limit = min(limit, given_at + (ADULT - age) * LONGEST)
    if asked is None or asked >= limit.date():
        return limit
    wanted = datetime(asked.year, asked.month, asked.day, tzinfo=given_at.tzinfo) + timedelta(days=1)
    if wanted <= given_at:
        raise Unacceptable("expired_already", "The last day of the yes has passed already.", "/ends_on")
    return min(limit, wanted)
