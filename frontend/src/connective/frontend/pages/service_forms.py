"""`/organisation/services/new`, `…/{id}/change`: an own service told page by page, and changed one page at a time."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub
from connective.frontend.domain.fields import Errors, typed_from
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.own_places import typed_areas
from connective.frontend.domain.paged_form import PagedForm, Step
from connective.frontend.domain.service_form import (
    HERE,
    NEW,
    changed_service,
    new_service,
    read_service,
    service_fields,
)
from connective.frontend.domain.words import LONDON
from connective.frontend.pages.browser import Browser, Form
from connective.frontend.pages.forms import VERSION, finish, show_form, tried
from connective.frontend.pages.paged_forms import Paged
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, Parts, PartsDep, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_CHANGE = f"{HERE}/{{service_id}}/change"


def _new(browser: Browser, parts: Parts) -> Paged:
    typed = browser.request.state.form.fields if browser.request.method == "POST" else browser.kept or {}
    return Paged(parts, browser, new_service(typed))


@routes.page(NEW)
async def ask_service(browser: BrowserDep, parts: PartsDep) -> Response:
    """Ask what a new one is."""
    return await _new(browser, parts).show("")


@routes.form(NEW)
async def begin_service(browser: BrowserDep, parts: PartsDep, form: FormDep) -> Response:
    """Keep what it is, and go on."""
    return await _new(browser, parts).take("", form)


@routes.page(f"{NEW}/check")
async def check_service(browser: BrowserDep, parts: PartsDep) -> Response:
    """Everything that was said of it."""
    return await _new(browser, parts).check()


@routes.form(f"{NEW}/check")
async def add_service(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Publish it."""

    async def send(typed: dict[str, list[str]], form: Form) -> tuple[str, Errors]:
        names = {each.name for each in paged.form.fields(typed)}
        body, errors = read_service(typed, new=True, only=names)
        if errors:
            return "", errors
        sent = body | {"organisation_id": str(browser.person.organisation_id)}
        made, errors = await tried(hub.post("/services", sent, key=form.key), service_fields((), typed))
        return ("", errors) if made is None else (f"{HERE}/{made.body['id']}?done=created", [])

    paged = _new(browser, parts)
    return await paged.send(form, send)


@routes.page(f"{NEW}/{{step}}")
async def ask_more(step: str, browser: BrowserDep, parts: PartsDep) -> Response:
    """Ask something more of it."""
    return await _new(browser, parts).show(step)


@routes.form(f"{NEW}/{{step}}")
async def take_more(step: str, browser: BrowserDep, parts: PartsDep, form: FormDep) -> Response:
    """Keep that, and go on."""
    return await _new(browser, parts).take(step, form)


@routes.page(_CHANGE)
async def choose_change(service_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What the directory says of it, and the page on which each of it is changed."""
    found = await hub.get(f"/services/{service_id}")
    form, typed = _known(found)
    sections = form.parts(typed, browser.now.astimezone(LONDON).date())
    return parts.pages.show(
        browser,
        "services/change.html",
        form=form,
        sections=sections,
        name=found["name"],
        saved=browser.request.query_params.get("done") == "saved",
    )


def _known(service: Mapping[str, Any]) -> tuple[PagedForm, dict[str, list[str]]]:
    """The form with what is known of a service, as somebody would have typed it."""
    typed = typed_from(service_fields(service["languages"], {}), service) | typed_areas(service)
    return changed_service(service, typed), typed


async def _step(hub: Hub, service_id: UUID, code: str) -> tuple[dict[str, Any], str | None, PagedForm, Step]:
    """The service, its version, and one page of its form. Raises NotFound."""
    found = await hub.read(f"/services/{service_id}")
    form, typed = _known(found.body)
    step = form.step(code, typed)
    if step is None:
        raise NotFound
    return typed, found.etag, form, step


def _view(form: PagedForm, step: Step) -> FormView:
    return FormView(
        title=form.title, heading=step.heading, fields=step.fields, back=("Back to all of it", form.address),
        words=step.words,
    )  # fmt: skip


@routes.page(f"{_CHANGE}/{{step}}")
async def ask_change(service_id: UUID, step: str, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """One page of it, to be changed."""
    typed, version, form, page = await _step(hub, service_id, step)
    return show_form(parts, browser, _view(form, page), typed, version=version)


@routes.form(f"{_CHANGE}/{{step}}")
async def change_service(
    service_id: UUID, step: str, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Keep it."""
    service = await hub.get(f"/services/{service_id}")
    page = changed_service(service, form.fields)
    asked = next((each for each in page.steps if each.code == step), None)
    if asked is None:
        raise NotFound
    names = {each.name for each in asked.fields}
    errors = asked.errors(form.fields, browser.now.astimezone(LONDON).date())
    if not errors:
        body, _ = read_service(form.fields, known=service["languages"], new=False, only=names)
        sent = hub.patch(f"/services/{service_id}", body, version=form.one(VERSION))
        changed, errors = await tried(sent, asked.fields)
        if changed is not None:
            return await finish(parts, browser, f"{HERE}/{service_id}/change", "saved")
    return show_form(parts, browser, _view(page, asked), form.fields, errors=errors, version=form.one(VERSION))
