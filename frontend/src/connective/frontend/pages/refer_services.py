"""Asking for help: which services, on a list and on a map, with the reasons why each fits."""

from dataclasses import replace
from uuid import UUID

from fastapi import Response

from connective.frontend.domain.fields import Errors, one
from connective.frontend.domain.referral_draft import MOST_SERVICES, Draft, Raw
from connective.frontend.domain.referring import summary_of_needs
from connective.frontend.domain.service_choice import ORDER, WISHES, choice_of, search_of
from connective.frontend.pages.forms import services_by_id
from connective.frontend.pages.refer_draft import at, keep
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, onward, personal_routes

routes = personal_routes()
_FILTERS = ("reach", "free_places", "radius", "day-day", "day-month", "day-year", "sort")


@routes.page("/refer/{family_id}/services")
async def choose_services(family_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """The services that can help."""
    draft = await at(parts, browser, family_id, "services")
    if isinstance(draft, Response):
        return draft
    kept = list(draft.services)
    if browser.kept is not None:
        kept = browser.kept.get("service", [])
        draft = replace(draft, filters=_wished(browser.kept))
    chosen = [each for each in kept if _is_id(each)]
    return await _show(browser, parts, hub, draft, chosen=chosen, errors=[])


async def _show(
    browser: BrowserDep, parts: PartsDep, hub: HubDep, draft: Draft, *, chosen: list[str], errors: Errors
) -> Response:
    found = await hub.part_of_search("/services/searches", search_of(draft))
    shown = [each["service_id"] for each in found.items]
    # Hours and ways of helping stand in the listings.
    listed = await services_by_id(hub, [*shown, *chosen])
    listings = {each["id"]: each for each in listed.items}
    elsewhere = [each for each in chosen if found.value and each not in shown and each in listings]
    return parts.pages.show(
        browser,
        "refer/services.html",
        status=422 if errors else 200,
        draft=draft,
        needs=summary_of_needs(draft),
        found=found,
        choice=choice_of(found.value, listings, draft, chosen, browser.now) if found.value else None,
        elsewhere=[listings[each] for each in elsewhere],
        errors=errors,
        filters=draft.filters,
        one=one,
        wishes=(*WISHES, ORDER),
        kept=browser.kept is not None,
    )


@routes.form("/refer/{family_id}/services")
async def take_services(family_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Keep what was chosen, or narrow the list and keep it too."""
    draft = await at(parts, browser, family_id, "services")
    if isinstance(draft, Response):
        return draft
    chosen = [each for each in dict.fromkeys(form.many("service")) if _is_id(each)]
    if form.one("act") == "narrow":
        await keep(parts, browser, replace(draft, filters=_wished(form.fields), services=tuple(chosen)))
        return onward(f"/refer/{family_id}/services")
    if form.one("act") == "widen":
        await keep(parts, browser, replace(draft, filters={}, services=tuple(chosen)))
        return onward(f"/refer/{family_id}/services")
    errors = _errors(chosen)
    if errors:
        return await _show(browser, parts, hub, draft, chosen=chosen, errors=errors)
    asks = {each: draft.asks[each] for each in chosen if each in draft.asks}
    await keep(parts, browser, replace(draft, services=tuple(chosen), asks=asks))
    return onward(f"/refer/{family_id}/shared")


def _wished(typed: Raw) -> Raw:
    return {name: typed[name] for name in _FILTERS if name in typed}


def _errors(chosen: list[str]) -> Errors:
    if not chosen:
        return [("service-1", "Choose at least one service to ask")]
    if len(chosen) > MOST_SERVICES:
        return [("service-1", f"Choose at most {MOST_SERVICES} services: ask the others in another referral")]
    return []


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
