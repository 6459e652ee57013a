"""The services that a family can ask by itself: found for what it needs and where it lives, some at a time."""

from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.answers import Part, Refused
from connective.frontend.domain.asking import POSTCODE, SERVICE, Answers, step_before
from connective.frontend.domain.asking_choice import (
    CALLING_KIND,
    Choice,
    Found,
    Show,
    choice_of,
    needs_of,
)
from connective.frontend.domain.directory import BANDS
from connective.frontend.domain.fields import Errors
from connective.frontend.domain.listing import organisation, takes_asking
from connective.frontend.domain.words import telephone
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.directory import directory_of, safety_numbers, terms_of, unknown_postcode
from connective.frontend.pages.routing import Parts

_PATH = "/ask-for-help"
_MOST = 500
"""How many the directory answers at once."""


async def show_choice(
    browser: Browser, parts: Parts, answers: Answers, show: Show, page: int, *, errors: Errors | None = None
) -> Response:
    """The page on which one of them is chosen."""
    found = await _found(directory_of(browser, parts), answers, show)
    choice: Choice | None = None
    if isinstance(found.value, Found):
        never = safety_numbers(parts, browser)
        choice = choice_of(found.value, needs_of(answers), show, page, now=browser.now, never=never)
    before = f"{_PATH}/{step_before(SERVICE, answers)}" if show == Show.FITTING else f"{_PATH}/{SERVICE}"
    return parts.pages.show(
        browser,
        "asking/service.html",
        status=422 if errors else 200,
        choice=choice,
        part=found,
        chosen=answers.get(SERVICE),
        nearest=bool(answers.get(POSTCODE)),
        errors=errors or [],
        back=before,
    )


async def service_of(browser: Browser, parts: Parts, service_id: str) -> Answers | None:
    """What is kept of the service that was chosen; None where it cannot be asked here."""
    try:
        found = await directory_of(browser, parts).get(f"/services/{UUID(service_id)}")
    except (ValueError, Refused):
        return None
    if not takes_asking(found, safety_numbers(parts, browser)):
        return None
    numbers = [telephone(str(each["number"]).replace(" ", "")) for each in found.get("phones", ())]
    named = f"{found['name']}, {organisation(found)}"
    return {SERVICE: found["id"], "service_name": named, "service_telephones": numbers}


async def unknown(browser: Browser, parts: Parts, postcode: str) -> Errors:
    """What is wrong with a postcode of the right shape; nothing where none was told, or nobody can say just now."""
    if not postcode:
        return []
    try:
        found = await unknown_postcode(directory_of(browser, parts), postcode)
    except Refused:
        # Where somebody lives is not what asking for help waits for.
        return []
    return [(POSTCODE, "We do not know this postcode. Check it, or leave it empty")] if found else []


async def _found(directory: Hub, answers: Answers, show: Show) -> Part:
    """What the directory has, everything asked for at once."""
    try:
        return Part(await _searched(directory, answers, show))
    except Refused as problem:
        return Part(problem=problem)


async def _searched(directory: Hub, answers: Answers, show: Show) -> Found:
    query: dict[str, Any] = {"per_page": _MOST, "x_hub_kept_here": True}
    if show != Show.EVERY:
        terms = await terms_of(directory)
        wanted = (CALLING_KIND,) if show is Show.CALLERS else (*needs_of(answers), CALLING_KIND)
        query["taxonomy_term_id"] = [terms[each] for each in wanted if each in terms]
    services = _all(directory, "/services", query | {"full": True})
    if not answers.get(POSTCODE):
        (listed,) = await together(services)
        return Found(listed, None, [])
    at = query | {"postcode": answers[POSTCODE]}
    listed, serving, *near = await together(
        services,
        _all(directory, "/service_at_locations", at),
        *(_all(directory, "/service_at_locations", at | {"proximity": metres}) for metres, _ in BANDS),
    )
    return Found(listed, _ids(serving), [_ids(each) for each in near])


async def _all(directory: Hub, path: str, query: dict[str, Any]) -> list[dict[str, Any]]:
    """Everything of a list of the directory. Raises Refused."""
    first = await directory.get(path, query)
    numbers = range(2, first["total_pages"] + 1)
    others = await together(*(directory.get(path, query | {"page": each}) for each in numbers))
    return [one for each in (first, *others) for one in each["contents"]]


def _ids(sites: list[dict[str, Any]]) -> set[str]:
    return {each["service_id"] for each in sites}
