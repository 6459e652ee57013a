"""`/prohibited-uses`: what nobody may use information for, read by everybody and accepted for an organisation."""

from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.answers import Refused
from connective.frontend.domain.fields import read
from connective.frontend.domain.prohibited_uses import ACCEPTS, HERE, accepting, missing, to_accept, uses_sheet
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.forms import VERSION, every, finish, names_of, show_form, show_sheet, tried
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, onward, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_API = "/accounts/prohibited-uses"
_ONE = f"{HERE}/{{organisation_id}}"


@routes.page(HERE)
async def show_uses(browser: BrowserDep, parts: PartsDep, hub: HubDep, *, cursor: str | None = None) -> Response:
    """The text, and who has accepted it."""
    found, organisations = await together(hub.get(_API, {"limit": 100, "cursor": cursor}), every(hub, "/organisations"))
    may_accept = browser.person.may(ACCEPTS)
    return show_sheet(parts, browser, uses_sheet(found, names_of(organisations), may_accept=may_accept))


async def _asked(browser: Browser, hub: Hub, organisation_id: UUID) -> tuple[str, dict[str, Any] | None]:
    """The name of an organisation, and the text that it may accept now. Raises NotFound, Refused."""
    if not browser.person.may(ACCEPTS):
        raise Refused(403, "not-allowed", "")
    found, organisations = await together(hub.get(_API, {"limit": 200}), every(hub, "/organisations"))
    line = next((each for each in found["items"] if each["organisation_id"] == str(organisation_id)), None)
    if line is None:
        raise NotFound
    text = to_accept(line, found)
    return names_of(organisations).get(str(organisation_id), "your organisation"), dict(text) if text else None


@routes.page(_ONE)
async def ask_acceptance(organisation_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Each use, to be read and promised."""
    name, text = await _asked(browser, hub, organisation_id)
    if text is None:
        return onward(HERE)
    return show_form(parts, browser, accepting(name, text), version=str(text["version"]))


@routes.form(_ONE)
async def accept(organisation_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Keep it. What is accepted is the version that was read: another one in the meantime is shown, and read first."""
    name, text = await _asked(browser, hub, organisation_id)
    if text is None:
        return onward(HERE)
    view = accepting(name, text)
    ticked, errors = read(view.fields, form.fields)
    errors = errors or missing(ticked["accepts"], text)
    if not errors and form.one(VERSION) != str(text["version"]):
        errors = [("accepts", "There is a newer text since you opened this page: read it, and tick each again")]
    if not errors:
        body = {"organisation_id": str(organisation_id), "version": text["version"], "accepts": ticked["accepts"]}
        kept, errors = await tried(hub.post(f"{_API}/acceptances", body, key=form.key), view.fields)
        if kept is not None:
            return await finish(parts, browser, HERE, "accepted")
    typed = {name: values for name, values in form.fields.items() if name != VERSION}
    return show_form(parts, browser, view, typed, errors=errors, version=str(text["version"]))
