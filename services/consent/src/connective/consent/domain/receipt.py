"""The receipt a family is given: what was agreed, with whom, why, for how long, and how to change one's mind.

It is built as headings and lines, without any markup, and shown as a page or as plain text elsewhere. No name of a
person enters it: a receipt may be found by somebody it would endanger them to be found by.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.consent.domain.consent import ConsentState, How, Kind
from connective.consent.domain.consent_export import Controller
from connective.consent.domain.days import day_of
from connective.consent.domain.receipt_words import ReceiptWords
from connective.contracts.categories import Category, Purpose


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with its sentences, and a list below them where there is one."""

    heading: str
    sentences: tuple[str, ...]
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt, in one language, top to bottom."""

    language: str
    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Recipient:
    """An organisation that may receive: its legal entity's name, and what sort of team it is."""

    controller: Controller
    team: str


def _day(words: ReceiptWords, at: datetime) -> str:
    day = day_of(at)
    return f"{day.day} {words.months[day.month - 1]} {day.year}"


def _spaced(code: str) -> str:
    return code.replace("_", " ")


def _who(record: Mapping[str, Any], words: ReceiptWords, body: str) -> str:
    say = words.sentences
    if record["giver_kind"] == "body":
        return say["body"].format(speaker=record["spoken_by"], body=body)
    people = {about["person_id"] for about in record["about"]}
    others = len(people - {record["giver_id"]})
    if record["giver_id"] in people:
        named = ("self", "self_and_one", "self_and_others")[min(others, 2)]
    else:
        named = "one" if others == 1 else "others"
    return say[named].format(count=others)


def _what(record: Mapping[str, Any], words: ReceiptWords, heading: str) -> Section:
    say = words.sentences
    if record["kind"] == Kind.CONSENT.value:
        return Section(heading, (say["data"],), tuple(words.categories[Category(c)] for c in record["categories"]))
    kinds = tuple(_spaced(kind) for kind in record["service_kinds"])
    return Section(heading, (say["help"] if kinds else say["help_every"],), kinds)


def _whom(recipients: Iterable[Recipient], words: ReceiptWords, heading: str) -> Section:
    names = tuple(
        words.sentences["recipient_team"].format(name=r.controller.name, team=_spaced(r.team)) for r in recipients
    )
    return Section(heading, () if names else (words.sentences["recipients_every"],), names)


def _why(record: Mapping[str, Any], words: ReceiptWords, heading: str) -> Section:
    reasons = tuple(words.purposes[Purpose(p)] for p in record["purposes"])
    return Section(heading, () if reasons else (words.sentences["purposes_every"],), reasons)


def _long(record: Mapping[str, Any], words: ReceiptWords, heading: str) -> Section:
    say = words.sentences
    said = [say["said"].format(day=_day(words, record["said_at"]), how=words.how[How(record["how"])])]
    if record["interpreter"]:
        said.append(say["interpreter"])
    if record["notice_reference"]:
        notice = f"{record['notice_reference']} {record['notice_version']}".strip()
        said.append(say["notice"].format(notice=notice))
    match ConsentState(record["state"]):
        case ConsentState.GIVEN:
            said.append(say["until"].format(day=_day(words, record["expires_at"])))
        case ConsentState.REFUSED:
            said.append(say["no"])
        case ConsentState.WITHDRAWN | ConsentState.EXPIRED:
            ended = record["withdrawn_at"] or record["expires_at"]
            said.append(say["ended"].format(day=_day(words, ended)))
    return Section(heading, tuple(said))


def _contacts(controller: Controller, words: ReceiptWords, heading: str) -> Section:
    officer = words.sentences["officer"].format(name=controller.name, contact=controller.contact)
    return Section(heading, (officer, words.sentences["regulator"]))


def make_receipt(
    record: Mapping[str, Any],
    controller: Controller,
    recipients: Mapping[UUID, Recipient],
    words: ReceiptWords,
    *,
    language: str,
    body: str,
    now: datetime,
) -> Receipt:
    """The receipt of a record as it is read; `body` names the legal entity for which somebody spoke, if one did."""
    head, say = words.headings, words.sentences
    asked = record["recipient_organisation_ids"]
    sections = [
        Section(head["who"], (_who(record, words, body),)),
        _what(record, words, head["what"]),
        _whom([recipients[o] for o in asked if o in recipients], words, head["whom"]),
        _why(record, words, head["why"]),
        _long(record, words, head["long"]),
    ]
    if record["state"] == ConsentState.GIVEN.value:
        sections.append(Section(head["change"], (say["withdraw"].format(name=controller.name), say["effect"])))
    sections += [
        Section(head["safety"], (say["safety"],)),
        _contacts(controller, words, head["contacts"]),
        Section(
            head["about"],
            (
                say["names"],
                say["reference"].format(reference=record["id"]),
                say["made"].format(day=_day(words, now)),
            ),
        ),
    ]
    return Receipt(language, words.titles[f"{record['kind']}/{record['state']}"], tuple(sections))
