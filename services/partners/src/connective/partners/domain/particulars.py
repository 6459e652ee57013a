"""The smaller particulars of a listing, in HSDS 3 terms: cost, languages, people to ask, how a building is reached.

A named person stands in the public directory only where the organisation said so for that person
(data protection: published on purpose, never by default).
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from connective.partners.domain.rules import Broken

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_UPRN = re.compile(r"[1-9][0-9]{0,11}")


class Reach(StrEnum):
    """How a service comes to the people it helps, besides their coming to its door."""

    DELIVERY = "delivery"
    """It brings or sends what it gives."""
    IN_PERSON = "in_person"
    """People come to it."""
    ONLINE = "online"
    OUTREACH = "outreach"
    """Its workers visit homes, schools or streets."""
    TELEPHONE = "telephone"


AT_ANY_DISTANCE = frozenset({Reach.ONLINE, Reach.TELEPHONE})
"""Ways of helping for which it does not matter how far away the door is."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody, or a desk, to ask about the service. Workers signed in see all; the public only those published."""

    name: str | None = None
    title: str | None = None
    department: str | None = None
    telephone: str | None = None
    email: str | None = None
    published: bool = False
    """Whether this contact was put into the public directory on purpose."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One price: for what, how much (None where it is told in words alone), and when it holds."""

    option: str
    amount: Decimal | None = None
    currency: str = "GBP"
    description: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, order=True)
class Language:
    """A language the service is given in. `code` is ISO 639: British Sign Language is `bfi`."""

    code: str
    name: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Accessibility:
    """One thing that makes a site usable for people with a disability."""

    description: str
    details: str | None = None
    url: str | None = None


def canonical_uprn(text: str) -> str | None:
    """A Unique Property Reference Number without leading zeros, or None: 1 to 12 digits, and no check digit."""
    value = text.strip().lstrip("0")
    return value if _UPRN.fullmatch(value) else None


def broken_languages(languages: tuple[Language, ...]) -> list[Broken]:
    """Languages that are not told by an ISO 639 code."""
    sentence = "A language is a code of two or three letters (ISO 639), such as pl for Polish."
    return [
        Broken(f"/languages/{at}/code", "language", sentence)
        for at, each in enumerate(languages)
        if not _LANGUAGE.fullmatch(each.code)
    ]


def broken_costs(costs: tuple[Cost, ...]) -> list[Broken]:
    """Costs whose time ends before it begins."""
    return [
        Broken(f"/costs/{at}/valid_to", "dates", "It ends before it begins.")
        for at, each in enumerate(costs)
        if each.valid_from is not None and each.valid_to is not None and each.valid_to < each.valid_from
    ]


def broken_contacts(contacts: tuple[Contact, ...]) -> list[Broken]:
    """Contacts that cannot be contacted, or are nobody."""
    broken = []
    for at, each in enumerate(contacts):
        if each.telephone is None and each.email is None:
            broken.append(Broken(f"/contacts/{at}", "unreachable", "Give a telephone number or an e-mail address."))
        if each.name is None and each.title is None and each.department is None:
            broken.append(Broken(f"/contacts/{at}", "nobody", "Give a name, a title or a department."))
    return broken
