"""`/account`: one's own account."""

from fastapi import Response

from connective.frontend.clients.hub import together
from connective.frontend.domain.account import account_sheet
from connective.frontend.domain.words import LONDON
from connective.frontend.pages.forms import finish, show_sheet, uuid_or_none
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()


@routes.page("/account")
async def show_account(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Who one is here, and where one is signed in."""
    me, sessions = await together(hub.get("/me"), hub.part("/me/sessions", {"limit": 50}))
    return show_sheet(parts, browser, account_sheet(me, sessions, parts.issuer, browser.now.astimezone(LONDON).date()))


@routes.form("/account")
async def end_sessions(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Sign out one other browser, or all others."""
    session = uuid_or_none(form.one("session"))
    if form.one("act") == "end_others":
        await hub.delete("/me/sessions")
    elif session is not None:
        await hub.delete(f"/me/sessions/{session}")
    else:
        raise NotFound
    return await finish(parts, browser, "/account", "ended")
