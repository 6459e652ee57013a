"""`/admin/sources/file`: listings from a file of the administrator's own, read in while they look on."""

from fastapi import Response

from connective.frontend.clients.hub import Hub
from connective.frontend.domain.answers import Answer, Refused
from connective.frontend.domain.fields import Errors
from connective.frontend.domain.sources import FILE, HERE, MOST_OF_A_FILE, file_errors, listings_file
from connective.frontend.pages.browser import Form
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, done, personal_routes

routes = personal_routes(takes_files=True)


@routes.page(FILE)
async def ask_file(browser: BrowserDep, parts: PartsDep) -> Response:
    """Choose a file, and say under which licence it is."""
    return _show(parts, browser, Form("", browser.kept or {}), [])


@routes.form(FILE)
async def import_file(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Have it read in, and go on to how far that is, and to what came of it, row by row."""
    file = form.files.get("file")
    if file is None:
        return _show(parts, browser, form, [("file", "Choose a file")])
    if len(file.content) > MOST_OF_A_FILE:
        return _show(parts, browser, form, [("file", "The file is larger than 4 MB. Send it in parts")])
    made, errors = await _sent(hub, form, file.content)
    if made is None:
        return _show(parts, browser, form, errors)
    return await done(parts, browser, f"{HERE}/{made.body['source_id']}/runs/{made.body['id']}")


async def _sent(hub: Hub, form: Form, content: bytes) -> tuple[Answer | None, Errors]:
    query = {"licence": form.one("licence") or None}
    try:
        return await hub.post_file("/harvest-sources/files", listings_file(content), query, key=form.key), []
    except Refused as problem:
        errors = file_errors(problem)
        if errors is None:
            raise
        return None, errors


def _show(parts: PartsDep, browser: BrowserDep, form: Form, errors: Errors) -> Response:
    return parts.pages.show(
        browser,
        "sources/file.html",
        status=422 if errors else 200,
        licence=form.one("licence"),
        errors=errors,
        kept=browser.kept is not None and not errors,
    )
