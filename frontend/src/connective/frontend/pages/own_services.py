"""`/organisation/services`, `/organisation/reports`: an organisation's own services, their room, what is reported."""

from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.answers import Part
from connective.frontend.domain.fields import one, read
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.own_services import (
    ANSWER_FIELDS,
    MOST_ROWS,
    NEW_ROWS,
    WRONG,
    reports_sheet,
    room_body,
    room_fields,
    room_typed,
    service_sheet,
    services_sheet,
)
from connective.frontend.domain.service_form import HERE
from connective.frontend.domain.sessions import Person
from connective.frontend.domain.words import inline
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.forms import VERSION, every, finish, names_of, show_form, show_sheet, tried
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, Parts, PartsDep, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
WRITE = "partners:service:write"
_BACK = ("Back to our services", HERE)


async def own_services(hub: Hub, person: Person) -> Part:
    """The services of whose organisation somebody works for."""
    return await every(hub, "/services", {"organisation_id": str(person.organisation_id)})


@routes.page(HERE)
async def list_services(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Their list, with the room of each."""
    found = await own_services(hub, browser.person)
    return show_sheet(parts, browser, services_sheet(found, may_write=browser.person.may(WRITE), now=browser.now))


@routes.page(f"{HERE}/{{service_id}}")
async def show_service(service_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """One of them."""
    service = await hub.get(f"/services/{service_id}")
    may = browser.person.may(WRITE) and service["organisation_id"] == str(browser.person.organisation_id)
    return show_sheet(parts, browser, service_sheet(service, may_write=may, now=browser.now))


@routes.form(f"{HERE}/{{service_id}}")
async def assure_service(
    service_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Say that all of it is true today."""
    if form.one("act") != "assure":
        raise NotFound
    await hub.post(f"/services/{service_id}/assure", key=form.key)
    return await finish(parts, browser, f"{HERE}/{service_id}", "checked")


@routes.page(f"{HERE}/{{service_id}}/room")
async def ask_room(service_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, *, rows: int = 0) -> Response:
    """How much room there was when it was last told: the figure of today is typed over it."""
    found = await hub.read(f"/services/{service_id}")
    stored, name = room_typed(found.body["capacities"]), found.body["name"]
    number = max(_rows_of(browser.kept or stored), min(rows, MOST_ROWS), NEW_ROWS)
    return _show_room(parts, browser, service_id, number, typed=stored, version=found.etag, name=name)


@routes.form(f"{HERE}/{{service_id}}/room")
async def tell_room(service_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Tell it."""
    number = min(max(_rows_of(form.fields), NEW_ROWS), MOST_ROWS)
    body, errors = room_body(form.fields, number)
    if not errors:
        sent = hub.put(f"/services/{service_id}/capacity", body, version=form.one(VERSION))
        told, errors = await tried(sent, room_fields(number))
        if told is not None:
            return await finish(parts, browser, HERE, "told")
    return _show_room(parts, browser, service_id, number, typed=form.fields, errors=errors, version=form.one(VERSION))


def _rows_of(typed: Any) -> int:  # noqa: ANN401 - a mapping of what was typed
    return max((int(name.rpartition("-")[2]) + 1 for name in typed if _counted(name, one(typed, name))), default=0)


def _counted(name: str, value: str) -> bool:
    return bool(value) and name.startswith(("available-", "unit-")) and name.rpartition("-")[2].isdecimal()


def _show_room(
    parts: Parts,
    browser: Browser,
    service_id: UUID,
    number: int,
    *,
    name: str = "",
    **given: Any,  # noqa: ANN401 - what the form is shown with
) -> Response:
    view = FormView(
        title="How much room there is",
        heading=f"How much room is there{f' at {name}' if name else ''}?",
        fields=room_fields(number),
        back=_BACK,
        button="Tell everybody",
        more=(f"{HERE}/{service_id}/room?rows={number + 1}", "Count something else too")
        if number < MOST_ROWS
        else None,
    )
    return show_form(parts, browser, view, **given)


@routes.page("/organisation/reports")
async def list_reports(browser: BrowserDep, parts: PartsDep, hub: HubDep, *, cursor: str | None = None) -> Response:
    """What was reported wrong."""
    reports, services = await together(
        hub.part("/services/reports", {"limit": 50, "cursor": cursor}), own_services(hub, browser.person)
    )
    return show_sheet(parts, browser, reports_sheet(reports, names_of(services)))


def _answer(report: dict[str, Any] | None) -> FormView:
    wrong = " and ".join(inline(WRONG.get(each, each)) for each in report["wrong"]) if report else ""
    words = (f"Somebody reported: {wrong}.", *([report["words"]] if report["words"] else [])) if report else ()
    return FormView(
        title="Answer a report",
        fields=ANSWER_FIELDS,
        back=("Back to what was reported", "/organisation/reports"),
        button="Send the answer",
        words=words,
        about_families=True,
    )


@routes.page("/organisation/reports/{report_id}")
async def ask_answer(report_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """One report, to be answered."""
    listed = await hub.get("/services/reports", {"only_open": True, "limit": 200})
    found = next((each for each in listed["items"] if each["id"] == str(report_id)), None)
    if found is None:
        raise NotFound
    return show_form(parts, browser, _answer(found))


@routes.form("/organisation/reports/{report_id}")
async def answer_report(report_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Answer it."""
    body, errors = read(ANSWER_FIELDS, form.fields)
    if not errors:
        sent = hub.post(f"/services/reports/{report_id}/answer", body, key=form.key)
        answered, errors = await tried(sent, ANSWER_FIELDS)
        if answered is not None:
            return await finish(parts, browser, "/organisation/reports", "answered")
    return show_form(parts, browser, _answer(None), form.fields, errors=errors)
