"""The directory for anybody: looking for help nearby, and one service's page; no address tells what was looked for."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import OPEN_DIRECTORY, Hub, together
from connective.frontend.domain.answers import Part, Refused
from connective.frontend.domain.asking_choice import CALLING_KIND
from connective.frontend.domain.directory import (
    BANDS,
    DAY_NAMES,
    LANGUAGES,
    MOST,
    Results,
    Wanted,
    results,
    wanted_of,
)
from connective.frontend.domain.fields import Errors
from connective.frontend.domain.listing import HELP, service_page
from connective.frontend.pages.browser import Browser, Form
from connective.frontend.pages.guests import GuestDep, OpenFormDep
from connective.frontend.pages.routing import BrowserDep, Parts, PartsDep, onward, public_routes, visitor_of

routes = public_routes()
_PATH = "/directory"
_UNREADABLE = {400, 422}
_TERMS: dict[str, str] = {}
"""The ids of terms by their codes: they change with a release of the Hub alone."""


@routes.page(_PATH)
async def show_directory(
    browser: BrowserDep, parts: PartsDep, guest: GuestDep, *, page: int = 1, again: bool = False
) -> Response:
    """What was found for what this browser looks for; without a search yet, everything."""
    if again:
        response = onward(_PATH)
        guest.search(response, {})
        return response
    wanted = wanted_of(guest.searched())
    answer = await _searched(directory_of(browser, parts), wanted, page, browser)
    return _shown(browser, parts, wanted, answer)


@routes.form(_PATH)
async def search(browser: BrowserDep, parts: PartsDep, guest: GuestDep, form: OpenFormDep) -> Response:
    """Take what somebody looks for, remember it in this browser alone, and show what was found."""
    wanted, errors = _typed(form).checked()
    if not errors and wanted.postcode and await unknown_postcode(directory_of(browser, parts), wanted.postcode):
        errors = [("postcode", "We do not know this postcode. Check it, or look without one")]
    if errors:
        return parts.pages.show(browser, "directory/search.html", status=422, **_fields(wanted, errors), found=None)
    response = onward(f"{_PATH}#found")
    guest.search(response, asdict(wanted))
    return response


@routes.page("/directory/{service_id}")
async def show_service(service_id: UUID, browser: BrowserDep, parts: PartsDep, guest: GuestDep) -> Response:
    """One service: what it does, for whom, when, at what cost, and how to get it."""
    found = await directory_of(browser, parts).get(f"/services/{service_id}")
    view = service_page(found, browser.now, safety_numbers(parts, browser))
    return parts.pages.show(browser, "directory/service.html", view=view, searched=bool(guest.searched()))


def directory_of(browser: Browser, parts: Parts) -> Hub:
    """The public directory, as anybody asks it."""
    return parts.visits.anybody(visitor_of(browser, parts), OPEN_DIRECTORY)


def safety_numbers(parts: Parts, browser: Browser) -> list[str]:
    """Whom one telephones about somebody's safety: they are in the directory, and are never asked here."""
    told = parts.pages.place(browser.person.place_id if browser.signed_in else None).safeguarding
    return [told.front_door_number, told.out_of_hours_number, told.adults_number, told.designated_officer_number]


async def _searched(directory: Hub, wanted: Wanted, page: int, browser: Browser) -> tuple[Results | None, Part]:
    """Everything at once: the services, and which of them are within each distance."""
    terms = await terms_of(directory) if wanted.need else {}
    query = wanted.query(terms)
    if not wanted.postcode:
        found, near = await directory.part("/services", query), []
    else:
        at = {**query, "full": False, "postcode": wanted.postcode}
        found, *near = await together(
            directory.part("/service_at_locations", {**at, "full": True}),
            *(directory.part("/service_at_locations", {**at, "proximity": metres}) for metres, _ in BANDS),
        )
    if found.value is None:
        return None, found
    listed = _services(found.value["contents"])
    bands = [{each["service_id"] for each in _contents(part)} for part in near]
    total = len(listed) if found.value["total_items"] <= MOST else found.value["total_items"]
    return results(listed, bands, wanted, page, browser.now, total=total), found


def _services(contents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The services of a list, once each, whether it was asked for services or for their sites."""
    return list({each["id"]: each for each in (one.get("service", one) for one in contents)}.values())


def _contents(part: Part) -> list[dict[str, Any]]:
    return [] if part.value is None else list(part.value["contents"])


async def terms_of(directory: Hub) -> dict[str, str]:
    """The ids of the needs, and of the kind of service that finds out with a family who can help, by their codes."""
    if not _TERMS:
        found = await directory.get("/taxonomy_terms", {"per_page": 500})
        wanted = [each for each in found["contents"] if "parent_id" in each or each["code"] == CALLING_KIND]
        _TERMS.update({each["code"]: each["id"] for each in wanted})
    return _TERMS


async def unknown_postcode(directory: Hub, postcode: str) -> bool:
    """Whether nobody knows a postcode, though it has the right shape. Raises Refused where nobody can say."""
    try:
        await directory.get("/service_at_locations", {"postcode": postcode, "per_page": 1})
    except Refused as problem:
        if problem.status not in _UNREADABLE:
            raise
        return True
    return False


def _shown(browser: Browser, parts: Parts, wanted: Wanted, answer: tuple[Results | None, Part]) -> Response:
    found, part = answer
    return parts.pages.show(browser, "directory/search.html", **_fields(wanted, []), found=found, part=part)


def _fields(wanted: Wanted, errors: Errors) -> dict[str, Any]:
    return {"wanted": wanted, "errors": errors, "help": HELP, "days": DAY_NAMES, "languages": LANGUAGES}


def _typed(form: Form) -> Wanted:
    return wanted_of({name: form.one(name) for name in ("words", "need", "postcode", "age", "day", "language")})
