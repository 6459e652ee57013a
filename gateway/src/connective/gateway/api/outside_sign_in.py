"""Signing in by an outside OpenID provider: out to it, back from it, and out of it again, from either side.

What a browser needs on its way back lies sealed in a cookie of its own, so an answer that was begun anywhere else opens
nothing (login CSRF), and the answer to each way out is taken once.
"""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from connective.gateway.api.browser import SIGN_IN, SIGN_IN_SECONDS, Browser, read_fields
from connective.gateway.api.pages import page
from connective.gateway.api.parts import Parts, PartsDep
from connective.gateway.api.schemas_providers import redirect_uri, signed_out_uri
from connective.gateway.api.tokens import form_operation, open_router
from connective.gateway.api.ways import query_of
from connective.gateway.clients.providers import ProviderAway
from connective.gateway.commands.end_provider import end_sign_ins
from connective.gateway.commands.outside_sign_in import Unwelcome, take_once
from connective.gateway.domain.opaque import digest
from connective.gateway.domain.outside_sign_in import (
    SECONDS,
    Journey,
    UnfitAnswer,
    address,
    begin,
    check_id_token,
    check_issuer,
    check_logout_token,
    check_state,
)
from connective.gateway.domain.providers import Outsider, Provider, UnfitClaims, read_outsider
from connective.gateway.oauth.authorizing import SignInNeeded
from connective.gateway.storage.providers import active_provider, active_providers, provider_of
from connective.kit.actor import service_actor
from connective.kit.logs import log
from connective.kit.policy import Access, operation
from connective.kit.sealing import NotSealedHere

routes = open_router("sign-in")
_PAGE: dict[str, Any] = {"include_in_schema": False, **operation(access=Access.PUBLIC)}
_ACTOR = service_actor("gateway")
_PURPOSE = b"outside sign-in"
_LONGEST_QUERY = 1_800
"""Characters of what a program asked for that a cookie still holds."""
_LONGEST_TOKEN = 16_384
_RETRY_SECONDS = 60
_AWAY = "away"


def _cookie(state: str) -> str:
    """Each way out has a cookie of its own: people open two windows."""
    return f"hub-outside-{state[:12]}" if state.isascii() and state.isalnum() else "hub-outside-none"


async def _active(parts: Parts, provider_id: UUID) -> Provider | None:
    async with parts.database.reading(_ACTOR) as connection:
        return await active_provider(connection, provider_id)


async def offered(parts: Parts) -> list[Provider]:
    """The providers that the sign-in page offers."""
    async with parts.database.reading(_ACTOR) as connection:
        return await active_providers(connection)


@routes.get("/oauth/authorize/provider/{provider_id}", response_class=HTMLResponse, **_PAGE)
async def go_out(provider_id: UUID, request: Request, parts: PartsDep) -> Response:
    """Send the browser to the provider, with what it needs on its way back under seal."""
    browser, query = Browser(request, parts.secure, parts.form_key), query_of(request)
    onward = RedirectResponse(f"/oauth/authorize?{query}", status_code=303)
    provider = await _active(parts, provider_id)
    outcome = await parts.authority.authorize(request.scope["query_string"], None, None)
    if provider is None or not isinstance(outcome, SignInNeeded) or len(query) > _LONGEST_QUERY:
        return onward
    try:
        metadata = await parts.outside.providers.metadata(provider)
    except ProviderAway:
        return _explain(provider, _AWAY, query)
    journey = begin(provider, query, parts.clock())
    there = address(provider, metadata, journey, redirect_uri(parts.issuer, provider.id))
    response = RedirectResponse(there, status_code=303, headers={"Cache-Control": "no-store"})
    sealed = parts.outside.journeys.close(journey.to_text(), _PURPOSE)
    browser.keep(response, _cookie(journey.state), base64.urlsafe_b64encode(sealed).decode(), SECONDS)
    return response


@routes.get("/oauth/providers/{provider_id}/callback", response_class=HTMLResponse, **_PAGE)
async def come_back(provider_id: UUID, request: Request, parts: PartsDep) -> Response:
    """Take the provider's answer, once, in the browser that began it; then the way goes on as for everybody."""
    browser = Browser(request, parts.secure, parts.form_key)
    said = _once_each(request)
    journey = _journey(parts, browser, said.get("state", ""))
    provider = await _active(parts, provider_id)
    if provider is None:
        return _explain(None, "ended", journey.query if journey else "")
    try:
        begun = check_state(journey, provider_id, said.get("state", ""), parts.clock())
        who = await _answered(parts, provider, begun, said)
        result = await parts.outside.sign_in(provider, who, parts.clock())
    except ProviderAway:
        return _explain(provider, _AWAY, journey.query if journey else "")
    except (UnfitAnswer, UnfitClaims) as error:
        log().warning("provider_answer_refused", provider_id=str(provider_id), error=str(error))
        return _explain(provider, str(error), journey.query if journey else "")
    if isinstance(result, Unwelcome):
        response = _explain(provider, str(result), begun.query)
    else:
        response = RedirectResponse(f"/oauth/authorize?{begun.query}", status_code=303)
        browser.keep(response, SIGN_IN, result.token, SIGN_IN_SECONDS)
    browser.keep(response, _cookie(begun.state), "", 0)
    return response


