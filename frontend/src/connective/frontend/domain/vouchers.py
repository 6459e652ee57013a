"""A voucher on a page: a reference, how many to feed, what to pack; never who they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connective.frontend.domain.request_codes import PACKING, of
from connective.frontend.domain.request_people import Fact
from connective.frontend.domain.words import BANDS, deadline, moment

STATES = {
    "issued": ("Can be used", "green"),
    "used": ("Used", "blue"),
    "cancelled": ("Taken back", "grey"),
    "expired": ("Ran out", "grey"),
}
VOUCHER_DONE = {
    "cancel": "The voucher was taken back.",
    "changed": "Nothing was done: this voucher has changed since you opened it. This is how it is now.",
    "use": "It is noted that the family was helped. The voucher cannot be used again.",
    "vouchers": "The voucher was made. Give the family its reference.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One voucher in a list."""

    href: str
    reference: str
    who: str
    state: str
    tag: str
    until: str


@dataclass(frozen=True, slots=True)
class VoucherPage:
    """The page."""

    id: str
    reference: str
    version: int
    state: str
    tag: str
    mine: bool
    open: bool
    facts: list[Fact]
    words_for_the_family: str
    request_id: str | None


def voucher_rows(items: Iterable[Mapping[str, Any]], names: Mapping[str, str], *, sent: bool) -> list[Row]:
    """The lines of the list."""
    key = "recipient_organisation_id" if sent else "issuer_organisation_id"
    return [
        Row(
            f"/vouchers/{each['id']}",
            each["reference"],
            names.get(each[key], "An organisation"),
            *STATES[each["state"]],
            deadline(each["expires_at"]),
        )
        for each in items
    ]


def voucher_page(voucher: Mapping[str, Any], names: Mapping[str, str], organisation_id: str) -> VoucherPage:
    """One voucher, for who gave it or who takes it."""
    state, tag = STATES[voucher["state"]]
    children = voucher["children_by_age_band"]
    facts = [
        Fact("Given by", names.get(voucher["issuer_organisation_id"], "An organisation")),
        Fact("To be used at", names.get(voucher["recipient_organisation_id"], "An organisation")),
        Fact("Adults", str(voucher["adults"])),
        *(Fact(f"Children {text}", str(children[band])) for band, text in BANDS.items() if children.get(band)),
        Fact("What to pack, or leave out", "\n".join(of(PACKING, each) for each in voucher["packing_notes"])),
        Fact("Given on", moment(voucher["issued_at"])),
        Fact("Can be used until", deadline(voucher["expires_at"])),
        Fact("Ended", moment(voucher["ended_at"])),
    ]
    return VoucherPage(
        id=voucher["id"],
        reference=voucher["reference"],
        version=voucher["version"],
        state=state,
        tag=tag,
        mine=voucher["issuer_organisation_id"] == organisation_id,
        open=voucher["state"] == "issued",
        facts=[each for each in facts if each.value],
        words_for_the_family=voucher["words_for_the_family"] or "",
        request_id=voucher["request_id"],
    )
