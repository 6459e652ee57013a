"""`/admin/providers`: by whose own accounts people sign in. What is new or changes, two administrators decide."""

from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.place_settings import provider_sheet, providers_sheet
from connective.frontend.domain.provider_form import changed_provider, provider_fields, provider_shown, provider_typed
from connective.frontend.pages.forms import VERSION, every, finish, show_form, show_sheet, tried
from connective.frontend.pages.members import quoted
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_HERE = "/admin/providers"
_APPROVED = "Another administrator approves it."
_ROOM = 2
"""For so many rules a new one has room; a change has room for one more than there are."""


@routes.page(_HERE)
async def list_providers(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Whose own accounts can be used to sign in."""
    return show_sheet(parts, browser, providers_sheet(await every(hub, "/providers")))


def _new_view(options: tuple[tuple[str, str], ...]) -> FormView:
    return FormView(
        title="Propose a provider",
        fields=provider_fields(_ROOM, options),
        back=("Back to providers", _HERE),
        button="Propose it",
        words=(_APPROVED,),
    )


async def _organisation_options(hub: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401 - the API as somebody asks it
    found = await every(hub, "/organisations")
    return tuple((each["id"], each["name"]) for each in found.items if not each["listed_only"])


@routes.page(f"{_HERE}/new")
async def ask_provider(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """A new one."""
    return show_form(parts, browser, _new_view(await _organisation_options(hub)))


@routes.form(f"{_HERE}/new")
async def propose_provider(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Propose it."""
    options = await _organisation_options(hub)
    view = _new_view(options)
    typed = provider_typed(view.fields, form.fields)
    errors = typed.errors
    if not errors:
        body = typed.body | {"organisation_name": dict(options)[typed.body["organisation_id"]]}
        made, errors = await tried(hub.post("/proposals", body, key=form.key), typed.fields)
        if made is not None:
            return await finish(parts, browser, _HERE, "asked")
    return show_form(parts, browser, view, form.fields, errors=errors)


@routes.page(f"{_HERE}/{{provider_id}}")
async def show_provider(provider_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """One of them."""
    return show_sheet(parts, browser, provider_sheet(await hub.get(f"/providers/{provider_id}")))


@routes.form(f"{_HERE}/{{provider_id}}")
async def end_provider(provider_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """End it."""
    if form.one("act") != "end":
        raise NotFound
    await hub.post(f"/providers/{provider_id}/end", key=form.key, version=quoted(form.one(VERSION)))
    return await finish(parts, browser, f"{_HERE}/{provider_id}", "ended")


def _change_view(provider: dict[str, Any], rules: int) -> FormView:
    whose = f"People of {provider['organisation_name']} sign in by it, and are known by {provider['issuer']}."
    return FormView(
        title="Propose a change of a provider",
        heading=f"Propose a change of {provider['name']}",
        fields=provider_fields(rules),
        back=("Back to the provider", f"{_HERE}/{provider['id']}"),
        button="Propose it",
        words=(
            f"{_APPROVED} Until then all stays as it is.",
            f"{whose} These two stay: for others, end it and propose another.",
        ),
    )


@routes.page(f"{_HERE}/{{provider_id}}/change")
async def ask_change(provider_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What it is now, to be changed."""
    provider = await hub.get(f"/providers/{provider_id}")
    if provider["ended_at"]:
        raise NotFound
    view = _change_view(provider, len(provider["role_rules"]) + 1)
    return show_form(parts, browser, view, provider_shown(provider), version=str(provider["version"]))


@routes.form(f"{_HERE}/{{provider_id}}/change")
async def propose_change(
    provider_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Propose what it is to be."""
    provider = await hub.get(f"/providers/{provider_id}")
    rules = max(
        len(provider["role_rules"]) + 1, *(number + 1 for number in range(50) if f"claim-{number}" in form.fields)
    )
    view = _change_view(provider, rules)
    typed = provider_typed(view.fields, form.fields)
    errors = typed.errors
    shown, seen = dict(form.fields), str(provider["version"])
    if not errors and shown.pop(VERSION, [seen])[-1] != seen:
        errors = [("", "Somebody changed this provider meanwhile. Look at it as it is now, then propose yours again")]
    if not errors:
        body = changed_provider(provider, typed.body)
        made, errors = await tried(hub.post("/proposals", body, key=form.key), typed.fields)
        if made is not None:
            return await finish(parts, browser, f"{_HERE}/{provider_id}", "asked")
    return show_form(parts, browser, view, shown, errors=errors, version=seen, stored=provider_shown(provider))
