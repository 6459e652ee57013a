"""Proving: the page of one record, and every form by which an officer acts on it or begins a new one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.answers import Refused
from connective.frontend.domain.fields import Errors, Field, Typed, answered
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.proving_acts import ACTS, BEGIN, RESULT, Act
from connective.frontend.domain.proving_filters import filled
from connective.frontend.domain.proving_home import OFFICER
from connective.frontend.domain.proving_queues import REQUESTS
from connective.frontend.domain.proving_records import RECORDS
from connective.frontend.domain.proving_retention import KEPT, run
from connective.frontend.domain.proving_tables import Known
from connective.frontend.pages.browser import Browser, Form
from connective.frontend.pages.forms import VERSION, show_form, tried
from connective.frontend.pages.proving import known_of
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, Parts, PartsDep, done, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
PAGES = {**RECORDS, **KEPT}
_LINKED = frozenset({"people", "person", "select"})
_WITH_AGREEMENTS = frozenset({"breaches", "deletions", "holds"})


async def _record(hub: Hub, browser: Browser, name: str, record_id: UUID) -> Mapping[str, Any]:
    """One record. An override is read by its lead with its reasons, and by officers without. Raises NotFound."""
    if name not in PAGES:
        raise NotFound
    if name == "overrides" and browser.person.may(OFFICER):
        listed = await hub.get("/audit/overrides", {"limit": 200})
        found = [each for each in listed["items"] if each["id"] == str(record_id)]
        if not found:
            raise NotFound
        return dict(found[0])
    return await hub.get(PAGES[name][0].replace("{id}", str(record_id)))


@routes.page("/audit/{name}/new")
async def ask_new(name: str, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """The form that begins something."""
    act = _beginning(name, browser)
    known = await known_of(hub, browser, agreements=_shows_agreements(act))
    questions = await _questions(hub, act, known)
    return _form(browser, parts, act, questions, _given(browser, questions), back=f"/audit/{name}")


@routes.form("/audit/{name}/new")
async def make_new(name: str, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Begin it, and go on to its page."""
    act = _beginning(name, browser)
    known = await known_of(hub, browser, agreements=_shows_agreements(act))
    questions = await _questions(hub, act, known)
    body, errors = answered(questions, form.fields)
    made = None
    if not errors:
        made, errors = await tried(hub.post(act.path, body if act.fields else None, key=form.key), questions)
    if made is None:
        return _form(browser, parts, act, questions, form.fields, errors=errors, back=f"/audit/{name}")
    return await done(parts, browser, f"/audit/{name}/{made.body['id']}")


