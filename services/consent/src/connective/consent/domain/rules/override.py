"""Rule 7: a safeguarding override stands instead of rules 2, 4 and 5 and of objections.

It brings its own condition for special category and offence data (Article 9(2)(g) with Schedule 1 paragraph 18), so it
stands instead of rule 3 for what it names; a restriction yields only to a second person's confirmation. Rule 1 stays.
"""

from connective.consent.domain.answers import Refusal
from connective.consent.domain.evidence import Evidence, Override
from connective.consent.domain.verdicts import Verdict

RULE = 7
STANDS_INSTEAD_OF = frozenset({2, 3, 4, 5})
RESTRICTION_RULE = 6


def clears(override: Override, refusal: Refusal) -> bool:
    """Does the override lift this refusal, which must be about one person?"""
    within = refusal.category in override.categories and refusal.person_id in override.person_ids
    if refusal.rule == RESTRICTION_RULE:
        return within and override.restriction_confirmed
    return within and refusal.rule in STANDS_INSTEAD_OF


def override(evidence: Evidence) -> Verdict:
    """Rule 7 never refuses; it says whether an override stands."""
    if evidence.override is None:
        return Verdict(RULE, "No safeguarding override is in use.")
    sentence = "A safeguarding override stands instead of the rules it may; the safeguarding lead reviews it."
    return Verdict(RULE, sentence, (), (sentence,))
