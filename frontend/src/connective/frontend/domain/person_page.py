"""One person of a family: everything that is recorded, with the way to change each of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connective.frontend.domain.families import Fact, facts_of
from connective.frontend.domain.family_words import RELATIONSHIPS, RESIDENCES, RESPONSIBILITIES, called
from connective.frontend.domain.person_acts import open_acts
from connective.frontend.domain.picture import age_of, short_name
from connective.frontend.domain.words import SEVERITY, day, need, strength, telephone


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that is recorded: what, more about it, and where it is ended."""

    what: str
    more: str
    end: str


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person's page."""

    id: str
    name: str
    called: str
    age: str
    facts: list[Fact]
    restricted: bool
    notices_stopped: bool
    died: str
    withheld: list[str]
    lives: str
    contacts: list[Held]
    needs: list[Held]
    strengths: list[Held]
    relationships: list[Held]
    families: int
    """To how many families they belong."""
    acts: list[tuple[str, str]]
    """What else may be recorded of them now: the act as the address names it, and its words."""
    sharing: list[tuple[str, str]]
    """What may be decided about sharing, in the same way."""


def person_page(
    record: Mapping[str, Any],
    person_id: str,
    needs: Sequence[Mapping[str, Any]],
    strengths: Sequence[Mapping[str, Any]] = (),
    permissions: frozenset[str] = frozenset(),
) -> PersonPage:
    """Put a person's page together. Raises LookupError for somebody who does not belong to this family."""
    membership = next((each for each in record["people"] if each["person"]["id"] == person_id), None)
    if membership is None:
        raise LookupError(person_id)
    person = membership["person"]
    names = {each["person"]["id"]: short_name(each["person"]) for each in record["people"]}
    here = f"/families/{record['id']}/people/{person_id}/end"
    return PersonPage(
        id=person_id,
        name=f"{person['given_names']} {person['family_name']}".strip() or "Name not shown",
        called=short_name(person),
        age=age_of(person),
        facts=facts_of(membership),
        restricted=bool(person["whereabouts_restricted"]),
        notices_stopped=bool(person.get("notices_stopped")),
        died=day(person["died_on"]),
        withheld=list(person["withheld"]),
        lives=called(RESIDENCES, membership["residence"]),
        contacts=[
            Held(telephone(each["value"]), each["safe_contact_sentence"], f"{here}/contact/{each['id']}")
            for each in person["contacts"]
            if not each["until"]
        ],
        needs=[
            Held(need(each["code"]), _severity(each), f"{here}/need/{each['id']}")
            for each in needs
            if each["person_id"] == person_id and not each["until"]
        ],
        strengths=[
            Held(strength(each["code"]), _since(each), f"{here}/strength/{each['id']}")
            for each in strengths
            if each["person_id"] == person_id and not each["until"]
        ],
        acts=_acts(person, permissions, _ACT_WORDS),
        sharing=_acts(person, permissions, _SHARING_WORDS),
        relationships=[
            Held(related(each, names), _since(each), f"{here}/relationship/{each['id']}")
            for each in record["relationships"]
            if person_id in {each["person_id"], each["of_person_id"]} and not each["until"]
        ],
        families=len(person.get("family_ids") or ()),
    )


_ACT_WORDS = {
    "pregnancy": "{who} expects a child",
    "birth": "The child has been born",
    "loss": "The pregnancy ended in loss",
    "resume": "Messages may be sent again",
    "rights": "Somebody asks for a copy, a correction, or that nothing is used",
    "death": "{who} has died",
}
"""Beside what has a heading of its own."""
_SHARING_WORDS = {
    "override": "Share for somebody’s safety, or decide not to",
    "one-off": "Share once without an agreement, or decide not to",
}


def _acts(person: Mapping[str, Any], permissions: frozenset[str], worded: Mapping[str, str]) -> list[tuple[str, str]]:
    open_now = open_acts(person, permissions)
    who = short_name(person)
    return [(name, words.format(who=who)) for name, words in worded.items() if name in open_now]


def _severity(each: Mapping[str, Any]) -> str:
    since = f", since {day(each['since'])}" if each["since"] else ""
    return f"{SEVERITY.get(each['severity'], '')}{since}"


def _since(each: Mapping[str, Any]) -> str:
    return f"Since {day(each['since'])}" if each.get("since") else ""


def related(relationship: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """How two people are related, as a sentence, with the ground on which one may speak for the other."""
    one = names.get(relationship["person_id"], "Somebody")
    other = names.get(relationship["of_person_id"], "somebody")
    kind = RELATIONSHIPS.get(relationship["kind"], "relative")
    ground = called(RESPONSIBILITIES, relationship.get("responsibility") or "")
    held = f", with parental responsibility ({ground[:1].lower()}{ground[1:]})" if ground else ""
    limit = ". A court order limits this" if relationship.get("court_limit") else ""
    return f"{one} is {other}’s {kind}{held}{limit}"


def ended_thing(
    record: Mapping[str, Any],
    part: str,
    part_id: str,
    needs: Sequence[Mapping[str, Any]],
    strengths: Sequence[Mapping[str, Any]] = (),
) -> str:
    """What is about to be ended, in words. Raises LookupError for what is not there, or has ended."""
    names = {each["person"]["id"]: short_name(each["person"]) for each in record["people"]}
    if part == "membership":
        return f"{names[part_id]} belongs to this family."
    if part == "address":
        found = _one(record["addresses"], part_id)
        return ", ".join([*found["lines"], found["town"]])
    if part == "relationship":
        return f"{related(_one(record['relationships'], part_id), names)}."
    if part == "need":
        found = _one(needs, part_id)
        return f"{need(found['code'])}: {names.get(found['person_id'], 'somebody')}."
    if part == "strength":
        found = _one(strengths, part_id)
        return f"{strength(found['code'])}: {names.get(found['person_id'], 'somebody')}."
    contacts = [contact for each in record["people"] for contact in each["person"]["contacts"]]
    return f"{telephone(_one(contacts, part_id)['value'])}."


def _one(listed: Sequence[Mapping[str, Any]], part_id: str) -> Mapping[str, Any]:
    found = next((each for each in listed if each["id"] == part_id and not each["until"]), None)
    if found is None:
        raise LookupError(part_id)
    return found
