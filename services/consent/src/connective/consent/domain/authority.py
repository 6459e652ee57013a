"""May this giver speak for this person? Every ground of authority of §5, rule 5, each with what it takes.

Own (16 or over presumed able, under 16 assessed competent) · parental responsibility · special guardianship or child
arrangements order · the local authority under a care order · a carer doing what is reasonable · delegated authority ·
attorney, deputy or best-interests decision. Nobody speaks for another adult who can decide.
"""

from datetime import date
from uuid import UUID

from connective.consent.domain.consent import ADULT, OWN_AUTHORITIES, PRESUMED_CAPABLE, Giver, Spoken
from connective.consent.domain.legal_entities import EntityKind
from connective.consent.domain.refusals import NoAuthority
from connective.contracts.authority import FOR_A_CHILD, FOR_AN_ADULT_WITHOUT_CAPACITY, Authority
from connective.contracts.sharing import PersonFacts

OF_BODIES = FOR_AN_ADULT_WITHOUT_CAPACITY | {Authority.LOCAL_AUTHORITY_CARE_ORDER}
"""Grounds that a body may have, through somebody who speaks for it."""
TO_BE_SEEN = {
    Authority.CARER_REASONABLE: "Say why it is reasonable that the carer decides this (Children Act 1989 s3(5)).",
    Authority.CHILD_ARRANGEMENTS_ORDER: "Say which order was seen, and when.",
    Authority.DELEGATED: "Say which written delegation was seen, by whom it is and when.",
    Authority.LOCAL_AUTHORITY_CARE_ORDER: "Say which care order was seen, and when.",
    Authority.SPECIAL_GUARDIANSHIP: "Say which order was seen, and when.",
}
"""What a yes on each of these grounds must show; a no is taken as it is said."""


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


def _check_is_child(facts: PersonFacts) -> None:
    if facts.age_years is not None and facts.age_years >= ADULT:
        raise _refuse("another_adult", "Nobody permits the sharing of another adult's data. Ask them.")


def _check_for_child(spoken: Spoken, giver_id: UUID, facts: PersonFacts) -> None:
    _check_is_child(facts)
    if spoken.authority is Authority.LOCAL_AUTHORITY_CARE_ORDER:
        sentence = "A care order gives authority to the local authority: say which one, and who speaks for it."
        raise _refuse("not_a_person", sentence)
    held = {a.authority for a in facts.responsible if a.person_id == giver_id}
    if spoken.authority.value not in held:
        sentence = "The family's record does not show that this person holds that authority for this child."
        raise _refuse("authority_not_recorded", sentence)


def _check_for_adult(spoken: Spoken, facts: PersonFacts) -> None:
    if facts.age_years is None or facts.age_years < PRESUMED_CAPABLE:
        raise _refuse("not_for_a_child", "This authority is for somebody of 16 or over who lacks capacity.")
    if spoken.incapacity is None:
        sentence = (
            "Everybody of 16 or over is presumed able to decide: say who assessed that they cannot, how and when."
        )
        raise _refuse("incapacity_not_assessed", sentence)
    if not spoken.evidence.strip():
        raise _refuse("authority_not_shown", "Say what was seen: the registered power, the order or the decision.")


def _check_body(spoken: Spoken, giver: Giver, facts: PersonFacts) -> None:
    if spoken.authority not in OF_BODIES:
        raise _refuse("not_of_a_body", "This authority is a person's, not a body's.")
    if not giver.spoken_by.strip():
        raise _refuse("speaker_missing", "Say who spoke for the body, and in which role.")
    if spoken.authority is Authority.LOCAL_AUTHORITY_CARE_ORDER:
        _check_is_child(facts)
        if giver.entity_kind is not EntityKind.COUNCIL:
            raise _refuse("not_a_local_authority", "A care order gives authority to a local authority only.")


def _check_one(spoken: Spoken, giver: Giver, facts: PersonFacts) -> None:
    if giver.entity_kind is not None:
        _check_body(spoken, giver, facts)
    elif spoken.authority in OWN_AUTHORITIES:
        _check_own(spoken, giver.id, facts)
    elif spoken.person_id == giver.id:
        raise _refuse("own_data", "A person decides about their own data on their own authority.")
    elif spoken.authority in FOR_A_CHILD:
        _check_for_child(spoken, giver.id, facts)
    if spoken.authority in FOR_AN_ADULT_WITHOUT_CAPACITY:
        _check_for_adult(spoken, facts)


def check_authority(
    giver: Giver, spoken: tuple[Spoken, ...], facts: tuple[PersonFacts, ...], *, yes: bool, today: date
) -> None:
    """May the giver speak for each of these persons? Raises NoAuthority for the first that they may not.

    `facts` are families' answers about these persons and, where the giver is a person, the giver. A court order that
    limits somebody's say has removed them from those who are responsible already.
    """
    known = {f.person_id: f for f in facts}
    for one in spoken:
        fact = known.get(one.person_id)
        if fact is None or not fact.living:
            raise _refuse("no_such_person", "This person's record cannot be spoken for.")
        _check_one(one, giver, fact)
        if yes and one.authority in TO_BE_SEEN and not one.evidence.strip():
            raise _refuse("authority_not_shown", TO_BE_SEEN[one.authority])
        if any(a is not None and a.on > today for a in (one.competence, one.incapacity)):
            raise _refuse("not_yet_assessed", "The day of the assessment lies in the future.")
