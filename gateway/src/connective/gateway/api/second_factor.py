"""The second step of signing in, as pages: give a second factor, or set one up when there is none yet."""

import secrets
from importlib.resources import files
from typing import Any

import segno
from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from connective.gateway.api.browser import DEVICE, DEVICE_SECONDS, SIGN_IN, SIGN_IN_SECONDS, Browser
from connective.gateway.api.pages import page, page_router
from connective.gateway.api.parts import Parts, PartsDep
from connective.gateway.api.tokens import form_operation
from connective.gateway.api.ways import AUTHORIZE, Way, onward
from connective.gateway.commands.enrol_factor import Enrolled, NotProved, ShownApp
from connective.gateway.commands.second_factor import Complete, NoSignIn, Result, WrongFactor
from connective.gateway.oauth.authorizing import FactorNeeded
from connective.kit.policy import Access, operation

routes = page_router("sign-in")
_LONGEST_ANSWER = 16_384
"""Characters that a browser's answer about a passkey may have."""
_SCRIPT = files("connective.gateway.api").joinpath("assets", "passkeys.js").read_bytes()
_HIDDEN: dict[str, Any] = {"include_in_schema": False}
_WRONG_CODE = "The code is not right, or was used before. Codes of an app change every 30 seconds"
_WRONG_PASSKEY = "The passkey could not be checked. Try again, or use a code"
_NOT_PROVED = "That did not work. Check the clock of your telephone, or start again with the new code below"


@routes.get("/assets/passkeys.js", **_HIDDEN, **operation(access=Access.PUBLIC))
async def read_script() -> Response:
    """Asks the browser for a passkey and posts its answer; the pages work without it, by codes."""
    return Response(_SCRIPT, media_type="text/javascript", headers={"Cache-Control": "public, max-age=3600"})


async def show_factor(
    browser: Browser,
    parts: Parts,
    way: Way,
    origin: str | None,
    *,
    wrong: WrongFactor | None = None,
    error: str = "",
) -> Response:
    """Ask for the second factor, or have one set up where there is none; after a wrong one, with what was wrong."""
    offer = await parts.factors.offer(browser.cookie(SIGN_IN) or "", parts.clock())
    if offer is None:
        return await show_enrolment(browser, parts, way, origin)
    wait = wrong.wait_seconds if wrong else 0
    response = _page(
        browser,
        "second_factor.html",
        way,
        status=200 if wrong is None else 429 if wait else 422,
        origin=origin,
        options=offer.options,
        error=f"Too many tries. Wait {wait} second{'s' if wait != 1 else ''}, then try again" if wait else error,
    )
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


async def show_enrolment(
    browser: Browser, parts: Parts, way: Way, origin: str | None, *, wrong: bool = False
) -> Response:
    """Show an app's new secret, as picture and as text, and the way to make a passkey."""
    begun = await parts.enrolling.begin(browser.cookie(SIGN_IN) or "", parts.clock())
    if isinstance(begun, NoSignIn):
        return RedirectResponse(onward(browser.request, way), status_code=303)
    return _page(
        browser,
        "enrol.html",
        way,
        status=422 if wrong else 200,
        origin=origin,
        picture=segno.make(begun.address, micro=False).svg_inline(scale=4, border=4),
        secret=" ".join(begun.secret[start : start + 4] for start in range(0, len(begun.secret), 4)),
        sealed=begun.sealed,
        options=begun.options,
        error=_NOT_PROVED if wrong else "",
    )


@routes.post("/oauth/{way}/code", **_HIDDEN, **form_operation("code", "form_token"))
async def give_code(way: Way, request: Request, parts: PartsDep) -> Response:
    """Try a code of an app, or a recovery code."""
    browser = Browser(request, parts.secure, parts.form_key)
    fields = await browser.read_form(parts.issuer)
    token = browser.cookie(SIGN_IN) or ""
    result = await parts.factors.by_code(token, fields.get("code", ""), browser.visitor(), parts.clock())
    return await _answer(browser, parts, way, result, _WRONG_CODE)


