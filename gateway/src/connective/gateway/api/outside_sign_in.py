"""Signing in by an outside OpenID provider: out to it, back from it, and out of it again, from either side.

An answer is taken in the browser that went out for it, and once. Who went out to join two accounts comes back by the
same address.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from connective.gateway.api.browser import SIGN_IN, SIGN_IN_SECONDS, Browser, read_fields
from connective.gateway.api.joining import ask_to_join
from connective.gateway.api.outward import AWAY, active, end_journey, explain, journey_of, send_out
from connective.gateway.api.pages import page, page_router
from connective.gateway.api.parts import Parts, PartsDep
from connective.gateway.api.schemas_providers import redirect_uri
from connective.gateway.api.tokens import form_operation
from connective.gateway.api.ways import query_of
from connective.gateway.clients.providers import ProviderAway
from connective.gateway.commands.end_provider import end_as_told
from connective.gateway.commands.outside_sign_in import Unwelcome, take_once
from connective.gateway.domain.outside_sign_in import (
    Journey,
    UnfitAnswer,
    check_id_token,
    check_issuer,
    check_just_now,
    check_logout_token,
    check_state,
)
from connective.gateway.domain.providers import Outsider, Provider, UnfitClaims, read_outsider
from connective.gateway.oauth.authorizing import SignInNeeded
from connective.gateway.storage.providers import active_providers
from connective.kit.actor import service_actor
from connective.kit.logs import log
from connective.kit.policy import Access, operation

routes = page_router("sign-in")
_PAGE: dict[str, Any] = {"include_in_schema": False, **operation(access=Access.PUBLIC)}
_ACTOR = service_actor("gateway")
_LONGEST_QUERY = 1_800
"""Characters of what a program asked for that a cookie still holds."""
_LONGEST_TOKEN = 16_384


async def offered(parts: Parts) -> list[Provider]:
    """The providers that the sign-in page offers."""
    async with parts.database.reading(_ACTOR) as connection:
        return await active_providers(connection)


@routes.get("/oauth/authorize/provider/{provider_id}", response_class=HTMLResponse, **_PAGE)
async def go_out(provider_id: UUID, request: Request, parts: PartsDep) -> Response:
    """Send the browser to the provider, with what it needs on its way back under seal."""
    browser, query = Browser(request, parts.secure, parts.form_key), query_of(request)
    provider = await active(parts, provider_id)
    outcome = await parts.authority.authorize(request.scope["query_string"], None, None)
    if provider is None or not isinstance(outcome, SignInNeeded) or len(query) > _LONGEST_QUERY:
        return RedirectResponse(f"/oauth/authorize?{query}", status_code=303)
    return await send_out(browser, parts, provider, query)


@routes.get("/oauth/providers/{provider_id}/callback", response_class=HTMLResponse, **_PAGE)
async def come_back(provider_id: UUID, request: Request, parts: PartsDep) -> Response:
    """Take the provider's answer, once, in the browser that began it; then the way goes on as for everybody."""
    browser = Browser(request, parts.secure, parts.form_key)
    said = _once_each(request)
    journey = journey_of(parts, browser, said.get("state", ""))
    provider = await active(parts, provider_id)
    if provider is None:
        return explain(None, "ended", _asked(journey))
    try:
        begun = check_state(journey, provider_id, said.get("state", ""), parts.clock())
        who = await _answered(parts, provider, begun, said)
    except ProviderAway:
        return explain(provider, AWAY, _asked(journey))
    except (UnfitAnswer, UnfitClaims) as error:
        log().warning("provider_answer_refused", provider_id=str(provider_id), error=str(error))
        return explain(provider, str(error), _asked(journey))
    if begun.joins is None:
        response = await _let_in(browser, parts, provider, begun, who)
    else:
        response = await ask_to_join(browser, parts, provider, begun.joins, who)
    return end_journey(browser, response, begun)


def _asked(journey: Journey | None) -> str | None:
    """What a program had asked for; None for who went out for their own account."""
    if journey is None:
        return ""
    return journey.query if journey.joins is None else None


async def _let_in(browser: Browser, parts: Parts, provider: Provider, begun: Journey, who: Outsider) -> Response:
    result = await parts.outside.sign_in(provider, who, parts.clock())
    if isinstance(result, Unwelcome):
        return explain(provider, str(result), begun.query)
    response = RedirectResponse(f"/oauth/authorize?{begun.query}", status_code=303)
    browser.keep(response, SIGN_IN, result.token, SIGN_IN_SECONDS)
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
    signed_in_at = check_id_token(claims, provider, begun.nonce, parts.clock())
    if begun.joins is not None:
        check_just_now(signed_in_at, parts.clock())
    return read_outsider(provider, claims, signed_in_at)


@routes.post(
    "/oauth/providers/{provider_id}/back-channel-logout", include_in_schema=False, **form_operation("logout_token")
)
async def told_to_end(provider_id: UUID, request: Request, parts: PartsDep) -> Response:
    """End what was begun by a session that the provider has ended (OpenID Connect Back-Channel Logout 1.0)."""
    provider = await active(parts, provider_id)
    token = read_fields(await request.body(), _LONGEST_TOKEN).get("logout_token", "")
    headers = {"Cache-Control": "no-store"}
    if provider is None:
        return JSONResponse({"error": "invalid_request"}, status_code=400, headers=headers)
    try:
        claims = await parts.outside.providers.verified(provider, token)
        told = check_logout_token(claims, provider, parts.clock())
        ended = await end_as_told(parts.database, provider, told, parts.clock())
    except (UnfitAnswer, ProviderAway) as error:
        log().warning("logout_refused", provider_id=str(provider_id), error=str(error))
        return JSONResponse({"error": "invalid_request"}, status_code=400, headers=headers)
    for each in ended:
        parts.tokens.deny_also(each)
    return Response(status_code=200, headers=headers)


@routes.get("/oauth/signed-out", response_class=HTMLResponse, **_PAGE)
async def signed_out() -> Response:
    """Where a provider sends people whom it has signed out."""
    return page("signed_out.html", provider=None, there=None)


def _once_each(request: Request) -> dict[str, str]:
    """The query's parameters; one that comes twice counts as not sent, so that nobody reads another one than we do."""
    pairs = request.query_params.multi_items()
    names = [name for name, _ in pairs]
    return {name: value for name, value in pairs if names.count(name) == 1}
