"""What is recorded about one person beside their details: strengths, a child on the way, a death, a restriction."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.answers import Part, Refused
from connective.frontend.domain.fields import Field, errors_of, read
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.person_act import Known, PersonAct
from connective.frontend.domain.person_acts import ACTS, RESTRICT, look_again
from connective.frontend.domain.restrictions_page import restrictions_sheet
from connective.frontend.domain.sharing_acts import ACTS as SHARING
from connective.frontend.domain.sheets import Sheet
from connective.frontend.domain.troubles import MOVED_ON
from connective.frontend.domain.words import LONDON
from connective.frontend.pages.browser import Browser, Form
from connective.frontend.pages.forms import VERSION, every, finish, show_form, show_sheet, tried, uuid_or_none
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, done, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_PERSON = "/families/{family_id}/people/{person_id}"
_AGAIN = "duplicates_seen"


async def known_of(hub: Hub, browser: Browser, family_id: UUID, person_id: UUID, act: str) -> Known:
    """Whom the act is about, with what its form has to know. Raises NotFound."""
    record, strengths, colleagues, organisations = await together(
        hub.get(f"/families/{family_id}"),
        hub.part(f"/families/{family_id}/strengths"),
        every(hub, "/me/colleagues") if act == "restrict" else _nobody(),
        every(hub, "/organisations") if act in SHARING else _nobody(),
    )
    found = next((each["person"] for each in record["people"] if each["person"]["id"] == str(person_id)), None)
    if found is None:
        raise NotFound
    own = [each for each in strengths.items if each["person_id"] == str(person_id)]
    people = tuple((each["id"], each["name"]) for each in colleagues.items if each["id"] != str(browser.person.id))
    own_id = str(browser.person.organisation_id)
    others = tuple((each["id"], each["name"]) for each in organisations.items if each["id"] != own_id)
    return Known(record, found, own, people, others)


async def _nobody() -> Part:
    return Part()


def _act(name: str, browser: Browser) -> PersonAct:
    act = ACTS.get(name)
    if act is None or not browser.person.may(act.permission):
        raise NotFound
    return act


def _view(act: PersonAct, known: Known, fields: list[Field]) -> FormView:
    back = f"/families/{known.record['id']}/people/{known.person['id']}"
    return FormView(
        title=act.title,
        heading=act.heading.format(who=known.who),
        fields=fields,
        back=("Back to the person", back),
        button=act.button,
        words=act.words,
        warning=act.warning,
        about_families=True,
    )


@routes.page(f"{_PERSON}/restrictions")
async def show_restrictions(
    family_id: UUID, person_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep
) -> Response:
    """What restricts somebody, and how far its lifting is: for who may lift it."""
    return show_sheet(parts, browser, await _restrictions(browser, hub, family_id, person_id))


async def _restrictions(browser: Browser, hub: Hub, family_id: UUID, person_id: UUID) -> Sheet:
    if not browser.person.may(RESTRICT):
        raise NotFound
    listed = await hub.part(f"/people/{person_id}/restrictions")
    return restrictions_sheet(listed, f"/families/{family_id}/people/{person_id}")


@routes.form(f"{_PERSON}/restrictions")
async def lift_restriction(
    family_id: UUID, person_id: UUID, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Ask that one is lifted, or confirm it: two people do, one after the other."""
    chosen = uuid_or_none(form.one("id"))
    if chosen is None:
        raise NotFound
    _, errors = await tried(hub.post(f"/people/{person_id}/restrictions/{chosen}/lift", key=form.key), ())
    if errors:
        return show_sheet(parts, browser, await _restrictions(browser, hub, family_id, person_id), errors=errors)
    return await finish(parts, browser, f"/families/{family_id}/people/{person_id}/restrictions", "recorded")


@routes.page(f"{_PERSON}/{{act}}")
async def ask_act(
    family_id: UUID, person_id: UUID, act: str, *, browser: BrowserDep, parts: PartsDep, hub: HubDep
) -> Response:
    """The form of one act."""
    chosen = _act(act, browser)
    known = await known_of(hub, browser, family_id, person_id, act)
    if not chosen.fits(known.person):
        raise Refused(404, MOVED_ON, "")
    typed = {"family_name": [str(known.person["family_name"])]}
    view = _view(chosen, known, list(chosen.fields(known)))
    return show_form(parts, browser, view, typed, version=f'"{known.person["version"]}"')


@routes.form(f"{_PERSON}/{{act}}")
async def take_act(
    family_id: UUID, person_id: UUID, act: str, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Record it, and go back to the person."""
    chosen = _act(act, browser)
    known = await known_of(hub, browser, family_id, person_id, act)
    fields = list(chosen.fields(known))
    found, errors = read(fields, form.fields, browser.now.astimezone(LONDON).date())
    found[_AGAIN] = form.many(_AGAIN)
    if not errors:
        try:
            await _carry_out(hub, chosen, known, found, form)
            return await done(parts, browser, f"/families/{family_id}/people/{person_id}")
        except Refused as problem:
            again = look_again(problem)
            if again is None:
                errors = errors_of(problem, fields)
            else:
                fields.append(again)
                errors = [(again.first, again.required)]
    view = _view(chosen, known, fields)
    return show_form(parts, browser, replace(view, words=()), form.fields, errors=errors)


async def _carry_out(hub: Hub, act: PersonAct, known: Known, found: dict[str, Any], form: Form) -> None:
    """Everything the form asks for; sent twice, it is done once."""
    for number, call in enumerate(act.calls(found, known)):
        if call.patch:
            await hub.patch(call.path, call.body, version=form.one(VERSION))
        else:
            await hub.post(call.path, call.body, key=form.key_for(str(number)))
