"""Drafting an agreement from a template or from nothing: one thing a page, saved with each, then sent for review."""

from collections.abc import Sequence
from typing import Any

from fastapi import Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain import draft_fields, drafting
from connective.frontend.domain import sharing_words as say
from connective.frontend.domain.agreements import DRAFT, Asker, basis_row, flow_row, plain
from connective.frontend.domain.answers import Answer, Part, Refused
from connective.frontend.domain.fields import Errors, Field
from connective.frontend.pages.browser import Form
from connective.frontend.pages.officers import Desk, DeskDep, Which, WhichDep, named, wrong_with
from connective.frontend.pages.routing import FormDep, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_DRAFT = "/agreements/{agreement_id}/versions/{number}/draft"
_LISTS = frozenset({"flows", "bases"})
"""Steps that list lines, each with a page of its own."""
_CHANGED = (
    "Somebody else changed this draft while you had the page open. What you typed is still here: look at the draft, "
    "then save again."
)


@routes.page("/agreements/new")
async def ask_new(desk: DeskDep) -> Response:
    """Ask what the agreement starts from, who asks for help and who gives it, and from when."""
    return await _new(desk, desk.kept, [])


async def _new(desk: Desk, form: Form, errors: Errors) -> Response:
    templates, asker = await together(desk.hub.part("/agreement-templates"), desk.asker())
    fields = draft_fields.of_new(templates.items, named(asker))
    view = {"typed": form, "templates": templates, "fields": fields, "may_draft": desk.person.may(DRAFT)}
    return desk.show("agreements/new.html", errors, **view)


@routes.form("/agreements/new")
async def begin(desk: DeskDep, form: FormDep) -> Response:
    """Begin the draft."""
    body, errors = drafting.read_new(form)
    if not errors:
        try:
            made = await _make(desk.hub, form, body)
            return await desk.done(f"/agreements/{made.body['id']}/versions/1/draft")
        except Refused as problem:
            if problem.status == 409:
                errors = [("reference", "Another agreement has this reference already: choose another")]
            else:
                errors = wrong_with(problem, draft_fields.of_new((), ()))
    return await _new(desk, form, errors)


async def _make(hub: Hub, form: Form, body: dict[str, Any]) -> Answer:
    if form.one("template") == "none":
        terms = drafting.blank_terms((body["referrer_id"], body["provider_id"]), body["starts_on"])
        return await hub.post("/agreements", {"reference": body["reference"], "terms": terms}, key=form.key)
    path = f"/agreement-templates/{form.one('template')}/clone"
    return await hub.post(path, body, key=form.key)


@routes.page(_DRAFT)
async def show_tasks(which: WhichDep, desk: DeskDep) -> Response:
    """The steps of the draft, and what an officer would say of each."""
    return await _tasks(desk, which, [])


async def _tasks(desk: Desk, which: Which, errors: Errors) -> Response:
    version = await desk.hub.get(which.path)
    return desk.show(
        "agreements/tasks.html",
        errors,
        version=version,
        tasks=drafting.tasks(version),
        address=f"{which.path}/draft",
        may_edit="edit" in version["allowed_actions"] and desk.person.may(DRAFT),
    )


@routes.form(_DRAFT)
async def submit(which: WhichDep, desk: DeskDep, form: FormDep) -> Response:
    """Freeze the text and send it to the parties' data protection officers."""
    try:
        await desk.hub.post(f"{which.path}/submit", {}, key=form.key)
    except Refused as problem:
        if problem.status != 422:
            raise
        steps = [drafting.step_of({"code": each.code, "pointer": each.pointer}).key for each in problem.errors]
        said = [(key, plain(each.detail)) for key, each in zip(steps, problem.errors, strict=True)]
        return await _tasks(desk, which, said)
    return await desk.done(which.path)


