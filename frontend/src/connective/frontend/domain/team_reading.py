"""What a member of the team around a family reads of it: what the decision of this moment permits, and why no more."""

import re
from collections.abc import Mapping
from typing import Any

from connective.frontend.domain.answers import Part
from connective.frontend.domain.sheets import Facts, Section, Sheet, Words
from connective.frontend.domain.words import (
    category,
    count,
    day,
    in_order,
    inline,
    need,
    sentence,
    strength,
    telephone,
    words,
)

_LABELS = {
    "person.full_name": "Name",
    "person.known_as": "Likes to be called",
    "person.date_of_birth": "Date of birth",
    "person.sex": "Sex",
    "person.nhs_number": "NHS number",
    "person.language": "Language",
    "person.interpreter": "Needs an interpreter",
    "contact.phone": "Telephone",
    "contact.email": "Email",
    "contact.safe_contact_rule": "What is safe",
    "address.current": "Address",
    "address.outward_postcode": "First half of the postcode",
    "education.setting": "School or nursery",
    "professionals.gp_practice": "GP practice",
    "household.adults": "Adults at home",
    "household.children_by_age_band": "Children at home, by age",
    "household.members": "Who lives there",
    "household.responsible_adults": "Who holds parental responsibility",
    "needs.coded": "Needs",
    "strengths.coded": "What goes well",
}
"""Every field that may be shared, in the order in which a worker reads it."""
_THE_WORKER = "Speak to the family’s worker: who reads here cannot change it."
_RESPECT = "Respect it. If you worry about somebody, speak to the family’s worker."
_OF_THE_WORKER = dict.fromkeys(
    ("child_refused", "consent_refused", "consent_withdrawn", "family_refused", "holders_differ", "objection_upheld"),
    _RESPECT,
) | {
    "assurance_too_low": "Ask whoever manages your organisation to give each of its people an account of their own.",
    "consent_expired": "The family’s worker can ask them again. Speak to the worker.",
    "consent_missing": "The family’s worker can ask them. Speak to the worker.",
    "family_not_asked": "The family’s worker can ask them. Speak to the worker.",
    "family_not_told": "The family’s worker tells them. Speak to the worker.",
    "method_not_in_agreement": "Ask your agreement manager to have it shared on these pages too.",
    "no_agreement": "Ask your agreement manager to draft one. Until it is signed, speak to the family’s worker.",
    "objection_open": "A data protection officer decides about it. The family’s worker knows how far it is.",
    "processing_restricted": "A data protection officer lifts it, once the person was told.",
    "restricted": "Speak to the family’s worker or to your safeguarding lead.",
    "whereabouts_restricted": "The family’s worker passes on what the person is to know.",
}
"""What a reader can do about a reason whose remedy was written for whoever shares: the family's worker."""
_ANYBODYS = re.compile("^(agreement|organisation|party)_|_(agreement|out_of_date|suspended|unknown)$")
"""Reasons whose remedy fits whoever reads it: what organisations have agreed, or are."""
_SAYS = {"needs.coded": need, "strengths.coded": strength}


def team_sheet(found: Part, case: str) -> Sheet:
    """The permitted fields, person by person; or why nothing is shown."""
    back = ("Back to the case", case)
    title = "What this family shares with the team"
    if found.problem is not None:
        return Sheet(title, [Words(_refused(found), manner="inset")], back=back)
    answer = found.value
    sections: list[Section] = [
        Words(("You see what the agreements and the family allow now. That you looked is recorded.",)),
        *(_person(each, number) for number, each in enumerate(answer["people"], start=1)),
    ]
    reasons = {code: dict.fromkeys(each["sentence"] for each in answer["not_permitted"] if each["category"] == code)
               for code in in_order({each["category"] for each in answer["not_permitted"]})}  # fmt: skip
    if reasons:
        lines = [f"{category(code)}: {inline(why)}" for code, sentences in reasons.items() for why in sentences]
        sections.append(Words(lines, heading="What is not shown, and why"))
    if answer["withheld"]:
        hidden = ", ".join(inline(_LABELS.get(each, sentence(each))) for each in answer["withheld"])
        sections.append(
            Words((f"Kept back for somebody’s safety: {hidden}. Ask the family’s worker.",), manner="inset")
        )
    sections.append(Words((answer["safeguarding_notice"],), manner="inset"))
    return Sheet(title, sections, back=back)


def _refused(found: Part) -> list[str]:
    problem = found.problem
    assert problem is not None  # noqa: S101 - asked for where there is one
    reasons = [f"{each['sentence']} {_remedy(each)}" for each in problem.document.get("reasons") or ()]
    return [problem.detail or "Nothing of this family can be shown now. Try again in a moment.", *reasons]


def _remedy(reason: Mapping[str, Any]) -> str:
    """What whoever reads can do: they sit in the team around the family, and do not share its record themselves."""
    code = str(reason["code"])
    if code in _OF_THE_WORKER:
        return _OF_THE_WORKER[code]
    return str(reason["remedy"]) if _ANYBODYS.search(code) else _THE_WORKER


def _person(person: Mapping[str, Any], number: int) -> Facts:
    fields = person["fields"]
    rows = [(label, _value(name, fields[name])) for name, label in _LABELS.items() if name in fields]
    return Facts(rows, heading=str(fields.get("person.full_name") or f"Person {number}"))


def _value(name: str, value: Any) -> str:  # noqa: ANN401 - whatever the field holds
    if name == "person.date_of_birth":
        return day(value)
    if name == "contact.phone":
        return telephone(str(value))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Mapping):
        return ", ".join(
            f"{count(number, 'child', 'children')} aged {band.replace('-', ' to ')}" for band, number in value.items()
        )
    if isinstance(value, list):
        return ", ".join(_SAYS[name](each) if name in _SAYS else str(each) for each in value)
    return words(value) if name == "contact.safe_contact_rule" else str(value)
