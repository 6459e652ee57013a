"""The services that can help: why each fits, where it is and when it is open, and why others were left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connective.contracts.distances import in_miles
from connective.frontend.domain.fields import Field, answered
from connective.frontend.domain.hours import next_open, next_open_order
from connective.frontend.domain.referral_draft import Draft, Raw
from connective.frontend.domain.service_map import Placed, ServiceMap, draw_map
from connective.frontend.domain.words import area, inline, need, sentence, service_kind, telephone

REACH = (
    ("outreach", "Comes to the family"),
    ("delivery", "Delivers"),
    ("in_person", "At its own door"),
    ("online", "Online"),
    ("telephone", "By telephone"),
)
WISHES = (
    Field(name="reach", label="How it helps: one of these is enough", kind="choices", options=REACH),
    Field(name="free_places", label="", kind="choices", options=(("yes", "Leave out those without free places"),)),
    Field(name="day", label="Open on this day", kind="date"),
    Field(name="radius", label="How far away", kind="select", empty="Usual distance", sent="number",
          options=(("5", "3 miles"), ("16", "10 miles"), ("32", "20 miles"), ("48", "30 miles"))),
)  # fmt: skip
"""What else is asked of a service."""
ORDER = Field(name="sort", label="Order", kind="select", empty="Best fit first",
              options=(("near", "Nearest first"), ("soon", "Open soonest first")))  # fmt: skip
ROOM = {
    "some": ("Has free places", "green"),
    "none": ("No free places", "red"),
    "not_known": ("Places not known", "grey"),
    "not_shown": ("Places not shown", "grey"),
}
_TOLD_ELSEWHERE = frozenset({"takes_requests", "signpost_only", "room", "no_room", "room_not_known"})
_FAR = 10_000.0


@dataclass(frozen=True, slots=True)
class Offer:
    """One service that can help."""

    number: int
    id: str
    name: str
    organisation: str
    kind: str
    reasons: list[str]
    room: str
    room_tag: str
    room_told: str
    distance: str
    open_next: str
    reach: str
    lapsed: list[str]
    takes_requests: bool
    how_else: str
    telephone: str
    sensitive: bool
    chosen: bool
    on_map: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One that was left out, and why."""

    id: str
    name: str
    organisation: str
    reasons: list[str]
    telephone: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The list, the map and what was left out."""

    offers: list[Offer]
    left_out: list[LeftOut]
    map: ServiceMap | None
    unanswered: list[str]
    """Needs that no service in the list answers."""
    without_distance: bool
    """Whether no distance is told, because where they live was not given or is hidden."""


def search_of(draft: Draft) -> dict[str, Any]:
    """What the directory is asked: codes, ages and the postcode, never a name."""
    concerned = {each.person_id for each in draft.needs}
    ages = sorted({each.years for each in draft.people if each.id in concerned and each.years is not None})
    body: dict[str, Any] = {"needs": sorted({each.code for each in draft.needs}), "ages": ages, "limit": 25}
    if draft.postcode:
        body["postcode"] = draft.postcode
    return body | wishes_of(draft.filters)


def wishes_of(raw: Raw) -> dict[str, Any]:
    """What else was asked of a service. What cannot be read asks nothing."""
    body, _ = answered(WISHES, raw)
    if "radius" in body:
        body["radius_km"] = body.pop("radius")
    return body | ({"free_places": True} if "free_places" in body else {})


def choice_of(
    found: Mapping[str, Any],
    listings: Mapping[str, Mapping[str, Any]],
    draft: Draft,
    chosen: Iterable[str],
    now: datetime,
) -> Choice:
    """Put the list together, in the order that was asked for."""
    items = _sorted(found["items"], listings, "".join(draft.filters.get("sort", [])), now)
    items.sort(key=lambda each: not each["takes_requests"])
    picked = set(chosen)
    offers = [_offer(number, each, listings, picked, now) for number, each in enumerate(items, start=1)]
    placed = [
        Placed(number, each["east_km"], each["north_km"])
        for number, each in enumerate(items, start=1)
        if each.get("east_km") is not None and each.get("north_km") is not None
    ]
    answered = {code for each in items for code in each["needs"]}
    missing = sorted({each.code for each in draft.needs} - answered)
    return Choice(
        offers,
        [
            LeftOut(
                each["service_id"],
                each["name"],
                each["organisation_name"],
                [_reason(reason, {"needs": []}) for reason in each["reasons"]],
                telephone(each["telephone"] or ""),
            )
            for each in found["left_out"]
        ],
        draw_map(placed),
        [need(code) for code in missing],
        not found.get("postcode_known"),
    )


def _sorted(
    items: Sequence[Mapping[str, Any]], listings: Mapping[str, Mapping[str, Any]], sort: str, now: datetime
) -> list[Mapping[str, Any]]:
    if sort == "near":
        return sorted(items, key=lambda each: _FAR if each["distance_km"] is None else each["distance_km"])
    if sort == "soon":
        return sorted(
            items, key=lambda each: next_open_order(listings.get(each["service_id"], {}).get("schedules", ()), now)
        )
    return list(items)


def _offer(
    number: int, each: Mapping[str, Any], listings: Mapping[str, Mapping[str, Any]], picked: set[str], now: datetime
) -> Offer:
    listing = listings.get(each["service_id"], {})
    room, tag = ROOM[each["room"]]
    told = next((reason["sentence"] for reason in each["reasons"] if reason["code"] in _ROOM_CODES), "")
    distance = each["distance_km"]
    return Offer(
        number=number,
        id=each["service_id"],
        name=each["name"],
        organisation=each["organisation_name"],
        kind=service_kind(each["kind"]),
        reasons=[_reason(reason, each) for reason in each["reasons"] if reason["code"] not in _TOLD_ELSEWHERE],
        room=room,
        room_tag=tag,
        room_told=told,
        distance="" if distance is None else f"{in_miles(distance * 1000)} from home",
        open_next=next_open(listing.get("schedules", ()), now) if listing and not each["sensitive"] else "",
        reach=reach_words(listing.get("reach", ())),
        lapsed=[item["sentence"] for item in each["lapsed"]],
        takes_requests=each["takes_requests"],
        how_else=each["how_to_refer"] or "",
        telephone=telephone(each["telephone"] or ""),
        sensitive=each["sensitive"],
        chosen=each["service_id"] in picked,
        on_map=each.get("east_km") is not None,
    )


_ROOM_CODES = frozenset({"room", "no_room", "room_not_known", "room_not_shown"})


def _reason(reason: Mapping[str, Any], each: Mapping[str, Any]) -> str:
    """The API's sentence; that of needs names them as pages do."""
    if reason["code"] == "need":
        return f"Helps with {', '.join(inline(need(code)) for code in each['needs'])}."
    return area(str(reason["sentence"]))


def reach_words(codes: Iterable[str]) -> str:
    """How a service reaches a family, in one line."""
    known = dict(REACH)
    told = [known.get(code, sentence(code)) for code in codes]
    return ", ".join([told[0], *(inline(each) for each in told[1:])]) if told else ""
