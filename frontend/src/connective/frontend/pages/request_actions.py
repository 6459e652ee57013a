"""What somebody does with a request: at once, or on a form of its own."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.answers import Answer, Refused
from connective.frontend.domain.fields import Errors, Typed, errors_of, typed_from
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.request_askings import ASKINGS
from connective.frontend.domain.request_forms import Asking
from connective.frontend.domain.request_people import people_of
from connective.frontend.domain.request_steps import AT_ONCE, MOVES
from connective.frontend.domain.request_writing import (
    amend_asking,
    amend_typed,
    assign_asking,
    complete_asking,
    elsewhere_asking,
    service_asking,
)
from connective.frontend.domain.sessions import Person
from connective.frontend.domain.words import need
from connective.frontend.pages.browser import Form
from connective.frontend.pages.forms import every, show_form, tried
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, done, onward, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_OTHERS = frozenset({"redirect", "propose-redirect"})
_CHANGED = (
    "Somebody changed this request while you had it open. Look at it as it is now, then send this if it still fits."
)
_MOVED_ON = frozenset({409, 412})


@routes.page("/requests/{request_id}/{verb}")
async def ask(
    *, request_id: UUID, verb: str, browser: BrowserDep, parts: PartsDep, hub: HubDep, version: int | None = None
) -> Response:
    """The form of one act. Those that ask the same of every request read nothing of it, so nothing is disclosed."""
    (asking, typed), now = await together(_asking(hub, browser.person, request_id, verb), _version(hub, request_id))
    if version is not None and str(version) != now and verb in MOVES and browser.kept is None:
        # Before somebody fills in a long form in vain: what led here was a page of how it stood.
        return onward(f"/requests/{request_id}?done=changed")
    return show_form(parts, browser, _view(request_id, asking), typed, version=now)


@routes.form("/requests/{request_id}/{verb}")
async def act(
    *, request_id: UUID, verb: str, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Do it, on the version that was looked at: whoever was quicker is not overruled unseen."""
    if verb in AT_ONCE:
        return await _at_once(parts, browser, hub, (request_id, verb), form)
    asking, stored = await _asking(hub, browser.person, request_id, verb)
    body, errors = asking.body(form.fields)
    answer: Answer | None = None
    if not errors:
        answer, errors = await _sent(hub, request_id, (verb, asking, body), form)
    if answer is None:
        typed = _anew(form, await _version(hub, request_id)) if errors == [("", _CHANGED)] else form.fields
        return show_form(parts, browser, _view(request_id, asking), typed, errors=errors, stored=stored)
    return await done(parts, browser, f"{_target(request_id, verb, answer)}?done={_outcome(verb, answer)}")


async def _at_once(parts: PartsDep, browser: BrowserDep, hub: Hub, what: tuple[UUID, str], form: Form) -> Response:
    """Where it has moved on meanwhile nothing is done, and the request is shown as it is now."""
    request_id, verb = what
    try:
        await hub.post(f"/requests/{request_id}/{verb}", key=form.key, version=version_of(form))
    except Refused as problem:
        if problem.status not in _MOVED_ON:
            raise
        return onward(f"/requests/{request_id}?done=changed")
    return await done(parts, browser, f"/requests/{request_id}?done={verb}")


async def _sent(
    hub: Hub, request_id: UUID, what: tuple[str, Asking, dict[str, Any]], form: Form
) -> tuple[Answer | None, Errors]:
    """What the API answered, or what is wrong with the form."""
    verb, asking, body = what
    if verb == "elsewhere":
        return await tried(hub.post("/referrals", await _again(hub, request_id, body), key=form.key), asking.fields)
    version = version_of(form) if asking.versioned else None
    try:
        return await hub.post(f"/requests/{request_id}/{asking.path or verb}", body, key=form.key, version=version), []
    except Refused as problem:
        if problem.status == 412:
            return None, [("", _CHANGED)]
        return None, errors_of(problem, asking.fields)


async def _again(hub: Hub, request_id: UUID, body: Mapping[str, Any]) -> dict[str, Any]:
    """The same ask of another service of its kind: what was written goes with it, and it replaces the ended one."""
    record = await hub.get(f"/requests/{request_id}")
    asked = {
        "service_id": body["service_id"],
        "subjects": record["subjects"],
        "contact_person_id": record["contact_person_id"],
        "needs": record["needs"],
        "answers": record["answers"],
        "free_text": record["free_text"],
        "replaces": str(request_id),
    }
    check = body["safeguarding_check"]
    return {"family_id": record["family_id"], "safeguarding_check": check, "requests": [asked]}


