"""`token.issue`: a system's token by `private_key_jwt`, against two ES256 operations and two statements alone."""

import json
import secrets
import time
from collections.abc import Callable
from urllib.parse import urlencode

import asyncpg
from joserfc import jwt
from joserfc.jwk import ECKey
from pyreqwest.client import Client

from connective.local.bench.calling import CallFailed, caller
from connective.local.bench.hub import READER, Hub
from connective.local.bench.measure import CONNECTIONS, Result, Work, repeating, side_by_side
from connective.local.services import GATEWAY

_FORM = {"content-type": "application/x-www-form-urlencoded"}
_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_READ = "SELECT id, scopes FROM client WHERE client_id = $1"
_ONCE = (
    "INSERT INTO assertion (client_id, jti_hash, expires_at) VALUES ($1, $2, now() + interval '1 minute')"
    " ON CONFLICT DO NOTHING"
)


async def token_issue(hub: Hub) -> Result:
    """Client credentials over HTTP, each with an assertion of its own, made before it is timed on both sides alike."""
    system = hub.world.cast.systems[READER]
    if system.private_key is None:
        raise TypeError("the reader's system signs with a key")
    key, client_id = system.private_key, str(system.client_id)

    def assertion() -> str:
        now = int(time.time())
        claims = {"iss": client_id, "sub": client_id, "aud": hub.world.base, "iat": now, "exp": now + 60}
        claims["jti"] = secrets.token_hex(16)
        return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key)

    pool = await asyncpg.create_pool(hub.stack.postgres.url(GATEWAY), min_size=CONNECTIONS, max_size=CONNECTIONS)
    try:
        async with caller() as client:
            ours = repeating(_asking(client, hub.stack.addresses[GATEWAY], assertion))
            limit = repeating(_bare(pool, key, client_id, assertion))
            measured = await side_by_side(ours, limit)
    finally:
        await pool.close()
    return Result("token.issue", *measured, "tokens/s", ">= 0.3")


def _asking(client: Client, base: str, assertion: Callable[[], str]) -> Work:
    async def ask() -> None:
        form = {"grant_type": "client_credentials", "client_assertion_type": _TYPE, "client_assertion": assertion()}
        body = urlencode(form).encode()
        response = await client.post(f"{base}/oauth/token").headers(_FORM).body_bytes(body).build().send()
        answer = bytes(await response.bytes())
        if response.status != 200 or "access_token" not in json.loads(answer):
            raise CallFailed(f"token: {response.status} {answer[:300]!r}")

    return ask


def _bare(pool: "asyncpg.Pool", key: ECKey, client_id: str, assertion: Callable[[], str]) -> Work:
    """The assertion as the client makes it, then its signature checked, a client read, a jti kept, a token signed."""

    async def issue() -> None:
        token = jwt.decode(assertion(), key, algorithms=["ES256"])
        async with pool.acquire() as connection, connection.transaction():
            found = await connection.fetchrow(_READ, client_id)
            await connection.execute(_ONCE, found["id"], secrets.token_bytes(32))
        jwt.encode({"alg": "ES256", "kid": key.kid}, token.claims | {"scope": " ".join(found["scopes"])}, key)

    return issue
