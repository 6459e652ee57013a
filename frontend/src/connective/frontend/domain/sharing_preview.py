"""Who will see what, before anything is sent: for each service what it may see, what not and why, and what is blocked.

The same rules as at sending, from the same decision: what a form requires and is refused blocks; what is only useful
is gone without. The API decides anew when the request is sent, and at every reading after that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connective.contracts.needs import needs_list
from connective.frontend.domain.words import category, in_words

Form = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """One request that is about to be made."""

    service: Mapping[str, Any]
    form: Form
    subjects: tuple[str, ...]
    contact: str
    answers: Mapping[str, Any]
    need_codes: tuple[str, ...]
    text_categories: tuple[str, ...] = ()

    @property
    def people(self) -> list[str]:
        """Everybody it is about."""
        return list(dict.fromkeys((*self.subjects, self.contact)))

    @property
    def categories(self) -> list[str]:
        """What a decision is asked for: what the form requires, and of the useful only what there is to share."""
        given: set[str] = set(self.text_categories)
        for code in self.need_codes:
            given |= {str(each) for each in needs_list().needs[code].reveals}
        for each in self.form["fields"]:
            if each["source"] != "answer" or each["name"] in self.answers:
                given |= set(each["categories"])
        return sorted({*self.form["required_categories"]} | ({*self.form["useful_categories"]} & given))

    def question(self, organisation_id: str) -> dict[str, Any]:
        """The question to the ledger's service."""
        return {
            "discloser_organisation_id": organisation_id,
            "recipient_organisation_id": self.service["organisation_id"],
            "service_id": self.service["id"],
            "service_kind": self.form["kind"],
            "subjects": self.people,
            "categories": self.categories,
            "purpose": "referral",
            "method": "hub_page",
        }


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is not shown, and what would clear it."""

    what: str
    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen to one request."""

    service_id: str
    service: str
    organisation: str
    about: str
    contact: str
    goes: bool
    sees: list[tuple[str, list[str]]]
    """Each category that may be seen, with the lines of the form in it."""
    withheld: list[Reason]
    blocked_by: list[Reason]
    warnings: list[str]
    already: str
    lapsed: list[str]
    telephone: str
    needed_by: str = ""


def used_of(form: Form, about: str) -> set[str]:
    """The categories that a form uses of the contact adult, or of the people helped."""
    every = {*form["required_categories"], *form["useful_categories"]}
    named = {code for each in form["fields"] if each["about"] == about for code in each["categories"]}
    if about == "contact":
        return named & every
    of_contact = {code for each in form["fields"] if each["about"] == "contact" for code in each["categories"]}
    return every & (named | (every - of_contact))


def preview_of(
    ask: Ask, decision: Mapping[str, Any], names: Mapping[str, str], already: str, needed_by: str
) -> Preview:
    """What one service would see, and what stands in the way."""
    permitted = {each["person_id"]: set(each["categories"]) for each in decision["subjects"]}
    lacking = _lacking(ask, permitted)
    required = set(ask.form["required_categories"])
    service = ask.service
    blocked = [code for code in sorted(lacking) if code in required]
    return Preview(
        service_id=service["id"],
        service=service["name"],
        organisation=service["organisation_name"],
        about=_list([names.get(each, "somebody") for each in ask.subjects]),
        contact=names.get(ask.contact, "somebody"),
        goes=not blocked,
        sees=[(category(code), _lines(ask, code, lacking)) for code in ask.categories if code not in lacking],
        withheld=_reasons([code for code in sorted(lacking) if code not in required], lacking, decision["refusals"]),
        blocked_by=_reasons(blocked, lacking, decision["refusals"]),
        warnings=list(decision["warnings"]),
        already=already,
        lapsed=[each["sentence"] for each in service["lapsed"]],
        telephone=service["telephone"] or "",
        needed_by=needed_by,
    )


def _lacking(ask: Ask, permitted: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Each category asked for that is not permitted about somebody the form uses it of, and about whom."""
    used: dict[str, set[str]] = {person: used_of(ask.form, "subjects") for person in ask.subjects}
    used[ask.contact] = used.get(ask.contact, set()) | used_of(ask.form, "contact")
    lacking: dict[str, set[str]] = {}
    for person, categories in used.items():
        for code in (categories & set(ask.categories)) - permitted.get(person, set()):
            lacking.setdefault(code, set()).add(person)
    return lacking


def _lines(ask: Ask, code: str, lacking: Mapping[str, set[str]]) -> list[str]:
    """The lines of the form in one category that would be seen: none of them lies in a category that would not."""
    found = [
        each["label"]
        for each in ask.form["fields"]
        if code in each["categories"]
        and not set(each["categories"]) & set(lacking)
        and (each["source"] != "answer" or each["name"] in ask.answers)
    ]
    return list(dict.fromkeys(found))


def _reasons(
    codes: Iterable[str], lacking: Mapping[str, set[str]], refusals: Sequence[Mapping[str, Any]]
) -> list[Reason]:
    found: list[Reason] = []
    for code in codes:
        told = [
            Reason(category(code), in_words(each["sentence"]), in_words(each["remedy"]))
            for each in refusals
            if each["category"] == code and (each["person_id"] is None or each["person_id"] in lacking[code])
        ]
        unexplained = Reason(category(code), "Sharing this is not permitted.", "Ask your data protection officer.")
        found += told or [unexplained]
    return grouped(found)


def grouped(reasons: Iterable[Reason]) -> list[Reason]:
    """The same, where one sentence stands for several categories it is said once, after all of them."""
    said: dict[tuple[str, str], list[str]] = {}
    for each in reasons:
        whats = said.setdefault((each.sentence, each.remedy), [])
        if each.what not in whats:
            whats.append(each.what)
    return [Reason("; ".join(filter(None, whats)), *told) for told, whats in said.items()]


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
