"""Help for tests: keys of every service, identities of any asker, and a running application to call.

It starts nothing by itself; databases and brokers come from the caller.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx
from fastapi import FastAPI
from joserfc.jwk import ECKey

from connective.kit.ids import new_id
from connective.kit.tokens import (
    CALLER_HEADER,
    IDENTITY_HEADER,
    IDENTITY_TYPE,
    INTERNAL_AUDIENCE,
    Signer,
)

_SERVICES = ("consent", "families", "gateway", "partners", "referrals")
Found = TypeVar("Found")
PATIENCE_SECONDS = 60.0
"""How long a test waits for what must come: much longer than it takes, as the machine may be slow and shared."""
SECRET = "kQ7v2mXc9RbT4wYz8LpN1sGd6HfJ3uAe5"  # noqa: S105 - for tests alone; any random text of this length does


class Identities:
    """A key pair for each service, and tokens under them."""

    def __init__(self, folder: Path, services: Iterable[str] = _SERVICES) -> None:
        self.trusted_keys = folder / "trusted_keys.json"
        self._folder = folder
        public = []
        for name in services:
            key = ECKey.generate_key("P-256", {"kid": f"{name}-1"}, private=True)
            self.signing_key(name).write_text(json.dumps(key.as_dict(private=True)), encoding="utf-8")
            public.append({**key.as_dict(private=False), "owner": name})
        self.trusted_keys.write_text(json.dumps({"keys": public}), encoding="utf-8")

    def signing_key(self, service: str) -> Path:
        """Where a service's private key lies."""
        return self._folder / f"{service}.jwk.json"

    def signer(self, service: str) -> Signer:
        """A service's signer."""
        return Signer.load(service, self.signing_key(service))

    def settings(self, service: str, *, app_url: str, reader_url: str, nats_url: str) -> dict[str, Any]:
        """Keyword arguments for a service's settings in a test."""
        return {
            "database_url": app_url,
            "reader_url": reader_url,
            "nats_url": nats_url,
            "trusted_keys": self.trusted_keys,
            "signing_key": self.signing_key(service),
            "secret": SECRET,
            "pool_size": 8,
        }

    def person(
        self,
        *,
        place: UUID,
        organisation: UUID | None,
        roles: Iterable[str],
        account: UUID | None = None,
        factor_age: int = 0,
    ) -> dict[str, str]:
        """Headers of a person who signed in for an organisation, and gave their second factor so many seconds ago."""
        claims = {"sub": str(account or new_id()), "client_id": "pages", "roles": sorted(roles)}
        proved = {"auth_time": int(time.time()) - factor_age}
        return self._identity(claims | proved, place=place, organisation=organisation)

    def client(self, *, place: UUID, organisation: UUID, scope: str, client: UUID | None = None) -> dict[str, str]:
        """Headers of an API client."""
        name = str(client or new_id())
        return self._identity(
            {"sub": name, "client_id": name, "scope": scope, "roles": []}, place=place, organisation=organisation
        )

    def caller(self, service: str, audience: str) -> dict[str, str]:
        """Headers of a service that asks another; merge them with a person's to ask on their behalf."""
        return {CALLER_HEADER: self.signer(service).caller(audience)}

    def _identity(self, claims: dict[str, Any], *, place: UUID, organisation: UUID | None) -> dict[str, str]:
        now = int(time.time())
        times = {"aud": INTERNAL_AUDIENCE, "iat": now, "exp": now + 60, "sid": str(new_id())}
        whose = {"place": str(place), **({"org": str(organisation)} if organisation else {})}
        return {IDENTITY_HEADER: self.signer("gateway").sign(IDENTITY_TYPE, {**claims, **times, **whose})}


@asynccontextmanager
async def calling(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application in this process, whose lifespan has run."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://service") as c:
        yield c


async def eventually(
    what: str, holds: Callable[[], Awaitable[Found] | Found], seconds: float = PATIENCE_SECONDS
) -> Found:
    """Wait until something holds, and answer it: for an effect that another part brings about and nothing announces.

    What is asked may be awaitable. Raises AssertionError that names what never came.
    """
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        answer = holds()
        found = await answer if isinstance(answer, Awaitable) else answer
        if found:
            return found
        assert asyncio.get_running_loop().time() < deadline, f"never came: {what}"  # noqa: S101 - a help for tests
        await asyncio.sleep(0.05)


def key_header() -> dict[str, str]:
    """A fresh Idempotency-Key."""
    return {"Idempotency-Key": str(new_id())}
