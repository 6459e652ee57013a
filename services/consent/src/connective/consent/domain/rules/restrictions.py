"""Rule 6: a restriction on a person hides what it names from those it does not name."""

from connective.consent.domain.answers import Refusal
from connective.consent.domain.evidence import CONFLICT, PROCESSING, WHEREABOUTS, Evidence, Restriction
from connective.consent.domain.verdicts import Ground, Verdict, refuse_all
from connective.contracts.categories import LOCATING_CATEGORIES, Category
from connective.contracts.sharing import Question

RULE = 6
HIDDEN = Ground(
    "whereabouts_restricted",
    "Where this person can be found is restricted, and the recipient is not named on the restriction.",
    "Contact goes through a named worker. Two people together may name the recipient on the restriction.",
)
BLOCKED = Ground(
    "restricted",
    "A restriction keeps this person's record from the recipient.",
    "Speak to your safeguarding lead.",
)


def _hides(restriction: Restriction, question: Question) -> tuple[Ground, frozenset[Category]] | None:
    if restriction.kind == PROCESSING:
        return None  # Rule 5 weighs it: a right that the person uses about their data, as an objection is.
    named = question.recipient_organisation_id in restriction.named_organisation_ids
    if restriction.kind == WHEREABOUTS:
        return None if named else (HIDDEN, question.categories & LOCATING_CATEGORIES)
    # A conflict names whom it keeps out; any kind not known here keeps out everybody it does not name.
    blocked = named if restriction.kind == CONFLICT else not named
    return (BLOCKED, question.categories) if blocked else None


def restrictions(question: Question, evidence: Evidence) -> Verdict:
    """Rule 6."""
    refusals: list[Refusal] = []
    for subject in evidence.subjects:
        for restriction in subject.restrictions:
            hidden = _hides(restriction, question)
            if hidden is not None:
                refusals += refuse_all(RULE, *hidden, subject.person_id)
    sentence = refusals[0].sentence if refusals else "No restriction hides what is asked from the recipient."
    return Verdict(RULE, sentence, tuple(refusals))
