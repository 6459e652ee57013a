"""The pages about families: the list, a search, and a family's own page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connective.frontend.domain.answers import Part
from connective.frontend.domain.cases import CaseLine, case_lines
from connective.frontend.domain.family_words import RESIDENCES, called
from connective.frontend.domain.picture import Picture, age_of, draw, is_child, short_name
from connective.frontend.domain.words import (
    SEVERITY,
    STATE_TAGS,
    category,
    day,
    in_order,
    inline,
    sentence,
    service_kind,
    state,
    telephone,
    words,
)
from connective.frontend.domain.words import need as need_called
from connective.frontend.domain.words import strength as strength_called

ANSWERS = {
    "given": ("Yes", "green"),
    "refused": ("No", "red"),
    "withdrawn": ("Taken back", "red"),
    "expired": ("Ran out", "grey"),
}
"""How what somebody said stands, in words, and the colour of its tag."""
_NOT_SENT = frozenset({"draft", "blocked"})
_ENDED = frozenset({"completed", "declined", "lapsed", "withdrawn", "redirected"})
CHRONOLOGY_KINDS = {
    "requests": "Requests",
    "needs": "Needs, and what goes well",
    "cases": "Cases and plans",
    "family": "Who belongs, and where they live",
    "contact": "How they can be reached",
}
"""What the chronology can be narrowed to, over the whole of it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what is known of somebody."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a household, as the list shows them."""

    id: str
    name: str
    called: str
    age: str
    child: bool
    facts: list[Fact]
    contacts: list[tuple[str, str]]
    """A number or address, and how it may be used."""
    restricted: bool
    withheld: list[str]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a family lives, or where its letters go."""

    id: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Need:
    """One need, as the table shows it."""

    who: str
    what: str
    severity: str
    since: str
    source: str


@dataclass(frozen=True, slots=True)
class Strength:
    """Something that goes well, as the table shows it."""

    who: str
    what: str
    since: str
    source: str


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody agreed to or refused."""

    id: str
    what: str
    state: str
    tag: str
    who: str
    when: str
    scope: str


@dataclass(frozen=True, slots=True)
class Sent:
    """One request, and so what was shared with whom."""

    href: str
    reference: str
    to: str
    what: str
    state: str
    tag: str
    when: str
    sees: str
    """What whoever was asked can see now."""


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """A family's page."""

    id: str
    name: str
    registered: str
    standing: str
    notice: str
    members: list[Member]
    before: list[Member]
    picture: Picture
    addresses: list[Address]
    withheld: list[str]
    needs: list[Need]
    strengths: list[Strength]
    said: list[Said]
    sent: list[Sent]
    cases: list[CaseLine]
    """The episodes of help, the one that is open first."""


@dataclass(frozen=True, slots=True)
class FamilyParts:
    """What the page asked for beside the record itself."""

    needs: Part
    strengths: Part
    consents: Part
    referrals: Sequence[Part]
    organisations: Mapping[str, str]
    cases: Part


def family_page(record: Mapping[str, Any], parts: FamilyParts) -> FamilyPage:
    """Put a family's page together."""
    here = [each for each in record["people"] if not each["until"]]
    people = [each["person"] for each in here]
    names = {each["person"]["id"]: short_name(each["person"]) for each in record["people"]}
    return FamilyPage(
        id=record["id"],
        name=f"The {record['name']} family" if record["name"] else "A family whose name is not shown",
        registered=day(record["registered_on"]),
        standing=record["standing"],
        notice=record["safeguarding_notice"],
        members=[_member(each) for each in here],
        before=[_member(each) for each in record["people"] if each["until"]],
        picture=draw(people, record["relationships"]),
        addresses=[_address(each) for each in record["addresses"] if not each["until"]],
        withheld=[sentence(each) for each in record["withheld"]],
        needs=[_need(each, names) for each in parts.needs.items if not each["until"]],
        strengths=[_strength(each, names) for each in parts.strengths.items if not each["until"]],
        said=_said(parts.consents, names, parts.organisations),
        sent=_sent(parts.referrals, parts.organisations),
        cases=case_lines(parts.cases.items),
    )


def facts_of(membership: Mapping[str, Any]) -> list[Fact]:
    """What is known of somebody beside their name."""
    person = membership["person"]
    facts = [
        Fact("Date of birth", day(person["date_of_birth"])),
        Fact("Sex", sentence(person["sex"]) if person["sex"] != "unknown" else ""),
        Fact("Lives", "" if membership["residence"] == "here" else called(RESIDENCES, membership["residence"])),
        Fact("School or nursery", person["education_setting"] or ""),
        Fact("GP practice", person["gp_practice"] or ""),
        Fact("Language", _language(person)),
        Fact("NHS number", person["nhs_number"] or ""),
        Fact("Expects a child", day(person["expects_child_on"])),
    ]
    return [fact for fact in facts if fact.value]


def _member(membership: Mapping[str, Any]) -> Member:
    person = membership["person"]
    full = f"{person['given_names']} {person['family_name']}".strip() or "Name not shown"
    known_as = person.get("known_as")
    return Member(
        id=person["id"],
        name=f"{full} (known as {known_as})" if known_as and known_as not in full else full,
        called=short_name(person),
        age=age_of(person),
        child=is_child(person),
        facts=facts_of(membership),
        contacts=[
            (telephone(each["value"]), each["safe_contact_sentence"])
            for each in person["contacts"]
            if not each["until"]
        ],
        restricted=bool(person["whereabouts_restricted"]),
        withheld=[sentence(each) for each in person["withheld"]],
    )


