"""A registration is looked through and sent; whoever may be known already is shown beside whoever was typed."""

from typing import Any

from fastapi import Response

from connective.frontend.clients.hub import Hub
from connective.frontend.domain.answers import Refused
from connective.frontend.domain.fields import Errors, Typed, one
from connective.frontend.domain.registering import Draft, step_of
from connective.frontend.domain.registering_view import Side, body_of, decide, describe, describe_home, side_by_side
from connective.frontend.pages.registration_desk import Desk, DeskDep
from connective.frontend.pages.routing import FormDep, HubDep, personal_routes

routes = personal_routes()


@routes.page("/families/new/{draft_id}/check")
async def check(desk: DeskDep) -> Response:
    """Everything that was said, before it is sent."""
    return desk.sent() if desk.draft.sent else _check_page(desk, [])


def _check_page(desk: Desk, errors: Errors) -> Response:
    draft = desk.draft
    people = [describe(draft, key, desk.today) for key in draft.people]
    return desk.parts.pages.show(
        desk.browser,
        "register/check.html",
        status=422 if errors else 200,
        draft=draft,
        address=desk.address,
        people=people,
        home=describe_home(draft, desk.today) if draft.family_id is None else None,
        ready=all(each.complete or each.joins for each in people),
        errors=errors,
    )


@routes.form("/families/new/{draft_id}/check")
async def send(desk: DeskDep, hub: HubDep) -> Response:
    """Register. Where somebody may be known already, they are shown side by side first."""
    return desk.sent() if desk.draft.sent else await _send(desk, hub)


async def _send(desk: Desk, hub: Hub) -> Response:
    """Send it under its own id as one-time key: however often it is sent, one family is registered."""
    draft = desk.draft
    body, sent = body_of(draft, desk.today)
    path = f"/families/{draft.family_id}/people" if draft.family_id else "/families"
    try:
        made = (await hub.post(path, body, key=str(desk.draft_id))).body
    except Refused as problem:
        if problem.code == "likely-duplicate":
            draft.candidates = list(problem.document.get("candidates", ()))
            await desk.save()
            return desk.onward("known")
        if problem.status != 422:
            raise
        found = [(step_of(each.pointer, sent).replace("/", "-"), each.detail) for each in problem.errors]
        return _check_page(desk, found or [("people", problem.detail)])
    await _propose_same(desk, hub, made)
    desk.draft = Draft(sent=made["id"])
    await desk.save()
    return desk.sent()


async def _propose_same(desk: Desk, hub: Hub, made: dict[str, Any]) -> None:
    """Have two organisations' records of one person compared by those who may; where that cannot be, go on."""
    body, sent = body_of(desk.draft, desk.today)
    for key, other in desk.draft.same.items():
        said = body["people"][sent.index(key)]
        called = (said.get("given_names", ""), said.get("family_name", ""))
        people = [each["person"] for each in made["people"]]
        here = [each["id"] for each in people if (each["given_names"], each["family_name"]) == called]
        if not here:
            continue
        try:
            await hub.post(f"/people/{here[0]}/merges", {"merged_person_id": other}, key=f"{desk.draft_id}.{key}")
        except Refused as problem:
            if problem.status == 401:
                raise


@routes.page("/families/new/{draft_id}/known")
async def show_known(desk: DeskDep) -> Response:
    """Whoever was typed, beside whom they may be."""
    if desk.draft.sent:
        return desk.sent()
    sides = _sides(desk)
    return _known_page(desk, sides, desk.browser.kept or {}, []) if sides else desk.onward("check")


@routes.form("/families/new/{draft_id}/known")
async def take_known(desk: DeskDep, hub: HubDep, form: FormDep) -> Response:
    """Enter what was decided, and send again."""
    if desk.draft.sent:
        return desk.sent()
    sides = _sides(desk)
    errors = decide(desk.draft, sides, form.fields)
    if errors:
        return _known_page(desk, sides, form.fields, errors)
    await desk.save()
    return await _send(desk, hub)


def _sides(desk: Desk) -> list[Side]:
    return side_by_side(desk.draft, body_of(desk.draft, desk.today)[1], desk.today)


def _known_page(desk: Desk, sides: list[Side], typed: Typed, errors: Errors) -> Response:
    return desk.parts.pages.show(
        desk.browser,
        "register/known.html",
        status=422 if errors else 200,
        address=desk.address,
        sides=sides,
        chosen={side.person_id: one(typed, f"is-{side.person_id}") for side in sides},
        kept=desk.browser.kept is not None,
        errors=errors,
    )
