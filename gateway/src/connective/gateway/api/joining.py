"""On the account's page: the providers by which its holder is known, joined and parted by them alone.

Joining proves both sides: a fresh second factor here, and signing in anew there. On the way back the page shows whom
the provider named and asks, so that nobody's browser is led to join a stranger's subject to its holder's account.
"""

from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from connective.gateway.api.account_page import account_browser, fresh, show_here, show_own, who_signed_in
from connective.gateway.api.browser import SIGN_IN, Browser
from connective.gateway.api.outward import active, explain, send_out
from connective.gateway.api.pages import page_router
from connective.gateway.api.parts import Parts, PartsDep
from connective.gateway.api.tokens import form_operation
from connective.gateway.api.ways import ACCOUNT
from connective.gateway.commands.join_provider import NotFresh, join, part
from connective.gateway.domain.joining import Proved
from connective.gateway.domain.providers import Outsider, Provider
from connective.kit.policy import Access, operation
from connective.kit.sealing import NotSealedHere

routes = page_router("sign-in")
_PAGE: dict[str, Any] = {"include_in_schema": False, **operation(access=Access.PUBLIC)}
_HERE = f"/oauth/{ACCOUNT}"
_PURPOSE = b"joining"
_LONGEST_PROOF = 4_096
_JOINED = "Your account is joined. You may sign in by that provider from now on."
_PARTED = "Your account is parted from that provider, and what was begun by it is ended."
_KEPT = "That is the only way into your account, so it stays."


@routes.get(f"{_HERE}/providers/{{provider_id}}/join", response_class=HTMLResponse, **_PAGE)
async def begin_to_join(provider_id: UUID, request: Request, parts: PartsDep) -> Response:
    """Send the holder of an account to a provider, to sign in there."""
    browser = account_browser(request, parts)
    if asked := await fresh(browser, parts):
        return asked
    who, provider = await who_signed_in(browser, parts), await active(parts, provider_id)
    if who is None or provider is None or provider.place_id != who.place_id:
        return RedirectResponse(_HERE, status_code=303)
    return await send_out(browser, parts, provider, "", joins=who.account_id)


async def ask_to_join(browser: Browser, parts: Parts, provider: Provider, joins: UUID, who: Outsider) -> Response:
    """Show whom the provider named, and ask whether that is the holder of the account that went out."""
    here = await who_signed_in(browser, parts)
    if here is None or here.account_id != joins:
        return explain(provider, "not_begun_here", None)
    proved = Proved.by(joins, provider.id, who.subject, parts.clock())
    sealed = parts.outside.journeys.close(proved.to_text(), _PURPOSE).hex()
    return show_here(browser, "joining.html", provider=provider, outsider=who, who=here, proved=sealed)


@routes.post(f"{_HERE}/providers/join", include_in_schema=False, **form_operation("proved", "form_token"))
async def join_them(request: Request, parts: PartsDep) -> Response:
    """Join what was proved, now that the account's holder says so."""
    browser = account_browser(request, parts)
    fields = await browser.read_form(parts.issuer, _LONGEST_PROOF)
    proved = _proved(parts, fields.get("proved", ""))
    provider = None if proved is None else await active(parts, proved.provider_id)
    if proved is None or provider is None:
        return explain(provider, "ended", None)
    outcome = await join(parts.database, browser.cookie(SIGN_IN) or "", provider, proved, parts.clock())
    if isinstance(outcome, NotFresh):
        return await fresh(browser, parts) or explain(provider, "not_begun_here", None)
    return explain(provider, outcome, None) if outcome else await _show(browser, parts, _JOINED)


@routes.post(f"{_HERE}/providers/part", include_in_schema=False, **form_operation("issuer", "form_token"))
async def part_them(request: Request, parts: PartsDep) -> Response:
    """Part the account from a provider; what was begun by it ends, perhaps here too."""
    browser = account_browser(request, parts)
    fields = await browser.read_form(parts.issuer, _LONGEST_PROOF)
    outcome = await part(parts.database, browser.cookie(SIGN_IN) or "", fields.get("issuer", ""), parts.clock())
    if isinstance(outcome, NotFresh):
        return await fresh(browser, parts) or RedirectResponse(_HERE, status_code=303)
    for ended in outcome or ():
        parts.tokens.deny_also(ended)
    return await _show(browser, parts, _KEPT if outcome is None else _PARTED)


async def _show(browser: Browser, parts: Parts, told: str) -> Response:
    who = await who_signed_in(browser, parts)
    return RedirectResponse(_HERE, status_code=303) if who is None else await show_own(browser, parts, who, told=told)


def _proved(parts: Parts, sealed: str) -> Proved | None:
    try:
        return Proved.from_text(parts.outside.journeys.open(bytes.fromhex(sealed), _PURPOSE))
    except (NotSealedHere, ValueError, TypeError):
        return None
