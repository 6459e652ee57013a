"""How a page is declared: behind a sign-in unless it says otherwise."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse

from connective.frontend.clients.hub import Hub, asked_so_far
from connective.frontend.commands.places import CurrentPlaces
from connective.frontend.commands.visits import Visits
from connective.frontend.pages.browser import SESSION, Browser, Form, Keys, cookie_name
from connective.frontend.pages.rendering import Pages
from connective.frontend.storage.drafts import Drafts
from connective.kit.clock import Clock
from connective.kit.policy import Access, PolicedRoute, operation

KEPT = "kept"
"""Stands in the address of a form to which somebody comes back: what they had typed is put in again."""
_PRESSED_FOR = timedelta(hours=1)
"""How long a page that was sent once is known, should somebody go back to it and press again."""
_A_MOMENT = 0.3


@dataclass(frozen=True, slots=True)
class Parts:
    """What the pages call; kept at `app.state.parts`."""

    visits: Visits
    drafts: Drafts
    pages: Pages
    places: CurrentPlaces
    keys: Keys
    clock: Clock
    issuer: str
    idle_seconds: int
    trusted_proxies: frozenset[str] = frozenset()


class PageRoute(PolicedRoute):
    """A page: what somebody appends to its address (a campaign's mark, say) is no error."""

    ignores_unknown_parameters: ClassVar[bool] = True


class FilePageRoute(PageRoute):
    """A page whose form may carry a file: no text of the database, and larger than any other form."""

    takes_files: ClassVar[bool] = True


def parts_of(request: Request) -> Parts:
    """The parts."""
    parts: Parts = request.app.state.parts
    return parts


# FastAPI runs a plain function in a thread, and crossing over to it takes longer than all that these do.
async def _parts(request: Request) -> Parts:
    return parts_of(request)


PartsDep = Annotated[Parts, Depends(_parts)]


async def browser_of(request: Request) -> Browser:
    """The browser that asks, whoever has signed in in it; found once for a request."""
    known: Browser | None = getattr(request.state, "browser", None)
    if known is not None:
        return known
    parts = parts_of(request)
    now = parts.clock()
    calls: list[float] = []
    asked_so_far.set(calls)
    request.state.timing = (time.perf_counter(), calls)
    secret = request.cookies.get(cookie_name(SESSION, secure=parts.keys.secure))
    browser = Browser(request, parts.keys, await parts.visits.find(secret, now), now)
    request.state.browser = browser
    return browser


BrowserDep = Annotated[Browser, Depends(browser_of)]


async def _required(browser: BrowserDep, parts: PartsDep) -> None:
    """Nobody sees a page or sends a form who has not signed in.

    A form is read here, so that what was typed can be kept where nobody is; one that was kept is given back here.
    """
    if browser.request.method != "GET":
        await browser.read_form()
        return
    account_id, session = browser.person.id, browser.session
    await parts.places.follow(parts.visits.hub(session), session.person.place_id, browser.now)
    if browser.request.query_params.get(KEPT) is not None:
        browser.kept = await parts.drafts.get(account_id, browser.request.url.path)


async def form_of(request: Request) -> Form:
    """What was sent, read and found genuine by the router."""
    form: Form = request.state.form
    return form


FormDep = Annotated[Form, Depends(form_of)]


async def hub_of(browser: BrowserDep, parts: PartsDep) -> Hub:
    """The API, as the person who has signed in asks it."""
    return parts.visits.hub(browser.session)


HubDep = Annotated[Hub, Depends(hub_of)]


def visitor_of(browser: Browser, parts: Parts) -> str | None:
    """From where somebody comes who has not signed in; a proxy of ours is believed about whom it speaks for."""
    client = browser.request.client
    if client is None:
        return None
    told = browser.request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return told[:64] if told and client.host in parts.trusted_proxies else client.host


class Routes(APIRouter):
    """A router of pages. Whether they need a sign-in was decided when it was made."""

    def page(self, path: str) -> Callable[[Any], Any]:
        """Show a page."""
        return super().get(path, include_in_schema=False, **operation(access=Access.PUBLIC))

    def form(self, path: str) -> Callable[[Any], Any]:
        """Take a form."""
        return super().post(path, include_in_schema=False, **operation(access=Access.PUBLIC))


def personal_routes(*, takes_files: bool = False) -> Routes:
    """Pages for whoever has signed in: the rule. With `takes_files` their forms may carry a file."""
    kind = FilePageRoute if takes_files else PageRoute
    return Routes(route_class=kind, dependencies=[Depends(_required)])


def public_routes() -> Routes:
    """Pages for anybody: each is named by the test that walks all of them."""
    return Routes(route_class=PageRoute)


def onward(target: str) -> RedirectResponse:
    """Go on with a GET, so that going back or loading again repeats no form."""
    return RedirectResponse(target, status_code=303, headers={"Cache-Control": "no-store"})


async def done(parts: Parts, browser: Browser, target: str) -> RedirectResponse:
    """A form has been sent: forget what was kept of it, and go on.

    Where it led is remembered of one that changed a version: the API tells its second press from no other late change.
    """
    account_id, form = browser.person.id, getattr(browser.request.state, "form", None)
    await parts.drafts.drop(account_id, browser.request.url.path)
    if form is not None and form.over_a_version:
        led = {"to": target, "sent": form.digest}
        await parts.drafts.put(account_id, _pressed(form), led, browser.now, kept_for=_PRESSED_FOR)
    return onward(target)


async def pressed_before(parts: Parts, browser: Browser, form: Form) -> RedirectResponse | None:
    """Where the first press of a button led, for the second one of the same page with the same words; None otherwise.

    Where the first is still under way, it is waited for a moment: whoever was really late can spare it.
    """
    for wait in (0, _A_MOMENT):
        await asyncio.sleep(wait)
        led = await parts.drafts.get(browser.person.id, _pressed(form))
        if led is not None:
            return onward(str(led["to"])) if led["sent"] == form.digest else None
    return None


def _pressed(form: Form) -> str:
    return f"pressed:{form.key}"
