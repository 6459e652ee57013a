"""Who may speak for whom: every ground of §5, rule 5, and what each takes."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import consent_builders as b
import pytest
from consent_builders import facts

from connective.consent.domain.authority import OF_BODIES, TO_BE_SEEN, check_authority
from connective.consent.domain.consent import Assessment, Giver, Spoken
from connective.consent.domain.legal_entities import EntityKind
from connective.consent.domain.refusals import NoAuthority
from connective.contracts.authority import FOR_A_CHILD, Authority
from connective.contracts.sharing import PersonFacts


def refusal(giver: Giver | UUID, spoken: Spoken, *known: PersonFacts, yes: bool = True) -> str | None:
    """Why the giver may not speak for this person; None when they may."""
    who = giver if isinstance(giver, Giver) else Giver(giver)
    try:
        check_authority(who, (spoken,), known, yes=yes, today=b.TODAY)
    except NoAuthority as refused:
        return refused.reason
    return None


COMPETENT = Assessment("a SENCO", "talked it through", b.TODAY)
UNABLE = Assessment("a social worker", "could not weigh it, asked twice", b.TODAY)
COUNCIL = Giver(b.COUNCIL, EntityKind.COUNCIL, "A. Marsh, social worker")
CARE_ORDER = Spoken(b.CHILD, Authority.LOCAL_AUTHORITY_CARE_ORDER, evidence="order of 3 May seen")


@pytest.mark.parametrize("authority", sorted(FOR_A_CHILD - OF_BODIES))
def test_each_recorded_authority_speaks_for_a_child(authority: Authority) -> None:
    assert refusal(b.MOTHER, Spoken(b.CHILD, authority, evidence="seen today"), facts(b.CHILD, 3, authority)) is None


@pytest.mark.parametrize("authority", sorted(set(TO_BE_SEEN) - OF_BODIES))
def test_a_yes_shows_what_was_seen_and_a_no_is_taken_as_said(authority: Authority) -> None:
    known = facts(b.CHILD, 3, authority)
    assert refusal(b.MOTHER, Spoken(b.CHILD, authority), known) == "authority_not_shown"
    assert refusal(b.MOTHER, Spoken(b.CHILD, authority), known, yes=False) is None


def test_bodies_speak_on_their_own_grounds() -> None:
    assert refusal(COUNCIL, CARE_ORDER, facts(b.CHILD, 3)) is None
    deputy = Spoken(b.FATHER, Authority.ATTORNEY_OR_DEPUTY, evidence="Court of Protection order", incapacity=UNABLE)
    assert refusal(COUNCIL, deputy, facts(b.FATHER, 40)) is None
    decided = Spoken(b.TEEN, Authority.BEST_INTERESTS, evidence="minutes of 1 May", incapacity=UNABLE)
    assert refusal(Giver(b.NHS, EntityKind.NHS_BODY, "a consultant"), decided, facts(b.TEEN, 17)) is None


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
        (b.MOTHER, Spoken(b.FATHER, Authority.ATTORNEY_OR_DEPUTY), facts(b.FATHER, 40), "incapacity_not_assessed"),
        (
            b.MOTHER,
            Spoken(b.FATHER, Authority.ATTORNEY_OR_DEPUTY, incapacity=UNABLE),
            facts(b.FATHER, 40),
            "authority_not_shown",
        ),
        (
            b.TEEN,
            Spoken(b.TEEN, Authority.OWN_ASSESSED_COMPETENT, replace(COMPETENT, on=b.TODAY + timedelta(days=1))),
            facts(b.TEEN, 14),
            "not_yet_assessed",
        ),
        (b.MOTHER, CARE_ORDER, facts(b.CHILD, 3), "not_a_person"),
        (replace(COUNCIL, spoken_by=" "), CARE_ORDER, facts(b.CHILD, 3), "speaker_missing"),
        (replace(COUNCIL, entity_kind=EntityKind.CHARITY), CARE_ORDER, facts(b.CHILD, 3), "not_a_local_authority"),
        (COUNCIL, replace(CARE_ORDER, person_id=b.TEEN), facts(b.TEEN, 18), "another_adult"),
        (COUNCIL, replace(CARE_ORDER, evidence=""), facts(b.CHILD, 3), "authority_not_shown"),
        (COUNCIL, Spoken(b.CHILD, Authority.PARENTAL_RESPONSIBILITY), facts(b.CHILD, 3), "not_of_a_body"),
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
def test_who_may_not_speak(giver: Giver | UUID, spoken: Spoken, known: PersonFacts, reason: str) -> None:
    assert refusal(giver, spoken, known) == reason


def test_who_may() -> None:
    assert refusal(b.MOTHER, Spoken(b.MOTHER, Authority.OWN), facts(b.MOTHER, 30)) is None
    assert refusal(b.TEEN, Spoken(b.TEEN, Authority.OWN), facts(b.TEEN, 16)) is None
    assert refusal(b.TEEN, Spoken(b.TEEN, Authority.OWN_ASSESSED_COMPETENT, COMPETENT), facts(b.TEEN, 13)) is None
    allowed = refusal(
        b.MOTHER,
        Spoken(b.FATHER, Authority.ATTORNEY_OR_DEPUTY, evidence="LPA seen", incapacity=UNABLE),
        facts(b.FATHER, 40),
    )
    assert allowed is None
