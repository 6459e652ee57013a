"""Decisions to share once without an agreement: the list, each with its forms, and deciding, page by page."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.fields import Errors, read
from connective.frontend.domain.one_offs import LIST, READ, one_off_sheet, one_offs_sheet
from connective.frontend.domain.person_act import Known
from connective.frontend.domain.sharing_acts import ACTS, DECIDE, one_off_form
from connective.frontend.domain.words import LONDON
from connective.frontend.pages.browser import Browser, Form
from connective.frontend.pages.forms import every, names_of, show_sheet, tried
from connective.frontend.pages.paged_forms import Paged
from connective.frontend.pages.person_acts import known_of
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_DECIDING = "/families/{family_id}/people/{person_id}/one-off"


@dataclass(frozen=True, slots=True)
class Desk:
    """One decision about a person that is being taken."""

    hub: Hub
    browser: Browser
    known: Known
    paged: Paged

    async def send(self, typed: dict[str, list[str]], form: Form) -> tuple[str, Errors]:
        """Record it."""
        fields = self.paged.form.fields(typed)
        found, errors = read(fields, typed, self.browser.now.astimezone(LONDON).date())
        (call,) = ACTS["one-off"].calls(found, self.known)
        made, wrong = (
            (None, errors) if errors else await tried(self.hub.post(call.path, call.body, key=form.key), fields)
        )
        return (f"{LIST}/{made.body['id']}", []) if made is not None else ("", wrong)


async def _desk(family_id: UUID, person_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Desk:
    """Raises NotFound for who may not decide."""
    if not browser.person.may(DECIDE):
        raise NotFound
    known = await known_of(hub, browser, family_id, person_id, "one-off")
    return Desk(hub, browser, known, Paged(parts, browser, one_off_form(known)))


DeskDep = Annotated[Desk, Depends(_desk)]


@routes.page(_DECIDING)
async def begin(desk: DeskDep) -> Response:
    """What it is about, and the first question."""
    return await desk.paged.show("")


@routes.form(_DECIDING)
async def take_first(desk: DeskDep, form: FormDep) -> Response:
    """Keep its answer, and go on."""
    return await desk.paged.take("", form)


@routes.page(f"{_DECIDING}/check")
async def check(desk: DeskDep) -> Response:
    """Everything that was said, before it is recorded."""
    return await desk.paged.check()


@routes.form(f"{_DECIDING}/check")
async def record(desk: DeskDep, form: FormDep) -> Response:
    """Record the decision."""
    return await desk.paged.send(form, desk.send)


@routes.page(f"{_DECIDING}/{{step}}")
async def ask(step: str, desk: DeskDep) -> Response:
    """A few questions of it."""
    return await desk.paged.show(step)


@routes.form(f"{_DECIDING}/{{step}}")
async def take(step: str, desk: DeskDep, form: FormDep) -> Response:
    """Keep the answers, and go on."""
    return await desk.paged.take(step, form)


def _readers_only(browser: Browser) -> None:
    if not browser.person.may(READ):
        raise NotFound


@routes.page(LIST)
async def list_one_offs(browser: BrowserDep, parts: PartsDep, hub: HubDep, *, cursor: str | None = None) -> Response:
    """What was decided."""
    _readers_only(browser)
    listed, organisations = await together(
        hub.part("/disclosures/one-offs", {"limit": 50, "cursor": cursor}), every(hub, "/organisations")
    )
    return show_sheet(parts, browser, one_offs_sheet(listed, names_of(organisations)))


@routes.page(f"{LIST}/{{one_off_id}}")
async def show_one_off(one_off_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """One decision."""
    _readers_only(browser)
    one_off, organisations = await together(
        hub.get(f"/disclosures/one-offs/{one_off_id}"), every(hub, "/organisations")
    )
    return show_sheet(parts, browser, one_off_sheet(one_off, names_of(organisations)))
