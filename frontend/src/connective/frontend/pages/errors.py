"""Refusals as pages: each says what happened and what to do, and a form's content is kept where nobody is signed in."""

from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import Scope

from connective.frontend.domain.answers import Refused, SignInNeeded
from connective.frontend.domain.navigation import entries_for
from connective.frontend.domain.troubles import trouble_of
from connective.frontend.domain.ways_on import ways_on
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.coming_back import keep, undone
from connective.frontend.pages.routing import Parts, browser_of, onward, parts_of, pressed_before
from connective.frontend.pages.sign_in import SIGN_OUT, leave
from connective.kit.context import trace
from connective.kit.logs import log
from connective.kit.problems import NotFound, Refusal

_WAYS_FROM = frozenset({400, 403, 404, 409, 412, 413, 422, 428})
"""Refusals of what somebody asked for: from all others there is nothing but to try again."""
_FRESH = "fresh-second-factor-needed"
_CHANGED = 412


def pages_for_refusals(app: FastAPI) -> None:
    """Have every refusal shown as a page."""
    app.add_exception_handler(SignInNeeded, _on_sign_in_needed)
    app.add_exception_handler(Refused, _on_refused)
    app.add_exception_handler(Refusal, _on_refusal)
    app.add_exception_handler(RequestValidationError, _on_unreadable)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_fault)


async def _on_sign_in_needed(request: Request, error: Exception) -> Response:
    """Send somebody to sign in, and keep what they had typed for when they are back."""
    assert isinstance(error, SignInNeeded)  # noqa: S101 - registered for this type
    return await _sign_in(request, fresh=error.fresh)


async def _sign_in(request: Request, *, fresh: bool = False) -> Response:
    browser = await browser_of(request)
    if request.url.path == SIGN_OUT and browser.visit is not None:
        # Whoever leaves is not asked to come in first.
        gone: Response = await leave(browser, parts_of(request))
        return gone
    target = browser.here
    if request.method != "GET":
        target = await keep(request, parts_of(request), version=True) or undone(request, browser)
    asked = {"to": target, **({"fresh": "true"} if fresh else {})}
    if browser.visit is None and request.method == "GET" and request.url.path == "/home":
        return onward("/")
    return onward(f"/sign-in?{urlencode(asked)}")


async def _on_refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101 - registered for this type
    if error.status == 401:
        browser = await browser_of(request)
        if error.code != _FRESH and browser.visit is not None:
            # The gateway knows that the session is over: an account that was disabled, say.
            await parts_of(request).visits.end(browser.visit.session, browser.now, revoke=False)
        return await _sign_in(request, fresh=error.code == _FRESH)
    form = getattr(request.state, "form", None)
    if error.status == _CHANGED and form is not None:
        pressed = await pressed_before(parts_of(request), await browser_of(request), form)
        if pressed is not None:
            return pressed
    return await show_trouble(request, error)


async def show_trouble(request: Request, problem: Refused) -> Response:
    """The page of a refusal."""
    browser: Browser = await browser_of(request)
    trouble = trouble_of(problem)
    entries = entries_for(browser.person) if browser.signed_in else []
    ways = ways_on(request.url.path, entries, sent=request.method != "GET") if trouble.status in _WAYS_FROM else []
    page = parts_of(request).pages.show(
        browser,
        "trouble.html",
        status=trouble.status,
        trouble=trouble,
        ways=ways,
        kept=await keep(request, parts_of(request), version=False) if problem.status == _CHANGED else None,
        request_id=trace().request_id,
    )
    if problem.retry_after is not None:
        page.headers["Retry-After"] = str(problem.retry_after)
    return page


def refused_at_the_door(parts: Parts, scope: Scope, refusal: Refusal) -> Response:
    """The page of what no route saw, a file that is too large, say: nobody has looked yet who sent it."""
    browser = Browser(Request(scope), parts.keys, None, parts.clock())
    trouble = trouble_of(Refused(refusal.status, refusal.code, refusal.detail))
    return parts.pages.show(
        browser,
        "trouble.html",
        status=trouble.status,
        trouble=trouble,
        ways=[],
        kept=None,
        request_id=trace().request_id,
    )


async def _on_refusal(request: Request, error: Exception) -> Response:
    """The kit's own refusals: of a form that was not ours, or a database that cannot be reached."""
    assert isinstance(error, Refusal)  # noqa: S101 - registered for this type
    problem = Refused(error.status, error.code, error.detail, retry_after=error.retry_after)
    try:
        return await show_trouble(request, problem)
    except Refusal:
        return _plain(error.status)


async def _on_unreadable(request: Request, _: Exception) -> Response:
    """An address whose parts are no ids: there is nothing there."""
    return await _on_refusal(request, NotFound())


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type
    return await _on_refusal(request, NotFound()) if error.status_code in {404, 405} else _plain(error.status_code)


async def _on_fault(request: Request, error: Exception) -> Response:
    log().error("fault", error=type(error).__name__)
    try:
        return await show_trouble(request, Refused(500, "unexpected", ""))
    except Exception:  # noqa: BLE001 - what shows pages is itself what failed
        return _plain(500)


def _plain(status: int) -> Response:
    """The last resort, which needs neither template nor database."""
    words: dict[int, Any] = {503: "The Hub cannot answer right now. Nothing is lost. Try again in a minute."}
    text = words.get(status, "Something went wrong. Nothing you did caused this. Try again.")
    return Response(text, status_code=status, media_type="text/plain", headers={"Cache-Control": "no-store"})
