"""Deciding about sharing for one person, page by page: a safeguarding override, or once without an agreement."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response

from connective.frontend.clients.hub import Hub
from connective.frontend.domain.fields import Errors, read
from connective.frontend.domain.person_act import Known
from connective.frontend.domain.sharing_acts import ACTS, USE, begun_from, deciding_form, whom_sheet
from connective.frontend.domain.words import LONDON
from connective.frontend.pages.browser import Browser, Form
from connective.frontend.pages.forms import show_sheet, tried, uuid_or_none
from connective.frontend.pages.paged_forms import Paged
from connective.frontend.pages.person_acts import known_of
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()


@dataclass(frozen=True, slots=True)
class Desk:
    """One decision about a person that is being taken."""

    act: str
    hub: Hub
    browser: Browser
    known: Known
    paged: Paged

    async def send(self, typed: dict[str, list[str]], form: Form) -> tuple[str, Errors]:
        """Record it."""
        fields, act = self.paged.form.fields(typed), ACTS[self.act]
        found, errors = read(fields, typed, self.browser.now.astimezone(LONDON).date())
        if errors:
            return "", errors
        (call,) = act.calls(found, self.known)
        made, errors = await tried(self.hub.post(call.path, call.body, key=form.key), fields)
        return (act.after.format(id=made.body["id"]), []) if made is not None else ("", errors)


def _offer(act: str) -> None:
    """Both are decided in one way, whatever is asked."""
    here = f"/families/{{family_id}}/people/{{person_id}}/{act}"

    async def desk_of(family_id: UUID, person_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Desk:
        """Raises NotFound for who may not decide."""
        if not browser.person.may(ACTS[act].permission):
            raise NotFound
        known = await known_of(hub, browser, family_id, person_id, act)
        return Desk(act, hub, browser, known, Paged(parts, browser, deciding_form(act, known)))

    @routes.page(here)
    async def begin(desk: Annotated[Desk, Depends(desk_of)], *, request: str = "") -> Response:
        """What it is about, and the first question. What a request lacks that was stopped is filled in."""
        stopped = uuid_or_none(request) if act == "override" else None
        if stopped is not None:
            await desk.paged.suggest(begun_from((await desk.hub.part(f"/requests/{stopped}")).value or {}))
        return await desk.paged.show("")

    @routes.form(here)
    async def take_first(desk: Annotated[Desk, Depends(desk_of)], form: FormDep) -> Response:
        """Keep its answer, and go on."""
        return await desk.paged.take("", form)

    @routes.page(f"{here}/check")
    async def check(desk: Annotated[Desk, Depends(desk_of)]) -> Response:
        """Everything that was said, before it is recorded."""
        return await desk.paged.check()

    @routes.form(f"{here}/check")
    async def record(desk: Annotated[Desk, Depends(desk_of)], form: FormDep) -> Response:
        """Record the decision."""
        return await desk.paged.send(form, desk.send)

    @routes.page(f"{here}/{{step}}")
    async def ask(step: str, desk: Annotated[Desk, Depends(desk_of)]) -> Response:
        """A few questions of it."""
        return await desk.paged.show(step)

    @routes.form(f"{here}/{{step}}")
    async def take(step: str, desk: Annotated[Desk, Depends(desk_of)], form: FormDep) -> Response:
        """Keep the answers, and go on."""
        return await desk.paged.take(step, form)


for _act in ACTS:
    _offer(_act)


@routes.page("/families/{family_id}/override")
async def ask_whom(
    family_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, *, request: str = ""
) -> Response:
    """About whom something must be shared for somebody's safety: a request that was stopped leads here."""
    if not browser.person.may(USE):
        raise NotFound
    stopped = uuid_or_none(request)
    return show_sheet(parts, browser, whom_sheet(await hub.get(f"/families/{family_id}"), str(stopped or "")))
