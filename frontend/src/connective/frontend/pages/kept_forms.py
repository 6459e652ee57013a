"""`/admin/forms`: what is asked when help is requested, kept by the place's administrators."""

from collections.abc import Mapping
from typing import Any

from fastapi import Response

from connective.frontend.clients.hub import Hub
from connective.frontend.domain.answers import Refused
from connective.frontend.domain.fields import Errors, read, typed_from
from connective.frontend.domain.form_text import FIELD as TEXT
from connective.frontend.domain.form_text import as_text, from_text
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.kept_forms import (
    HEAD_FIELDS,
    HERE,
    QUESTION_FIELDS,
    body_of,
    draft_of,
    form_errors,
    form_sheet,
    forms_sheet,
    question_typed,
    version_sheet,
    with_question,
    without_question,
)
from connective.frontend.pages.browser import Browser, Form
from connective.frontend.pages.forms import VERSION, finish, show_form, show_sheet
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, Parts, PartsDep, done, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_WRITE = "referrals:form:write"
_VERSION = f"{HERE}/{{kind}}/versions/{{number}}"
_SAID = {"publish": "published", "retire": "retired"}


@routes.page(HERE)
async def list_forms(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Every kind of service with its form."""
    return show_sheet(parts, browser, forms_sheet(await hub.part("/forms")))


async def _listed(hub: Hub, kind: str) -> dict[str, Any]:
    found = next((each for each in (await hub.get("/forms"))["items"] if each["kind"] == kind), None)
    if found is None:
        raise NotFound
    return dict(found)


@routes.page(f"{HERE}/{{kind}}")
async def show_kind(kind: str, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """One kind's form: what is asked now, its versions, and its draft."""
    listed = await _listed(hub, kind)
    present = await hub.get(f"/forms/{kind}") if listed["version"] else None
    return show_sheet(parts, browser, form_sheet(kind, listed, present, may_write=browser.person.may(_WRITE)))


@routes.form(f"{HERE}/{{kind}}")
async def begin(kind: str, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Begin a new version with what is in use."""
    if form.one("act") != "draft":
        raise NotFound
    listed = await _listed(hub, kind)
    present = await hub.get(f"/forms/{kind}") if listed["version"] else None
    made = await hub.post(f"/forms/{kind}/versions", draft_of(present, kind), key=form.key)
    return await done(parts, browser, f"{HERE}/{kind}/versions/{made.body['version']}")


@routes.page(_VERSION)
async def show_version(kind: str, number: int, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """One version."""
    found = await hub.read(f"/forms/{kind}/versions/{number}")
    view = version_sheet(found.body, etag=found.etag, may_write=browser.person.may(_WRITE))
    return show_sheet(parts, browser, view)


@routes.form(_VERSION)
async def publish(
    kind: str, number: int, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Publish a draft, or retire what was published; what is wrong with it is told on its page."""
    act, path = form.one("act"), f"/forms/{kind}/versions/{number}"
    if act not in _SAID:
        raise NotFound
    try:
        await hub.post(f"{path}/{act}", key=form.key, version=form.one(VERSION))
    except Refused as problem:
        found = await hub.read(path)
        errors = [("", message) for _, message in form_errors(problem, found.body)]
        return show_sheet(parts, browser, version_sheet(found.body, etag=found.etag, may_write=True), errors=errors)
    return await finish(parts, browser, f"{HERE}/{kind}/versions/{number}", _SAID[act])


def _head_view(kind: str, number: int) -> FormView:
    return FormView(
        title="Title and what must be known",
        fields=HEAD_FIELDS,
        back=("Back to the draft", f"{HERE}/{kind}/versions/{number}"),
        words=("Everything that a question reveals stands in one of the two lists.",),
    )


@routes.page(f"{_VERSION}/title")
async def ask_head(kind: str, number: int, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What the form is called, and what must be known."""
    found = await hub.read(f"/forms/{kind}/versions/{number}")
    return show_form(parts, browser, _head_view(kind, number), typed_from(HEAD_FIELDS, found.body), version=found.etag)


@routes.form(f"{_VERSION}/title")
async def change_head(
    kind: str, number: int, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Keep it."""
    given, errors = read(HEAD_FIELDS, form.fields)
    if not errors:
        errors = await _rewrite(hub, kind, number, given, form.one(VERSION))
        if not errors:
            return await finish(parts, browser, f"{HERE}/{kind}/versions/{number}", "saved")
    return show_form(parts, browser, _head_view(kind, number), form.fields, errors=errors, version=form.one(VERSION))


async def _rewrite(hub: Hub, kind: str, number: int, changes: dict[str, Any], version: str) -> Errors:
    """Replace a draft by what it is with these changes; what is wrong with it."""
    path = f"/forms/{kind}/versions/{number}"
    return await _sent(hub, path, {**body_of(await hub.get(path)), **changes}, version)


async def _sent(hub: Hub, path: str, body: dict[str, Any], version: str) -> Errors:
    try:
        await hub.put(path, body, version=version)
    except Refused as problem:
        return form_errors(problem, body)
    return []


def _question_view(kind: str, number: int, name: str | None) -> FormView:
    here = f"{HERE}/{kind}/versions/{number}"
    more = None if name is None else (f"{here}/questions/{name}/remove", "Remove this question")
    title = "Add a question" if name is None else "Change a question"
    return FormView(title=title, fields=QUESTION_FIELDS, back=("Back to the draft", here), more=more)


def _text_view(kind: str, number: int) -> FormView:
    return FormView(
        title="The form as text",
        fields=(TEXT,),
        back=("Back to the draft", f"{HERE}/{kind}/versions/{number}"),
        words=("Keep the name of a question and the code of an answer: what was answered before is found by them.",),
    )


@routes.page(f"{_VERSION}/text")
async def ask_text(kind: str, number: int, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """All of it as text, to be rewritten."""
    found = await hub.read(f"/forms/{kind}/versions/{number}")
    typed = {TEXT.name: [as_text(found.body)]}
    return show_form(parts, browser, _text_view(kind, number), typed, version=found.etag)


@routes.form(f"{_VERSION}/text")
async def change_text(
    kind: str, number: int, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Keep it."""
    body, errors = from_text("\n".join(form.fields.get(TEXT.name, [])))
    if not errors:
        errors = await _sent(hub, f"/forms/{kind}/versions/{number}", body, form.one(VERSION))
        if not errors:
            return await finish(parts, browser, f"{HERE}/{kind}/versions/{number}", "saved")
        errors = [(TEXT.name, message) for _, message in errors]
    view = _text_view(kind, number)
    return show_form(parts, browser, view, form.fields, errors=errors, version=form.one(VERSION))


@routes.page(f"{_VERSION}/questions/new")
async def ask_new(kind: str, number: int, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """A new question."""
    found = await hub.read(f"/forms/{kind}/versions/{number}")
    return show_form(parts, browser, _question_view(kind, number, None), {"required": ["no"]}, version=found.etag)


@routes.form(f"{_VERSION}/questions/new")
async def add(kind: str, number: int, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Add it."""
    return await _keep_question(kind, number, None, browser=browser, parts=parts, hub=hub, form=form)


@routes.page(f"{_VERSION}/questions/{{name}}")
async def ask_question(
    kind: str, number: int, name: str, *, browser: BrowserDep, parts: PartsDep, hub: HubDep
) -> Response:
    """A question, to be changed."""
    found = await hub.read(f"/forms/{kind}/versions/{number}")
    typed = question_typed(_asked(found.body, name))
    return show_form(parts, browser, _question_view(kind, number, name), typed, version=found.etag)


@routes.form(f"{_VERSION}/questions/{{name}}")
async def change_question(
    kind: str, number: int, name: str, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Keep it."""
    return await _keep_question(kind, number, name, browser=browser, parts=parts, hub=hub, form=form)


async def _keep_question(
    kind: str,
    number: int,
    name: str | None,
    *,
    browser: Browser,
    parts: Parts,
    hub: Hub,
    form: Form,
) -> Response:
    given, errors = read(QUESTION_FIELDS, form.fields)
    if not errors:
        body = body_of(await hub.get(f"/forms/{kind}/versions/{number}"))
        changed, errors = with_question(body, name, given)
        errors = errors or await _rewrite(hub, kind, number, changed, form.one(VERSION))
        if not errors:
            return await finish(parts, browser, f"{HERE}/{kind}/versions/{number}", "saved")
    view = _question_view(kind, number, name)
    return show_form(parts, browser, view, form.fields, errors=errors, version=form.one(VERSION))


def _asked(form: Mapping[str, Any], name: str) -> dict[str, Any]:
    """One of its questions. Raises NotFound for one that it does not ask, or not any more."""
    found = next((each for each in form["fields"] if each["name"] == name), None)
    if found is None:
        raise NotFound
    return dict(found)


def _removal_view(kind: str, number: int, question: Mapping[str, Any]) -> FormView:
    return FormView(
        title="Remove a question",
        heading=f"Remove “{question['label']}”?",
        fields=(),
        back=("Back to the draft", f"{HERE}/{kind}/versions/{number}"),
        button="Remove it",
        words=("Requests that were made on earlier versions keep it.",),
        warns=True,
    )


@routes.page(f"{_VERSION}/questions/{{name}}/remove")
async def ask_removal(
    kind: str, number: int, name: str, *, browser: BrowserDep, parts: PartsDep, hub: HubDep
) -> Response:
    """Ask whether to."""
    found = await hub.read(f"/forms/{kind}/versions/{number}")
    view = _removal_view(kind, number, _asked(found.body, name))
    return show_form(parts, browser, view, version=found.etag)


@routes.form(f"{_VERSION}/questions/{{name}}/remove")
async def remove_question(
    kind: str, number: int, name: str, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Do it."""
    found = await hub.get(f"/forms/{kind}/versions/{number}")
    view = _removal_view(kind, number, _asked(found, name))
    errors = await _rewrite(hub, kind, number, without_question(body_of(found), name), form.one(VERSION))
    if errors:
        return show_form(parts, browser, view, errors=errors, version=form.one(VERSION))
    return await finish(parts, browser, f"{HERE}/{kind}/versions/{number}", "saved")
