"""Legal entities: the controllers in law, their dates, and the host's contract with each (UK GDPR Article 28)."""

from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import together
from connective.frontend.domain import partnership
from connective.frontend.domain import sharing_words as say
from connective.frontend.domain.act_fields import CONTRACT, ENTITY, ENTITY_DATES
from connective.frontend.domain.agreements import SIGN
from connective.frontend.domain.answers import Refused
from connective.frontend.domain.drafting import read_dates
from connective.frontend.domain.fields import Errors
from connective.frontend.pages.browser import Form
from connective.frontend.pages.forms import every
from connective.frontend.pages.officers import Desk, DeskDep, wrong_with
from connective.frontend.pages.routing import FormDep, personal_routes

routes = personal_routes()
_ONE = "/legal-entities/{entity_id}"
_DATES = ("ico_registered_until", "training_valid_until")


@routes.page("/legal-entities")
async def show_list(desk: DeskDep) -> Response:
    """The register of the place."""
    found, asker = await together(every(desk.hub, "/legal-entities"), desk.asker())
    lines = partnership.entity_lines(found.items, asker, desk.today)
    may_write = desk.person.may(partnership.ENTITY_WRITE)
    return desk.show("agreements/entities.html", part=found, lines=lines, may_write=may_write)


@routes.page("/legal-entities/new")
async def ask_new(desk: DeskDep) -> Response:
    """Ask for an entry."""
    return desk.show("agreements/entity_form.html", typed=desk.kept, fields=ENTITY)


@routes.form("/legal-entities/new")
async def register(desk: DeskDep, form: FormDep) -> Response:
    """Put a legal entity on the register."""
    dates, errors = read_dates(_DATES, form)
    lines = {name: form.one(name) for name in ("name", "kind", "ico_registration", "dpo_contact")}
    wanted = {"name": "Enter its name in law", "kind": "Choose what it is", "dpo_contact": "Enter whom to reach",
              "ico_registration": "Enter its registration number, for example ZA123456"}  # fmt: skip
    errors = [(name, words) for name, words in wanted.items() if not lines[name]] + errors
    if not errors:
        try:
            made = await desk.hub.post("/legal-entities", lines | dates, key=form.key)
            return await desk.done(f"/legal-entities/{made.body['id']}")
        except Refused as problem:
            registered = ("ico_registration", "This registration stands on the register already")
            errors = [registered] if problem.status == 409 else wrong_with(problem, ENTITY)
    return desk.show("agreements/entity_form.html", errors, typed=form, fields=ENTITY)


@routes.page(_ONE)
async def show_one(entity_id: UUID, desk: DeskDep) -> Response:
    """One legal entity, with what can be done about it."""
    return await _show(desk, entity_id, "entity", desk.kept, [])


async def _show(desk: Desk, entity_id: UUID, template: str, typed: Form, errors: Errors, **values: Any) -> Response:  # noqa: ANN401 - whatever the template shows
    read, asker = await together(desk.hub.read(f"/legal-entities/{entity_id}"), desk.asker())
    line = partnership.entity_line(read.body, asker, desk.today)
    return desk.show(
        f"agreements/{template}.html",
        errors,
        view=line,
        etag=read.etag,
        typed=typed,
        stored=_dated(read.body) if template == "entity_dates" else None,
        may_renew=line.ours and desk.person.may(partnership.ENTITY_WRITE),
        may_sign=line.ours and desk.person.may(SIGN),
        fields={"entity_dates": ENTITY_DATES, "entity_contract": CONTRACT}.get(template, ()),
        **values,
    )


@routes.page(f"{_ONE}/dates")
async def ask_dates(entity_id: UUID, desk: DeskDep) -> Response:
    """Show the dates that sharing depends on, to be renewed."""
    typed = _dated(await desk.hub.get(f"/legal-entities/{entity_id}"))
    return await _show(desk, entity_id, "entity_dates", Form("", desk.browser.kept or typed), [])


def _dated(entity: dict[str, Any]) -> dict[str, list[str]]:
    typed = {"dpo_contact": [entity["dpo_contact"]]}
    for name in _DATES:
        typed |= partnership.typed_day(name, entity[name])
    return typed


@routes.form(f"{_ONE}/dates")
async def renew(entity_id: UUID, desk: DeskDep, form: FormDep) -> Response:
    """Renew them, for one's own legal entity."""
    dates, errors = read_dates(_DATES, form)
    errors += [] if form.one("dpo_contact") else [("dpo_contact", "Enter whom to reach")]
    if not errors:
        path = f"/legal-entities/{entity_id}"
        try:
            body = dates | {"dpo_contact": form.one("dpo_contact")}
            await desk.hub.put(f"{path}/dates", body, version=form.one("version"))
            return await desk.done(path)
        except Refused as problem:
            errors = wrong_with(problem, ENTITY_DATES)
    return await _show(desk, entity_id, "entity_dates", form, errors)


@routes.page(f"{_ONE}/contract")
async def ask_contract(entity_id: UUID, desk: DeskDep) -> Response:
    """Ask a signatory to confirm each part of the host's contract."""
    return await _show(desk, entity_id, "entity_contract", desk.kept, [])


@routes.form(f"{_ONE}/contract")
async def sign_contract(entity_id: UUID, desk: DeskDep, form: FormDep) -> Response:
    """Sign it: before, the entity has no accounts, and nothing is shared with it."""
    ends, errors = read_dates(("ends_on",), form, optional=True)
    if set(form.many("confirms")) != set(partnership.PARTS):
        errors.append(("confirms", "Confirm each part: the contract has to settle all of them"))
    if set(form.many("refrains_from")) != set(say.PROHIBITED):
        errors.append(("refrains_from", "Confirm each use: all of them are prohibited to everybody"))
    errors += [] if form.one("document_reference") else [("document_reference", "Enter the contract’s reference")]
    if not errors:
        lists = {name: form.many(name) for name in ("confirms", "refrains_from")}
        body = {"document_reference": form.one("document_reference"), **lists, **ends}
        try:
            await desk.hub.post(f"/legal-entities/{entity_id}/processing-agreement", body, key=form.key)
            return await desk.done(f"/legal-entities/{entity_id}")
        except Refused as problem:
            errors = wrong_with(problem, CONTRACT)
    return await _show(desk, entity_id, "entity_contract", form, errors)
