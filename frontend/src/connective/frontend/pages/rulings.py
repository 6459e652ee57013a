"""Where people who may decide for a child differ: a practice lead looks at each, and rules."""

from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.answers import Part
from connective.frontend.domain.fields import read
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.picture import short_name
from connective.frontend.domain.rulings import (
    LIST,
    RULE,
    RULINGS,
    UNNAMED,
    Body,
    difference_in,
    differences_sheet,
    ruling_body,
    ruling_sheet,
    ruling_view,
    rulings_sheet,
)
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.forms import every, finish, names_of, show_form, show_sheet, tried
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_ONE = f"{LIST}/{{consent_id}}/{{person_id}}"


@routes.page(LIST)
async def list_differences(browser: BrowserDep, parts: PartsDep, hub: HubDep, *, cursor: str | None = None) -> Response:
    """What waits for a ruling, the oldest first."""
    _leads_only(browser)
    listed = await hub.part("/consents/differences", {"limit": 50, "cursor": cursor})
    return show_sheet(parts, browser, differences_sheet(listed))


def _leads_only(browser: Browser) -> None:
    if not browser.person.may(RULE):
        raise NotFound


async def _asked(browser: Browser, hub: Hub, consent_id: UUID, person_id: UUID) -> tuple[Body, FormView]:
    """One difference with its form. Raises NotFound for one that is none, or was ruled meanwhile."""
    _leads_only(browser)
    listed, organisations = await together(every(hub, "/consents/differences"), every(hub, "/organisations"))
    if listed.problem:
        raise listed.problem
    try:
        difference, about = difference_in(listed.items, str(consent_id), str(person_id))
    except LookupError:
        raise NotFound from None
    ids = [str(person_id), difference["refused_by"], *(each["given_by"] for each in about["others"])]
    names = await _names(hub, ids)
    return difference, ruling_view(difference, about, names, names_of(organisations))


async def _names(hub: Hub, ids: list[str]) -> dict[str, str]:
    """What people are called whose records one may open; the others stay without a name."""
    wanted = list(dict.fromkeys(ids))
    found: list[Part] = await together(*(hub.part(f"/people/{each}") for each in wanted))
    return {each: short_name(part.value) for each, part in zip(wanted, found, strict=True) if not part.problem}


@routes.page(_ONE)
async def ask_ruling(consent_id: UUID, person_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Who says what, and the form of a ruling."""
    _, view = await _asked(browser, hub, consent_id, person_id)
    return show_form(parts, browser, view)


@routes.form(_ONE)
async def rule(
    consent_id: UUID, person_id: UUID, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Rule."""
    difference, view = await _asked(browser, hub, consent_id, person_id)
    found, errors = read(view.fields, form.fields)
    if not errors:
        sent = hub.post("/consents/rulings", ruling_body(found, difference, str(person_id)), key=form.key)
        made, errors = await tried(sent, view.fields)
        if made is not None:
            return await finish(parts, browser, f"{RULINGS}/{made.body['id']}", "decided")
    return show_form(parts, browser, view, form.fields, errors=errors)


@routes.page(RULINGS)
async def list_rulings(browser: BrowserDep, parts: PartsDep, hub: HubDep, *, cursor: str | None = None) -> Response:
    """What was ruled."""
    listed = await hub.part("/consents/rulings", {"limit": 50, "cursor": cursor})
    return show_sheet(parts, browser, rulings_sheet(listed))


@routes.page(f"{RULINGS}/{{ruling_id}}")
async def show_ruling(ruling_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """One ruling with its reasons."""
    ruling, organisations = await together(hub.get(f"/consents/rulings/{ruling_id}"), every(hub, "/organisations"))
    names = await _names(hub, [ruling["person_id"]])
    child = names.get(ruling["person_id"], UNNAMED)
    return show_sheet(parts, browser, ruling_sheet(ruling, child, names_of(organisations)))
