"""Files that go with a request: sent from a page of its own, and had by whoever may see what they tell."""

from typing import Any
from uuid import UUID

from fastapi import Response
from fastapi.responses import StreamingResponse

from connective.frontend.clients.hub import API, Hub
from connective.frontend.domain.answers import Refused
from connective.frontend.domain.fields import Errors
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.request_forms import TOLD_OPTIONS
from connective.frontend.pages.browser import Form, Sent
from connective.frontend.pages.forms import VERSION, show_form, tried
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, done, onward, personal_routes
from connective.kit.ids import new_id
from connective.kit.problems import NotFound

routes = personal_routes(takes_files=True)
_MENDED_HERE = frozenset({409, 413, 422})
_INERT = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""A file is saved, never shown in these pages' own name, whatever a browser makes of its content."""


@routes.page("/requests/{request_id}/attach")
async def ask_file(request_id: UUID, browser: BrowserDep, parts: PartsDep) -> Response:
    """Choose a file, and say what it tells."""
    return _form(parts, browser, request_id, Form("", browser.kept or {}), [])


@routes.form("/requests/{request_id}/attach")
async def attach(request_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Send it: it is looked through before anybody can have it."""
    file, told = form.files.get("file"), form.many("categories")
    errors: Errors = [] if file is not None and file.content else [("file", "Choose a file")]
    if not told:
        errors.append(("categories", "Choose what the file tells, or that it tells nothing about anybody"))
    if file is not None and not errors:
        errors = await _send(hub, request_id, file, form)
    if errors:
        return _form(parts, browser, request_id, form, errors)
    return await done(parts, browser, f"/requests/{request_id}?done=attachments")


async def _send(hub: Hub, request_id: UUID, file: Sent, form: Form) -> Errors:
    body = {"name": file.name, "categories": form.many("categories")}
    try:
        made = await hub.post(f"/requests/{request_id}/attachments", body, key=form.key)
        await hub.send_file(
            f"/attachments/{made.body['id']}/content", file.content, version=f'"{made.body["version"]}"'
        )
    except Refused as problem:
        if problem.status not in _MENDED_HERE:
            raise
        told = problem.errors[0].detail if problem.errors else problem.detail
        return [("file", told or "This file cannot be sent.")]
    return []


@routes.form("/requests/{request_id}/files/{file_id}")
async def fetch(request_id: UUID, file_id: UUID, hub: HubDep) -> Response:
    """Have a file. For the other side that is a disclosure: each press is one, so each has a link of its own."""
    made = await hub.post(f"/attachments/{file_id}/links", key=str(new_id()))
    path = made.body["path"]
    if path is None:
        return onward(f"/requests/{request_id}#files")
    poured = await hub.pour(path.removeprefix(API))
    headers = {**_INERT, "Content-Disposition": poured.disposition}
    return StreamingResponse(poured.pieces, media_type=poured.media_type, headers=headers)


async def _own_file(hub: Hub, request_id: UUID, file_id: UUID) -> dict[str, Any]:
    """A file of one's own side that was not taken back. Raises NotFound."""
    listed = await hub.get(f"/requests/{request_id}/attachments")
    found = next((each for each in listed["items"] if each["id"] == str(file_id)), None)
    if found is None or found["state"] == "removed":
        raise NotFound
    return dict(found)


def _removal(request_id: UUID) -> FormView:
    return FormView(
        title="Take a file back",
        heading="Take this file back?",
        fields=(),
        back=("Back to the request", f"/requests/{request_id}#files"),
        button="Take it back",
        words=(
            "Its name and its content go, and nobody can have it from here any more.",
            "Whoever saved it before still has it: ask them to delete it. That it was sent stays in what happened.",
        ),
        warns=True,
    )


@routes.page("/requests/{request_id}/files/{file_id}/remove")
async def ask_removal(request_id: UUID, file_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What taking a file back does, before it is done."""
    file = await _own_file(hub, request_id, file_id)
    return show_form(parts, browser, _removal(request_id), version=f'"{file["version"]}"')


@routes.form("/requests/{request_id}/files/{file_id}/remove")
async def remove(
    request_id: UUID, file_id: UUID, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Take it back."""
    sent = hub.post(f"/attachments/{file_id}/remove", key=form.key, version=form.one(VERSION))
    _, errors = await tried(sent, ())
    if errors:
        return show_form(parts, browser, _removal(request_id), form.fields, errors=errors)
    return await done(parts, browser, f"/requests/{request_id}?done=file-removed")


def _form(parts: PartsDep, browser: BrowserDep, request_id: UUID, form: Form, errors: Errors) -> Response:
    return parts.pages.show(
        browser,
        "requests/attach.html",
        status=422 if errors else 200,
        request_id=request_id,
        told=form.many("categories"),
        options=TOLD_OPTIONS,
        errors=errors,
        kept=browser.kept is not None and not errors,
    )
