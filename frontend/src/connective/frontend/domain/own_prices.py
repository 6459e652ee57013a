"""What an own service costs, and who answers questions about it: told row by row, and said in one way everywhere."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from connective.frontend.domain.fields import Errors, Field
from connective.frontend.domain.rows import Several, Values
from connective.frontend.domain.words import day, telephone

_POUNDS = "GBP"
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_SIGNS = {"GBP": "£", "EUR": "€"}
_SHOWN = (("yes", "Show this to everybody in the public directory"),)


def _wrong_cost(values: Values) -> Errors:
    errors: Errors = []
    if values["currency"] and not _CURRENCY.fullmatch(values["currency"]):
        errors.append(("currency", "Enter the three letters of the currency, like EUR for euros"))
    begins, ends = values["valid_from"], values["valid_to"]
    if begins and ends and ends < begins:
        errors.append(("valid_to", "The last day must not be before the first"))
    return errors


COSTS = Several(
    key="costs",
    one="price",
    fields=(
        Field(name="option", label="What is the price for?", required="Enter what the price is for", longest=200,
              hint="For example, a food parcel, or each further child"),
        Field(name="amount", label="How much is it?", kind="money",
              hint="In pounds, unless you name another currency below. 0 where it is free. "
                   "Leave it empty where words tell it better."),
        Field(name="currency", label="In which currency, if not in pounds?", width="5",
              hint="Its three letters, like EUR for euros"),
        Field(name="description", label="Anything to add (optional)", longest=1000,
              hint="For example, nobody is turned away who cannot pay"),
        Field(name="valid_from", label="From which day? (optional)", kind="date"),
        Field(name="valid_to", label="Until which day? (optional)", kind="date"),
    ),
    most=20,
    wrong=_wrong_cost,
)  # fmt: skip


def _wrong_contact(values: Values) -> Errors:
    errors: Errors = []
    if not any(values[each] for each in ("name", "title", "department")):
        errors.append(("name", "Enter a name, a role or a team"))
    if not values["telephone"] and not values["email"]:
        errors.append(("telephone", "Enter a telephone number or an email address"))
    return errors


CONTACTS = Several(
    key="contacts",
    one="contact",
    fields=(
        Field(name="name", label="Name", longest=200, hint="Leave it empty where whoever is on duty answers"),
        Field(name="title", label="Role", longest=200, hint="For example, volunteer coordinator"),
        Field(name="department", label="Team or desk", longest=200),
        Field(name="telephone", label="Telephone", kind="telephone"),
        Field(name="email", label="Email", kind="email", hint="An address of the service, never somebody’s own"),
        Field(name="published", label="", kind="choices", options=_SHOWN),
    ),
    most=20,
    wrong=_wrong_contact,
)


def costs_known(service: Mapping[str, Any]) -> list[Values]:
    """The prices of a record as the form's fields hold them: pounds go without saying."""
    return [
        {**each, "currency": None if each["currency"] == _POUNDS else each["currency"]} for each in service["costs"]
    ]


def costs_sent(rows: Sequence[Values]) -> list[Values]:
    """The prices as the API takes them."""
    return [{**each, "currency": (each["currency"] or _POUNDS).upper()} for each in rows]


def contacts_known(service: Mapping[str, Any]) -> list[Values]:
    """The contacts of a record as the form's fields hold them."""
    return [{**each, "published": ["yes"] if each["published"] else []} for each in service["contacts"]]


def contacts_sent(rows: Sequence[Values]) -> list[Values]:
    """The contacts as the API takes them."""
    return [{**each, "published": bool(each["published"])} for each in rows]


def prices(costs: Iterable[Mapping[str, Any]], today: date, *, all_of_them: bool = False) -> list[str]:
    """Each price in words: "Food parcel: £2.50 (from 1 January 2027)". Those that are over are told to nobody else."""
    return [_price(each) for each in costs if all_of_them or not each.get("valid_to") or not _over(each, today)]


def _over(cost: Mapping[str, Any], today: date) -> bool:
    return date.fromisoformat(cost["valid_to"]) < today


def _price(cost: Mapping[str, Any]) -> str:
    # The public directory has its own word for what is added.
    more = cost.get("description") or cost.get("amount_description") or ""
    told = [each for each in (_amount(cost), more) if each]
    begins, ends = cost.get("valid_from"), cost.get("valid_to")
    days = " ".join(f"{word} {day(on)}" for word, on in (("from", begins), ("until", ends)) if on)
    line = ": ".join(each for each in (str(cost.get("option") or ""), ", ".join(told)) if each)
    return f"{line[:1].upper()}{line[1:]}" + (f" ({days})" if days else "")


def _amount(cost: Mapping[str, Any]) -> str:
    if cost.get("amount") is None:
        return ""
    amount, currency = float(cost["amount"]), cost.get("currency") or _POUNDS
    if amount == 0:
        return "free"
    return f"{_SIGNS.get(currency, f'{currency} ')}{amount:,.2f}".removesuffix(".00")


@dataclass(frozen=True, slots=True)
class Contact:
    """Who answers questions about a service, and how to get hold of them."""

    who: str
    telephone: str
    email: str
    published: bool = True

    @property
    def line(self) -> str:
        """All of it in one line."""
        return f"{self.who}: " + ", ".join(each for each in (self.telephone, self.email) if each)


def contacts_of(listed: Iterable[Mapping[str, Any]]) -> list[Contact]:
    """The contacts of a listing, of the API's own or of the public directory."""
    return [
        Contact(
            ", ".join(str(each[part]) for part in ("name", "title", "department") if each.get(part)) or "Contact",
            telephone(_number(each).replace(" ", "")),
            str(each.get("email") or ""),
            bool(each.get("published", True)),
        )
        for each in listed
    ]


def _number(contact: Mapping[str, Any]) -> str:
    phones = contact.get("phones") or [{}]
    return str(contact.get("telephone") or phones[0].get("number") or "")
