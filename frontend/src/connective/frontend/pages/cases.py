"""Cases of early help: opened for a family, taken step by step, closed by two people."""

from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.answers import Part, Refused
from connective.frontend.domain.cases import ACTS, CaseAct, case_sheet, opening_fields, team_fields
from connective.frontend.domain.fields import Field, read
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.team_reading import team_sheet
from connective.frontend.domain.troubles import MOVED_ON
from connective.frontend.domain.words import LONDON
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.forms import VERSION, every, finish, names_of, show_form, show_sheet, tried
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_CASE = "/cases/{case_id}"
_OPEN = "/families/{family_id}/case"


async def _colleagues(hub: Hub) -> dict[str, str]:
    return names_of(await every(hub, "/me/colleagues"))


async def _opening(hub: Hub, browser: Browser, family_id: UUID) -> FormView:
    colleagues = await _colleagues(hub)
    return FormView(
        title="Open a case",
        heading="Open a case of early help for this family",
        fields=opening_fields(tuple(colleagues.items()), str(browser.person.id)),
        back=("Back to the family", f"/families/{family_id}"),
        button="Open the case",
        words=("A case is one episode of help: you assess with the family, agree a plan, review it, and close it.",),
    )


@routes.page(_OPEN)
async def ask_case(family_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Who leads a new case."""
    typed = {"lead_practitioner_id": [str(browser.person.id)]}
    return show_form(parts, browser, await _opening(hub, browser, family_id), typed)


@routes.form(_OPEN)
async def open_case(family_id: UUID, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Open it, and go on to its page."""
    view = await _opening(hub, browser, family_id)
    body, errors = read(view.fields, form.fields)
    if not errors:
        made, errors = await tried(hub.post("/cases", {"family_id": str(family_id), **body}, key=form.key), view.fields)
        if made is not None:
            return await finish(parts, browser, f"/cases/{made.body['id']}", "created")
    return show_form(parts, browser, view, form.fields, errors=errors)


@routes.page(_CASE)
async def show_case(case_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """A case: where it stands, what is next, and who is on the team."""
    case, organisations, colleagues = await together(
        hub.get(f"/cases/{case_id}"), every(hub, "/organisations"), _colleagues(hub)
    )
    return show_sheet(parts, browser, case_sheet(case, names_of(organisations), colleagues))


@routes.page(f"{_CASE}/team")
async def ask_team(case_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Which organisation comes on to the team."""
    return show_form(parts, browser, await _team(hub, case_id))


async def _team(hub: Hub, case_id: UUID) -> FormView:
    case, organisations = await together(hub.get(f"/cases/{case_id}"), every(hub, "/organisations"))
    return FormView(
        title="Bring an organisation on to the team",
        fields=team_fields(organisations.items, case),
        back=("Back to the case", f"/cases/{case_id}"),
        button="Bring it on to the team",
        words=("It sees that there is a case. What it reads of the family is decided and recorded each time.",),
    )


@routes.form(f"{_CASE}/team")
async def join_team(case_id: UUID, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Bring it on."""
    view = await _team(hub, case_id)
    body, errors = read(view.fields, form.fields)
    if not errors:
        made, errors = await tried(hub.post(f"/cases/{case_id}/team", body, key=form.key), view.fields)
        if made is not None:
            return await finish(parts, browser, f"/cases/{case_id}", "recorded")
    return show_form(parts, browser, view, form.fields, errors=errors)


@routes.page(f"{_CASE}/family")
async def read_as_team(case_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What a member of the team may read of the family: decided and recorded, this very time."""
    found: Part = await hub.part(f"/cases/{case_id}/family")
    return show_sheet(parts, browser, team_sheet(found, f"/cases/{case_id}"))


def _act(name: str) -> CaseAct:
    if name not in ACTS:
        raise NotFound
    return ACTS[name]


def _view(act: CaseAct, case_id: UUID) -> FormView:
    back = ("Back to the case", f"/cases/{case_id}")
    return FormView(title=act.title, fields=act.fields, back=back, button=act.button, words=act.words)


@routes.page(f"{_CASE}/{{step}}")
async def ask_step(case_id: UUID, step: str, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """The form of one step."""
    act = _act(step)
    case = await hub.read(f"/cases/{case_id}")
    if step.replace("-", "_") not in case.body["allowed_actions"]:
        raise Refused(404, MOVED_ON, "")
    return show_form(parts, browser, _view(act, case_id), version=case.etag)


@routes.form(f"{_CASE}/{{step}}")
async def take_step(
    case_id: UUID, step: str, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Take it; what somebody else changed meanwhile is said."""
    act = _act(step)
    fields: tuple[Field, ...] = act.fields
    body, errors = read(fields, form.fields, browser.now.astimezone(LONDON).date())
    if not errors:
        sent: Any = body if fields else None
        call = hub.post(f"/cases/{case_id}/{step}", sent, key=form.key, version=form.one(VERSION))
        made, errors = await tried(call, fields)
        if made is not None:
            return await finish(parts, browser, f"/cases/{case_id}", "recorded")
    return show_form(parts, browser, _view(act, case_id), form.fields, errors=errors)
