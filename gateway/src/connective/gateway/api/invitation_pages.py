"""`/oauth/invitation`: the pages an invitation leads to. Opening the address uses nothing: mail scanners do that.

The secret comes behind the `#`, which no server is sent; the form posts it, and a cookie of this browser alone keeps it
while somebody chooses a password, or signs in to the account they have.
"""

import secrets
from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from connective.gateway.api.account_page import who_signed_in
from connective.gateway.api.browser import INVITATION, SIGN_IN, SIGN_IN_SECONDS, Browser
from connective.gateway.api.pages import page, page_router
from connective.gateway.api.parts import Parts, PartsDep
from connective.gateway.api.second_factor import show_factor
from connective.gateway.api.tokens import form_operation
from connective.gateway.api.ways import ACCOUNT
from connective.gateway.commands.accept_invitation import NotTaken, Offered, Over, Standing, account_of
from connective.gateway.domain.assurance import FRESH
from connective.gateway.domain.invitations import LONGEST_TOKEN
from connective.gateway.domain.links import clean_name
from connective.gateway.storage.factors import SigningIn
from connective.kit.policy import Access, operation

routes = page_router("sign-in")
_HERE = "/oauth/invitation"
_KEPT_SECONDS = 3_600
_PAGE: dict[str, Any] = {"include_in_schema": False, **operation(access=Access.PUBLIC)}
_UNKNOWN = "This opens no invitation. It may have been used, or have run out: ask for a new one"


def _browser(request: Request, parts: Parts) -> Browser:
    return Browser(request, parts.secure, parts.form_key)


def _shown(browser: Browser, template: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - what templates show
    secret, nonce = browser.form_secret(), secrets.token_urlsafe(16)
    response = page(template, status=status, nonce=nonce, form_token=browser.form_token(secret), here=_HERE, **values)
    browser.keep(response, "hub-form", secret, SIGN_IN_SECONDS)
    return response


def _over(browser: Browser) -> Response:
    response = _shown(browser, "invitation_over.html", 410)
    browser.keep(response, INVITATION, "", 0)
    return response


@routes.get(_HERE, **_PAGE)
async def show_door(request: Request, parts: PartsDep) -> Response:
    """The page that the letter leads to."""
    return _shown(_browser(request, parts), "invitation.html", error="")


@routes.post(f"{_HERE}/open", include_in_schema=False, **form_operation("key", "form_token"))
async def open_door(request: Request, parts: PartsDep) -> Response:
    """Keep the secret in this browser, if it opens anything."""
    browser = _browser(request, parts)
    key = (await browser.read_form(parts.issuer)).get("key", "").strip()[:LONGEST_TOKEN]
    try:
        await parts.accepting.open(key, parts.clock())
    except Over:
        return _shown(browser, "invitation.html", 422, error=_UNKNOWN)
    response = RedirectResponse(f"{_HERE}/accept", status_code=303)
    browser.keep(response, INVITATION, key, _KEPT_SECONDS)
    return response


@routes.get(f"{_HERE}/accept", **_PAGE)
async def show_acceptance(request: Request, parts: PartsDep) -> Response:
    """What accepting takes: a name and a password, or signing in where the address has an account."""
    browser = _browser(request, parts)
    try:
        offered = await parts.accepting.open(browser.cookie(INVITATION) or "", parts.clock())
    except Over:
        return _over(browser)
    return await _acceptance(browser, parts, offered)


async def _acceptance(
    browser: Browser, parts: Parts, offered: Offered, *, name: str | None = None, error: str = "", field: str = ""
) -> Response:
    if offered.standing is Standing.CLOSED:
        return _over(browser)
    who = await who_signed_in(browser, parts)
    whole = who if who is not None and who.factor_at is not None else None
    return _shown(
        browser,
        "invitation_new.html" if offered.standing is Standing.NEW else "invitation_known.html",
        422 if error else 200,
        invitation=offered.invitation,
        name=offered.invitation.name if name is None else name,
        error=error,
        field=field,
        who=whole,
        own=account_of(offered, whole) is not None,
    )


@routes.post(f"{_HERE}/accept", include_in_schema=False, **form_operation("name", "password", "form_token"))
async def accept(request: Request, parts: PartsDep) -> Response:
    """Make the account, and go on to its second factor."""
    browser = _browser(request, parts)
    fields = await browser.read_form(parts.issuer)
    token, now = browser.cookie(INVITATION) or "", parts.clock()
    name, password = clean_name(fields.get("name", "")), fields.get("password", "")
    try:
        offered = await parts.accepting.open(token, now)
        if name is None:
            return await _acceptance(browser, parts, offered, name="", error="Enter your name", field="name")
        made = await parts.accepting.with_password(token, name, password, now)
    except Over:
        return _over(browser)
    if isinstance(made, NotTaken):
        return await _acceptance(browser, parts, offered, name=name, error=made.sentence, field="password")
    response = RedirectResponse(f"/oauth/{ACCOUNT}", status_code=303)
    browser.keep(response, INVITATION, "", 0)
    browser.keep(response, SIGN_IN, made.token, SIGN_IN_SECONDS)
    return response


@routes.post(f"{_HERE}/confirm", include_in_schema=False, **form_operation("form_token"))
async def confirm(request: Request, parts: PartsDep) -> Response:
    """Accept it for the account that signed in here, with a second factor of the last five minutes."""
    browser = _browser(request, parts)
    await browser.read_form(parts.issuer)
    who = await who_signed_in(browser, parts)
    if who is None or not FRESH.met(who.factor_at, parts.clock()):
        return await _again(browser, parts, who)
    try:
        await parts.accepting.signed_in(browser.cookie(INVITATION) or "", who, parts.clock())
    except Over:
        return _over(browser)
    response = RedirectResponse(f"/oauth/{ACCOUNT}?joined", status_code=303)
    browser.keep(response, INVITATION, "", 0)
    return response


async def _again(browser: Browser, parts: Parts, who: SigningIn | None) -> Response:
    """Ask for what is missing; the account's page leads back here."""
    if who is None:
        return RedirectResponse(f"/oauth/{ACCOUNT}", status_code=303)
    return await show_factor(browser, parts, ACCOUNT, None)
