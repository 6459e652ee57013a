"""The gateway's authorization server: code with proof of key, and this program's own proof by a signed assertion."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import ECKey
from pyreqwest.exceptions import PyreqwestError

from connective.frontend.domain.answers import Refused
from connective.frontend.domain.secrets import challenge
from connective.frontend.domain.sessions import Tokens
from connective.kit.http import Outgoing
from connective.kit.logs import log

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_LIFE = timedelta(seconds=60)
_LIFE_SECONDS = 300
"""How long an access token lasts where the answer does not say."""


class TokensRefused(Exception):
    """The authorization server takes this code, or this refresh token, no longer: somebody signs in anew."""


@dataclass(frozen=True, slots=True)
class Authorization:
    """What these pages are at the authorization server, and how they reach it."""

    outgoing: Outgoing
    base: str
    issuer: str
    client_id: str
    callback: str
    key: ECKey

    def address(self, state: str, verifier: str, max_age: int) -> str:
        """Where somebody is sent to sign in; a second factor older than `max_age` seconds is asked for again."""
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.callback,
            "scope": "openid",
            "state": state,
            "code_challenge": challenge(verifier),
            "code_challenge_method": "S256",
            "max_age": str(max_age),
        }
        return f"{self.issuer}/oauth/authorize?{urlencode(query)}"

    async def redeem(self, code: str, verifier: str, now: datetime) -> Tokens:
        """Tokens for a code. Raises TokensRefused, and Refused where nobody answers."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.callback}
        return await self._tokens({**form, "code_verifier": verifier}, now)

    async def renew(self, tokens: Tokens, now: datetime) -> Tokens:
        """New tokens for old; each refresh token is good once. Raises as `redeem` does."""
        return await self._tokens({"grant_type": "refresh_token", "refresh_token": tokens.refresh}, now)

    async def revoke(self, tokens: Tokens, now: datetime) -> None:
        """End what the tokens open. Where nobody answers they end by themselves, the access token within minutes."""
        form = {"token": tokens.refresh, "token_type_hint": "refresh_token"}
        try:
            await self._post("/oauth/revoke", form, now)
        except Refused:
            log().warning("tokens_not_revoked")

    async def _tokens(self, form: dict[str, str], now: datetime) -> Tokens:
        status, document = await self._post("/oauth/token", form, now)
        if status == 429 or status >= 500:
            raise Refused(503, "unavailable", "", retry_after=5)
        if status != 200 or not {"access_token", "refresh_token"} <= document.keys():
            log().info("tokens_refused", status=status, code=str(document.get("error", ""))[:60])
            raise TokensRefused
        until = now + timedelta(seconds=int(document.get("expires_in", _LIFE_SECONDS)))
        return Tokens(document["access_token"], document["refresh_token"], until)

    async def _post(self, path: str, form: dict[str, str], now: datetime) -> tuple[int, dict[str, Any]]:
        proof = {"client_assertion_type": _ASSERTION, "client_assertion": self._assertion(now)}
        request = self.outgoing.client.post(self.base + path).body_bytes(urlencode(form | proof).encode())
        request = request.headers({"content-type": "application/x-www-form-urlencoded"})
        try:
            response = await request.build().send()
            content = bytes(await response.bytes())
        except (PyreqwestError, OSError) as error:
            log().warning("hub_unreachable", error=type(error).__name__)
            raise Refused(503, "unreachable", "", retry_after=5) from error
        try:
            document = json.loads(content) if content else {}
        except ValueError:
            document = {}
        return response.status, document if isinstance(document, dict) else {}

    def _assertion(self, now: datetime) -> str:
        """Who asks (RFC 7523): good once, for a minute, for this server alone."""
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.issuer,
            "iat": int(now.timestamp()),
            "exp": int((now + _ASSERTION_LIFE).timestamp()),
            "jti": secrets.token_urlsafe(24),
        }
        return jwt.encode({"alg": "ES256", "typ": "JWT", "kid": self.key.kid}, claims, self.key)


def load_key(path: Path) -> ECKey:
    """The private key of these pages, a JWK on curve P-256 with its kid."""
    return ECKey.import_key(json.loads(path.read_text(encoding="utf-8")))


def registration(client_id: str, callback: str, key: ECKey) -> dict[str, Any]:
    """What the gateway's `seed` is given, so that it knows these pages: their public key and where they wait."""
    return {
        "id": "0190a5c0-0000-7000-8000-00000000f0e5",
        "client_id": client_id,
        "name": "Connective",
        "authentication": "private_key_jwt",
        "redirect_uris": [callback],
        "keys": [key.as_dict(private=False)],
    }
