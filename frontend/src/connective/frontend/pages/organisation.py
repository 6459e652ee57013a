"""`/organisation`: whoever looks after an organisation finds everything of it here."""

from dataclasses import replace
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.fields import read, typed_from
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.organisation import (
    CONTACT_FIELDS,
    DETAIL_FIELDS,
    ITEM_FIELDS,
    HomeOfOrganisation,
    assurance_sheet,
    contact_sheet,
    details_sheet,
    item_fields,
    organisation_sheet,
)
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.forms import VERSION, every, finish, show_form, show_sheet, tried
from connective.frontend.pages.own_services import own_services
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_HERE = "/organisation"
_DETAILS = FormView(title="Change details", fields=DETAIL_FIELDS, back=("Back to the details", f"{_HERE}/details"))
_ITEM = FormView(
    title="Add to your assurance",
    fields=ITEM_FIELDS,
    back=("Back to assurance", f"{_HERE}/assurance"),
    button="Send it to be checked",
    words=("Somebody of the place checks it. What was recorded stays.",),
)
_CONTACT = FormView(
    title="Where links are sent",
    fields=CONTACT_FIELDS,
    back=("Back to secure links", f"{_HERE}/secure-link"),
    words=("What was set before stops working, the old PIN too.",),
)


def own_id(browser: Browser) -> UUID:
    """The organisation somebody works for. Raises NotFound for who works for none."""
    if browser.person.organisation_id is None:
        raise NotFound
    return browser.person.organisation_id


@routes.page(_HERE)
async def show_organisation(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Room first, then what waits, then where everything is."""
    path = f"/organisations/{own_id(browser)}"
    record, *found = await together(
        hub.get(path),
        own_services(hub, browser.person),
        hub.part("/services/reports", {"only_open": True, "limit": 100}),
        hub.part(f"{path}/assurance"),
        hub.part("/proposals", {"waiting": True, "limit": 100}),
        hub.part("/invitations", {"limit": 100}),
        hub.part("/accounts/prohibited-uses", {"limit": 200}),
    )
    return show_sheet(parts, browser, organisation_sheet(record, HomeOfOrganisation(*found), browser.now))


@routes.page(f"{_HERE}/details")
async def show_details(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What the directory says of it."""
    return show_sheet(parts, browser, details_sheet(await hub.get(f"/organisations/{own_id(browser)}")))


@routes.page(f"{_HERE}/details/change")
async def ask_details(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """The same, to be changed."""
    found = await hub.read(f"/organisations/{own_id(browser)}")
    return show_form(parts, browser, _DETAILS, typed_from(DETAIL_FIELDS, found.body), version=found.etag)


@routes.form(f"{_HERE}/details/change")
async def change_details(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Keep it."""
    body, errors = read(DETAIL_FIELDS, form.fields)
    if not errors:
        sent = hub.patch(f"/organisations/{own_id(browser)}", body, version=form.one(VERSION))
        changed, errors = await tried(sent, DETAIL_FIELDS)
        if changed is not None:
            return await finish(parts, browser, f"{_HERE}/details", "saved")
    return show_form(parts, browser, _DETAILS, form.fields, errors=errors, version=form.one(VERSION))


@routes.page(f"{_HERE}/assurance")
async def show_assurance(browser: BrowserDep, parts: PartsDep, hub: HubDep, *, cursor: str | None = None) -> Response:
    """What the organisation has shown, and what runs out."""
    path = f"/organisations/{own_id(browser)}/assurance"
    dossier, items = await together(hub.get(path), hub.part(f"{path}/items", {"limit": 50, "cursor": cursor}))
    return show_sheet(parts, browser, assurance_sheet(dossier, items, f"{_HERE}/assurance", decides=False))


async def _item_view(browser: Browser, hub: Hub) -> FormView:
    accounts = await every(hub, "/accounts", {"organisation_id": str(own_id(browser)), "disabled": False})
    options = tuple((each["id"], each["name"]) for each in accounts.items)
    return replace(_ITEM, fields=item_fields(options))


@routes.page(f"{_HERE}/assurance/new")
async def ask_item(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Something new that shows it."""
    return show_form(parts, browser, await _item_view(browser, hub))


@routes.form(f"{_HERE}/assurance/new")
async def record_item(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Record it."""
    view = await _item_view(browser, hub)
    body, errors = read(view.fields, form.fields)
    if not errors:
        sent = hub.post(f"/organisations/{own_id(browser)}/assurance/items", body, key=form.key)
        made, errors = await tried(sent, view.fields)
        if made is not None:
            return await finish(parts, browser, f"{_HERE}/assurance", "recorded")
    return show_form(parts, browser, view, form.fields, errors=errors)


@routes.page(f"{_HERE}/secure-link")
async def show_contact(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Where links go for people without accounts."""
    return show_sheet(parts, browser, contact_sheet(await hub.part(f"/links/contacts/{own_id(browser)}")))


@routes.form(f"{_HERE}/secure-link")
async def remove_contact(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Send no more links."""
    if form.one("act") != "remove":
        raise NotFound
    await hub.post(f"/links/contacts/{own_id(browser)}/remove", key=form.key)
    return await finish(parts, browser, f"{_HERE}/secure-link", "removed")


@routes.page(f"{_HERE}/secure-link/change")
async def ask_contact(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Where they should go."""
    found = await hub.part(f"/links/contacts/{own_id(browser)}")
    return show_form(parts, browser, _CONTACT, {"email": [found.value["email"]]} if found.value else {})


@routes.form(f"{_HERE}/secure-link/change")
async def set_contact(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Set it."""
    body, errors = read(CONTACT_FIELDS, form.fields)
    if not errors:
        sent = hub.post("/links/contacts", {**body, "organisation_id": str(own_id(browser))}, key=form.key)
        made, errors = await tried(sent, CONTACT_FIELDS)
        if made is not None:
            return await finish(parts, browser, f"{_HERE}/secure-link", "saved")
    return show_form(parts, browser, _CONTACT, form.fields, errors=errors)
