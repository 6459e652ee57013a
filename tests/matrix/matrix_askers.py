"""Everybody who may ask: each role, each scope of an API client, each service, and nobody at all.

Identities are minted with the keys of the stack under test, exactly as the gateway and the services mint them.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5

from connective.contracts.grants import permissions_of
from connective.contracts.permissions import SCOPE_PERMISSIONS, SERVICE_PERMISSIONS, Role
from connective.kit.tokens import CALLER_HEADER, IDENTITY_HEADER, IDENTITY_TYPE, INTERNAL_AUDIENCE, Signer
from connective.local.keys import KeyStore

_KEPT_SECONDS = 20
_NAMES = UUID("0190a5c0-0000-7000-8000-00000000aaaa")


@dataclass(frozen=True, slots=True)
class Asker:
    """A role of a person, a scope of a client, or a service."""

    kind: str
    """`role`, `scope`, `service` or `nobody`."""
    name: str

    @property
    def permissions(self) -> frozenset[str]:
        """What the contracts let them open."""
        if self.kind == "role":
            return permissions_of(frozenset({self.name}), frozenset())
        if self.kind == "scope":
            return permissions_of(frozenset(), frozenset({self.name}))
        return frozenset(map(str, SERVICE_PERMISSIONS.get(self.name, ())))

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


NOBODY = Asker("nobody", "anonymous")


def askers() -> Iterator[Asker]:
    """All of them, from the contracts' own tables: a new role or scope is in the matrix by itself."""
    yield NOBODY
    yield from (Asker("role", str(role)) for role in Role)
    yield from (Asker("scope", scope) for scope in SCOPE_PERMISSIONS)
    yield from (Asker("service", service) for service in SERVICE_PERMISSIONS)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an asker stands: the place and the organisation they act for, and who they are, if it matters."""

    place: UUID
    organisation: UUID
    account: UUID | None = None
    factor_age: int | None = 0
    """How many seconds ago a person gave their second factor; None for a token that does not tell."""


class Mint:
    """Makes headers under the keys of one stack."""

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys
        self._signers: dict[str, Signer] = {}
        self._signed: dict[tuple[Asker, Standing], tuple[int, str]] = {}

    def signer(self, service: str) -> Signer:
        """The signer of a service."""
        if service not in self._signers:
            self._signers[service] = Signer.load(service, self._keys.signing_key(service))
        return self._signers[service]

    def headers(self, asker: Asker, standing: Standing, audience: str) -> dict[str, str]:
        """What `asker` sends to the service `audience`."""
        if asker.kind == "nobody":
            return {}
        if asker.kind == "service":
            return {CALLER_HEADER: self.signer(asker.name).caller(audience)}
        return {IDENTITY_HEADER: self._identity(asker, standing)}

    @staticmethod
    def account(asker: Asker, organisation: UUID) -> UUID:
        """Who asks in this role for this organisation, unless a standing names somebody."""
        return uuid5(_NAMES, f"{asker} {organisation}")

    def on_behalf(self, asker: Asker, worker: Asker, standing: Standing, audience: str) -> dict[str, str]:
        """A service that asks another for somebody."""
        return self.headers(asker, standing, audience) | self.headers(worker, standing, audience)

    def _identity(self, asker: Asker, standing: Standing) -> str:
        """An identity, handed out again for some seconds, as the gateway does: signing and checking take longest."""
        now = int(time.time())
        at, signed = self._signed.get((asker, standing), (0, ""))
        if now - at < _KEPT_SECONDS:
            return signed
        subject = str(standing.account or self.account(asker, standing.organisation))
        who: Mapping[str, object] = (
            {"sub": subject, "client_id": "pages", "roles": [asker.name], "scope": "openid"}
            if asker.kind == "role"
            else {"sub": subject, "client_id": subject, "roles": [], "scope": asker.name}
        )
        where: dict[str, object] = {"place": str(standing.place), "org": str(standing.organisation)}
        if asker.kind == "role" and standing.factor_age is not None:
            where["auth_time"] = now - standing.factor_age
        times = {"aud": INTERNAL_AUDIENCE, "iat": now, "exp": now + 60, "sid": str(uuid5(_NAMES, subject))}
        signed = self.signer("gateway").sign(IDENTITY_TYPE, {**who, **where, **times})
        self._signed[asker, standing] = (now, signed)
        return signed
