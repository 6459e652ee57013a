"""Signing in through a browser: the authorization endpoint and its pages."""

from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from connective.gateway.api.browser import SIGN_IN, SIGN_IN_SECONDS, Browser
from connective.gateway.api.outside_sign_in import offered
from connective.gateway.api.outward import leave
from connective.gateway.api.pages import page, page_router
from connective.gateway.api.parts import Parts, PartsDep
from connective.gateway.api.second_factor import show_factor
from connective.gateway.api.tokens import form_operation
from connective.gateway.api.ways import AUTHORIZE
from connective.gateway.commands.end_sign_in import end_sign_in
from connective.gateway.commands.sign_in import NotSignedIn
from connective.gateway.oauth.authorizing import ChoiceNeeded, FactorNeeded, Outcome, Refused, SentBack, SignInNeeded
from connective.kit.policy import Access, operation, problem_response
from connective.kit.problems import BadRequest

routes = page_router("sign-in")


def _browser(request: Request, parts: Parts) -> Browser:
    return Browser(request, parts.secure, parts.form_key)


def _query(request: Request) -> str:
    raw: bytes = request.scope["query_string"]
    return raw.decode("ascii", "replace")


def _page_operation() -> dict[str, Any]:
    """An open operation that answers with a page, also where it refuses."""
    described = operation(access=Access.PUBLIC)
    shown = problem_response("A page that says what is wrong; a problem document where the door refused")
    shown["content"]["text/html"] = {"schema": {"type": "string"}}
    sent_back = {"description": "Back to the client, with a code or an error"}
    described["responses"] = {303: sent_back, 400: shown, "default": shown}
    return described


@routes.get("/oauth/authorize", response_class=HTMLResponse, **_page_operation())
async def authorize(request: Request, parts: PartsDep) -> Response:
    """Ask for a code (RFC 6749, PKCE): shows the sign-in pages, the choice of organisation, or sends the code."""
    browser = _browser(request, parts)
    outcome = await parts.authority.authorize(request.scope["query_string"], browser.cookie(SIGN_IN), None)
    return await _show(browser, parts, outcome)


@routes.post("/oauth/authorize/sign-in", include_in_schema=False, **form_operation("email", "password", "form_token"))
async def sign_in(request: Request, parts: PartsDep) -> Response:
    """Try a name and a password; then the browser asks again, and is asked for the second factor."""
    browser = _browser(request, parts)
    fields = await browser.read_form(parts.issuer)
    outcome = await parts.authority.authorize(request.scope["query_string"], None, None)
    if not isinstance(outcome, SignInNeeded):
        return await _show(browser, parts, outcome)
    name, password = fields.get("email", ""), fields.get("password", "")
    result = await parts.sign_in(name, password, browser.visitor(), parts.clock())
    if isinstance(result, NotSignedIn):
        return await _show_sign_in(browser, parts, outcome, name=name, failed=result)
    response = RedirectResponse(f"/oauth/authorize?{_query(request)}", status_code=303)
    browser.keep(response, SIGN_IN, result.token, SIGN_IN_SECONDS)
    return response


@routes.post("/oauth/authorize/organisation", include_in_schema=False, **form_operation("organisation", "form_token"))
async def choose_organisation(request: Request, parts: PartsDep) -> Response:
    """Act for one of one's organisations."""
    browser = _browser(request, parts)
    fields = await browser.read_form(parts.issuer)
    try:
        chosen = UUID(fields.get("organisation", ""))
    except ValueError as error:
        raise BadRequest("Choose one of the organisations.") from error
    outcome = await parts.authority.authorize(request.scope["query_string"], browser.cookie(SIGN_IN), chosen)
    return await _show(browser, parts, outcome)


@routes.post("/oauth/authorize/sign-out", include_in_schema=False, **form_operation("form_token"))
async def sign_out(request: Request, parts: PartsDep) -> Response:
    """Forget who signed in here, and show the sign-in page again."""
    browser = _browser(request, parts)
    await browser.read_form(parts.issuer)
    outside = await leave(parts, browser)
    for ended in await end_sign_in(parts.database, browser.cookie(SIGN_IN), parts.clock()):
        parts.tokens.deny_also(ended)
    response = outside or RedirectResponse(f"/oauth/authorize?{_query(request)}", status_code=303)
    browser.keep(response, SIGN_IN, "", 0)
    return response


async def _show(browser: Browser, parts: Parts, outcome: Outcome) -> Response:
    if isinstance(outcome, SentBack):
        # 303, so that the browser never repeats a form's password to the program (RFC 9700, section 4.12).
        return RedirectResponse(outcome.location, status_code=303, headers={"Cache-Control": "no-store"})
    if isinstance(outcome, Refused):
        return page("refused.html", status=400, error=outcome.error, description=outcome.description)
    if isinstance(outcome, SignInNeeded):
        return await _show_sign_in(browser, parts, outcome, name="", failed=None)
    if isinstance(outcome, FactorNeeded):
        return await show_factor(browser, parts, AUTHORIZE, outcome.origin)
    return _show_choice(browser, outcome)


async def _show_sign_in(
    browser: Browser, parts: Parts, needed: SignInNeeded, *, name: str, failed: NotSignedIn | None
) -> Response:
    wait = failed.wait_seconds if failed else 0
    status = 200 if failed is None else 429 if wait else 422
    secret = browser.form_secret()
    response = page(
        "sign_in.html",
        status=status,
        origin=needed.origin,
        to_sign_in=f"/oauth/authorize/sign-in?{_query(browser.request)}",
        form_token=browser.form_token(secret),
        client_name=needed.client_name,
        name=name,
        failed=failed is not None,
        wait=wait,
        providers=await offered(parts),
        query=_query(browser.request),
    )
    if wait:
        response.headers["Retry-After"] = str(wait)
    browser.keep(response, "hub-form", secret, SIGN_IN_SECONDS)
    return response


def _show_choice(browser: Browser, needed: ChoiceNeeded) -> Response:
    secret = browser.form_secret()
    response = page(
        "organisation.html",
        origin=needed.origin,
        query=_query(browser.request),
        form_token=browser.form_token(secret),
        person=needed.account.name,
        memberships=needed.memberships,
    )
    browser.keep(response, "hub-form", secret, SIGN_IN_SECONDS)
    return response
