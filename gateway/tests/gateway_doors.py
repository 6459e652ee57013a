"""A running door with one service behind it."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from gateway_support import Service, claims, served
from joserfc.jwk import ECKey

from connective.gateway.api.door import Door, Limits
from connective.gateway.api.proxy import Proxy
from connective.gateway.clients.upstream import Upstream
from connective.gateway.domain.limits import Quota
from connective.gateway.tokens.access import AccessTokens
from connective.gateway.tokens.identity import Identities
from connective.gateway.tokens.keys import AccessKeys, KeyState, make_key
from connective.kit.tokens import Signer

PLENTY = Limits(Quota("caller", 10_000, 60), Quota("address", 10_000, 60))


@dataclass
class Standing:
    """A running door, its service and what it trusts."""

    port: int
    service: Service
    tokens: AccessTokens
    token: str
    own_key: ECKey
    inner_seen: list[dict[str, Any]]
    proxy: Proxy
    identities: Identities


@asynccontextmanager
async def standing(
    service: Service, own_key: ECKey, limits: Limits = PLENTY, *, deadline: float = 5, **options: Any
) -> AsyncIterator[Standing]:
    """A door before the service, both listening."""
    tokens = AccessTokens(AccessKeys([make_key("k1", KeyState.CURRENT)]), "https://hub.example.org", "hub-api")
    inner_seen: list[dict[str, Any]] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        inner_seen.append(scope)
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
        await send({"type": "http.response.body", "body": b"inner"})

    async with Upstream(deadline_seconds=deadline) as upstream, service.serve():
        addresses = dict.fromkeys(("families", "referrals", "partners", "consent"), service.url)
        proxy, identities = Proxy(upstream, addresses), Identities(Signer("gateway", own_key))
        door = Door(inner, proxy, tokens, identities, limits, **options)
        async with served(door, socket.create_server(("127.0.0.1", 0))) as port:
            yield Standing(port, service, tokens, tokens.issue(claims()), own_key, inner_seen, proxy, identities)
