"""`/organisation/systems`: programs of an organisation that ask the API."""

from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.domain.fields import read
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.systems import (
    CLIENT_FIELDS,
    CREDENTIAL_FIELDS,
    client_sheet,
    clients_sheet,
    keys_of,
    secret_sheet,
)
from connective.frontend.pages.forms import VERSION, finish, show_form, show_sheet, tried
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, personal_routes

routes = personal_routes()
_HERE = "/organisation/systems"
_NEW = FormView(
    title="Add a system",
    fields=CLIENT_FIELDS,
    back=("Back to systems", _HERE),
    button="Make it",
    words=("You may be asked for your second step again: this gives a program a way in.",),
)


@routes.page(_HERE)
async def list_clients(browser: BrowserDep, parts: PartsDep, hub: HubDep, *, cursor: str | None = None) -> Response:
    """Their list."""
    found = await hub.part("/clients", {"limit": 50, "cursor": cursor})
    return show_sheet(parts, browser, clients_sheet(found))


@routes.page(f"{_HERE}/new")
async def ask_client(browser: BrowserDep, parts: PartsDep) -> Response:
    """What a new one is, and what it may."""
    return show_form(parts, browser, _NEW)


@routes.form(f"{_HERE}/new")
async def make_client(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Make it, and show its secret: on this page alone, which is not kept."""
    body, errors = read(CLIENT_FIELDS, form.fields)
    errors += keys_of(body)
    if not errors:
        sent = {name: value for name, value in body.items() if value not in (None, [])}
        sent["organisation_id"] = str(browser.person.organisation_id)
        made, errors = await tried(hub.post("/clients", sent, key=form.key), CLIENT_FIELDS)
        if made is not None:
            return await _show_secret(made.body, made.body["client_id"], made.body["id"], browser, parts)
    return show_form(parts, browser, _NEW, form.fields, errors=errors)


async def _show_secret(made: dict[str, Any], client_id: str, record: str, browser: Any, parts: Any) -> Response:  # noqa: ANN401 - the page's own parts
    await parts.drafts.drop(browser.person.id, browser.request.url.path)
    back = ("Go on to the system", f"{_HERE}/{record}")
    return show_sheet(parts, browser, secret_sheet(made, parts.issuer, client_id=client_id, back=back))


@routes.page(f"{_HERE}/{{client_id}}")
async def show_client(client_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """One of them."""
    return show_sheet(parts, browser, client_sheet(await hub.get(f"/clients/{client_id}")))


def _key_view(client_id: UUID) -> FormView:
    return FormView(
        title="New secret or key",
        fields=CREDENTIAL_FIELDS,
        back=("Back to the system", f"{_HERE}/{client_id}"),
        button="Propose it",
        words=("Another administrator approves it; from then on it counts.",),
    )


@routes.page(f"{_HERE}/{{client_id}}/key")
async def ask_key(client_id: UUID, browser: BrowserDep, parts: PartsDep) -> Response:
    """Which new one."""
    return show_form(parts, browser, _key_view(client_id), {"overlap_hours": ["24"]})


@routes.form(f"{_HERE}/{{client_id}}/key")
async def propose_key(client_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Propose it; a secret is shown now, once."""
    body, errors = read(CREDENTIAL_FIELDS, form.fields)
    errors += keys_of(body)
    if not errors:
        client = await hub.get(f"/clients/{client_id}")
        sent = {name: value for name, value in body.items() if value not in (None, [])}
        sent |= {"kind": "client_credential", "client_id": str(client_id)}
        made, errors = await tried(hub.post("/proposals", sent, key=form.key), CREDENTIAL_FIELDS)
        if made is not None:
            return await _show_secret(made.body, client["client_id"], str(client_id), browser, parts)
    return show_form(parts, browser, _key_view(client_id), form.fields, errors=errors)


def _revoke_view(client_id: UUID) -> FormView:
    return FormView(
        title="Revoke a system’s access",
        fields=(),
        back=("Back to the system", f"{_HERE}/{client_id}"),
        button="Revoke it now",
        words=("Every secret, key and token of it stops working within seconds. This cannot be undone.",),
        warns=True,
    )


@routes.page(f"{_HERE}/{{client_id}}/revoke")
async def ask_revocation(client_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Ask whether to."""
    found = await hub.read(f"/clients/{client_id}")
    return show_form(parts, browser, _revoke_view(client_id), version=found.etag)


@routes.form(f"{_HERE}/{{client_id}}/revoke")
async def revoke(client_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Do it."""
    await hub.post(f"/clients/{client_id}/revoke", key=form.key, version=form.one(VERSION))
    return await finish(parts, browser, f"{_HERE}/{client_id}", "revoked")
