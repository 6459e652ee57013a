"""Keeping a family's record: a person's page, and one page for each thing that is added, changed or ended."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Path, Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain import record_forms as forms
from connective.frontend.domain.answers import Answer
from connective.frontend.domain.fields import Errors, answered, in_order
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.person_page import ended_thing, person_page
from connective.frontend.domain.registering import address_of, read_step
from connective.frontend.domain.relating import relationships_of, wrong_relations
from connective.frontend.domain.words import LONDON
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.forms import VERSION, show_form, tried
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, done, onward, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_PART = Annotated[Literal["address", "contact", "membership", "need", "relationship", "strength"], Path()]
_PERSON = "/families/{family_id}/people/{person_id}"


async def _member(hub: Hub, family_id: UUID, person_id: UUID) -> tuple[dict[str, Any], dict[str, Any]]:
    """A family's record and one person of it. Raises NotFound."""
    record = await hub.get(f"/families/{family_id}")
    found = next((each["person"] for each in record["people"] if each["person"]["id"] == str(person_id)), None)
    if found is None:
        raise NotFound
    return record, found


def _read(asked: FormView, browser: Browser, fields: dict[str, list[str]]) -> tuple[dict[str, Any], Errors]:
    return answered(asked.fields, fields, browser.now.astimezone(LONDON).date())