@routes.page("/audit/{name}/{record_id}")
async def show_record(name: str, record_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """One record: what it says, its clock, and what can be done now."""
    if name == "runs":
        return await _show_run(record_id, browser, parts, hub)
    record, known = await together(
        _record(hub, browser, name, record_id), known_of(hub, browser, agreements=name in _WITH_AGREEMENTS)
    )
    return parts.pages.show(browser, "audit/record.html", view=PAGES[name][1](record, known))


async def _show_run(run_id: UUID, browser: Browser, parts: Parts, hub: Hub) -> Response:
    path = f"/retention/runs/{run_id}"
    record, items, known = await together(
        hub.get(path), hub.part(f"{path}/items", {"limit": 200}), known_of(hub, browser)
    )
    return parts.pages.show(browser, "audit/record.html", view=run(record, known, items.items))


@routes.page("/audit/samples/{record_id}/items/{nth}")
async def ask_result(record_id: UUID, nth: int, browser: BrowserDep, parts: PartsDep) -> Response:
    """The form for what was found of one item."""
    return _form(browser, parts, _result(nth), RESULT.fields, {}, back=f"/audit/samples/{record_id}")


def _result(nth: int) -> Act:
    return replace(RESULT, said=f"This is about item {nth} of the sample.")


@routes.form("/audit/samples/{record_id}/items/{nth}")
async def record_result(
    *, record_id: UUID, nth: int, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Record it, and go back to the sample."""
    path = RESULT.path.replace("{id}", str(record_id)).replace("{nth}", str(nth))
    back = f"/audit/samples/{record_id}"
    return await _carry_out(browser, parts, hub, form, act=_result(nth), path=path, questions=RESULT.fields, back=back)


@routes.page("/audit/{name}/{record_id}/{done_word}")
async def ask_act(
    *, name: str, record_id: UUID, done_word: str, browser: BrowserDep, parts: PartsDep, hub: HubDep
) -> Response:
    """The form of an act about one record."""
    act = _act(name, done_word, browser)
    version: str | None = None
    typed: Typed = {}
    if act.put:
        version = (await hub.read(PAGES[name][0].replace("{id}", str(record_id)))).etag or ""
    if done_word == "approve":
        # What is approved is the list that was looked at: its digest travels with the form.
        found = await hub.get(PAGES[name][0].replace("{id}", str(record_id)))
        typed = {"list_hash": [found["list_hash"]]}
    return _form(browser, parts, act, act.fields, typed, back=f"/audit/{name}/{record_id}", version=version)


@routes.form("/audit/{name}/{record_id}/{done_word}")
async def carry_out(
    *, name: str, record_id: UUID, done_word: str, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Do it, and go back to the record."""
    act = _act(name, done_word, browser)
    path = act.path.replace("{id}", str(record_id))
    back = f"/audit/{name}/{record_id}"
    return await _carry_out(browser, parts, hub, form, act=act, path=path, questions=act.fields, back=back)


async def _carry_out(
    browser: Browser, parts: Parts, hub: Hub, form: Form, *, act: Act, path: str, questions: Sequence[Field], back: str
) -> Response:
    body, errors = answered(questions, form.fields)
    if not errors:
        sent = (
            hub.put(path, body, version=form.one(VERSION))
            if act.put
            else hub.post(path, body if act.fields else None, key=form.key)
        )
        _, errors = await tried(sent, questions)
    if errors:
        return _form(browser, parts, act, questions, form.fields, errors=errors, back=back)
    return await done(parts, browser, back)


def _beginning(name: str, browser: Browser) -> Act:
    if name not in BEGIN:
        raise NotFound
    return _allowed(BEGIN[name], browser)


def _act(name: str, done_word: str, browser: Browser) -> Act:
    if (name, done_word) not in ACTS:
        raise NotFound
    return _allowed(ACTS[name, done_word], browser)


def _allowed(act: Act, browser: Browser) -> Act:
    """The API decides; but nobody fills in a form that it is bound to refuse. Raises Refused."""
    if not browser.person.may(act.permission):
        raise Refused(403, "not-allowed", "")
    return act


def _shows_agreements(act: Act) -> bool:
    return any(each.name.startswith("agreement_id") for each in act.fields)


def _given(browser: Browser, questions: Sequence[Field]) -> Typed:
    """What a link from another page answers already: ids and pseudonyms, never a word about anybody."""
    asked = browser.request.query_params
    return {each.name: [asked[each.name]] for each in questions if each.kind in _LINKED and each.name in asked}


async def _questions(hub: Hub, act: Act, known: Known) -> list[Field]:
    """The questions with this place's choices; what a request asks for begins with one that is not answered yet."""
    questions = filled(act.fields, known)
    if not any(each.name == "information_request_id" for each in questions):
        return questions
    listed = await hub.part("/audit/information-requests", {"standing": "outstanding", "limit": 200})
    fits = [each for each in listed.items if each["kind"] in act.of_kinds]
    options = tuple((each["id"], f"{each['reference']}: {REQUESTS[each['kind']]}") for each in fits)
    return [replace(each, options=options) if each.name == "information_request_id" else each for each in questions]


def _form(
    browser: Browser,
    parts: Parts,
    act: Act,
    questions: Sequence[Field],
    typed: Typed,
    *,
    back: str,
    errors: Errors | None = None,
    version: str | None = None,
) -> Response:
    view = FormView(
        title=act.title,
        fields=questions,
        back=("Back", back),
        button=act.button,
        words=(act.said,) if act.said else (),
    )
    return show_form(parts, browser, view, typed, errors=errors, version=version)
