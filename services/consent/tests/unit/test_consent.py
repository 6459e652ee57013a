from datetime import date, timedelta
from typing import Any
from uuid import UUID

import consent_builders as b
import pytest

from connective.consent.domain.consent import (
    LONGEST,
    Assessment,
    Kind,
    Scope,
    Spoken,
    check_authority,
    check_scope,
    expiry,
)
from connective.consent.domain.refused import NoAuthority, Unacceptable
from connective.contracts.authority import FOR_A_CHILD, Authority
from connective.contracts.categories import Category, Purpose
from connective.contracts.sharing import PersonFacts, ResponsibleAdult


def facts(person: UUID, age: int | None, *held: Authority, living: bool = True) -> PersonFacts:
    responsible = tuple(ResponsibleAdult(person_id=b.MOTHER, authority=a.value) for a in held)
    return PersonFacts(
        person_id=person,
        family_ids=(),
        age_years=age,
        living=living,
        responsible=responsible,
        whereabouts_restricted=False,
    )


def check(giver: UUID, spoken: Spoken, *known: PersonFacts) -> None:
    check_authority(giver, (spoken,), known)


COMPETENT = Assessment("a SENCO", "talked it through", b.TODAY)


@pytest.mark.parametrize("authority", sorted(FOR_A_CHILD))
def test_each_recorded_authority_speaks_for_a_child(authority: Authority) -> None:
    check(b.MOTHER, Spoken(b.CHILD, authority), facts(b.CHILD, 3, authority))


@pytest.mark.parametrize(
    ("giver", "spoken", "known", "reason"),
    [
        (b.MOTHER, Spoken(b.CHILD, Authority.PARENTAL_RESPONSIBILITY), facts(b.CHILD, 3), "authority_not_recorded"),
        (
            b.FATHER,
            Spoken(b.CHILD, Authority.PARENTAL_RESPONSIBILITY),
            facts(b.CHILD, 3, Authority.PARENTAL_RESPONSIBILITY),
            "authority_not_recorded",
        ),
        (
            b.MOTHER,
            Spoken(b.FATHER, Authority.PARENTAL_RESPONSIBILITY),
            facts(b.FATHER, 40, Authority.PARENTAL_RESPONSIBILITY),
            "another_adult",
        ),
        (b.MOTHER, Spoken(b.FATHER, Authority.OWN), facts(b.FATHER, 40), "not_own"),
        (b.MOTHER, Spoken(b.FATHER, Authority.ATTORNEY_OR_DEPUTY), facts(b.FATHER, 40), "authority_not_shown"),
        (b.MOTHER, Spoken(b.CHILD, Authority.BEST_INTERESTS, evidence="x"), facts(b.CHILD, 3), "not_for_a_child"),
        (b.TEEN, Spoken(b.TEEN, Authority.OWN), facts(b.TEEN, 15), "too_young"),
        (b.TEEN, Spoken(b.TEEN, Authority.OWN), facts(b.TEEN, None), "too_young"),
        (b.TEEN, Spoken(b.TEEN, Authority.OWN_ASSESSED_COMPETENT), facts(b.TEEN, 14), "competence_not_assessed"),
        (
            b.MOTHER,
            Spoken(b.MOTHER, Authority.PARENTAL_RESPONSIBILITY),
            facts(b.MOTHER, 30, Authority.PARENTAL_RESPONSIBILITY),
            "own_data",
        ),
        (b.MOTHER, Spoken(b.CHILD, Authority.DELEGATED), facts(b.TEEN, 3, Authority.DELEGATED), "no_such_person"),
        (
            b.MOTHER,
            Spoken(b.CHILD, Authority.DELEGATED),
            facts(b.CHILD, 3, Authority.DELEGATED, living=False),
            "no_such_person",
        ),
    ],
)
def test_who_may_not_speak(giver: UUID, spoken: Spoken, known: PersonFacts, reason: str) -> None:
    with pytest.raises(NoAuthority) as refused:
        check(giver, spoken, known)
    assert refused.value.members["reason"] == reason


def test_who_may() -> None:
    check(b.MOTHER, Spoken(b.MOTHER, Authority.OWN), facts(b.MOTHER, 30))
    check(b.TEEN, Spoken(b.TEEN, Authority.OWN), facts(b.TEEN, 16))
    check(b.TEEN, Spoken(b.TEEN, Authority.OWN_ASSESSED_COMPETENT, COMPETENT), facts(b.TEEN, 13))
    check(b.MOTHER, Spoken(b.FATHER, Authority.ATTORNEY_OR_DEPUTY, evidence="LPA seen"), facts(b.FATHER, 40))


NOTHING: frozenset[Any] = frozenset()


def test_scopes() -> None:
    full = Scope(frozenset({b.NHS}), NOTHING, frozenset({Purpose.REFERRAL}), frozenset({Category.HEALTH}))
    check_scope(Kind.CONSENT, full)
    check_scope(Kind.AGREEMENT_TO_ENGAGE, b.EVERYTHING)
    for kind, scope in ((Kind.CONSENT, b.EVERYTHING), (Kind.AGREEMENT_TO_ENGAGE, full)):
        with pytest.raises(Unacceptable):
            check_scope(kind, scope)


def test_how_long_a_yes_lasts() -> None:
    own = (Spoken(b.MOTHER, Authority.OWN),)
    grown = (facts(b.MOTHER, 30),)
    assert expiry(b.NOW, None, own, grown) == b.NOW + LONGEST
    soon = expiry(b.NOW, b.TODAY + timedelta(days=3), own, grown)
    assert soon.date() == b.TODAY + timedelta(days=4)
    for late in (b.TODAY + 3 * LONGEST, date.max):
        assert expiry(b.NOW, late, own, grown) == b.NOW + LONGEST
    with pytest.raises(Unacceptable):
        expiry(b.NOW, b.TODAY - timedelta(days=1), own, grown)
    for_teen = (Spoken(b.TEEN, Authority.PARENTAL_RESPONSIBILITY),)
    assert expiry(b.NOW, None, for_teen, (facts(b.TEEN, 17),)) == b.NOW + LONGEST
