"""The words in which what families say is asked for and shown."""

from dataclasses import dataclass

from connective.frontend.domain import words
from connective.frontend.domain.directory import LANGUAGES as _LANGUAGES
from connective.frontend.domain.fields import Option


@dataclass(frozen=True, slots=True)
class Named:
    """One thing that can be said: in the list, and beside somebody's name."""

    code: str
    text: str
    short: str
    hint: str = ""


SAYINGS = (
    Named("agree-yes", "They agree to be helped", "agrees to be helped", "Needed before anybody is asked for help"),
    Named("agree-no", "They do not want this help", "does not want this help"),
    Named("consent-yes", "They consent to sharing", "consents to sharing",
          "Only where an agreement rests on consent: it says with whom, what and why"),
    Named("consent-no", "They refuse sharing", "refuses sharing"),
    Named("object", "They object to something being shared", "objects",
          "Sharing stops at once, until an officer answers"),
    Named("told", "They were told what is shared, with whom and why", "was told", "A privacy notice, or in words"),
)  # fmt: skip
RECORDED = frozenset({"agree-yes", "agree-no", "consent-yes", "consent-no"})
"""What is recorded with the ground on which somebody says it."""
HOW = (
    Option("in_person", "In person"),
    Option("telephone", "By telephone"),
    Option("video", "By video"),
    Option("written", "In writing, or on a form"),
    Option("online", "Online"),
)
INTERPRETERS = (
    Option("professional", "A professional interpreter"),
    Option("telephone_service", "A telephone interpreting service"),
    Option("sign_language", "A sign language interpreter"),
    Option("bilingual_staff", "A colleague who speaks the language"),
)
LANGUAGES = tuple(Option(code, name) for code, name in _LANGUAGES if code != "en")
PURPOSES = (
    Option("referral", "Asking for help"),
    Option("early_help_coordination", "Working together on early help"),
    Option("direct_care", "Care or treatment"),
    Option("transition", "Moving on to another school or service"),
)
CATEGORIES = tuple(
    Option(code, name) for code, name in words.CATEGORIES.items() if code not in {"progress", "immigration"}
)
_GROUNDS = {
    "own": "Their own decision",
    "own_assessed_competent": "Their own decision: they are under 16 and understand it",
    "parental_responsibility": "Parental responsibility",
    "special_guardianship": "A special guardianship order",
    "child_arrangements_order": "A child arrangements order",
    "delegated": "Asked in writing by somebody with parental responsibility",
    "carer_reasonable": "Cares for them, and it is reasonable that they decide this",
    "local_authority_care_order": "A care order",
    "attorney_or_deputy": "A power of attorney, or a deputy of the court",
    "best_interests": "A best-interests decision that was recorded",
}
FOR_CHILDREN = ("parental_responsibility", "special_guardianship", "child_arrangements_order", "delegated",
                "carer_reasonable")  # fmt: skip
FOR_ADULTS = ("attorney_or_deputy", "best_interests")


def named(code: str) -> Named:
    """What is being recorded. Raises StopIteration for a code that there is not."""
    return next(each for each in SAYINGS if each.code == code)


def grounds(*codes: str) -> tuple[Option, ...]:
    """Grounds to choose from, in this order."""
    return tuple(Option(code, _GROUNDS[code]) for code in codes)


def ground(code: str) -> str:
    """What a ground is called."""
    return _GROUNDS.get(code, words.sentence(code))


def how(code: str) -> str:
    """How something was said."""
    return next((each.text for each in HOW if each.code == code), words.sentence(code))
