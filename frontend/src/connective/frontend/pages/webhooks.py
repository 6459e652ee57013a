"""`/organisation/webhooks`: addresses of an organisation that are told when something happens."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import together
from connective.frontend.domain.fields import Field, read, typed_from
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.webhooks import (
    DELIVERIES,
    HOOK_FIELDS,
    delivery_sheet,
    hook_fields,
    hook_secret_sheet,
    hook_sheet,
    hooks_sheet,
)
from connective.frontend.domain.words import LONDON
from connective.frontend.pages.forms import VERSION, finish, show_form, show_sheet, tried
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, done, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_HERE = "/organisation/webhooks"
_SIGNS = (
    "Your system checks each message with it (Standard Webhooks): headers webhook-id, webhook-timestamp, "
    "webhook-signature.",
)
_NEW = FormView(title="Add a webhook", fields=HOOK_FIELDS, back=("Back to webhooks", _HERE), button="Add it")
_SINCE = (
    Field(
        name="since",
        label="Since which day?",
        kind="date",
        required="Enter the day since when messages are sent again",
        hint="What was set aside since then is tried once more. Your system knows each message by its id.",
    ),
)
_ACTS = {"test": "tested", "disable": "paused", "enable": "resumed"}


@routes.page(_HERE)
async def list_hooks(browser: BrowserDep, parts: PartsDep, hub: HubDep, *, cursor: str | None = None) -> Response:
    """Their list."""
    return show_sheet(parts, browser, hooks_sheet(await hub.part("/webhooks", {"limit": 50, "cursor": cursor})))


@routes.page(f"{_HERE}/new")
async def ask_hook(browser: BrowserDep, parts: PartsDep) -> Response:
    """Where, and of what."""
    return show_form(parts, browser, _NEW)


@routes.form(f"{_HERE}/new")
async def set_up(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Set it up, and show its secret: on this page alone."""
    body, errors = read(HOOK_FIELDS, form.fields)
    if not errors:
        made, errors = await tried(hub.post("/webhooks", body, key=form.key), HOOK_FIELDS)
        if made is not None:
            await done(parts, browser, _HERE)
            return show_sheet(parts, browser, hook_secret_sheet(made.body, _SIGNS))
    return show_form(parts, browser, _NEW, form.fields, errors=errors)


@routes.page(f"{_HERE}/{{webhook_id}}")
async def show_hook(
    webhook_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, *, state: str = "", cursor: str | None = None
) -> Response:
    """One of them, and what was sent to it."""
    state = state if state in DELIVERIES else ""
    path = f"/webhooks/{webhook_id}"
    hook, sent = await together(
        hub.get(path), hub.part(f"{path}/deliveries", {"state": state or None, "limit": 25, "cursor": cursor})
    )
    return show_sheet(parts, browser, hook_sheet(hook, sent, state=state))


@routes.form(f"{_HERE}/{{webhook_id}}")
async def act(webhook_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Try it, switch it on or off, or give it a new secret."""
    path, wanted = f"/webhooks/{webhook_id}", form.one("act")
    if wanted == "rotate":
        made = await hub.post(f"{path}/rotate-secret", {"overlap_hours": 24}, key=form.key)
        words = (*_SIGNS, "The old one goes on signing beside it for 24 hours.")
        return show_sheet(parts, browser, hook_secret_sheet(made.body, words))
    if wanted not in _ACTS:
        raise NotFound
    await hub.post(f"{path}/{wanted}", key=form.key)
    return await finish(parts, browser, f"{_HERE}/{webhook_id}", _ACTS[wanted])


def _change_view(hook: dict[str, Any]) -> FormView:
    back = ("Back to the webhook", f"{_HERE}/{hook['id']}")
    return FormView(title="Change a webhook", fields=hook_fields(hook["events"]), back=back)


@routes.page(f"{_HERE}/{{webhook_id}}/change")
async def ask_change(webhook_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What it is, to be changed."""
    found = await hub.read(f"/webhooks/{webhook_id}")
    typed = typed_from(HOOK_FIELDS, found.body)
    return show_form(parts, browser, _change_view(found.body), typed, version=found.etag)


@routes.form(f"{_HERE}/{{webhook_id}}/change")
async def change(webhook_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Keep it."""
    view = _change_view(await hub.get(f"/webhooks/{webhook_id}"))
    body, errors = read(view.fields, form.fields)
    if not errors:
        sent = hub.patch(f"/webhooks/{webhook_id}", body, version=form.one(VERSION))
        changed, errors = await tried(sent, HOOK_FIELDS)
        if changed is not None:
            return await finish(parts, browser, f"{_HERE}/{webhook_id}", "saved")
    return show_form(parts, browser, view, form.fields, errors=errors, version=form.one(VERSION))


def _replay_view(webhook_id: UUID) -> FormView:
    back = ("Back to the webhook", f"{_HERE}/{webhook_id}")
    return FormView(title="Send messages again", fields=_SINCE, back=back, button="Send them again")


@routes.page(f"{_HERE}/{{webhook_id}}/replay")
async def ask_replay(webhook_id: UUID, browser: BrowserDep, parts: PartsDep) -> Response:
    """Since when."""
    return show_form(parts, browser, _replay_view(webhook_id))


@routes.form(f"{_HERE}/{{webhook_id}}/replay")
async def replay_all(webhook_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Send everything since then again."""
    body, errors = read(_SINCE, form.fields)
    if not errors:
        since = datetime.fromisoformat(body["since"]).replace(tzinfo=LONDON).astimezone(UTC).isoformat()
        again, errors = await tried(hub.post(f"/webhooks/{webhook_id}/replay", {"since": since}, key=form.key), _SINCE)
        if again is not None:
            return await finish(parts, browser, f"{_HERE}/{webhook_id}", "replayed")
    return show_form(parts, browser, _replay_view(webhook_id), form.fields, errors=errors)


@routes.page(f"{_HERE}/{{webhook_id}}/remove")
async def ask_removal(webhook_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Ask whether to."""
    found = await hub.read(f"/webhooks/{webhook_id}")
    return show_form(parts, browser, _removal_view(webhook_id), version=found.etag)


def _removal_view(webhook_id: UUID) -> FormView:
    return FormView(
        title="Remove a webhook",
        fields=(),
        back=("Back to the webhook", f"{_HERE}/{webhook_id}"),
        button="Remove it",
        words=("Nothing more is sent to it, and what was sent is not listed any more.",),
        warns=True,
    )


@routes.form(f"{_HERE}/{{webhook_id}}/remove")
async def remove(webhook_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Do it."""
    await hub.delete(f"/webhooks/{webhook_id}", version=form.one(VERSION))
    return await finish(parts, browser, _HERE, "removed")


@routes.page(f"{_HERE}/{{webhook_id}}/deliveries/{{delivery_id}}")
async def show_delivery(
    webhook_id: UUID, delivery_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep
) -> Response:
    """One message, and how each try ended."""
    found = await hub.get(f"/webhooks/{webhook_id}/deliveries/{delivery_id}")
    return show_sheet(parts, browser, delivery_sheet(found, str(webhook_id)))


@routes.form(f"{_HERE}/{{webhook_id}}/deliveries/{{delivery_id}}")
async def replay_one(
    webhook_id: UUID, delivery_id: UUID, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Send it again."""
    await hub.post(f"/webhooks/{webhook_id}/deliveries/{delivery_id}/replay", key=form.key)
    return await finish(parts, browser, f"{_HERE}/{webhook_id}/deliveries/{delivery_id}", "replayed")
