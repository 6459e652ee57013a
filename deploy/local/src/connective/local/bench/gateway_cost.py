"""`gateway.cost`: what passing through the gateway costs, its token verified, against asking the service itself."""

import base64
import json
import time

from connective.kit.tokens import IDENTITY_HEADER, IDENTITY_TYPE, INTERNAL_AUDIENCE, LIFETIME_SECONDS, Signer
from connective.local.bench.bare_proxy import bare_proxy
from connective.local.bench.calling import bearer, caller, getting
from connective.local.bench.hub import Hub
from connective.local.bench.measure import Result, repeating, side_by_side
from connective.local.services import GATEWAY


async def gateway_cost(hub: Hub) -> Result:
    """GET one service of the directory, both ways; and through a bare pass-through, which no such gateway outruns."""
    service = hub.world.cast.services["parcel"]
    token = await hub.worker_token()
    async with caller() as client:
        through = getting(client, f"{hub.gateway}/services/{service}", bearer(token))
        partners, path = hub.stack.addresses["partners"], f"/services/{service}"
        direct = getting(client, partners + path, {IDENTITY_HEADER: identity_of(hub, token)})
        ours, limit = await side_by_side(repeating(through), repeating(direct))
        async with bare_proxy(partners) as address:
            # Identities live a minute.
            bare = getting(client, address + path, {IDENTITY_HEADER: identity_of(hub, token)})
            bare_rate, _ = await side_by_side(repeating(bare), repeating(through))
    return Result("gateway.cost", ours, limit, "requests/s", ">= 0.85", {"a bare pass-through": bare_rate})


def identity_of(hub: Hub, token: str) -> str:
    """The identity that the gateway would mint for an access token, signed with its own key; it lives a minute."""
    claims = claims_of(token)
    issued = int(time.time())
    carried = {name: claims[name] for name in ("sub", "client_id", "org", "place", "roles", "scope", "sid")}
    times = {"aud": INTERNAL_AUDIENCE, "iat": issued, "exp": issued + LIFETIME_SECONDS}
    return Signer.load(GATEWAY, hub.stack.state.keys.signing_key(GATEWAY)).sign(IDENTITY_TYPE, carried | times)


def claims_of(token: str) -> dict[str, object]:
    """What an access token says."""
    payload = token.split(".")[1]
    claims: dict[str, object] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims
