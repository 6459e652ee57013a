"""`/admin`: a place as its administrators look after it: settings, numbers, needs list, providers."""

from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import together
from connective.frontend.domain.fields import Field, read, typed_from
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.members import ROLE_OPTIONS
from connective.frontend.domain.place import HomeOfPlace, place_sheet, stale_sheet
from connective.frontend.domain.place_settings import (
    NUMBER_FIELDS,
    SETTING_FIELDS,
    needs_sheet,
    provider_sheet,
    providers_sheet,
    settings_body,
    settings_sheet,
    settings_typed,
)
from connective.frontend.domain.service_identities import services_sheet
from connective.frontend.pages.forms import VERSION, every, finish, names_of, show_form, show_sheet, tried
from connective.frontend.pages.members import people_of, quoted
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, personal_routes
from connective.kit.problems import NotFound

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
    return show_sheet(parts, browser, settings_sheet(settings, versions, names_of(people)))


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


_PROVIDER = f"{_HERE}/providers"


@routes.page(_PROVIDER)
async def list_providers(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Whose own accounts can be used to sign in."""
    return show_sheet(parts, browser, providers_sheet(await hub.part("/providers", {"limit": 100})))


def _provider_view(options: tuple[tuple[str, str], ...]) -> FormView:
    fields = (
        Field(name="name", label="Name of the provider", required="Enter its name, as people know it"),
        Field(
            name="organisation_id",
            label="Whose people sign in by it?",
            kind="choice",
            required="Choose whose people sign in by it",
            options=options,
        ),
        Field(
            name="issuer",
            label="Address of the provider",
            kind="address",
            required="Enter its address, like https://login.example.org",
            hint="Its issuer, as its own pages for administrators show it.",
        ),
        Field(name="client_id", label="Our name there", required="Enter the client id that it gave us"),
        Field(
            name="authentication",
            label="How do we prove who we are?",
            kind="choice",
            required="Choose how",
            options=(
                ("private_key_jwt", "With our key (safer)"),
                ("client_secret_basic", "With a secret that it gave us"),
            ),
        ),
        Field(name="client_secret", label="The secret it gave us", kind="secret", hint="Only with a secret."),
        Field(
            name="claim",
            label="What it says of somebody’s role: the name",
            required="Enter the name under which the provider says it",
            hint="Like groups, or realm_access/roles where one stands within the other.",
            pointer="/role_rules/0/claim",
        ),
        Field(
            name="value",
            label="And the value",
            required="Enter the value that gives these roles",
            hint="Like Early help team.",
            pointer="/role_rules/0/value",
        ),
        Field(
            name="roles",
            label="Who has that is",
            kind="choices",
            required="Choose what they are",
            options=ROLE_OPTIONS,
            pointer="/role_rules/0/roles",
        ),
        Field(name="new_accounts", label="Do new people get accounts by themselves?", kind="yes_no"),
    )
    return FormView(
        title="Propose a provider",
        fields=fields,
        back=("Back to providers", _PROVIDER),
        button="Propose it",
        words=("Another administrator approves it. People signed in by it still take a second step.",),
    )


async def _organisation_options(hub: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401 - the API as somebody asks it
    found = await every(hub, "/organisations")
    return tuple((each["id"], each["name"]) for each in found.items if not each["listed_only"])


@routes.page(f"{_PROVIDER}/new")
async def ask_provider(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """A new one."""
    return show_form(parts, browser, _provider_view(await _organisation_options(hub)))


@routes.form(f"{_PROVIDER}/new")
async def propose_provider(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Propose it."""
    options = await _organisation_options(hub)
    view = _provider_view(options)
    body, errors = read(view.fields, form.fields)
    if not errors:
        made, errors = await tried(
            hub.post("/proposals", _provider_body(body, dict(options)), key=form.key), view.fields
        )
        if made is not None:
            return await finish(parts, browser, _PROVIDER, "asked")
    return show_form(parts, browser, view, form.fields, errors=errors)


def _provider_body(body: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    # The API takes where a claim stands as a JSON pointer; people write its name.
    rule = {"claim": f"/{body.pop('claim').strip('/')}", "value": body.pop("value"), "roles": body.pop("roles")}
    given = {name: each for name, each in body.items() if each is not None}
    named = names[body["organisation_id"]]
    return {"kind": "provider", **given, "organisation_name": named, "role_rules": [rule]}


@routes.page(f"{_PROVIDER}/{{provider_id}}")
async def show_provider(provider_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """One of them."""
    return show_sheet(parts, browser, provider_sheet(await hub.get(f"/providers/{provider_id}")))


@routes.form(f"{_PROVIDER}/{{provider_id}}")
async def end_provider(provider_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """End it."""
    if form.one("act") != "end":
        raise NotFound
    await hub.post(f"/providers/{provider_id}/end", key=form.key, version=quoted(form.one(VERSION)))
    return await finish(parts, browser, f"{_PROVIDER}/{provider_id}", "ended")
