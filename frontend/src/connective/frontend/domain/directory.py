"""The public directory: what somebody looks for, and what was found, as anybody reads it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any

from connective.frontend.domain.fields import Errors
from connective.frontend.domain.listing import HELP, ages, cost, organisation
from connective.frontend.domain.opening import DAYS, next_open
from connective.frontend.domain.typed import typed_postcode

PAGE = 10
MOST = 200
"""How many services one search looks through; the page says so where there were more."""
BANDS = ((1_609, "Within 1 mile"), (4_828, "Within 3 miles"), (16_093, "Within 10 miles"))
"""Distances are told as bands: the directory's public surface answers how near, and tells no point of a home."""
FARTHER = "More than 10 miles away"
DAY_NAMES = tuple(DAYS.items())
LANGUAGES = (
    ("ar", "Arabic"), ("bn", "Bengali"), ("bfi", "British Sign Language"), ("zh", "Chinese"), ("en", "English"),
    ("fa", "Farsi"), ("fr", "French"), ("ku", "Kurdish"), ("pl", "Polish"), ("pt", "Portuguese"), ("ro", "Romanian"),
    ("so", "Somali"), ("es", "Spanish"), ("tr", "Turkish"), ("uk", "Ukrainian"), ("ur", "Urdu"),
)  # fmt: skip
"""Languages in which somebody may want to be spoken to; a service that tells none is not left out for English."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody typed into the search. It is kept sealed, and stands in no address: a history tells nothing."""

    words: str = ""
    need: str = ""
    postcode: str = ""
    age: str = ""
    day: str = ""
    language: str = ""

    @property
    def anything(self) -> bool:
        """Whether anything was asked for."""
        return any(asdict(self).values())

    def checked(self) -> tuple["Wanted", Errors]:
        """The same in its one writing, and what is wrong with what was typed."""
        errors: Errors = []
        postcode = self.postcode
        try:
            postcode = typed_postcode(self.postcode) or ""
        except ValueError as error:
            errors.append(("postcode", str(error)))
        if self.age and not (self.age.isdecimal() and int(self.age) <= 120):
            errors.append(("age", "Age must be a number of years, like 4"))
        kept = replace(
            self,
            words=self.words[:100],
            postcode=postcode,
            need=self.need if self.need in dict(HELP) else "",
            day=self.day if self.day in DAYS else "",
            language=self.language if self.language in dict(LANGUAGES) else "",
        )
        return kept, errors

    def query(self, terms: Mapping[str, str]) -> dict[str, str | int | bool | None]:
        """What the directory is asked: `terms` are the ids of needs by their codes."""
        return {
            "full": True,
            "per_page": MOST,
            "search": self.words or None,
            "taxonomy_term_id": terms.get(self.need),
            "minimum_age": int(self.age) if self.age else None,
            "maximum_age": int(self.age) if self.age else None,
            "day": self.day or None,
        }


def wanted_of(document: Mapping[str, Any]) -> Wanted:
    """A search from what was kept of it; what is no field of ours is dropped."""
    return Wanted(**{each.name: str(document.get(each.name, "")) for each in fields(Wanted)})


@dataclass(frozen=True, slots=True)
class Found:
    """One service in the list."""

    id: str
    name: str
    organisation: str
    description: str
    near: str
    opens: str
    facts: list[str]


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what was found."""

    total: int
    entries: list[Found]
    page: int
    pages: int
    cut: bool
    """Whether more fitted than were looked through."""


def results(
    services: Sequence[Mapping[str, Any]],
    bands: Sequence[Collection[str]],
    wanted: Wanted,
    page: int,
    now: datetime,
    *,
    total: int,
) -> Results:
    """What was found, the nearest first. `bands` are the ids of the services within each distance of BANDS."""
    fitting = [each for each in services if _speaks(each, wanted.language)]
    ranked = sorted(fitting, key=lambda each: (band_of(each["id"], bands), str(each["name"]).casefold()))
    pages = max(1, -(-len(ranked) // PAGE))
    page = min(max(page, 1), pages)
    shown = ranked[(page - 1) * PAGE : page * PAGE]
    return Results(
        total=len(ranked),
        entries=[_found(each, near(each, bands), now) for each in shown],
        page=page,
        pages=pages,
        cut=total > len(services),
    )


def _speaks(service: Mapping[str, Any], language: str) -> bool:
    """Whether a service says that it speaks a language, or has interpreters; every one here speaks English."""
    if not language or language == "en":
        return True
    told = {str(each.get("code", "")).partition("-")[0] for each in service.get("languages", ())}
    return language in told or bool(service.get("interpretation_services"))


def band_of(service_id: str, bands: Sequence[Collection[str]]) -> int:
    """The number of the nearest distance of BANDS within which a service has a site; one more where it has none."""
    return next((number for number, ids in enumerate(bands) if service_id in ids), len(bands))


def near(service: Mapping[str, Any], bands: Sequence[Collection[str]]) -> str:
    """How far a service is, in words; empty where nobody told from where, or it has no site."""
    if not bands or not service.get("service_at_locations"):
        return ""
    number = band_of(service["id"], bands)
    return BANDS[number][1] if number < len(BANDS) else FARTHER


def _found(service: Mapping[str, Any], near: str, now: datetime) -> Found:
    facts = [each for each in (ages(service), cost(service, now)) if each]
    return Found(
        id=service["id"],
        name=service["name"],
        organisation=organisation(service),
        description=service.get("description", ""),
        near=near,
        opens=next_open(service.get("schedules", ()), now),
        facts=facts,
    )
