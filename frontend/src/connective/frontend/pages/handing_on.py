"""Handing on everything that somebody of one's organisation still has to do."""

from fastapi import Response

from connective.frontend.clients.hub import Hub
from connective.frontend.domain.fields import read
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.handing_on import DONE, MOVE, PAGE, done_address, hand_on_view, handed_on_sheet
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.forms import every, names_of, show_form, show_sheet, tried, uuid_or_none
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, done, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()


async def _view(browser: Browser, hub: Hub) -> tuple[FormView, str]:
    """The form, and whose work it begins with: the address may name an account, by its id."""
    if not browser.person.may(MOVE):
        raise NotFound
    colleagues = await every(hub, "/me/colleagues")
    chosen = uuid_or_none(browser.request.query_params.get("whose", ""))
    leaver = str(chosen) if chosen else ""
    return hand_on_view([(each["id"], each["name"]) for each in colleagues.items], leaver), leaver


@routes.page(PAGE)
async def ask_hand_on(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Whose work becomes whose."""
    view, leaver = await _view(browser, hub)
    return show_form(parts, browser, view, {"from_account_id": [leaver]} if leaver else {})


@routes.form(PAGE)
async def hand_on(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Hand it on."""
    view, _ = await _view(browser, hub)
    body, errors = read(view.fields, form.fields)
    if not errors and body["from_account_id"] == body["to_account_id"]:
        errors = [("to_account_id", "Choose somebody else than whose work it is")]
    if not errors:
        made, errors = await tried(hub.post("/requests/reassign", body, key=form.key), view.fields)
        if made is not None:
            to = str(body["to_account_id"])
            return await done(parts, browser, done_address(to, made.body["sent"], made.body["received"]))
    return show_form(parts, browser, view, form.fields, errors=errors)


@routes.page(DONE)
async def show_handed_on(
    browser: BrowserDep, parts: PartsDep, hub: HubDep, *, to: str = "", sent: int = 0, received: int = 0
) -> Response:
    """Whose it is, and how much it is now."""
    name = names_of(await every(hub, "/me/colleagues")).get(to, "")
    return show_sheet(parts, browser, handed_on_sheet(name, sent, received))
