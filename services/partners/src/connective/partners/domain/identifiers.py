"""Identifiers that organisations carry in public registers, checked by shape.

Schemes are the prefixes of org-id.guide, which Open Referral UK uses too. A check by shape catches slips of the
keyboard and cells that a spreadsheet has changed; whether the register knows the number is a person's to look up.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Scheme(StrEnum):
    """A register of organisations."""

    CHARITY = "GB-CHC"
    """Charity Commission for England and Wales."""
    CHARITY_NORTHERN_IRELAND = "GB-NIC"
    CHARITY_SCOTLAND = "GB-SC"
    COMPANY = "GB-COH"
    """Companies House."""
    ODS = "GB-NHS"
    """NHS Organisation Data Service."""
    SCHOOL = "GB-EDU"
    """Unique reference number of a school in England."""
    UKPRN = "GB-UKPRN"
    """UK register of learning providers."""


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    words: str


_RULES = {
    Scheme.CHARITY: _Rule(re.compile(r"[1-9][0-9]{5,6}"), "six or seven digits"),
    Scheme.CHARITY_NORTHERN_IRELAND: _Rule(re.compile(r"(NIC)?[0-9]{6}"), "six digits, with or without NIC"),
    Scheme.CHARITY_SCOTLAND: _Rule(re.compile(r"SC[0-9]{6}"), "SC and six digits"),
    Scheme.COMPANY: _Rule(
        re.compile(r"[0-9]{8}|[A-Z]{2}[0-9]{6}|R[0-9]{7}"), "eight digits, or two letters and six digits"
    ),
    Scheme.ODS: _Rule(re.compile(r"[A-Z0-9]{3,10}"), "three to ten letters and digits"),
    Scheme.SCHOOL: _Rule(re.compile(r"[1-9][0-9]{5}"), "six digits"),
    Scheme.UKPRN: _Rule(re.compile(r"[1-9][0-9]{7}"), "eight digits"),
}


class MalformedIdentifierError(ValueError):
    """The text has not the shape that the register's numbers have. `words` says which shape that is."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.words = _RULES[scheme].words
        super().__init__(f"{scheme} identifiers are {self.words}")


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """One number in one register, in its canonical form."""

    scheme: Scheme
    value: str

    @property
    def org_id(self) -> str:
        """The number as org-id.guide writes it: the register's prefix, a hyphen, and the number."""
        return f"{self.scheme}-{self.value}"


def checked_identifier(scheme: Scheme, text: str) -> Identifier:
    """The identifier in canonical form: capitals, no spaces, and a company number's leading zeros put back.

    Spreadsheets take the zeros away, because the cell looks like a number. Raises MalformedIdentifierError.
    """
    value = re.sub(r"[\s.-]", "", text).upper()
    if scheme is Scheme.COMPANY and re.fullmatch(r"[0-9]{5,7}", value):
        value = value.zfill(8)
    if not _RULES[scheme].pattern.fullmatch(value):
        raise MalformedIdentifierError(scheme)
    return Identifier(scheme, value)


def charity_scheme(text: str) -> Scheme:
    """The register a charity number belongs to, told by its letters: sheets mix three nations in one column."""
    start = text.strip().upper()
    if start.startswith("SC"):
        return Scheme.CHARITY_SCOTLAND
    return Scheme.CHARITY_NORTHERN_IRELAND if start.startswith("NIC") else Scheme.CHARITY