def _language(person: Mapping[str, Any]) -> str:
    language = person["language"] or ""
    return f"{language}, interpreter needed" if person["interpreter"] else language


def _address(address: Mapping[str, Any]) -> Address:
    kind = sentence(address["kind"])
    if address["withheld"] and not address["lines"]:
        return Address(address["id"], kind, "Not shown, for somebody’s safety")
    lines = ", ".join(each for each in [*address["lines"], address["town"], address["postcode"] or ""] if each)
    kept = ". Kept within your organisation: tell nobody else" if address["withheld"] else ""
    return Address(address["id"], kind, f"{lines}{kept}")


def _need(need: Mapping[str, Any], names: Mapping[str, str]) -> Need:
    return Need(
        names.get(need["person_id"], "Somebody"),
        need_called(need["code"]),
        SEVERITY.get(need["severity"], str(need["severity"])),
        day(need["since"]),
        _source(need["source"]),
    )


def _strength(strength: Mapping[str, Any], names: Mapping[str, str]) -> Strength:
    return Strength(
        names.get(strength["person_id"], "Somebody"),
        strength_called(strength["code"]),
        day(strength["since"]),
        _source(strength["source"]),
    )


def _source(source: str) -> str:
    return f"Told by the {words(source)}" if source != "record" else "From a record"


def _said(consents: Part, names: Mapping[str, str], organisations: Mapping[str, str]) -> list[Said]:
    """What was recorded, the newest first."""
    newest = sorted(consents.items, key=lambda each: str(each["said_at"]), reverse=True)
    return [
        Said(
            each["id"],
            "Agreement to be helped" if each["kind"] == "agreement_to_engage" else "Consent to share",
            *ANSWERS.get(each["state"], (sentence(each["state"]), "grey")),
            ", ".join(names.get(about["person_id"], "somebody") for about in each["about"]),
            day(each["said_at"]),
            _scope(each["scope"], organisations),
        )
        for each in newest
    ]


def _scope(scope: Mapping[str, Any], organisations: Mapping[str, str]) -> str:
    parts = [
        ", ".join(inline(service_kind(each)) for each in scope["service_kinds"]),
        ", ".join(organisations.get(each, "another organisation") for each in scope["recipient_organisation_ids"]),
        ", ".join(inline(category(each)) for each in in_order(scope["categories"])),
    ]
    text = "; ".join(each for each in parts if each)
    return text[:1].upper() + text[1:] if text else "Everything that is offered here"


def _sent(referrals: Sequence[Part], organisations: Mapping[str, str]) -> list[Sent]:
    requests = [each for part in referrals if part.value for each in part.value["requests"]]
    newest = sorted(requests, key=lambda each: str(each["submitted_at"] or "9"), reverse=True)
    return [
        Sent(
            f"/requests/{each['id']}",
            each["reference"],
            organisations.get(each["recipient_organisation_id"], "An organisation"),
            service_kind(each["service_kind"]),
            state(each["state"]),
            STATE_TAGS.get(each["state"], "grey"),
            day(each["submitted_at"]) or "Not sent",
            _sees(each),
        )
        for each in newest
    ]


def _sees(request: Mapping[str, Any]) -> str:
    """What whoever was asked can see of the family now, in words."""
    if request["state"] in _NOT_SENT:
        return "Nothing: it was not sent"
    if request["state"] in _ENDED:
        return "Nothing more: it has ended" if request["received_at"] else "Nothing: they never opened it"
    if request["hold_reasons"]:
        return "Nothing while it is on hold"
    lacking = in_order(each["category"] for each in request["without"] if each["category"])
    missing = ", ".join(inline(category(each)) for each in lacking)
    without = f", without {missing}" if missing else ""
    opened = f"since {day(request['received_at'])}" if request["received_at"] else "once they open it"
    return f"What was sent{without}, {opened}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened."""

    at: str
    sentence: str
    who: str
    about: str = ""
    """Which need or strength, and of whom."""


_DETAILS = {"need": need_called, "strength": strength_called}
"""What an entry's code of detail is called, by the record it is of."""


def chronology(
    entries: Iterable[Mapping[str, Any]], organisations: Mapping[str, str], people: Mapping[str, str]
) -> list[Entry]:
    """What happened, with whoever did it and whom it is about; somebody whose name is not shown is not named."""
    return [
        Entry(
            each["at"],
            each["sentence"],
            organisations.get(each["organisation_id"] or "", ""),
            _about(each, people.get(each.get("person_id") or "", "")),
        )
        for each in entries
    ]


def _about(entry: Mapping[str, Any], who: str) -> str:
    named = _DETAILS.get(str(entry["code"]).partition(".")[0])
    detail = named(entry["detail_code"]) if named and entry.get("detail_code") else ""
    return ": ".join(each for each in (who, detail) if each)


def home_of(record: Mapping[str, Any] | None, person_id: str) -> str:
    """With whom somebody lives in one of their families: how two homes are told apart."""
    if record is None:
        return "A family that cannot be shown now"
    present = [each["person"] for each in record["people"] if not each["until"]]
    others = [short_name(each) for each in present if each["id"] != person_id]
    return (
        f"With {', '.join(others[:-1])} and {others[-1]}"
        if others[1:]
        else f"With {others[0]}"
        if others
        else "On their own"
    )


def names_in(record: Mapping[str, Any] | None) -> dict[str, str]:
    """What everybody of a family is called; nobody where the record did not come."""
    return {each["person"]["id"]: short_name(each["person"]) for each in (record or {}).get("people", ())}
