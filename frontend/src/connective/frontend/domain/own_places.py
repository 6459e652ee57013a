"""Where an own service is, when it is open, whom it serves by where they live, and in which languages."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from connective.contracts.distances import METRES_IN_A_MILE
from connective.frontend.domain.directory import LANGUAGES
from connective.frontend.domain.fields import Errors, Field, Typed, many
from connective.frontend.domain.hours import WEEKDAYS
from connective.frontend.domain.rows import Several, Values
from connective.frontend.domain.service_choice import REACH

_OUTWARD = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
_DISTRICT = re.compile(r"E0[6789][0-9]{6}")
_CODE = re.compile(r"[a-z]{2,3}")
_MOST_MILES = 30
_FAR = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})?)\s*(km|kilomet(?:re|er)s?|miles?|mi)?\.?")
_NOT_HALF = "Enter the first half of each postcode, like TA20, or the code of a district, like E06000066: not “{}”"
_DOOR = ("address", "postcode")
"""By what a place is found: where one of these changes, the place has moved."""
_STOOD = "stood"
_SECRET = (("yes", "This address is secret: show it to nobody outside our organisation"),)


def _wrong_place(values: Values) -> Errors:
    if values["address"] and not values["postcode"] and not values["town"]:
        return [("postcode", "Enter a postcode or a town")]
    return []


PLACES = Several(
    key="locations",
    one="place",
    fields=(
        Field(name="name", label="What is the place called?", longest=200),
        Field(name="address", label="Building and street", kind="lines", rows=2),
        Field(name="town", label="Town", longest=200),
        Field(name="postcode", label="Postcode", kind="postcode", hint="It puts the place on the map."),
        Field(
            name="transport",
            label="How to get there (optional)",
            kind="long",
            rows=2,
            longest=1000,
            hint="Everybody who looks for help reads this, unless the address is secret.",
        ),
        Field(name="withheld", label="", kind="choices", options=_SECRET),
    ),
    most=20,
    wrong=_wrong_place,
)


def _wrong_hours(values: Values) -> Errors:
    opens, closes, begins, ends = (values[name] for name in ("opens_at", "closes_at", "valid_from", "valid_to"))
    errors: Errors = []
    if not values["weekdays"] and not values["description"]:
        errors.append(("weekdays", "Choose the days, or say in words when it is open"))
    if closes and not opens:
        errors.append(("opens_at", "Enter when it opens"))
    if opens and closes and closes <= opens:
        errors.append(("closes_at", "Closing time must be after opening time, like 5pm"))
    if begins and ends and ends < begins:
        errors.append(("valid_to", "The last day must not be before the first"))
    return errors


HOURS = Several(
    key="schedules",
    one="opening",
    fields=(
        Field(
            name="weekdays",
            label="On which days?",
            kind="choices",
            options=tuple((str(number), name) for number, name in enumerate(WEEKDAYS, start=1)),
        ),
        Field(name="opens_at", label="Opens at", kind="time", hint="For example, 9:30am"),
        Field(name="closes_at", label="Closes at", kind="time", hint="For example, 5pm"),
        Field(
            name="weekly",
            label="",
            kind="choices",
            options=(("no", "Not every week: say below which"),),
        ),
        Field(
            name="description",
            label="Anything to add (optional)",
            hint="For example, in school terms, or every first Tuesday",
            longest=1000,
        ),
        Field(name="valid_from", label="From which day? (optional)", kind="date"),
        Field(name="valid_to", label="Until which day? (optional)", kind="date"),
    ),
    most=20,
    wrong=_wrong_hours,
)
"""The API's words for a list of openings; days are numbers there, and `weekly` is true unless it is said not to be."""


def places_known(service: Mapping[str, Any]) -> list[Values]:
    """The places of a record as the form's fields hold them."""
    return [
        {**each, "withheld": ["yes"] if each["withheld"] else [], _STOOD: [each[part] for part in _DOOR]}
        for each in service["locations"]
    ]


def places_sent(rows: Sequence[Values]) -> list[Values]:
    """The places as the API takes them. Of one that has moved, its old position and building's number are dropped."""
    return [_place_sent(each) for each in rows]


def _place_sent(row: Values) -> Values:
    sent = {name: value for name, value in row.items() if name != _STOOD} | {"withheld": bool(row["withheld"])}
    moved = row.get(_STOOD) not in (None, [row[part] for part in _DOOR])
    return sent | (dict.fromkeys(("latitude", "longitude", "uprn")) if moved else {})


