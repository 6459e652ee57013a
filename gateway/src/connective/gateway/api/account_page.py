"""`/oauth/account`: one's own account as a page: second factors, recovery codes, password, browsers, programs.

What changes how one gets in asks for a second factor of the last five minutes.
"""

from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.gateway.api.browser import INVITATION, SIGN_IN, SIGN_IN_SECONDS, Browser
from connective.gateway.api.outward import leave
from connective.gateway.api.pages import page, page_router
from connective.gateway.api.parts import Parts, PartsDep
from connective.gateway.api.second_factor import show_codes, show_enrolment, show_factor
from connective.gateway.api.tokens import form_operation
from connective.gateway.api.ways import ACCOUNT
from connective.gateway.commands.change_password import ChangeOfPassword, change_password
from connective.gateway.commands.end_sign_in import end_sign_in
from connective.gateway.commands.own_sessions import forget_device
from connective.gateway.commands.sign_in import NotSignedIn
from connective.gateway.domain.assurance import FRESH
from connective.gateway.domain.opaque import digest
from connective.gateway.domain.providers import Provider
from connective.gateway.storage.factors import SigningIn, find_signing_in, list_factors, recovery_codes_left
from connective.gateway.storage.own_sessions import list_devices, list_sessions
from connective.gateway.storage.providers import Identity, active_providers, identities_of
from connective.kit.actor import service_actor
from connective.kit.policy import Access, operation

routes = page_router("sign-in")
_PAGE: dict[str, Any] = {"include_in_schema": False, **operation(access=Access.PUBLIC)}
_HERE = f"/oauth/{ACCOUNT}"
_ACTOR = service_actor("gateway")


def account_browser(request: Request, parts: Parts) -> Browser:
    """Whoever looks at the account's page."""
    return Browser(request, parts.secure, parts.form_key)


async def who_signed_in(browser: Browser, parts: Parts) -> SigningIn | None:
    """Whose password, at least, was right in this browser."""
    token = browser.cookie(SIGN_IN)
    if token is None:
        return None
    async with parts.database.reading(_ACTOR) as connection:
        return await find_signing_in(connection, digest(token), parts.clock())


async def _joinable(connection: AsyncConnection, who: SigningIn, joined: list[Identity]) -> list[Provider]:
    """The providers of the account's place by which it is not known yet."""
    known = {each.issuer for each in joined}
    found = await active_providers(connection)
    return [each for each in found if each.place_id == who.place_id and each.issuer not in known]


def _here() -> Response:
    return RedirectResponse(_HERE, status_code=303)


@routes.get(_HERE, response_class=HTMLResponse, **_PAGE)
async def show_account(request: Request, parts: PartsDep) -> Response:
    """What one holds and has open; whoever has not signed in here is asked to."""
    browser = account_browser(request, parts)
    who = await who_signed_in(browser, parts)
    if who is None:
        return _show_sign_in(browser, name="", failed=None)
    if who.factor_at is None:
        return await show_factor(browser, parts, ACCOUNT, None)
    joined = "joined" in request.query_params
    told = "You accepted the invitation. Choose for whom you work when you next sign in to a program." if joined else ""
    return await show_own(browser, parts, who, told=told)


async def show_own(
    browser: Browser, parts: Parts, who: SigningIn, *, status: int = 200, error: str = "", told: str = ""
) -> Response:
    """The page itself; after a change, with what came of it."""
    now, invited = parts.clock(), browser.cookie(INVITATION) is not None
    async with parts.database.reading(_ACTOR) as connection:
        values = {
            "factors": await list_factors(connection, who.account_id),
            "codes_left": await recovery_codes_left(connection, who.account_id),
            "devices": await list_devices(connection, who.account_id),
            "sessions": await list_sessions(connection, who.account_id, now),
            "identities": (joined := await identities_of(connection, who.account_id)),
            "offered": await _joinable(connection, who, joined),
        }
    return show_here(browser, "account.html", status, who=who, error=error, told=told, invited=invited, **values)


@routes.post(f"{_HERE}/sign-in", include_in_schema=False, **form_operation("email", "password", "form_token"))
async def sign_in(request: Request, parts: PartsDep) -> Response:
    """Try a name and a password, to look after one's own account."""
    browser = account_browser(request, parts)
    fields = await browser.read_form(parts.issuer)
    name, password = fields.get("email", ""), fields.get("password", "")
    result = await parts.sign_in(name, password, browser.visitor(), parts.clock())
    if isinstance(result, NotSignedIn):
        return _show_sign_in(browser, name=name, failed=result)
    response = _here()
    browser.keep(response, SIGN_IN, result.token, SIGN_IN_SECONDS)
    return response


