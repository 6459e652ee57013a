"""The keys that sign access tokens: three at any time, so that a change of key refuses nobody.

`next` is published before it signs, so that verifiers know it in time; `current` signs; `previous` is published until
the last token it signed has expired.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc.jwk import ECKey

_NONCE_BYTES = 12
ALGORITHM = "ES256"


class KeyState(StrEnum):
    """Where a key stands in its life."""

    CURRENT = "current"
    NEXT = "next"
    PREVIOUS = "previous"


class Unsealable(Exception):
    """A stored key does not open under this secret: the secret was changed, or the row was."""


@dataclass(frozen=True, slots=True)
class AccessKey:
    """One signing key."""

    kid: str
    state: KeyState
    key: ECKey


class AccessKeys:
    """The keys as the process knows them; replaced as a whole when the stored ones change."""

    def __init__(self, keys: Iterable[AccessKey] = ()) -> None:
        self._by_kid: dict[str, ECKey] = {}
        self._current: AccessKey | None = None
        self.replace(keys)

    def replace(self, keys: Iterable[AccessKey]) -> None:
        """Know exactly these keys from now on."""
        known = list(keys)
        self._by_kid = {key.kid: key.key for key in known}
        self._current = next((key for key in known if key.state is KeyState.CURRENT), None)

    @property
    def kids(self) -> frozenset[str]:
        """The ids of every published key."""
        return frozenset(self._by_kid)

    @property
    def current(self) -> AccessKey:
        """The key that signs. Raises LookupError before any key was made."""
        if self._current is None:
            raise LookupError("there is no signing key yet")
        return self._current

    def get(self, kid: object) -> ECKey:
        """The published key of this id. Raises KeyError."""
        return self._by_kid[kid if isinstance(kid, str) else ""]

    def jwks(self) -> dict[str, list[dict[str, Any]]]:
        """The published keys as a JWK Set, public parts alone (RFC 7517)."""
        public = {"use": "sig", "alg": ALGORITHM}
        return {"keys": [{**key.as_dict(private=False), **public} for key in self._by_kid.values()]}


def make_key(kid: str, state: KeyState) -> AccessKey:
    """A new EC P-256 key."""
    return AccessKey(kid, state, ECKey.generate_key("P-256", parameters={"kid": kid}, private=True))


def seal(key: AccessKey, secret: bytes, nonce: bytes) -> bytes:
    """The private key as it is stored: AES-256-GCM under a derived secret, bound to its id."""
    if len(nonce) != _NONCE_BYTES:
        raise ValueError("a nonce has twelve bytes")
    plain = json.dumps(key.key.as_dict(private=True)).encode()
    return nonce + AESGCM(secret).encrypt(nonce, plain, key.kid.encode())


def unseal(kid: str, state: KeyState, sealed: bytes, secret: bytes) -> AccessKey:
    """A stored key, opened. Raises Unsealable."""
    try:
        plain = AESGCM(secret).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], kid.encode())
    except (InvalidTag, ValueError) as error:
        raise Unsealable(kid) from error
    return AccessKey(kid, state, ECKey.import_key(json.loads(plain)))
