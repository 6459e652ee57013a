"""Decisions to share once without an agreement: the list, and each with its forms."""

from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import together
from connective.frontend.domain.one_offs import LIST, READ, one_off_sheet, one_offs_sheet
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.forms import every, names_of, show_sheet
from connective.frontend.pages.routing import BrowserDep, HubDep, PartsDep, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()


def _readers_only(browser: Browser) -> None:
    if not browser.person.may(READ):
        raise NotFound


@routes.page(LIST)
async def list_one_offs(browser: BrowserDep, parts: PartsDep, hub: HubDep, *, cursor: str | None = None) -> Response:
    """What was decided."""
    _readers_only(browser)
    listed, organisations = await together(
        hub.part("/disclosures/one-offs", {"limit": 50, "cursor": cursor}), every(hub, "/organisations")
    )
    return show_sheet(parts, browser, one_offs_sheet(listed, names_of(organisations)))


@routes.page(f"{LIST}/{{one_off_id}}")
async def show_one_off(one_off_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """One decision."""
    _readers_only(browser)
    one_off, organisations = await together(
        hub.get(f"/disclosures/one-offs/{one_off_id}"), every(hub, "/organisations")
    )
    return show_sheet(parts, browser, one_off_sheet(one_off, names_of(organisations)))
