"""Memoranda of understanding: what partners commit to do together, signed and tracked. One permits no sharing."""

from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import together
from connective.frontend.domain import partnership
from connective.frontend.domain.act_fields import REASON, REPORT, SIGNATURE, of_commitment, of_memorandum
from connective.frontend.domain.agreements import DRAFT
from connective.frontend.domain.answers import Refused
from connective.frontend.domain.fields import Errors
from connective.frontend.domain.troubles import MOVED_ON
from connective.frontend.pages.agreement_acts import signature_of
from connective.frontend.pages.browser import Form
from connective.frontend.pages.officers import Desk, DeskDep, named, wrong_with
from connective.frontend.pages.routing import FormDep, personal_routes

routes = personal_routes()
_ONE = "/memoranda/{memorandum_id}"
_CHANGED = "Somebody else changed this draft meanwhile. What you typed is still here: look at it, then save again."


@routes.page("/memoranda")
async def show_list(desk: DeskDep, cursor: str | None = None) -> Response:
    """The memoranda of one's organisation."""
    found, asker = await together(desk.hub.part("/memoranda", {"limit": 50, "cursor": cursor}), desk.asker())
    pages = [partnership.memorandum_page(each, asker) for each in found.items]
    return desk.show("agreements/memoranda.html", part=found, pages=pages, may_draft=desk.person.may(DRAFT))


@routes.page("/memoranda/new")
async def ask_new(desk: DeskDep) -> Response:
    """Ask for a memorandum."""
    asker = await desk.asker()
    blank = partnership.typed_memorandum(partnership.blank_memorandum(desk.today, asker.entity_id), "")
    return await _form(desk, Form("", desk.browser.kept or blank), [])


@routes.form("/memoranda/new")
async def draft(desk: DeskDep, form: FormDep) -> Response:
    """Draft it."""
    terms, errors = partnership.read_memorandum(form)
    errors += [] if form.one("reference") else [("reference", "Enter a reference, for example MOU 2026/3")]
    if not errors:
        try:
            body = {"reference": form.one("reference"), "terms": terms}
            made = await desk.hub.post("/memoranda", body, key=form.key)
            return await desk.done(f"/memoranda/{made.body['id']}")
        except Refused as problem:
            taken = ("reference", "Another memorandum has this reference already: choose another")
            errors = [taken] if problem.status == 409 else wrong_with(problem, of_memorandum((), new=True))
    return await _form(desk, form, errors)


async def _form(desk: Desk, typed: Form, errors: Errors, **values: Any) -> Response:  # noqa: ANN401 - whatever the template shows
    rows = sum(bool(typed.one(f"what-{number}")) for number in range(200)) + partnership.COMMITMENT_ROWS
    names = named(await desk.asker())
    shown = {"etag": "", "back": "/memoranda"} | values
    fields = of_memorandum(names, new=not shown["etag"])
    commitments = [of_commitment(number, names) for number in range(rows)]
    view = {"typed": typed, "fields": fields, "commitments": commitments}
    return desk.show("agreements/memorandum_form.html", errors, **view, **shown)


@routes.page(_ONE)
async def show_one(memorandum_id: UUID, desk: DeskDep) -> Response:
    """One memorandum: what it says, who signed, and how each commitment stands."""
    return await _show(desk, memorandum_id, "memorandum", desk.kept, [])


async def _show(
    desk: Desk,
    memorandum_id: UUID,
    template: str,
    typed: Form,
    errors: Errors,
    *,
    verb: str = "",
    **values: Any,  # noqa: ANN401 - whatever the template shows
) -> Response:
    """Raises Refused for a `verb` that is not to be done now."""
    one, asker = await together(desk.hub.get(f"/memoranda/{memorandum_id}"), desk.asker())
    view = partnership.memorandum_page(one, asker)
    if verb and verb not in view.acts:
        raise Refused(404, MOVED_ON, "")
    fields = {"sign": SIGNATURE, "halt": REASON, "commitment": REPORT}.get(template, ())
    return desk.show(f"agreements/{template}.html", errors, view=view, typed=typed, fields=fields, **values)


@routes.page(f"{_ONE}/edit")
async def ask_edit(memorandum_id: UUID, desk: DeskDep) -> Response:
    """Show the draft, to be changed."""
    read = await desk.hub.read(f"/memoranda/{memorandum_id}")
    typed = partnership.typed_memorandum(read.body["terms"], read.body["reference"])
    back = f"/memoranda/{memorandum_id}"
    return await _form(desk, Form("", desk.browser.kept or typed), [], etag=read.etag, back=back, stored=typed)


