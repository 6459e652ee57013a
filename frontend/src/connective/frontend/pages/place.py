"""`/admin`: a place as its administrators look after it: settings, numbers, needs list."""

from fastapi import Response

from connective.frontend.clients.hub import together
from connective.frontend.domain.fields import Field, read, typed_from
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.place import HomeOfPlace, place_sheet, stale_sheet
from connective.frontend.domain.place_settings import (
    NUMBER_FIELDS,
    SETTING_FIELDS,
    needs_sheet,
    settings_body,
    settings_sheet,
    settings_typed,
)
from connective.frontend.domain.service_identities import services_sheet
from connective.frontend.pages.forms import VERSION, finish, show_form, show_sheet, tried
from connective.frontend.pages.members import people_named, people_of, quoted
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, personal_routes

routes = personal_routes()
_HERE = "/admin"
_SETTINGS = f"{_HERE}/settings"
_BACK = ("Back to settings", _SETTINGS)
_NAMES = FormView(title="Change names and colours", fields=SETTING_FIELDS, back=_BACK)
_NUMBERS = FormView(
    title="Propose other numbers",
    fields=NUMBER_FIELDS,
    back=_BACK,
    button="Propose them",
    words=("Ring each number before you propose it. Another administrator approves, then every page shows them.",),
)


@routes.page(_HERE)
async def show_place(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What waits, and where everything is."""
    found = await together(
        hub.part("/proposals", {"waiting": True, "limit": 100}),
        hub.part("/harvest-changes", {"state": "waiting", "limit": 100}),
        hub.part("/services/reports", {"only_open": True, "limit": 100}),
        hub.part("/services/stale", {"limit": 100}),
    )
    name = parts.pages.place(browser.person.place_id).name
    return show_sheet(parts, browser, place_sheet(name, HomeOfPlace(*found)))


@routes.page(f"{_HERE}/stale")
async def list_stale(browser: BrowserDep, parts: PartsDep, hub: HubDep, *, cursor: str | None = None) -> Response:
    """Listings that nobody has checked for long."""
    return show_sheet(parts, browser, stale_sheet(await hub.part("/services/stale", {"limit": 50, "cursor": cursor})))


@routes.page(f"{_HERE}/needs")
async def show_needs(browser: BrowserDep, parts: PartsDep) -> Response:
    """The needs list."""
    return show_sheet(parts, browser, needs_sheet())


@routes.page(f"{_HERE}/services-of-the-hub")
async def show_services(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """The Hub's own services, and the keys by which they know each other."""
    return show_sheet(parts, browser, services_sheet(await hub.part("/service-identities", {"limit": 50})))


@routes.page(_SETTINGS)
async def show_settings(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What is set, and who changed it."""
    path = f"/places/{browser.person.place_id}"
    settings, versions, people = await together(
        hub.get(f"{path}/settings"), hub.part(f"{path}/versions", {"limit": 20}), people_of(hub, browser)
    )
    changed = (each[by] for each in versions.items for by in ("changed_by", "approved_by"))
    names = await people_named(hub, people, changed)
    return show_sheet(parts, browser, settings_sheet(settings, versions, names))


@routes.page(f"{_SETTINGS}/change")
async def ask_settings(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Names and colours."""
    found = await hub.read(f"/places/{browser.person.place_id}/settings")
    version = found.etag or quoted(str(found.body["version"]))
    return show_form(parts, browser, _NAMES, settings_typed(found.body), version=version)


@routes.form(f"{_SETTINGS}/change")
async def change_settings(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Keep them."""
    body, errors = read(SETTING_FIELDS, form.fields)
    if not errors:
        sent = hub.patch(f"/places/{browser.person.place_id}", settings_body(body), version=form.one(VERSION))
        changed, errors = await tried(sent, SETTING_FIELDS)
        if changed is not None:
            return await finish(parts, browser, _SETTINGS, "saved")
    return show_form(parts, browser, _NAMES, form.fields, errors=errors, version=form.one(VERSION))


@routes.page(f"{_SETTINGS}/numbers")
async def ask_numbers(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Whom to phone."""
    found = await hub.get(f"/places/{browser.person.place_id}")
    return show_form(parts, browser, _NUMBERS, typed_from(NUMBER_FIELDS, found["safeguarding"]))


@routes.form(f"{_SETTINGS}/numbers")
async def propose_numbers(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Propose others."""
    body, errors = read(NUMBER_FIELDS, form.fields)
    if not errors:
        change = {"kind": "place_safeguarding", "safeguarding": body}
        made, errors = await tried(hub.post("/proposals", change, key=form.key), _under("safeguarding"))
        if made is not None:
            return await finish(parts, browser, _SETTINGS, "asked")
    return show_form(parts, browser, _NUMBERS, form.fields, errors=errors)


def _under(name: str) -> list[Field]:
    return [Field(name=each.name, label=each.label, pointer=f"/{name}/{each.name}") for each in NUMBER_FIELDS]