@routes.page(f"{_DRAFT}/{{key}}")
async def show_step(which: WhichDep, key: str, desk: DeskDep) -> Response:
    """One step: what the draft says, to be changed."""
    _demand_step(key)
    read = await desk.hub.read(which.path)
    typed = {} if key in _LISTS else drafting.typed_of(key, read.body["terms"])
    return await _step(desk, read, key, Form("", desk.browser.kept or typed), [])


@routes.form(f"{_DRAFT}/{{key}}")
async def save_step(which: WhichDep, key: str, desk: DeskDep, form: FormDep) -> Response:
    """Save one step. A list takes out the line that was asked for."""
    _demand_step(key)
    read = await desk.hub.read(which.path)
    if key in _LISTS:
        found = drafting.without(key, read.body["terms"], form.one("remove"))
        errors: Errors = await save(desk.hub, read, found, form)
    else:
        terms, errors = drafting.changed(key, read.body["terms"], form)
        page = draft_fields.of_step(key, (), drafting.shared_categories(terms), Part())
        errors = errors or await save(desk.hub, read, terms, form, page.fields if page else draft_fields.PARTIES)
    if errors:
        return await _step(desk, read, key, form, errors)
    here, following = f"{which.path}/draft", drafting.after(key)
    if key in _LISTS:
        return await desk.done(f"{here}/{key}")
    return await desk.done(here if form.one("then") == "list" or following is None else f"{here}/{following.key}")


async def save(hub: Hub, read: Answer, terms: dict[str, Any], form: Form, fields: Sequence[Field] = ()) -> Errors:
    """Replace the terms of the draft that the form was shown with; what is wrong with them otherwise.

    A form that was sent twice finds what it would save saved already, and goes on.
    """
    if terms == read.body["terms"]:
        return []
    path = f"/agreements/{read.body['agreement_id']}/versions/{read.body['number']}"
    try:
        await hub.put(path, terms, version=form.one("version") or read.etag)
    except Refused as problem:
        if problem.status == 412:
            return [("", _CHANGED)]
        return wrong_with(problem, fields)
    return []


async def _step(desk: Desk, read: Answer, key: str, typed: Form, errors: Errors) -> Response:
    asker, extra = await together(desk.asker(), _extra(desk.hub, key))
    version, names = read.body, named(asker)
    page = draft_fields.of_step(key, names, drafting.shared_categories(version["terms"]), extra)
    return desk.show(
        "agreements/step.html" if page else f"agreements/step_{key}.html",
        errors,
        page=page,
        version=version,
        etag=read.etag,
        step=drafting.step(key),
        said=next(each.sentences for each in drafting.tasks(version) if each.key == key),
        typed=typed,
        stored={} if key in _LISTS else drafting.typed_of(key, version["terms"]),
        asker=asker,
        parties=_parties(names, extra) if key == "parties" else [],
        extra=extra,
        say=say,
        address=f"/agreements/{version['agreement_id']}/versions/{version['number']}/draft",
        **_lines(version["terms"], asker),
    )


def _parties(names: Sequence[tuple[str, str]], organisations: Part) -> list[tuple[str, str, list[Field]]]:
    """Every legal entity with what is asked of it where it is a party."""
    teams: dict[str, list[tuple[str, str]]] = {}
    for each in organisations.items:
        teams.setdefault(each["legal_entity_id"], []).append((each["id"], each["name"]))
    return [(key, name, draft_fields.of_party(key, teams.get(key, []))) for key, name in names]


def _lines(terms: dict[str, Any], asker: Asker) -> dict[str, Any]:
    wanted = drafting.wanted_bases(terms)
    return {
        "flows": [flow_row(each, asker) for each in terms["flows"]],
        "bases": [(each, basis_row(each.given, asker) if each.given else None) for each in wanted],
    }


async def _extra(hub: Hub, key: str) -> Part:
    """What one step asks for besides: teams that may be left out, or memoranda."""
    asked = {"parties": "/organisations", "audit": "/memoranda"}
    return await hub.part(asked[key], {"limit": 200}) if key in asked else Part()


def _demand_step(key: str) -> None:
    if drafting.step(key) is None:
        raise NotFound
