"""One line of an agreement's draft on a page of its own: a flow, or what one party relies on for one purpose."""

from uuid import UUID

from fastapi import Response

from connective.frontend.domain import draft_fields, drafting
from connective.frontend.domain import sharing_words as say
from connective.frontend.domain.answers import Answer
from connective.frontend.domain.fields import Errors
from connective.frontend.pages.agreement_draft import save
from connective.frontend.pages.browser import Form
from connective.frontend.pages.officers import Desk, DeskDep, WhichDep
from connective.frontend.pages.routing import FormDep, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_DRAFT = "/agreements/{agreement_id}/versions/{number}/draft"
_FLOW = f"{_DRAFT}/flows/{{place}}"
_BASIS = f"{_DRAFT}/bases/{{entity_id}}/{{purpose}}"


@routes.page(_FLOW)
async def show_flow(which: WhichDep, place: str, desk: DeskDep) -> Response:
    """One flow: who shares what with whom, for what, and how; `new` for one more."""
    read = await desk.hub.read(which.path)
    stored = _stored(read, _place(place, read))
    return await _line(desk, read, Form("", desk.browser.kept or stored), stored)


def _stored(read: Answer, at: int | None) -> drafting.Typed:
    """What the flow says now; what is usual, for one more."""
    return {"methods": list(say.METHODS)} if at is None else drafting.typed_flow(read.body["terms"]["flows"][at])


@routes.form(_FLOW)
async def save_flow(which: WhichDep, place: str, desk: DeskDep, form: FormDep) -> Response:
    """Save it; a form that is sent twice adds one flow."""
    read = await desk.hub.read(which.path)
    terms = read.body["terms"]
    flow, errors = drafting.read_flow(form)
    at = _place(place, read)
    asked = draft_fields.of_flow((), len(terms["flows"]) if at is None else at)
    if not errors and not (at is None and drafting.has_flow(terms, flow)):
        errors = await save(desk.hub, read, drafting.with_flow(terms, at, flow), form, asked)
    if errors:
        return await _line(desk, read, form, _stored(read, at), errors)
    return await desk.done(f"{which.path}/draft/flows")


def _place(place: str, read: Answer) -> int | None:
    if place == "new":
        return None
    if not place.isdecimal() or int(place) >= len(read.body["terms"]["flows"]):
        raise NotFound
    return int(place)


@routes.page(_BASIS)
async def show_basis(which: WhichDep, entity_id: UUID, purpose: str, desk: DeskDep) -> Response:
    """What one party relies on for one purpose."""
    read = await desk.hub.read(which.path)
    wanted = _wanted(read, entity_id, purpose)
    stored = drafting.typed_basis(wanted.given)
    return await _line(desk, read, Form("", desk.browser.kept or stored), stored, wanted=wanted)


@routes.form(_BASIS)
async def save_basis(which: WhichDep, entity_id: UUID, purpose: str, desk: DeskDep, form: FormDep) -> Response:
    """Save it."""
    read = await desk.hub.read(which.path)
    wanted = _wanted(read, entity_id, purpose)
    terms, errors = drafting.with_basis(read.body["terms"], str(entity_id), purpose, form)
    errors = errors or await save(
        desk.hub, read, terms, form, draft_fields.of_basis(wanted, "", len(terms["bases"]) - 1)
    )
    if errors:
        return await _line(desk, read, form, drafting.typed_basis(wanted.given), errors, wanted=wanted)
    return await desk.done(f"{which.path}/draft/bases")


def _wanted(read: Answer, entity_id: UUID, purpose: str) -> drafting.WantedBasis:
    found = drafting.wanted_bases(read.body["terms"])
    wanted = next((each for each in found if (each.entity_id, each.purpose) == (str(entity_id), purpose)), None)
    if wanted is None:
        raise NotFound
    return wanted


async def _line(
    desk: Desk,
    read: Answer,
    typed: Form,
    stored: drafting.Typed,
    errors: Errors | None = None,
    *,
    wanted: drafting.WantedBasis | None = None,
) -> Response:
    """The page of a flow, or of what one party relies on."""
    version, asker = read.body, await desk.asker()
    address = f"/agreements/{version['agreement_id']}/versions/{version['number']}/draft"
    parties = [(each["legal_entity_id"], asker.name(each["legal_entity_id"])) for each in version["terms"]["parties"]]
    fields = draft_fields.of_flow(parties)
    if wanted is not None:
        fields = draft_fields.of_basis(wanted, typed.one("article_10"))
    view = {
        "version": version,
        "etag": read.etag,
        "typed": typed,
        "stored": stored,
        "asker": asker,
        "say": say,
        "address": address,
    }
    template = "agreements/line_flow.html" if wanted is None else "agreements/line_basis.html"
    return desk.show(template, errors, **view, fields=fields, wanted=wanted)
