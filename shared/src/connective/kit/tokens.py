"""Signed identities between services: who asks (`Hub-Identity`) and which service carries the question (`Hub-Caller`).

`Hub-Identity` is minted by the gateway from a verified access token and passed on unchanged. `Hub-Caller` is signed by
the calling service with its own key for one audience, so a service can neither be impersonated nor replay another's.
"""

import base64
import hashlib
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from connective.kit.problems import Unauthenticated

IDENTITY_HEADER = "hub-identity"
CALLER_HEADER = "hub-caller"
IDENTITY_TYPE = "hub-identity+jwt"
CALLER_TYPE = "hub-caller+jwt"
INTERNAL_AUDIENCE = "connective-internal"
LIFETIME_SECONDS = 60
_LEEWAY_SECONDS = 5
_CACHE_SIZE = 20_000


class KeyRing:
    """The public keys of every service, by key id, with the service that owns each."""

    def __init__(self, keys: Mapping[str, tuple[str, ECKey]]) -> None:
        self._keys = dict(keys)
        self._seen: dict[bytes, tuple[float, dict[str, Any]]] = {}

    @classmethod
    def load(cls, path: Path) -> "KeyRing":
        """Read a JWK Set whose keys carry `kid` and `owner`."""
        document = json.loads(path.read_text(encoding="utf-8"))
        return cls({key["kid"]: (key["owner"], ECKey.import_key(key)) for key in document["keys"]})

    def verify(self, token: str, *, token_type: str, audience: str, issuer: str | None = None) -> dict[str, Any]:
        """The claims of a token signed by the service it names as issuer. Raises Unauthenticated otherwise.

        Verified tokens are kept until they expire, because checking a signature costs eighty times a look-up.
        """
        digest = hashlib.sha256(f"{token_type}\0{audience}\0{token}".encode()).digest()
        cached = self._seen.get(digest)
        now = time.time()
        if cached is not None and cached[0] > now:
            claims = cached[1]
        else:
            claims = self._check(token, token_type, audience, now)
            if len(self._seen) >= _CACHE_SIZE:
                self._seen.clear()
            self._seen[digest] = (claims["exp"] + _LEEWAY_SECONDS, claims)
        if issuer is not None and claims["iss"] != issuer:
            raise Unauthenticated("The identity was signed by another service.")
        return claims

    def _check(self, token: str, token_type: str, audience: str, now: float) -> dict[str, Any]:
        try:
            unverified = json.loads(_decode_segment(token.split(".", maxsplit=1)[0]))
            owner, key = self._keys[unverified["kid"]]
            decoded = jwt.decode(token, key, algorithms=["ES256"])
        except (JoseError, KeyError, ValueError, TypeError, IndexError) as error:
            raise Unauthenticated("The identity could not be verified.") from error
        claims = decoded.claims
        fits = (
            decoded.header.get("typ") == token_type
            and claims.get("iss") == owner
            and claims.get("aud") == audience
            and isinstance(claims.get("exp"), int)
            and claims["exp"] + _LEEWAY_SECONDS > now
            and isinstance(claims.get("iat"), int)
            and claims["iat"] - _LEEWAY_SECONDS <= now
            and claims["exp"] - claims["iat"] <= LIFETIME_SECONDS
        )
        if not fits:
            raise Unauthenticated("The identity is not valid here, or no longer.")
        return dict(claims)


def _decode_segment(segment: str) -> bytes:
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


class Signer:
    """A service's own signing key."""

    def __init__(self, service: str, key: ECKey) -> None:
        self.service = service
        self._key = key
        self._minted: dict[str, tuple[float, str]] = {}

    @classmethod
    def load(cls, service: str, path: Path) -> "Signer":
        """Read the private JWK. Raises ValueError for one without a `kid`."""
        data = json.loads(path.read_text(encoding="utf-8"))
        if not data.get("kid"):
            raise ValueError("The signing key has no kid.")
        return cls(service, ECKey.import_key(data))

    def sign(self, token_type: str, claims: Mapping[str, Any]) -> str:
        """A compact JWT under this service's key; `iss` is set to the service."""
        header = {"alg": "ES256", "typ": token_type, "kid": self._key.kid}
        return jwt.encode(header, {**claims, "iss": self.service}, self._key)

    def caller(self, audience: str) -> str:
        """A `Hub-Caller` for one other service; made anew when less than half a minute is left of the last one."""
        now = time.time()
        minted = self._minted.get(audience)
        if minted is not None and minted[0] - now > LIFETIME_SECONDS / 2:
            return minted[1]
        issued = int(now)
        claims = {"sub": f"service:{self.service}", "aud": audience, "iat": issued, "exp": issued + LIFETIME_SECONDS}
        token = self.sign(CALLER_TYPE, claims)
        self._minted[audience] = (issued + LIFETIME_SECONDS, token)
        return token
