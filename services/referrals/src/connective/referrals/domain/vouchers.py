"""A voucher: what lets a family be helped today while sharing its name is blocked (domain rules, section 4, "Today").

It says a reference, how many adults and children, and what to pack; never who they are. What to pack is chosen from a
closed list of instructions, so that nobody can write a name or a diagnosis into it. The family presents the reference.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from connective.referrals.domain.clocks import end_of, local_day
from connective.referrals.domain.refusals import DetailsRefused, FieldError, VoucherNotUsable
from connective.referrals.domain.request import Request
from connective.referrals.domain.sending import VOUCHER_KINDS
from connective.referrals.domain.states import State

DAYS_VALID = 3
"""How long a voucher stands unless the worker says otherwise: three days, as a parcel feeds for three days."""
MOST_DAYS_VALID = 14
"""Beyond two weeks it is no longer help for today: ask for the named way again."""


class VoucherState(StrEnum):
    """Where a voucher stands; all but the first are final."""

    ISSUED = "issued"
    USED = "used"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class AgeBand(StrEnum):
    """How food banks count children; the first band is under one year, the second begins at one."""

    UNDER_ONE = "0-1"
    ONE_TO_FOUR = "1-4"
    FIVE_TO_ELEVEN = "5-11"
    TWELVE_TO_SEVENTEEN = "12-17"


class PackingNote(StrEnum):
    """An instruction for whoever packs; never why it is given."""

    BABY_FOOD = "baby_food"
    COLD_FOOD_ONLY = "cold_food_only"
    HALAL = "halal"
    KETTLE_ONLY = "kettle_only"
    KOSHER = "kosher"
    NAPPIES = "nappies"
    NO_DAIRY = "no_dairy"
    NO_EGG = "no_egg"
    NO_FISH = "no_fish"
    NO_GLUTEN = "no_gluten"
    NO_NUTS = "no_nuts"
    PERIOD_PRODUCTS = "period_products"
    PET_FOOD = "pet_food"
    VEGAN = "vegan"
    VEGETARIAN = "vegetarian"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a voucher says besides its reference; `children` counts by age band."""

    adults: int
    children: Mapping[AgeBand, int] = field(default_factory=dict)
    packing_notes: frozenset[PackingNote] = frozenset()


@dataclass(frozen=True, slots=True)
class Voucher:
    """One voucher. The request it stands for is known to its issuer alone."""

    id: UUID
    place_id: UUID
    reference: str
    request_id: UUID
    family_id: UUID
    service_id: UUID
    issuer_organisation_id: UUID
    recipient_organisation_id: UUID
    issued_by: str
    issued_at: datetime
    expires_at: datetime
    contents: Contents
    state: VoucherState = VoucherState.ISSUED
    version: int = 1
    ended_at: datetime | None = None


def expires_at(valid_until: date | None, at: datetime) -> datetime:
    """The end of its last day. Raises DetailsRefused for a day that is over, or more than two weeks ahead."""
    today = local_day(at)
    day = valid_until or today + timedelta(days=DAYS_VALID)
    if not today <= day <= today + timedelta(days=MOST_DAYS_VALID):
        detail = f"Choose a day from today to {MOST_DAYS_VALID} days ahead."
        raise DetailsRefused([FieldError("/valid_until", "out-of-range", detail)])
    return end_of(day)


def refuse_unless_due(request: Request) -> None:
    """Raise VoucherNotUsable unless this request's named sharing is blocked and its kind of service takes vouchers."""
    if request.service_kind not in VOUCHER_KINDS:
        raise VoucherNotUsable("Services of this kind take no vouchers: phone them, or tell the family how to ask.")
    if request.state is not State.BLOCKED:
        detail = f"A voucher stands in for a request that is blocked; this one is {request.state}."
        raise VoucherNotUsable(detail)


def state_at(voucher: Voucher, at: datetime) -> VoucherState:
    """Where it stands now: past its last day it is expired, whether or not the clock has come by."""
    late = voucher.state is VoucherState.ISSUED and at >= voucher.expires_at
    return VoucherState.EXPIRED if late else voucher.state


def end(voucher: Voucher, state: VoucherState, at: datetime) -> Voucher:
    """The voucher used, cancelled or expired. Raises VoucherNotUsable for one that stands no longer."""
    present = state_at(voucher, at)
    if present is not VoucherState.ISSUED and not (state is present is VoucherState.EXPIRED):
        raise VoucherNotUsable(f"This voucher is {present}.")
    return replace(voucher, state=state, version=voucher.version + 1, ended_at=at)


def words_for_the_family(voucher: Voucher, service_name: str, telephone: str | None) -> str:
    """What the family is given to show: the reference, where, and until when; no name."""
    last = local_day(voucher.expires_at - timedelta(seconds=1))
    where = service_name if telephone is None else f"{service_name} ({telephone})"
    return f"Show {voucher.reference} at {where} by {last.day} {last:%B %Y}. You need not give your name."
