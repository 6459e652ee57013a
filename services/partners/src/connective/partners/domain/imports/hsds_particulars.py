"""The smaller particulars of an HSDS service: costs, languages, how people are reached, and how a site is used.

Contacts and named telephones are personal data, and a file does not say who agreed to stand in it: they are not read.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from connective.partners.domain.imports.contact import telephone
from connective.partners.domain.imports.hsds_shapes import Record, maps
from connective.partners.domain.imports.row import Row
from connective.partners.domain.particulars import Accessibility, Cost, Language, Reach

_MOST_AMOUNT = 1_000_000
_MOST_OF_EACH = 50
"""Of one kind of particular: more is no listing any more, whatever sent it."""
_EMAIL = re.compile(r"[^@\s]{1,64}@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")


def read_particulars(row: Row) -> dict[str, Any]:
    """What HSDS says of a service beside where, when and for whom, as fields of a listing."""
    return {
        "telephone": first_telephone(row),
        "email": email_address(row),
        "alternate_name": row.text("alternate_name", 200),
        "eligibility": row.text("eligibility_description", 4000),
        "fees": row.text("fees_description", 4000),
        "interpretation": row.text("interpretation_services", 4000),
        "alert": row.text("alert", 4000),
        "costs": _costs(row),
        "languages": _languages(row),
        "reach": _reach(row),
    }


def first_telephone(row: Row) -> str | None:
    """The first telephone number that can be read; a listing has one, and the report says when there were more."""
    numbers = dict.fromkeys(each for record in _some(row, "phones") if (each := telephone(row.sub(record), "number")))
    if len(numbers) > 1:
        row.note("phones", "Only its first telephone number is kept.", "Put the number to ring first.")
    return next(iter(numbers), None)


def email_address(row: Row) -> str | None:
    """The cell `email`, where it is shaped like an address."""
    found = row.text("email", 254)
    if found is not None and not _EMAIL.fullmatch(found):
        row.note("email", "It is not an e-mail address.", "Write it in full, such as hello@example.org.")
        return None
    return found


def read_accessibility(row: Row) -> tuple[Accessibility, ...]:
    """What makes a site usable; one that is told in nothing but details is described by them."""
    kept = []
    for record in _some(row, "accessibility"):
        cells = row.sub(record)
        details = cells.text("details", 1000)
        description = cells.text("description", 200) or (details or "")[:200]
        if description:
            kept.append(Accessibility(description, details, cells.text("url", 400)))
    return tuple(kept)


def _costs(row: Row) -> tuple[Cost, ...]:
    kept = []
    for record in _some(row, "cost_options"):
        cells = row.sub(record)
        words = cells.text("amount_description", 1000)
        amount = _amount(cells)
        option = cells.text("option", 200)
        if option is None and words is None and amount is None:
            continue
        starts, ends = cells.day("valid_from"), cells.day("valid_to")
        if starts is not None and ends is not None and ends < starts:
            row.note("cost_options", "A price ends before it begins; its dates are left out.", "Correct the dates.")
            starts = ends = None
        currency = (cells.text("currency", 10) or "GBP").upper()
        told = currency if re.fullmatch(r"[A-Z]{3}", currency) else "GBP"
        kept.append(Cost(option or "Price", amount, told, words, starts, ends))
    return tuple(kept)


def _amount(row: Row) -> Decimal | None:
    found = row.text("amount", 40)
    if found is None:
        return None
    try:
        amount = Decimal(found)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount <= _MOST_AMOUNT:
        row.note("amount", "It is not an amount of money.", "Give a number such as 2.50; put words elsewhere.")
        return None
    return amount.quantize(Decimal("0.01")).normalize() + 0


def _languages(row: Row) -> tuple[Language, ...]:
    kept: dict[str, Language] = {}
    for record in _some(row, "languages"):
        cells = row.sub(record)
        name = cells.text("name", 200)
        code = (cells.text("code", 10) or "").casefold()
        if not re.fullmatch(r"[a-z]{2,3}", code):
            row.note("languages", "A language without a code is left out.", "Give its ISO 639 code, such as pl.")
            continue
        kept.setdefault(code, Language(code, None if name == code else name, cells.text("note", 200)))
    return tuple(kept.values())


def _reach(row: Row) -> frozenset[Reach]:
    """How it comes to people, where a taxonomy term says so in our codes."""
    terms = (each.get("taxonomy_term") for each in maps(row.cells.get("attributes")))
    codes = {str(term.get("code")) for term in terms if isinstance(term, dict)}
    return frozenset(each for each in Reach if str(each) in codes)


def _some(row: Row, column: str) -> list[Record]:
    return maps(row.cells.get(column))[:_MOST_OF_EACH]
