"""Records that may be of one person: practice leads agree, leave them as two, or take them apart again."""

from uuid import UUID

from fastapi import Response

from connective.frontend.domain.answers import Refused
from connective.frontend.domain.fields import read
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.merges import ACTS, LIST, act_view, merge_sheet, merges_sheet
from connective.frontend.domain.troubles import MOVED_ON
from connective.frontend.pages.forms import VERSION, finish, show_form, show_sheet, tried
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_ONE = f"{LIST}/{{merge_id}}"


@routes.page(LIST)
async def list_merges(browser: BrowserDep, parts: PartsDep, hub: HubDep, *, cursor: str | None = None) -> Response:
    """What was proposed, the newest first."""
    listed = await hub.part("/people/merges", {"limit": 50, "cursor": cursor})
    return show_sheet(parts, browser, merges_sheet(listed))


@routes.page(_ONE)
async def show_merge(merge_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """One proposal."""
    return show_sheet(parts, browser, merge_sheet(await hub.get(f"/people/merges/{merge_id}")))


@routes.page(f"{_ONE}/{{act}}")
async def ask_act(merge_id: UUID, act: str, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """The form of a decision."""
    view = _view(merge_id, act)
    merge = await hub.read(f"/people/merges/{merge_id}")
    if act not in merge.body["allowed_actions"]:
        raise Refused(404, MOVED_ON, "")
    return show_form(parts, browser, view, version=merge.etag)


def _view(merge_id: UUID, act: str) -> FormView:
    if act not in ACTS:
        raise NotFound
    return act_view(merge_id, act)


@routes.form(f"{_ONE}/{{act}}")
async def take_act(
    merge_id: UUID, act: str, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Decide, once for a form that is sent twice; what somebody else decided meanwhile is said."""
    view = _view(merge_id, act)
    body, errors = read(view.fields, form.fields)
    if not errors:
        path = f"/people/merges/{merge_id}/{act}"
        made, errors = await tried(hub.post(path, body or None, key=form.key, version=form.one(VERSION)), view.fields)
        if made is not None:
            return await finish(parts, browser, f"{LIST}/{merge_id}", "decided")
    return show_form(parts, browser, view, form.fields, errors=errors)
