"""`/admin/sources`: where listings come from, with readings that tell how far they are."""

from typing import Any
from uuid import UUID

from fastapi import Request, Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.fields import Field, read, typed_from
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.sources import (
    CHANGE_FIELDS,
    ENDED,
    HERE,
    NEW_FIELDS,
    change_sheet,
    changes_sheet,
    progress_words,
    run_sheet,
    share_of,
    source_body,
    source_sheet,
    sources_sheet,
)
from connective.frontend.pages.forms import VERSION, finish, show_form, show_sheet, tried, uuid_or_none
from connective.frontend.pages.progress import Step, looking, stream
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, done, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_CHANGES = f"{HERE}/changes"
_MOST = 200
"""How many changes are decided at once."""
_NEW = FormView(title="Add a source", fields=NEW_FIELDS, back=("Back to sources", HERE), button="Add it")
_ALL = (
    Field(
        name="decision",
        label="What should become of them?",
        kind="choice",
        required="Say what should become of them",
        options=(("approve", "Take all of them over"), ("reject", "Leave ours as it is")),
        hint="What somebody here has changed is kept as it is.",
    ),
)


@routes.page(HERE)
async def list_sources(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Their list."""
    sources, changes = await together(
        hub.part("/harvest-sources", {"limit": 100}), hub.part("/harvest-changes", {"state": "waiting", "limit": 200})
    )
    return show_sheet(parts, browser, sources_sheet(sources, len(changes.items)))


@routes.page(f"{HERE}/new")
async def ask_source(browser: BrowserDep, parts: PartsDep) -> Response:
    """A new one."""
    return show_form(parts, browser, _NEW, {"every_hours": ["24"], "approves_itself": ["no"]})


@routes.form(f"{HERE}/new")
async def add_source(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Add it."""
    body, errors = read(NEW_FIELDS, form.fields)
    if not errors:
        made, errors = await tried(hub.post("/harvest-sources", source_body(body), key=form.key), NEW_FIELDS)
        if made is not None:
            return await finish(parts, browser, f"{HERE}/{made.body['id']}", "created")
    return show_form(parts, browser, _NEW, form.fields, errors=errors)


@routes.page(_CHANGES)
async def list_changes(
    browser: BrowserDep,
    parts: PartsDep,
    hub: HubDep,
    *,
    source: UUID | None = None,
    state: str = "waiting",
    cursor: str | None = None,
) -> Response:
    """What sources propose."""
    asked = {"source_id": str(source) if source else None, "state": "waiting" if state == "waiting" else None}
    found = await hub.part("/harvest-changes", {**asked, "limit": 50, "cursor": cursor})
    view = changes_sheet(found, source=str(source or ""), state="waiting" if state == "waiting" else "")
    return show_sheet(parts, browser, view)


def _all_view(source: str) -> FormView:
    back = f"{_CHANGES}?source={source}&state=waiting" if source else f"{_CHANGES}?state=waiting"
    return FormView(
        title="Decide on all that waits",
        fields=_ALL,
        back=("Back to the changes", back),
        button="Decide",
        words=(f"At most {_MOST} at once.",),
    )


@routes.page(f"{HERE}/all-changes")
async def ask_all(browser: BrowserDep, parts: PartsDep, *, source: str = "") -> Response:
    """What should become of everything that waits."""
    return show_form(parts, browser, _all_view(source), version=source)


@routes.form(f"{HERE}/all-changes")
async def decide_all(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Decide it."""
    body, errors = read(_ALL, form.fields)
    source = uuid_or_none(form.one(VERSION))
    if not errors:
        asked = {"source_id": str(source) if source else None, "state": "waiting", "limit": _MOST}
        waiting = [each["id"] for each in (await hub.get("/harvest-changes", asked))["items"]]
        if waiting:
            await hub.post("/harvest-changes/decisions", {**body, "change_ids": waiting}, key=form.key)
        return await finish(parts, browser, f"{_CHANGES}?state=waiting", "decided")
    return show_form(parts, browser, _all_view(form.one(VERSION)), form.fields, errors=errors)


async def _find_change(hub: Hub, change_id: UUID, source: str | None) -> dict[str, Any]:
    """A change among its source's: the API lists them, and shows none alone."""
    cursor: str | None = None
    while True:
        listed = await hub.get("/harvest-changes", {"source_id": source, "limit": 200, "cursor": cursor})
        for each in listed["items"]:
            if each["id"] == str(change_id):
                found: dict[str, Any] = each
                return found
        cursor = listed.get("next_cursor")
        if cursor is None:
            raise NotFound


@routes.page(f"{_CHANGES}/{{change_id}}")
async def show_change(
    change_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, *, source: UUID | None = None
) -> Response:
    """One of them, ours beside theirs."""
    return show_sheet(parts, browser, change_sheet(await _find_change(hub, change_id, str(source) if source else None)))


@routes.form(f"{_CHANGES}/{{change_id}}")
async def decide(change_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Take it over, or leave ours as it is."""
    act = form.one("act")
    if act not in {"approve", "overwrite", "reject"}:
        raise NotFound
    decision = {"decision": "reject" if act == "reject" else "approve", "overwrite": act == "overwrite"}
    await hub.post("/harvest-changes/decisions", {**decision, "change_ids": [str(change_id)]}, key=form.key)
    return await finish(parts, browser, f"{_CHANGES}?state=waiting", "decided")


@routes.page(f"{HERE}/{{source_id}}")
async def show_source(
    source_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, *, cursor: str | None = None
) -> Response:
    """One source and its readings."""
    path = f"/harvest-sources/{source_id}"
    source, runs = await together(hub.get(path), hub.part(f"{path}/runs", {"limit": 25, "cursor": cursor}))
    return show_sheet(parts, browser, source_sheet(source, runs))


@routes.form(f"{HERE}/{{source_id}}")
async def run_now(source_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Read it now, and go on to how far that is."""
    if form.one("act") != "run":
        raise NotFound
    made = await hub.post(f"/harvest-sources/{source_id}/runs", key=form.key)
    return await done(parts, browser, f"{HERE}/{source_id}/runs/{made.body['id']}")


def _change_view(source_id: UUID) -> FormView:
    return FormView(title="Change a source", fields=CHANGE_FIELDS, back=("Back to the source", f"{HERE}/{source_id}"))


@routes.page(f"{HERE}/{{source_id}}/change")
async def ask_change(source_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What it is, to be changed."""
    found = await hub.read(f"/harvest-sources/{source_id}")
    typed = typed_from(CHANGE_FIELDS, found.body)
    return show_form(parts, browser, _change_view(source_id), typed, version=found.etag)


@routes.form(f"{HERE}/{{source_id}}/change")
async def change(source_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Keep it."""
    body, errors = read(CHANGE_FIELDS, form.fields)
    if not errors:
        sent = hub.patch(f"/harvest-sources/{source_id}", source_body(body), version=form.one(VERSION))
        changed, errors = await tried(sent, CHANGE_FIELDS)
        if changed is not None:
            return await finish(parts, browser, f"{HERE}/{source_id}", "saved")
    view = _change_view(source_id)
    return show_form(parts, browser, view, form.fields, errors=errors, version=form.one(VERSION))


@routes.page(f"{HERE}/{{source_id}}/runs/{{run_id}}")
async def show_run(source_id: UUID, run_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """One reading: how far it is, what changed, and rows with something wrong."""
    run, changes = await together(
        hub.get(f"/harvest-sources/{source_id}/runs/{run_id}"),
        hub.part("/harvest-changes", {"source_id": str(source_id), "state": "waiting", "limit": 200}),
    )
    return show_sheet(parts, browser, run_sheet(run, changes))


@routes.page(f"{HERE}/{{source_id}}/runs/{{run_id}}/progress")
async def watch_run(source_id: UUID, run_id: UUID, request: Request, hub: HubDep) -> Response:
    """How far it is, as it changes; the page loads again once it is done."""

    async def look() -> Step:
        run = await hub.get(f"/harvest-sources/{source_id}/runs/{run_id}")
        return Step(progress_words(run), share_of(run), done=run["state"] in ENDED)

    return stream(request, looking(look))
