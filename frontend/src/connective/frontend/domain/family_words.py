"""What the codes of a family's record are called, in the order in which a form offers them."""

from connective.contracts.needs import needs_list
from connective.frontend.domain.fields import Option
from connective.frontend.domain.words import SEVERITY

RESIDENCES = (
    Option("here", "Here, with this family"),
    Option("part_time", "Here for part of the week", "They have another home too"),
    Option("elsewhere", "Somewhere else", "They belong to the family, but do not live with it"),
)
SEXES = (Option("female", "Female"), Option("male", "Male"), Option("other", "Other"), Option("unknown", "Not known"))
AGE_GROUPS = (Option("adult", "An adult, 18 or over"), Option("child", "A child or young person under 18"))
SAFE_CONTACT = (
    Option("any_way", "Calls and messages are safe"),
    Option("text_only", "Text only, do not call"),
    Option("call_only", "Call only, do not text"),
    Option("no_messages", "Leave no message, and do not say who is calling until you know who answers"),
    Option("between_hours", "Only between certain hours"),
    Option("through_worker", "Only through you, the family’s worker", "It is not passed on to anybody"),
    Option("never", "Do not use it", "It is kept, and given to nobody"),
)
ADDRESS_KINDS = (
    Option("home", "Their home"),
    Option("temporary", "Somewhere temporary", "A hostel, bed and breakfast, or with friends"),
    Option("refuge", "A refuge", "It is passed on to nobody"),
    Option("correspondence", "Only for letters"),
)
RELATIONSHIPS = {
    "parent": "parent",
    "step_parent": "step-parent",
    "grandparent": "grandparent",
    "kinship_carer": "kinship carer",
    "foster_carer": "foster carer",
    "carer": "carer",
    "sibling": "brother or sister",
    "partner": "partner",
    "former_partner": "former partner",
    "other_relative": "relative",
}
"""What the first person is to the second."""
RESPONSIBILITIES = (
    Option("birth_mother", "Birth mother"),
    Option("married_to_mother", "Married to the mother when the child was born, or since"),
    Option("birth_registration", "Named on the birth certificate"),
    Option("responsibility_agreement", "Parental responsibility agreement"),
    Option("court_order", "Parental responsibility order of a court"),
    Option("adoption", "Adoption"),
    Option("special_guardianship", "Special guardianship order"),
    Option("child_arrangements_order", "Child arrangements order: the child lives with them"),
    Option("testamentary_guardian", "Guardian named in a will"),
    Option("delegated", "Asked in writing to act by somebody who holds it"),
)
END_REASONS = {
    "address": ("moved_out", "not_safe"),
    "contact": ("no_longer_used", "not_safe"),
    "membership": ("moved_out", "separated", "entered_care", "died"),
    "need": ("met",),
    "relationship": ("separated", "court_order", "died"),
    "strength": ("no_longer_so",),
}
"""The reasons that fit each part of a record; anything may have been recorded by mistake."""
_REASONS = {
    "court_order": "A court ordered it",
    "died": "Somebody has died",
    "entered_care": "They went into care",
    "met": "It has been met",
    "moved_out": "They moved out",
    "not_safe": "It is not safe any more",
    "no_longer_so": "It is not so any more",
    "no_longer_used": "It is not used any more",
    "separated": "They separated",
    "recorded_in_error": "It was recorded by mistake",
}
SEVERITIES = tuple(
    Option(str(number), SEVERITY[number], hint)
    for number, hint in (
        (1, "Noticed, and coping"),
        (2, "It gets in the way of everyday life"),
        (3, "It gets in the way most days"),
        (4, "Help is needed at once"),
        (0, "It was a need, and is looked at again"),
    )
)
SOURCES = (
    Option("family", "The family told us"),
    Option("child", "The child told us"),
    Option("worker", "I saw it myself"),
    Option("partner", "Another organisation told us"),
    Option("record", "It is in a record"),
)


def end_reasons(part: str) -> tuple[Option, ...]:
    """Why this part of a record can end."""
    return tuple(Option(code, _REASONS[code]) for code in (*END_REASONS[part], "recorded_in_error"))


def needs_by_headline() -> list[tuple[str, list[Option]]]:
    """The needs list, under the outcomes it is ordered by."""
    listed = needs_list()
    return [
        (name, [Option(need.code, need.name) for need in listed.needs.values() if need.headline == code])
        for code, name in listed.headlines.items()
    ]


def called(options: tuple[Option, ...], code: str) -> str:
    """What an option is called; empty where there is none of this code."""
    return next((each.text for each in options if each.code == code), "")