def hours_known(service: Mapping[str, Any]) -> list[Values]:
    """The openings of a record as the form's fields hold them."""
    return [
        {**each, "weekdays": [str(day) for day in each["weekdays"]], "weekly": [] if each["weekly"] else ["no"]}
        for each in service["schedules"]
    ]


def hours_sent(rows: Sequence[Values]) -> list[Values]:
    """The openings as the API takes them."""
    return [{**each, "weekdays": [int(day) for day in each["weekdays"]], "weekly": not each["weekly"]} for each in rows]


AREA_FIELDS = (
    Field(name="reach", label="How does help reach people?", kind="choices", options=REACH),
    Field(
        name="areas",
        label="Which areas does it serve?",
        kind="lines",
        rows=3,
        hint="The first half of each postcode, like TA20. Leave it empty where it is for everybody.",
    ),
    Field(
        name="miles",
        label="Or how far from its own door, in miles?",
        pointer="/areas",
        width="5",
        hint="For example, 5. Kilometres are taken too: 8 km.",
    ),
)
INTERPRETATION = Field(
    name="interpretation",
    label="What does it offer in interpreting?",
    kind="long",
    rows=2,
    longest=4000,
    hint="Everybody who looks for help reads this.",
)


def languages_field(known: Sequence[Mapping[str, Any]], typed: Typed) -> Field:
    """The choice of languages; those that a record names besides stay to be chosen."""
    names = dict(LANGUAGES)
    more = {each["code"]: each["name"] or each["code"] for each in known if each["code"] not in names}
    more |= {code: code for code in many(typed, "languages") if _CODE.fullmatch(code) and code not in {*names, *more}}
    return Field(
        name="languages", label="In which languages is it given?", kind="choices", options=(*LANGUAGES, *more.items())
    )


def typed_areas(service: Mapping[str, Any]) -> dict[str, list[str]]:
    """Areas and languages of a record as somebody would have typed them."""
    codes = [each["code"] for each in service["areas"] if each["kind"] != "radius"]
    metres = [each["metres"] for each in service["areas"] if each["kind"] == "radius"]
    found = {"areas": ["\n".join(codes)], "languages": [each["code"] for each in service["languages"]]}
    return found | ({"miles": [_typed_far(max(metres))]} if metres else {})


def _typed_far(metres: int) -> str:
    """In miles where it was told in miles, so that saving it again changes nothing."""
    miles = f"{metres / METRES_IN_A_MILE:.1f}".removesuffix(".0")
    return miles if _metres(miles) == metres else f"{metres / 1000:g} km"


def whom_sent(body: Values, known: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> tuple[Values, Errors]:
    """The body with areas and languages, where it has them, as the API takes them, and what is wrong with the areas."""
    sent = {name: value for name, value in body.items() if name != "miles"}
    errors: Errors = []
    if "areas" in body:
        sent["areas"], errors = _areas_sent(body["areas"] or [], body["miles"] or "")
    if "languages" in body:
        told = {each["code"]: each for each in known}
        sent["languages"] = [dict(told.get(code) or {"code": code, "name": names[code]}) for code in body["languages"]]
    return sent, errors


def _areas_sent(typed: Sequence[str], far: str) -> tuple[list[Values], Errors]:
    errors: Errors = []
    areas: list[Values] = []
    for word in " ".join(typed).upper().split():
        kind = "district" if _DISTRICT.fullmatch(word) else "outward_postcode" if _OUTWARD.fullmatch(word) else ""
        if not kind:
            errors.append(("areas", _NOT_HALF.format(word)))
            break
        if {"kind": kind, "code": word} not in areas:
            areas.append({"kind": kind, "code": word})
    try:
        metres = _metres(far)
        areas += [{"kind": "radius", "metres": metres}] if metres else []
    except ValueError as error:
        errors.append(("miles", str(error)))
    return areas, errors


def _metres(text: str) -> int | None:
    bare = text.strip().lower()
    if not bare:
        return None
    found = _FAR.fullmatch(bare)
    if found is None:
        raise ValueError("Enter a number of miles, like 5 or 2.5")
    metres = round(float(found[1]) * (1000 if (found[2] or "").startswith("k") else METRES_IN_A_MILE))
    if not 0 < metres <= _MOST_MILES * METRES_IN_A_MILE:
        raise ValueError(f"Enter more than 0 and at most {_MOST_MILES} miles")
    return metres