async def _asking(hub: Hub, person: Person, request_id: UUID, verb: str) -> tuple[Asking, Typed]:
    """What a verb asks, and what its form begins with. Raises NotFound where there is no such form."""
    if verb in ASKINGS:
        return ASKINGS[verb], {}
    if verb == "assign":
        return assign_asking(await _members(hub, person)), {}
    if verb not in _OTHERS | {"elsewhere", "complete", "amend"}:
        raise NotFound
    record = await hub.get(f"/requests/{request_id}")
    if verb == "complete":
        return await _completing(hub, record), {}
    if verb == "amend":
        return await _amending(hub, record)
    options = await _services(hub, record, same_kind=verb == "elsewhere")
    return (elsewhere_asking(options) if verb == "elsewhere" else service_asking(verb, options)), {}


async def _completing(hub: Hub, record: Mapping[str, Any]) -> Asking:
    form = await _form(hub, record)
    people = people_of(record, form, {}) if "form" in record else []
    names = {each.id: each.name for each in people}
    subjects = [(each["person_id"], names[each["person_id"]]) for each in record.get("people", ()) if each["subject"]]
    needs = [f"{need(each['code'])} ({names.get(each['person_id'], 'somebody')})" for each in record.get("needs", ())]
    return complete_asking(record, subjects, needs)


async def _amending(hub: Hub, record: Mapping[str, Any]) -> tuple[Asking, Typed]:
    form, family = await together(_form(hub, record), hub.part(f"/families/{record['family_id']}"))
    names = {each.id: each.name for each in people_of(record, form, family.value or {})}
    needs = [f"{need(each['code'])} ({names.get(each['person_id'], 'somebody')})" for each in record["needs"]]
    asking = amend_asking(record, form, needs)
    return asking, typed_from(asking.fields, amend_typed(record))


async def _form(hub: Hub, record: Mapping[str, Any]) -> dict[str, Any]:
    form = record.get("form")
    return await hub.get(f"/forms/{form['kind']}/versions/{form['version']}") if form else {}


async def _services(hub: Hub, record: Mapping[str, Any], *, same_kind: bool) -> list[tuple[str, str]]:
    """Other services that take requests, by name."""
    status = record["status"]
    listed = await every(hub, "/services", {"status": "active", "kind": status["service_kind"] if same_kind else None})
    return [
        (each["id"], f"{each['name']}, {each['organisation_name']}")
        for each in listed.items
        if each["id"] != status["service_id"]
    ]


async def _members(hub: Hub, person: Person) -> list[tuple[str, str]]:
    """Who may take it on: oneself, and one's colleagues."""
    listed = await every(hub, "/me/colleagues")
    others = [(each["id"], each["name"]) for each in listed.items if each["id"] != str(person.id)]
    return [(str(person.id), f"{person.name} (you)"), *others]


def _view(request_id: UUID, asking: Asking) -> FormView:
    return FormView(
        title=asking.title,
        fields=asking.fields,
        back=("Back to the request", f"/requests/{request_id}"),
        button=asking.button,
        words=asking.words,
        warning=asking.warning,
        warns=asking.warns,
        about_families=True,
    )


async def _version(hub: Hub, request_id: UUID) -> str:
    """The version as it is now, as the hidden field holds it."""
    return (await hub.version(f"/requests/{request_id}") or "").strip('"')


def _anew(form: Form, version: str) -> dict[str, list[str]]:
    return form.fields | {"version": [version]}


def version_of(form: Form) -> str | None:
    """The version somebody looked at, as the API quotes it; None where the form carries none."""
    text = form.one("version")
    return f'"{text}"' if text.isdecimal() else None


def _target(request_id: UUID, verb: str, answer: Answer) -> str:
    """Where to go on: to the new request, where one was made."""
    if verb == "redirect":
        return f"/requests/{answer.body['id']}"
    if verb == "elsewhere":
        return f"/requests/{answer.body['requests'][0]['id']}"
    return f"/vouchers/{answer.body['id']}" if verb == "vouchers" else f"/requests/{request_id}"


def _outcome(verb: str, answer: Answer) -> str:
    """What is said of it: asking may end in a request that was not sent, and that is not told as sent."""
    asked = answer.body["requests"][0] if verb == "elsewhere" else answer.body
    return "blocked" if verb in {"elsewhere", "submit"} and asked["state"] == "blocked" else verb