@routes.post(f"{_HERE}/sign-out", include_in_schema=False, **form_operation("form_token"))
async def sign_out(request: Request, parts: PartsDep) -> Response:
    """Sign out of this browser, and of all that was begun in it."""
    browser = account_browser(request, parts)
    await browser.read_form(parts.issuer)
    outside = await leave(parts, browser)
    for ended in await end_sign_in(parts.database, browser.cookie(SIGN_IN), parts.clock()):
        parts.tokens.deny_also(ended)
    response = outside or _here()
    browser.keep(response, SIGN_IN, "", 0)
    return response


@routes.get(f"{_HERE}/add", response_class=HTMLResponse, **_PAGE)
async def add_factor(request: Request, parts: PartsDep) -> Response:
    """Set another second factor up."""
    browser = account_browser(request, parts)
    return await fresh(browser, parts) or await show_enrolment(browser, parts, ACCOUNT, None)


@routes.post(f"{_HERE}/remove", include_in_schema=False, **form_operation("factor", "form_token"))
async def remove_factor(request: Request, parts: PartsDep) -> Response:
    """Take a second factor away; the last one stays."""
    browser = account_browser(request, parts)
    fields = await browser.read_form(parts.issuer)
    if asked := await fresh(browser, parts):
        return asked
    factor = _id(fields.get("factor", ""))
    if factor is not None:
        await parts.enrolling.remove(browser.cookie(SIGN_IN) or "", factor, parts.clock())
    return _here()


@routes.post(f"{_HERE}/recovery-codes", include_in_schema=False, **form_operation("form_token"))
async def renew_codes(request: Request, parts: PartsDep) -> Response:
    """New recovery codes instead of the old, shown this once."""
    browser = account_browser(request, parts)
    await browser.read_form(parts.issuer)
    if asked := await fresh(browser, parts):
        return asked
    codes = await parts.enrolling.renew_codes(browser.cookie(SIGN_IN) or "", parts.clock())
    return show_codes(browser, ACCOUNT, codes) if codes else _here()


@routes.post(f"{_HERE}/forget", include_in_schema=False, **form_operation("device", "form_token"))
async def forget(request: Request, parts: PartsDep) -> Response:
    """Forget a browser, and end everything that was begun in it."""
    browser = account_browser(request, parts)
    fields = await browser.read_form(parts.issuer)
    who, device = await who_signed_in(browser, parts), _id(fields.get("device", ""))
    if who is not None and who.factor_at is not None and device is not None:
        for ended in await forget_device(parts.database, who.account_id, device, parts.clock()):
            parts.tokens.deny_also(ended)
    return _here()


@routes.post(f"{_HERE}/password", include_in_schema=False, **form_operation("old", "password", "form_token"))
async def set_password(request: Request, parts: PartsDep) -> Response:
    """Another password, for which the old one and a fresh second factor are needed; it ends everything elsewhere."""
    browser = account_browser(request, parts)
    fields = await browser.read_form(parts.issuer)
    who = await who_signed_in(browser, parts)
    if who is None or not FRESH.met(who.factor_at, parts.clock()):
        return await fresh(browser, parts) or _here()
    wanted = ChangeOfPassword(fields.get("old", ""), fields.get("password", ""), browser.visitor())
    outcome = await change_password(parts.database, parts.passwords, parts.sign_in, who, wanted, now=parts.clock())
    if isinstance(outcome, str):
        return await show_own(browser, parts, who, status=422, error=outcome)
    for ended in outcome:
        parts.tokens.deny_also(ended)
    told = "Your password is changed, and you are signed out everywhere else."
    return await show_own(browser, parts, who, told=told)


async def fresh(browser: Browser, parts: Parts) -> Response | None:
    """None for a second factor of the last minutes; else the page that asks for it."""
    who = await who_signed_in(browser, parts)
    if who is not None and FRESH.met(who.factor_at, parts.clock()):
        return None
    return _here() if who is None else await show_factor(browser, parts, ACCOUNT, None)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _show_sign_in(browser: Browser, *, name: str, failed: NotSignedIn | None) -> Response:
    wait = failed.wait_seconds if failed else 0
    status = 200 if failed is None else 429 if wait else 422
    return show_here(
        browser,
        "sign_in.html",
        status,
        to_sign_in=f"{_HERE}/sign-in",
        client_name="your account",
        name=name,
        failed=failed is not None,
        providers=(),
        query="",
        wait=wait,
    )


def show_here(browser: Browser, template: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - what templates show
    """A page of the account's, with what its forms are bound to."""
    secret = browser.form_secret()
    response = page(template, status=status, form_token=browser.form_token(secret), here=_HERE, **values)
    browser.keep(response, "hub-form", secret, SIGN_IN_SECONDS)
    return response
