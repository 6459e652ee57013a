"""Registering a family, and adding people to one: one thing a page, kept as it is typed."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Response

from connective.frontend.domain.fields import Errors, Typed
from connective.frontend.domain.form_view import FormView, one_of_several
from connective.frontend.domain.picture import is_child, short_name
from connective.frontend.domain.registering import PERSON_STEPS, Draft, home_page, person_page, read_step
from connective.frontend.domain.registering_view import describe, next_step, unfinished
from connective.frontend.domain.relating import related_questions, wrong_relations
from connective.frontend.pages.forms import show_form
from connective.frontend.pages.registration_desk import BEGINNING, Desk, DeskDep
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, done, onward, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_MOST_PEOPLE = 20
_KEY = Annotated[str, Path(pattern="^p[0-9]{1,3}$")]


@routes.page(BEGINNING)
async def begin(browser: BrowserDep, parts: PartsDep) -> Response:
    """What is needed, and what was begun and not sent."""
    begun = []
    for address in await parts.drafts.named(browser.person.id, f"{BEGINNING}/"):
        found = await parts.drafts.get(browser.person.id, address)
        if found and "people" in found and not found.get("sent"):
            begun.append((address, unfinished(Draft(**found))))
    return parts.pages.show(browser, "register/begin.html", begun=begun)


@routes.form(BEGINNING)
async def start(browser: BrowserDep, parts: PartsDep, form: FormDep) -> Response:
    """Begin one: the form's own key names it, so that a form that is sent twice begins one."""
    return await _start(Desk(parts, browser, UUID(form.key), Draft()))


@routes.form("/families/{family_id}/people/new")
async def start_adding(family_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Begin to add somebody to a family that is known."""
    record = await hub.get(f"/families/{family_id}")
    people = [each["person"] for each in record["people"] if not each["until"]]
    members = [{"id": each["id"], "name": short_name(each), "child": is_child(each)} for each in people]
    draft = Draft(family_id=str(family_id), members=members)
    return await _start(Desk(parts, browser, UUID(form.key), draft))


async def _start(desk: Desk) -> Response:
    if not await desk.load():
        desk.draft.add()
        await desk.save()
    return desk.onward(f"{desk.draft.people[0]}/name") if desk.draft.people else desk.sent()


@routes.form("/families/new/{draft_id}/forget")
async def forget(desk: DeskDep) -> Response:
    """Throw away what was begun."""
    await desk.parts.drafts.drop(desk.browser.person.id, desk.address)
    return onward(BEGINNING)


@routes.page("/families/new/{draft_id}/people")
async def list_people(desk: DeskDep) -> Response:
    """Who was entered so far."""
    draft = desk.draft
    if draft.sent:
        return desk.sent()
    people = [describe(draft, key, desk.today) for key in draft.people]
    return desk.parts.pages.show(
        desk.browser, "register/people.html", draft=draft, address=desk.address, people=people, most=_MOST_PEOPLE
    )


@routes.form("/families/new/{draft_id}/people")
async def change_people(desk: DeskDep, form: FormDep) -> Response:
    """Add somebody, a twin of somebody, or take somebody out."""
    draft, twin_of, removed = desk.draft, form.one("twin_of"), form.one("remove")
    target = "check"
    if removed in draft.people and len(draft.people) > 1:
        draft.remove(removed)
        target = "people"
    elif len(draft.people) < _MOST_PEOPLE and twin_of in draft.people:
        target = f"{draft.add_twin(twin_of)}/name"
    elif len(draft.people) < _MOST_PEOPLE and form.one("add"):
        # Whoever was added and left empty is used before another is: going back and adding again makes no second.
        empty = [key for key in draft.people if f"{key}/name" not in draft.steps]
        target = f"{empty[0] if empty else draft.add()}/name"
    await desk.save()
    return desk.onward(target)


@routes.page("/families/new/{draft_id}/home")
async def ask_home(desk: DeskDep) -> Response:
    """Where the family lives."""
    return _show_step(desk, "home")


@routes.form("/families/new/{draft_id}/home")
async def take_home(desk: DeskDep, form: FormDep) -> Response:
    """Keep the address."""
    return await _take_step(desk, "home", form.fields)


@routes.page("/families/new/{draft_id}/{key}/{step}")
async def ask_step(key: _KEY, step: str, desk: DeskDep) -> Response:
    """One thing about one person."""
    return _show_step(desk, f"{key}/{step}")


@routes.form("/families/new/{draft_id}/{key}/{step}")
async def take_step(key: _KEY, step: str, desk: DeskDep, form: FormDep) -> Response:
    """Keep what was typed of it."""
    return await _take_step(desk, f"{key}/{step}", form.fields)


def _show_step(desk: Desk, step: str) -> Response:
    if desk.draft.sent:
        return desk.sent()
    return _step_page(desk, step, desk.draft.typed(step), [])


async def _take_step(desk: Desk, step: str, fields: dict[str, list[str]]) -> Response:
    draft = desk.draft
    if draft.sent:
        return desk.sent()
    asked = _asked(desk, step)
    if step.endswith("/related"):
        names = {each.name for each in asked.fields}
        typed = {name: value for name, value in fields.items() if name in names}
        errors = wrong_relations(typed, draft.others(step.partition("/")[0], desk.today))
    else:
        typed, errors = read_step(step, fields, desk.today)
    if errors:
        return _step_page(desk, step, fields, errors)
    draft.steps[step] = typed
    await desk.save()
    return await done(
        desk.parts, desk.browser, f"{desk.address}/{'check' if desk.checking else next_step(draft, step)}"
    )


def _asked(desk: Desk, step: str) -> FormView:
    """The page of a step. Raises NotFound for one that there is not."""
    draft, back = desk.draft, _back(desk, step)
    key, _, name = step.partition("/")
    if step == "home" and draft.family_id is None:
        return home_page(back)
    if key not in draft.people:
        raise NotFound
    if name in PERSON_STEPS:
        return person_page(draft, key, name, today=desk.today, back=back)
    others = draft.others(key, desk.today)
    if name != "related" or not others:
        raise NotFound
    who = draft.first_name(key)
    questions = related_questions(who, draft.child(key, desk.today), others)
    return one_of_several("Register a family", f"How is {who} related to the others?", questions, back)


def _back(desk: Desk, step: str) -> str:
    draft, address = desk.draft, desk.address
    if desk.checking:
        return f"{address}/check"
    key, _, name = step.partition("/")
    order = [*PERSON_STEPS, "related"]
    if name in order and order.index(name):
        return f"{address}/{key}/{order[order.index(name) - 1]}"
    if step == "home":
        return f"{address}/{draft.people[0]}/reach"
    if key != draft.people[0]:
        return f"{address}/people"
    return f"/families/{draft.family_id}" if draft.family_id else BEGINNING


def _step_page(desk: Desk, step: str, typed: Typed, errors: Errors) -> Response:
    return show_form(desk.parts, desk.browser, _asked(desk, step), typed, errors=errors)
