"""Joint-controller arrangements: who informs and who answers where organisations decide together (Article 26)."""

from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import together
from connective.frontend.domain import partnership
from connective.frontend.domain.act_fields import REASON, of_arrangement
from connective.frontend.domain.agreements import DRAFT
from connective.frontend.domain.answers import Refused
from connective.frontend.domain.fields import Errors
from connective.frontend.pages.browser import Form
from connective.frontend.pages.officers import Desk, DeskDep, named, wrong_with
from connective.frontend.pages.routing import FormDep, personal_routes

routes = personal_routes()
_ONE = "/agreements/joint/{arrangement_id}"
_END = (
    "Leave this arrangement",
    "It ends for all of its organisations. What they decide together then needs a new one.",
    "End the arrangement",
)


@routes.page("/agreements/joint")
async def show_list(desk: DeskDep, cursor: str | None = None) -> Response:
    """The arrangements that one's organisation is part of."""
    asked = {"limit": 50, "cursor": cursor}
    found, asker = await together(desk.hub.part("/joint-arrangements", asked), desk.asker())
    pages = [partnership.arrangement_page(each, asker) for each in found.items]
    return desk.show("agreements/arrangements.html", part=found, pages=pages, may_draft=desk.person.may(DRAFT))


@routes.page("/agreements/joint/new")
async def ask_new(desk: DeskDep) -> Response:
    """Ask for an arrangement."""
    return await _form(desk, desk.kept, [])


async def _form(desk: Desk, typed: Form, errors: Errors) -> Response:
    fields = of_arrangement(named(await desk.asker()))
    return desk.show("agreements/arrangement_form.html", errors, typed=typed, fields=fields)


@routes.form("/agreements/joint/new")
async def propose(desk: DeskDep, form: FormDep) -> Response:
    """Propose it; each organisation's signatory then confirms it."""
    terms, errors = partnership.read_arrangement(form)
    errors += [] if form.one("reference") else [("reference", "Enter a reference, for example JCA 2026/2")]
    if not errors:
        try:
            body = {"reference": form.one("reference"), "terms": terms}
            made = await desk.hub.post("/joint-arrangements", body, key=form.key)
            return await desk.done(f"/agreements/joint/{made.body['id']}")
        except Refused as problem:
            taken = ("reference", "Another arrangement has this reference already: choose another")
            errors = [taken] if problem.status == 409 else wrong_with(problem, of_arrangement(()))
    return await _form(desk, form, errors)


@routes.page(_ONE)
async def show_one(arrangement_id: UUID, desk: DeskDep) -> Response:
    """One arrangement."""
    return await _show(desk, arrangement_id, "arrangement", desk.kept, [])


async def _show(
    desk: Desk,
    arrangement_id: UUID,
    template: str,
    typed: Form,
    errors: Errors,
    **values: Any,  # noqa: ANN401 - whatever the template shows
) -> Response:
    one, asker = await together(desk.hub.get(f"/joint-arrangements/{arrangement_id}"), desk.asker())
    view = partnership.arrangement_page(one, asker)
    return desk.show(f"agreements/{template}.html", errors, view=view, typed=typed, fields=REASON, **values)


@routes.form(f"{_ONE}/confirm")
async def confirm(arrangement_id: UUID, desk: DeskDep, form: FormDep) -> Response:
    """Confirm it for one's organisation; the last one puts it in force."""
    await desk.hub.post(f"/joint-arrangements/{arrangement_id}/confirm", {}, key=form.key)
    return await desk.done(f"/agreements/joint/{arrangement_id}")


@routes.page(f"{_ONE}/end")
async def ask_end(arrangement_id: UUID, desk: DeskDep) -> Response:
    """Ask why."""
    return await _show(desk, arrangement_id, "halt", desk.kept, [], act=_END)


@routes.form(f"{_ONE}/end")
async def end(arrangement_id: UUID, desk: DeskDep, form: FormDep) -> Response:
    """Leave it, which ends it for all."""
    errors: Errors = [] if len(form.one("reason")) > 2 else [("reason", "Enter why")]
    if not errors:
        await desk.hub.post(f"/joint-arrangements/{arrangement_id}/end", {"reason": form.one("reason")}, key=form.key)
        return await desk.done(f"/agreements/joint/{arrangement_id}")
    return await _show(desk, arrangement_id, "halt", form, errors, act=_END)
