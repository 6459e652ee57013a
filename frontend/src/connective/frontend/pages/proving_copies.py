"""Proving: a copy for somebody who asked is looked through, part by part, and released."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.domain.fields import Errors, Typed
from connective.frontend.domain.proving_copies import WHY, release, sections
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.forms import tried
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, Parts, PartsDep, done, personal_routes

routes = personal_routes()


@routes.page("/audit/copies/{copy_id}/release")
async def look_through(copy_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Everything that is held, to be read before it leaves."""
    found = await hub.get(f"/audit/access-copies/{copy_id}")
    return _show(browser, parts, found, browser.kept or {}, [])


@routes.form("/audit/copies/{copy_id}/release")
async def let_go(copy_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Release what was read; where it has changed meanwhile, it is read again."""
    path, typed = f"/audit/access-copies/{copy_id}", form.fields
    found = await hub.get(path)
    body, errors = release(found["items"], typed)
    if not errors:
        _, errors = await tried(hub.post(f"{path}/release", body, key=form.key), ())
    if errors:
        return _show(browser, parts, found, typed, errors)
    return await done(parts, browser, f"/audit/copies/{copy_id}")


def _show(browser: Browser, parts: Parts, found: Mapping[str, Any], typed: Typed, errors: Errors) -> Response:
    return parts.pages.show(
        browser,
        "audit/copy.html",
        status=422 if errors else 200,
        found=found,
        sections=sections(found["items"]),
        typed=typed,
        errors=errors,
        why=WHY,
        kept=browser.kept is not None,
    )