@routes.form(f"{_ONE}/edit")
async def edit(memorandum_id: UUID, desk: DeskDep, form: FormDep) -> Response:
    """Replace its terms."""
    path = f"/memoranda/{memorandum_id}"
    terms, errors = partnership.read_memorandum(form)
    read = await desk.hub.read(path)
    if not errors and terms != read.body["terms"]:
        try:
            await desk.hub.put(path, terms, version=form.one("version"))
        except Refused as problem:
            errors = [("", _CHANGED)] if problem.status == 412 else wrong_with(problem, of_memorandum((), new=True))
    if not errors:
        return await desk.done(path)
    stored = partnership.typed_memorandum(read.body["terms"], read.body["reference"])
    return await _form(desk, form, errors, etag=read.etag, back=path, stored=stored)


@routes.form(f"{_ONE}/submit")
async def submit(memorandum_id: UUID, desk: DeskDep, form: FormDep) -> Response:
    """Freeze the text and ask each party's signatory to sign."""
    path = f"/memoranda/{memorandum_id}"
    try:
        await desk.hub.post(f"{path}/submit", {}, key=form.key)
    except Refused as problem:
        return await _show(desk, memorandum_id, "memorandum", form, [("", said) for _, said in wrong_with(problem)])
    return await desk.done(path)


@routes.page(f"{_ONE}/sign")
async def ask_signature(memorandum_id: UUID, desk: DeskDep) -> Response:
    """Show the exact text, and ask for a signature over its hash."""
    return await _show(desk, memorandum_id, "sign", desk.kept, [], verb="sign", what="memorandum")


@routes.form(f"{_ONE}/sign")
async def sign(memorandum_id: UUID, desk: DeskDep, form: FormDep) -> Response:
    """Sign; the last signature puts it in force."""
    body, errors = signature_of(form)
    errors = errors or await _do(desk, f"/memoranda/{memorandum_id}/sign", body, form)
    if errors:
        return await _show(desk, memorandum_id, "sign", form, errors, what="memorandum")
    return await desk.done(f"/memoranda/{memorandum_id}")


@routes.page(f"{_ONE}/end")
async def ask_end(memorandum_id: UUID, desk: DeskDep) -> Response:
    """Ask why it ends."""
    return await _show(desk, memorandum_id, "halt", desk.kept, [], verb="end", act=_END)


_END = ("End this memorandum", "What was committed is not tracked any more.", "End the memorandum")


@routes.form(f"{_ONE}/end")
async def end(memorandum_id: UUID, desk: DeskDep, form: FormDep) -> Response:
    """End it."""
    errors: Errors = [] if len(form.one("reason")) > 2 else [("reason", "Enter why")]
    errors = errors or await _do(desk, f"/memoranda/{memorandum_id}/end", {"reason": form.one("reason")}, form)
    if errors:
        return await _show(desk, memorandum_id, "halt", form, errors, act=_END)
    return await desk.done(f"/memoranda/{memorandum_id}")


@routes.page(f"{_ONE}/commitments/{{number}}")
async def ask_report(memorandum_id: UUID, number: int, desk: DeskDep) -> Response:
    """Ask how a commitment stands."""
    return await _show(desk, memorandum_id, "commitment", desk.kept, [], number=number)


@routes.form(f"{_ONE}/commitments/{{number}}")
async def report(memorandum_id: UUID, number: int, desk: DeskDep, form: FormDep) -> Response:
    """Say how it stands; earlier reports are kept."""
    errors: Errors = [] if form.one("progress") else [("progress", "Choose how it stands")]
    body = {"progress": form.one("progress"), "note": form.one("note")}
    path = f"/memoranda/{memorandum_id}"
    errors = errors or await _do(desk, f"{path}/commitments/{number}/reports", body, form)
    if errors:
        return await _show(desk, memorandum_id, "commitment", form, errors, number=number)
    return await desk.done(f"{path}#commitments")


async def _do(desk: Desk, path: str, body: dict[str, Any], form: Form) -> Errors:
    try:
        await desk.hub.post(path, body, key=form.key)
    except Refused as problem:
        return wrong_with(problem, (*SIGNATURE, *REASON, *REPORT))
    return []
