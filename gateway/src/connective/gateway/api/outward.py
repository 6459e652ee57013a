"""A browser's way out to an outside provider and back, whatever it goes there for: to sign in, or to join two accounts.

What it needs on its way back lies sealed in a cookie of its own, so an answer that was begun anywhere else opens
nothing (login CSRF).
"""

import base64
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from fastapi import Response
from fastapi.responses import RedirectResponse

from connective.gateway.api.browser import SIGN_IN, Browser
from connective.gateway.api.pages import page
from connective.gateway.api.parts import Parts
from connective.gateway.api.schemas_providers import redirect_uri, signed_out_uri
from connective.gateway.clients.providers import ProviderAway
from connective.gateway.domain.opaque import digest
from connective.gateway.domain.outside_sign_in import SECONDS, Journey, address, begin
from connective.gateway.domain.providers import Provider
from connective.gateway.storage.providers import active_provider, provider_of
from connective.kit.actor import service_actor
from connective.kit.sealing import NotSealedHere

AWAY = "away"
_ACTOR = service_actor("gateway")
_PURPOSE = b"outside sign-in"
_RETRY_SECONDS = 60


def _cookie(state: str) -> str:
    """Each way out has a cookie of its own: people open two windows."""
    return f"hub-outside-{state[:12]}" if state.isascii() and state.isalnum() else "hub-outside-none"


async def active(parts: Parts, provider_id: UUID) -> Provider | None:
    """The provider of this id, while people may come by it."""
    async with parts.database.reading(_ACTOR) as connection:
        return await active_provider(connection, provider_id)


async def send_out(
    browser: Browser, parts: Parts, provider: Provider, query: str, joins: UUID | None = None
) -> Response:
    """Send the browser to the provider; with `joins`, to prove that its holder is this account's too."""
    try:
        metadata = await parts.outside.providers.metadata(provider)
    except ProviderAway:
        return explain(provider, AWAY, None if joins else query)
    journey = begin(provider, query, parts.clock(), joins)
    there = address(provider, metadata, journey, redirect_uri(parts.issuer, provider.id))
    response = RedirectResponse(there, status_code=303, headers={"Cache-Control": "no-store"})
    sealed = parts.outside.journeys.close(journey.to_text(), _PURPOSE)
    browser.keep(response, _cookie(journey.state), base64.urlsafe_b64encode(sealed).decode(), SECONDS)
    return response


def journey_of(parts: Parts, browser: Browser, state: str) -> Journey | None:
    """The way out that an answer with this state belongs to; None where this browser began none."""
    kept = browser.cookie(_cookie(state))
    if not kept:
        return None
    try:
        return Journey.from_text(parts.outside.journeys.open(base64.urlsafe_b64decode(kept), _PURPOSE))
    except (NotSealedHere, ValueError, KeyError, TypeError):
        return None


def end_journey(browser: Browser, response: Response, journey: Journey) -> Response:
    """Forget a way out whose answer was taken."""
    browser.keep(response, _cookie(journey.state), "", 0)
    return response


def explain(provider: Provider | None, why: str, query: str | None) -> Response:
    """Why nobody came in; `query` is what a program had asked for, None for who was on the way to their own account."""
    away = why == AWAY
    response = page(
        "outside.html",
        status=503 if away else 400,
        provider=provider.name if provider else None,
        why=why,
        again=f"/oauth/authorize?{query}" if query else None,
        joining=query is None,
    )
    if away:
        response.headers["Retry-After"] = str(_RETRY_SECONDS)
    return response


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
