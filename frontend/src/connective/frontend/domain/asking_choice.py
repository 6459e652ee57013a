"""Whom a family can ask for help by itself: the few services that fit what it needs, the nearest first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from connective.frontend.domain.directory import band_of, near
from connective.frontend.domain.listing import HELP, ages, organisation, takes_asking
from connective.frontend.domain.opening import next_open


class Show(StrEnum):
    """Which services a page shows."""

    FITTING = "fitting"
    """Those that help with what was said."""
    CALLERS = "callers"
    """Those that find out together with a family who can help."""
    EVERY = "every"
    """All there are."""


CALLING_KIND = "early_help"
PAGE = 10
_LONGEST = 240
_SAID = dict(HELP)


@dataclass(frozen=True, slots=True)
class Offer:
    """One service that can be asked."""

    id: str
    name: str
    organisation: str
    words: str
    facts: list[str]


@dataclass(frozen=True, slots=True)
class Choice:
    """One page of the services that can be asked."""

    show: Show
    needs: list[str]
    """What was said to be needed, in the words in which it was chosen."""
    offers: list[Offer]
    callers: list[Offer]
    """Who can be asked by somebody who is not sure; none beside them where the page shows just these."""
    total: int
    page: int
    pages: int


def needs_of(answers: Mapping[str, Any]) -> list[str]:
    """The codes of the needs list among what was chosen."""
    return [each for each in answers.get("help", ()) if each in _SAID]


@dataclass(frozen=True, slots=True)
class Found:
    """What the directory answers: services in full, those that serve the home, and those within each distance."""

    services: Sequence[Mapping[str, Any]]
    serving: Collection[str] | None
    """None where nobody told where they live."""
    bands: Sequence[Collection[str]]


def choice_of(
    found: Found, needs: Sequence[str], show: Show, page: int, *, now: datetime, never: Collection[str]
) -> Choice:
    """The services that can be asked, the nearest first, then those that help with more of it.

    Where none helps with just what was said, those that find out together with a family are shown in their place.
    """
    able = [each for each in found.services if takes_asking(each, never) and _serves(each, found.serving)]
    ranked = sorted(able, key=lambda each: _rank(each, found.bands, needs))
    callers = [each for each in ranked if CALLING_KIND in _codes(each)]
    fitting = [each for each in ranked if CALLING_KIND not in _codes(each) and _codes(each).intersection(needs)]
    if show == Show.FITTING and not fitting:
        show = Show.CALLERS
    listed = {Show.FITTING: fitting, Show.CALLERS: callers, Show.EVERY: ranked}[show]
    pages = max(1, -(-len(listed) // PAGE))
    page = min(max(page, 1), pages)
    return Choice(
        show=show,
        needs=[_SAID[each] for each in needs],
        offers=[_offer(each, found.bands, needs, now) for each in listed[(page - 1) * PAGE : page * PAGE]],
        callers=[_offer(each, found.bands, (), now) for each in callers] if show == Show.FITTING else [],
        total=len(listed),
        page=page,
        pages=pages,
    )


def _serves(service: Mapping[str, Any], serving: Collection[str] | None) -> bool:
    """Whether it helps people who live there. Of what has no site the directory does not tell; its areas are shown."""
    return serving is None or not service.get("service_at_locations") or service["id"] in serving


def _rank(service: Mapping[str, Any], bands: Sequence[Collection[str]], needs: Sequence[str]) -> tuple[int, int, str]:
    helps = len(_codes(service).intersection(needs))
    return band_of(service["id"], bands), -helps, str(service["name"]).casefold()


def _codes(service: Mapping[str, Any]) -> set[str]:
    return {str(each["taxonomy_term"].get("code")) for each in service.get("attributes", ())}


def _offer(service: Mapping[str, Any], bands: Sequence[Collection[str]], needs: Sequence[str], now: datetime) -> Offer:
    helps = [_SAID[each] for each in needs if each in _codes(service)]
    facts = [
        near(service, bands),
        next_open(service.get("schedules", ()), now),
        ages(service),
        f"Helps with: {'; '.join(helps)}" if len(needs) > 1 and helps else "",
        f"For {_areas(service)}" if bands and not service.get("service_at_locations") and _areas(service) else "",
    ]
    return Offer(
        id=service["id"],
        name=service["name"],
        organisation=organisation(service),
        words=_short(str(service.get("description") or "")),
        facts=[each for each in facts if each],
    )


def _areas(service: Mapping[str, Any]) -> str:
    return ", ".join(str(each["name"]) for each in service.get("service_areas", ()) if each.get("name"))


def _short(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return text[:_LONGEST].rpartition(" ")[0].rstrip(",;:. ") + "…"
