"""Signing in at the gateway, coming back, and signing out."""

import hmac

from fastapi import Response

from connective.frontend.clients.authorization import TokensRefused
from connective.frontend.domain.secrets import new_secret
from connective.frontend.pages.browser import COOKIE_SECONDS, GOING, GOING_SECONDS, LEFT, SESSION, safe_target
from connective.frontend.pages.routing import BrowserDep, PartsDep, onward, personal_routes, public_routes
from connective.kit.logs import log

routes = public_routes()
own_routes = personal_routes()
SIGN_OUT = "/sign-out"


@routes.page("/")
async def start(browser: BrowserDep, parts: PartsDep) -> Response:
    """What this is, and the way in."""
    if browser.signed_in:
        return onward("/home")
    return parts.pages.show(browser, "start.html")


@routes.page("/sign-in")
async def begin(browser: BrowserDep, parts: PartsDep, to: str = "/home", fresh: bool = False) -> Response:
    """Send somebody to the gateway's sign-in, remembering where they were going.

    Who was away for as long as a session may be idle, or has signed out, gives a second factor again there.
    """
    state, verifier = new_secret(), new_secret()
    asks_anew = fresh or browser.cookie(LEFT) is not None
    address = parts.visits.authorization.address(state, verifier, 0 if asks_anew else parts.idle_seconds)
    response = onward(address)
    browser.keep(response, GOING, browser.going(state, verifier, safe_target(to)), GOING_SECONDS)
    return response


@routes.page("/signed-in")
async def finish(
    browser: BrowserDep, parts: PartsDep, *, code: str = "", state: str = "", iss: str = "", error: str = ""
) -> Response:
    """Come back from the gateway with a code: only the answer to this browser's own question counts."""
    went = browser.went()
    if went is None or not hmac.compare_digest(went["state"].encode(), state.encode()) or iss != parts.issuer:
        log().info("sign_in_not_ours", code="state" if iss == parts.issuer else "iss")
        return parts.pages.show(browser, "not_signed_in.html", status=400)
    if error or not code:
        return parts.pages.show(browser, "not_signed_in.html", status=400)
    try:
        secret, _ = await parts.visits.begin(code, went["verifier"], browser.now)
    except TokensRefused:
        return parts.pages.show(browser, "not_signed_in.html", status=400)
    if browser.visit is not None:
        # Whatever was open in this browser before ends: one browser, one session.
        await parts.visits.end(browser.visit.session, browser.now, revoke=browser.visit.live)
    response = onward(went["target"])
    browser.keep(response, SESSION, secret, COOKIE_SECONDS)
    browser.keep(response, GOING, "", 0)
    browser.keep(response, LEFT, "", 0)
    return response


@own_routes.form(SIGN_OUT)
async def leave(browser: BrowserDep, parts: PartsDep) -> Response:
    """End the session and its tokens, also where it was over. Going back shows nothing: no browser keeps pages."""
    if browser.visit is not None:
        await parts.visits.end(browser.visit.session, browser.now)
    response = onward("/signed-out")
    browser.keep(response, SESSION, "", 0)
    browser.keep(response, LEFT, "yes", COOKIE_SECONDS)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@routes.page("/signed-out")
async def left(browser: BrowserDep, parts: PartsDep) -> Response:
    """Say so."""
    return parts.pages.show(browser, "signed_out.html")