@routes.page(_PERSON)
async def show_person(family_id: UUID, person_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Everything that is recorded about somebody, with the way to change each of it."""
    family = f"/families/{family_id}"
    record, needs, strengths = await together(
        hub.get(family), hub.part(f"{family}/needs"), hub.part(f"{family}/strengths")
    )
    try:
        view = person_page(record, str(person_id), needs.items, strengths.items, browser.person.permissions)
    except LookupError:
        raise NotFound from None
    return parts.pages.show(
        browser, "families/person.html", view=view, family_id=family_id, needs=needs, strengths=strengths
    )


@routes.page(f"{_PERSON}/change")
async def ask_details(family_id: UUID, person_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What is recorded about somebody, to be put right."""
    answer = await hub.read(f"/people/{person_id}")
    asked = forms.details_page(answer.body, f"/families/{family_id}/people/{person_id}")
    return show_form(parts, browser, asked, forms.details_of(answer.body), version=answer.etag or "")


@routes.form(f"{_PERSON}/change")
async def take_details(
    family_id: UUID, person_id: UUID, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Save what was changed, unless somebody else changed it meanwhile."""
    person = await hub.get(f"/people/{person_id}")
    back = f"/families/{family_id}/people/{person_id}"
    asked = forms.details_page(person, back)
    found, errors = _read(asked, browser, form.fields)
    patch = forms.details_patch(found, person)
    if not errors and patch:
        _, errors = await tried(hub.patch(f"/people/{person_id}", patch, version=form.one(VERSION)), asked.fields)
    if errors:
        return show_form(parts, browser, asked, form.fields, errors=errors)
    return await done(parts, browser, back)


@routes.page(f"{_PERSON}/contact")
async def ask_contact(family_id: UUID, person_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """A way to reach somebody."""
    _, person = await _member(hub, family_id, person_id)
    return show_form(parts, browser, forms.contact_page(person, f"/families/{family_id}/people/{person_id}"))


@routes.form(f"{_PERSON}/contact")
async def take_contact(
    family_id: UUID, person_id: UUID, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Record it."""
    _, person = await _member(hub, family_id, person_id)
    asked = forms.contact_page(person, f"/families/{family_id}/people/{person_id}")
    found, errors = _read(asked, browser, form.fields)
    found, wrong = forms.contact_read(found)
    errors = in_order(asked.fields, errors + wrong)
    if not errors:
        _, errors = await tried(
            hub.post(f"/people/{person_id}/contacts", forms.contact_body(found), key=form.key), asked.fields
        )
    if errors:
        return show_form(parts, browser, asked, form.fields, errors=errors)
    return await done(parts, browser, asked.back[1])


@routes.page(f"{_PERSON}/need")
async def ask_need(
    family_id: UUID, person_id: UUID, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, area: str = ""
) -> Response:
    """A need: first what it is about, then which."""
    _, person = await _member(hub, family_id, person_id)
    return show_form(parts, browser, _need_page(family_id, person, area))


def _need_page(family_id: UUID, person: dict[str, Any], area: str) -> FormView:
    back = f"/families/{family_id}/people/{person['id']}"
    if area not in forms.areas():
        return forms.need_area_page(person, back)
    return forms.need_page(person, area, f"{back}/need")


@routes.form(f"{_PERSON}/need")
async def take_need(
    family_id: UUID, person_id: UUID, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Record a need. Some ask whether somebody is safe before anything else."""
    _, person = await _member(hub, family_id, person_id)
    area = browser.request.query_params.get("area", "")
    asked = _need_page(family_id, person, area)
    back = f"/families/{family_id}/people/{person_id}"
    found, errors = _read(asked, browser, form.fields)
    if area not in forms.areas():
        if "area" in found:
            return onward(f"{back}/need?area={found['area']}")
        return show_form(parts, browser, asked, errors=[("area", "Choose what it is about")])
    made: Answer | None = None
    if not errors:
        sent = hub.post(f"/people/{person_id}/needs", forms.need_body(found), key=form.key)
        made, errors = await tried(sent, asked.fields)
    if errors:
        return show_form(parts, browser, asked, form.fields, errors=errors)
    return await done(parts, browser, f"{back}/safe" if made and made.body.get("asks_safeguarding_question") else back)


@routes.page(f"{_PERSON}/safe")
async def ask_safe(family_id: UUID, person_id: UUID, browser: BrowserDep, parts: PartsDep) -> Response:
    """Stop and think: what was just recorded may be a concern, and nobody here is watching for it."""
    return parts.pages.show(browser, "families/safe.html", back=f"/families/{family_id}/people/{person_id}")


@routes.page(f"{_PERSON}/relationship")
async def ask_relationship(
    family_id: UUID, person_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep
) -> Response:
    """How somebody is related to the others."""
    record, person = await _member(hub, family_id, person_id)
    others = forms.others_of(record, str(person_id))
    return show_form(
        parts, browser, forms.relationship_page(person, others, f"/families/{family_id}/people/{person_id}")
    )


@routes.form(f"{_PERSON}/relationship")
async def take_relationship(
    family_id: UUID, person_id: UUID, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Record what is new of it."""
    record, person = await _member(hub, family_id, person_id)
    others = forms.others_of(record, str(person_id))
    asked = forms.relationship_page(person, others, f"/families/{family_id}/people/{person_id}")
    errors = _read(asked, browser, form.fields)[1] + wrong_relations(form.fields, others)
    new = [] if errors else relationships_of(str(person_id), form.fields, others)
    for number, each in enumerate(new):
        sent = hub.post(f"/families/{family_id}/relationships", each, key=form.key_for(str(number)))
        other = each["of"] if each["person"] == str(person_id) else each["person"]
        _, errors = await tried(sent, [field for field in asked.fields if field.name.endswith(other)])
        if errors:
            break
    if errors:
        return show_form(parts, browser, asked, form.fields, errors=errors)
    return await done(parts, browser, asked.back[1])


@routes.page("/families/{family_id}/address")
async def ask_address(family_id: UUID, browser: BrowserDep, parts: PartsDep) -> Response:
    """Where the family lives now."""
    return show_form(parts, browser, forms.address_page(f"/families/{family_id}"))


@routes.form("/families/{family_id}/address")
async def take_address(family_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Record it."""
    asked = forms.address_page(f"/families/{family_id}")
    found, errors = _read(asked, browser, form.fields)
    errors = errors or read_step("home", form.fields, browser.now.date())[1]
    body = address_of(found)
    if body is None and not errors:
        errors = [("line_1", "Enter the building and street")]
    if not errors:
        since = {"since": found["since"]} if "since" in found else {}
        sent = hub.post(f"/families/{family_id}/addresses", (body or {}) | since, key=form.key)
        _, errors = await tried(sent, asked.fields)
    if errors:
        return show_form(parts, browser, asked, form.fields, errors=errors)
    return await done(parts, browser, asked.back[1])


async def _ending(hub: Hub, family_id: UUID, part: str, part_id: UUID, back: str) -> FormView:
    """The page on which one thing is ended. Raises NotFound for what is not there, or has ended."""
    family = f"/families/{family_id}"
    record, needs, strengths = await together(
        hub.get(family), hub.part(f"{family}/needs"), hub.part(f"{family}/strengths")
    )
    try:
        what = ended_thing(record, part, str(part_id), needs.items, strengths.items)
    except LookupError:
        raise NotFound from None
    return forms.end_page(part, what, back)


@routes.page(f"{_PERSON}/end/{{part}}/{{part_id}}")
async def ask_end(
    family_id: UUID, person_id: UUID, part: _PART, part_id: UUID, *, browser: BrowserDep, parts: PartsDep, hub: HubDep
) -> Response:
    """Why something no longer holds."""
    asked = await _ending(hub, family_id, part, part_id, f"/families/{family_id}/people/{person_id}")
    return show_form(parts, browser, asked)


@routes.form(f"{_PERSON}/end/{{part}}/{{part_id}}")
async def take_end(
    family_id: UUID,
    person_id: UUID,
    part: _PART,
    part_id: UUID,
    *,
    browser: BrowserDep,
    parts: PartsDep,
    hub: HubDep,
    form: FormDep,
) -> Response:
    """End it."""
    back = f"/families/{family_id}/people/{person_id}"
    asked = await _ending(hub, family_id, part, part_id, back)
    found, errors = _read(asked, browser, form.fields)
    if not errors:
        _, errors = await tried(
            hub.post(_end_path(family_id, person_id, part, part_id), found, key=form.key), asked.fields
        )
    if errors:
        return show_form(parts, browser, asked, form.fields, errors=errors)
    return await done(parts, browser, f"/families/{family_id}" if part in {"membership", "address"} else back)


def _end_path(family_id: UUID, person_id: UUID, part: str, part_id: UUID) -> str:
    family, person = f"/families/{family_id}", f"/people/{person_id}"
    return {
        "address": f"{family}/addresses/{part_id}/end",
        "contact": f"{person}/contacts/{part_id}/end",
        "membership": f"{family}/people/{part_id}/end",
        "need": f"{person}/needs/{part_id}/end",
        "relationship": f"{family}/relationships/{part_id}/end",
        "strength": f"{person}/strengths/{part_id}/end",
    }[part]