async def _answered(parts: Parts, provider: Provider, begun: Journey, said: Mapping[str, str]) -> Outsider:
    """Who the answer says has signed in. Raises ProviderAway, UnfitAnswer, UnfitClaims."""
    check_issuer(provider, await parts.outside.providers.metadata(provider), said.get("iss"))
    if not await take_once(parts.database, begun, datetime.fromtimestamp(begun.until, UTC)):
        raise UnfitAnswer("used_before")
    if "error" in said or "code" not in said:
        raise UnfitAnswer("declined")
    back = redirect_uri(parts.issuer, provider.id)
    claims = await parts.outside.providers.id_token(provider, said["code"], begun.verifier, back)
    return read_outsider(provider, claims, check_id_token(claims, provider, begun.nonce, parts.clock()))


@routes.post(
    "/oauth/providers/{provider_id}/back-channel-logout", include_in_schema=False, **form_operation("logout_token")
)
async def told_to_end(provider_id: UUID, request: Request, parts: PartsDep) -> Response:
    """End what was begun by a session that the provider has ended (OpenID Connect Back-Channel Logout 1.0)."""
    provider = await _active(parts, provider_id)
    token = read_fields(await request.body(), _LONGEST_TOKEN).get("logout_token", "")
    headers = {"Cache-Control": "no-store"}
    if provider is None:
        return JSONResponse({"error": "invalid_request"}, status_code=400, headers=headers)
    try:
        claims = await parts.outside.providers.verified(provider, token)
        subject, session = check_logout_token(claims, provider, parts.clock())
    except (UnfitAnswer, ProviderAway) as error:
        log().warning("logout_refused", provider_id=str(provider_id), error=str(error))
        return JSONResponse({"error": "invalid_request"}, status_code=400, headers=headers)
    for ended in await end_sign_ins(parts.database, provider, subject, session, parts.clock()):
        parts.tokens.deny_also(ended)
    return Response(status_code=200, headers=headers)


@routes.get("/oauth/signed-out", response_class=HTMLResponse, **_PAGE)
async def signed_out() -> Response:
    """Where a provider sends people whom it has signed out."""
    return page("signed_out.html", provider=None, there=None)


async def leave(parts: Parts, browser: Browser) -> Response | None:
    """The way out of the provider somebody came by, to be shown once they are out here; None for everybody else."""
    token = browser.cookie(SIGN_IN)
    if token is None:
        return None
    async with parts.database.reading(_ACTOR) as connection:
        provider = await provider_of(connection, digest(token))
    if provider is None:
        return None
    try:
        ends = (await parts.outside.providers.metadata(provider)).end_session_endpoint
    except ProviderAway:
        ends = None
    asked = urlencode({"client_id": provider.client_id, "post_logout_redirect_uri": signed_out_uri(parts.issuer)})
    there = f"{ends}{'&' if urlsplit(ends).query else '?'}{asked}" if ends else None
    return page("signed_out.html", provider=provider.name, there=there)


def _once_each(request: Request) -> dict[str, str]:
    """The query's parameters; one that comes twice counts as not sent, so that nobody reads another one than we do."""
    pairs = request.query_params.multi_items()
    names = [name for name, _ in pairs]
    return {name: value for name, value in pairs if names.count(name) == 1}


def _journey(parts: Parts, browser: Browser, state: str) -> Journey | None:
    kept = browser.cookie(_cookie(state))
    if not kept:
        return None
    try:
        return Journey.from_text(parts.outside.journeys.open(base64.urlsafe_b64decode(kept), _PURPOSE))
    except (NotSealedHere, ValueError, KeyError, TypeError):
        return None


def _explain(provider: Provider | None, why: str, query: str) -> Response:
    away = why == _AWAY
    response = page(
        "outside.html",
        status=503 if away else 400,
        provider=provider.name if provider else None,
        why=why,
        again=f"/oauth/authorize?{query}" if query else None,
    )
    if away:
        response.headers["Retry-After"] = str(_RETRY_SECONDS)
    return response