@routes.post("/oauth/{way}/passkey", **_HIDDEN, **form_operation("credential", "form_token"))
async def give_passkey(way: Way, request: Request, parts: PartsDep) -> Response:
    """Try a passkey's answer."""
    browser = Browser(request, parts.secure, parts.form_key)
    fields = await browser.read_form(parts.issuer, _LONGEST_ANSWER)
    token = browser.cookie(SIGN_IN) or ""
    result = await parts.factors.by_passkey(token, fields.get("credential", ""), browser.visitor(), parts.clock())
    return await _answer(browser, parts, way, result, _WRONG_PASSKEY)


@routes.post("/oauth/{way}/enrol/app", **_HIDDEN, **form_operation("sealed", "code", "name", "form_token"))
async def enrol_app(way: Way, request: Request, parts: PartsDep) -> Response:
    """Keep an app that shows the right code."""
    browser = Browser(request, parts.secure, parts.form_key)
    fields = await browser.read_form(parts.issuer)
    shown = ShownApp(fields.get("sealed", ""), fields.get("code", ""), fields.get("name", ""))
    token = browser.cookie(SIGN_IN) or ""
    made = await parts.enrolling.add_app(token, shown, browser.visitor(), parts.clock())
    return await _enrolled(browser, parts, way, made)


@routes.post("/oauth/{way}/enrol/passkey", **_HIDDEN, **form_operation("credential", "name", "form_token"))
async def enrol_passkey(way: Way, request: Request, parts: PartsDep) -> Response:
    """Keep a passkey that was just made."""
    browser = Browser(request, parts.secure, parts.form_key)
    fields = await browser.read_form(parts.issuer, _LONGEST_ANSWER)
    said = (fields.get("credential", ""), fields.get("name", ""))
    token = browser.cookie(SIGN_IN) or ""
    made = await parts.enrolling.add_passkey(token, *said, browser.visitor(), parts.clock())
    return await _enrolled(browser, parts, way, made)


async def _answer(browser: Browser, parts: Parts, way: Way, result: Result, error: str) -> Response:
    if isinstance(result, WrongFactor):
        origin = await _origin(browser, parts, way)
        return await show_factor(browser, parts, way, origin, wrong=result, error=error)
    return _go_on(browser, way, result)


async def _enrolled(browser: Browser, parts: Parts, way: Way, made: Enrolled | NotProved | NoSignIn) -> Response:
    if isinstance(made, NotProved):
        return await show_enrolment(browser, parts, way, await _origin(browser, parts, way), wrong=True)
    if isinstance(made, NoSignIn) or not made.codes:
        return _go_on(browser, way, made if isinstance(made, NoSignIn) else made.complete)
    response = show_codes(browser, way, made.codes)
    _keep(browser, response, made.complete)
    return response


def show_codes(browser: Browser, way: Way, codes: tuple[str, ...]) -> Response:
    """The recovery codes, this once."""
    return _page(browser, "recovery_codes.html", way, codes=codes, onward=onward(browser.request, way))


async def _origin(browser: Browser, parts: Parts, way: Way) -> str | None:
    """Where the program waits, for the page's content security policy."""
    if way != AUTHORIZE:
        return None
    query: bytes = browser.request.scope["query_string"]
    outcome = await parts.authority.authorize(query, browser.cookie(SIGN_IN), None)
    return outcome.origin if isinstance(outcome, FactorNeeded) else None


def _go_on(browser: Browser, way: Way, result: Complete | NoSignIn) -> Response:
    response = RedirectResponse(onward(browser.request, way), status_code=303)
    if isinstance(result, Complete):
        _keep(browser, response, result)
    return response


def _keep(browser: Browser, response: Response, complete: Complete) -> None:
    browser.keep(response, SIGN_IN, complete.token, SIGN_IN_SECONDS)
    browser.keep(response, DEVICE, complete.device_token, DEVICE_SECONDS)


def _page(browser: Browser, template: str, way: Way, *, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - what templates show
    secret = browser.form_secret()
    response = page(
        template,
        status=status,
        nonce=secrets.token_urlsafe(16),
        to=lambda step: onward(browser.request, way, step),
        form_token=browser.form_token(secret),
        **values,
    )
    browser.keep(response, "hub-form", secret, SIGN_IN_SECONDS)
    return response
