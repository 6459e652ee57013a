"""`/oauth/forgotten` and `/oauth/new-password`: a way to a new password by letter. Opening its address uses nothing."""

import secrets
from typing import Any

from fastapi import Request, Response

from connective.gateway.api.browser import SIGN_IN, SIGN_IN_SECONDS, Browser
from connective.gateway.api.pages import page, page_router
from connective.gateway.api.parts import Parts, PartsDep
from connective.gateway.api.tokens import form_operation
from connective.gateway.commands.new_password import NotChanged
from connective.gateway.domain.invitations import LONGEST_TOKEN
from connective.kit.policy import Access, operation

routes = page_router("sign-in")
_ASK = "/oauth/forgotten"
_USE = "/oauth/new-password"
_PAGE: dict[str, Any] = {"include_in_schema": False, **operation(access=Access.PUBLIC)}


def _browser(request: Request, parts: Parts) -> Browser:
    return Browser(request, parts.secure, parts.form_key)


def _shown(browser: Browser, template: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - what templates show
    secret, nonce = browser.form_secret(), secrets.token_urlsafe(16)
    response = page(template, status=status, nonce=nonce, form_token=browser.form_token(secret), **values)
    browser.keep(response, "hub-form", secret, SIGN_IN_SECONDS)
    return response


@routes.get(_ASK, **_PAGE)
async def show_asking(request: Request, parts: PartsDep) -> Response:
    """Ask for the address that somebody signs in by."""
    return _shown(_browser(request, parts), "forgotten.html", asked=False, mail=parts.mail)


@routes.post(_ASK, include_in_schema=False, **form_operation("email", "form_token"))
async def ask(request: Request, parts: PartsDep) -> Response:
    """Have a letter posted; the answer is the same whether somebody signs in by the address or nobody does."""
    browser = _browser(request, parts)
    fields = await browser.read_form(parts.issuer)
    await parts.new_passwords.ask(fields.get("email", ""), browser.visitor(), parts.clock())
    return _shown(browser, "forgotten.html", asked=True, mail=parts.mail)


@routes.get(_USE, **_PAGE)
async def show_new(request: Request, parts: PartsDep) -> Response:
    """The page that the letter leads to."""
    return _new(_browser(request, parts))


def _new(browser: Browser, status: int = 200, *, key: str = "", error: str = "", field: str = "") -> Response:
    return _shown(browser, "new_password.html", status, key=key, error=error, field=field)


@routes.post(_USE, include_in_schema=False, **form_operation("key", "password", "form_token"))
async def use(request: Request, parts: PartsDep) -> Response:
    """Set the new password; then one signs in with it, and with the second factor as always."""
    browser = _browser(request, parts)
    fields = await browser.read_form(parts.issuer)
    key = fields.get("key", "").strip()[:LONGEST_TOKEN]
    outcome = await parts.new_passwords.use(key, fields.get("password", ""), parts.clock())
    if isinstance(outcome, NotChanged):
        field = "key" if outcome.over else "password"
        return _new(browser, 422, key=key, error=outcome.sentence, field=field)
    for ended in outcome.ended:
        parts.tokens.deny_also(ended)
    response = _shown(browser, "new_password_set.html")
    browser.keep(response, SIGN_IN, "", 0)
    return response
