"""How a system proves who it is: by a signed assertion (preferred), or by its secret."""

import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_SECONDS = 120


@dataclass(frozen=True, slots=True)
class SecretCredential:
    """A client's secret, sent as HTTP Basic to the token endpoint alone (client_secret_basic)."""

    client_id: str
    client_secret: str = field(repr=False)

    def token_request(self, issuer: str, scope: str | None) -> httpx.Request:
        """The request for a token."""
        basic = httpx.BasicAuth(quote(self.client_id, safe=""), quote(self.client_secret, safe=""))
        request = httpx.Request("POST", f"{issuer}/oauth/token", data=_grant(scope))
        return next(basic.auth_flow(request))


@dataclass(frozen=True, slots=True)
class KeyCredential:
    """A client's private key (private_key_jwt, RFC 7523), which stays on your machine: a P-256 JWK with its kid."""

    client_id: str
    private_key: dict[str, Any] = field(repr=False)

    def token_request(self, issuer: str, scope: str | None) -> httpx.Request:
        """The request for a token, with an assertion that is good once and for two minutes."""
        now = int(time.time())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": issuer,
            "iat": now,
            "exp": now + _ASSERTION_SECONDS,
            "jti": secrets.token_urlsafe(24),
        }
        key = ECKey.import_key(self.private_key)
        assertion = jwt.encode({"alg": "ES256", "typ": "JWT", "kid": key.kid}, claims, key)
        proof = {"client_assertion_type": _ASSERTION, "client_assertion": assertion}
        return httpx.Request("POST", f"{issuer}/oauth/token", data=_grant(scope) | proof)


Credential = SecretCredential | KeyCredential


def _grant(scope: str | None) -> dict[str, str]:
    return {"grant_type": "client_credentials", **({"scope": scope} if scope else {})}
