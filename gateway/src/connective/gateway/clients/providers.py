"""Asking an outside OpenID provider: its metadata and keys, kept for a while, and a code for an ID token.

Addresses of a provider are somebody else's choice, so all of this goes through the kit's careful fetcher.
"""

import base64
import json
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_plus, urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, import_key
from joserfc.util import to_str

from connective.gateway.clients.key_sets import KeySets
from connective.gateway.domain.opaque import new_secret
from connective.gateway.domain.outside_sign_in import (
    ID_TOKEN_ALGORITHMS,
    Metadata,
    UnfitAnswer,
    UnfitMetadata,
    read_metadata,
)
from connective.gateway.domain.providers import Provider, ProviderAuthentication
from connective.gateway.tokens.keys import ALGORITHM, AccessKeys
from connective.kit.logs import log
from connective.kit.outward import NoAnswer, Outside
from connective.kit.sealing import NotSealedHere, Seal

KEPT_SECONDS = 600.0
_MOST_BYTES = 131_072
_MOST_KEPT = 1_000
_LONGEST_TOKEN = 32_768
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_SECONDS = 60
_JSON = {"accept": "application/json", "user-agent": "Connective"}
_FORM = _JSON | {"content-type": "application/x-www-form-urlencoded"}


class ProviderAway(Exception):
    """The provider does not answer, or not in a way that can be gone by; `code` says how, never what it said."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Providers:
    """The providers' side of signing in."""

    def __init__(
        self,
        outside: Outside,
        key_sets: KeySets,
        keys: AccessKeys,
        seal: Seal,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._outside, self._key_sets, self._keys, self._seal = outside, key_sets, keys, seal
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, Metadata]] = OrderedDict()

    async def metadata(self, provider: Provider) -> Metadata:
        """What it publishes about itself. Raises ProviderAway."""
        kept = self._kept.get(provider.issuer)
        if kept is not None and self._clock() - kept[0] < KEPT_SECONDS:
            return kept[1]
        document = await self._json(provider, "GET", f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
        try:
            found = read_metadata(document, provider.issuer)
        except UnfitMetadata as error:
            raise self._away(provider, "unfit_metadata") from error
        self._kept[provider.issuer] = (self._clock(), found)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return found

    async def id_token(self, provider: Provider, code: str, verifier: str, back: str) -> Mapping[str, Any]:
        """The claims of the ID token that a code is worth, its signature verified. Raises ProviderAway, UnfitAnswer."""
        metadata = await self.metadata(provider)
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        proof, header = self._proof(provider)
        answer = await self._json(provider, "POST", metadata.token_endpoint, form | proof, header)
        token = answer.get("id_token") if isinstance(answer, dict) else None
        if not isinstance(token, str):
            raise UnfitAnswer("no_id_token")
        return await self.verified(provider, token)

    async def verified(self, provider: Provider, token: str) -> Mapping[str, Any]:
        """The claims of a token that the provider signed. Raises ProviderAway, UnfitAnswer."""
        metadata = await self.metadata(provider)
        kid = _kid(token)
        key = self._key_sets.known(metadata.jwks_uri, kid)
        if key is None:
            await self._key_sets.read(metadata.jwks_uri)
            key = self._key_sets.known(metadata.jwks_uri, kid)
        if key is None:
            raise UnfitAnswer("unknown_key")
        try:
            keys = KeySet([import_key(dict[str, str | list[str]](key))])
            return dict(jwt.decode(token, keys, algorithms=list(ID_TOKEN_ALGORITHMS)).claims)
        except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise UnfitAnswer("not_signed_by_it") from error

    def _proof(self, provider: Provider) -> tuple[dict[str, str], dict[str, str]]:
        """How the Hub proves itself: form fields, headers."""
        if provider.authentication is ProviderAuthentication.PRIVATE_KEY_JWT:
            return {"client_assertion_type": _ASSERTION_TYPE, "client_assertion": self._assertion(provider)}, {}
        try:
            secret = self._seal.open(provider.sealed_secret or b"", provider.id.bytes).decode()
        except NotSealedHere as error:
            raise self._away(provider, "secret_lost") from error
        pair = f"{quote_plus(provider.client_id)}:{quote_plus(secret)}"
        return {}, {"authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def _assertion(self, provider: Provider) -> str:
        """Signed with the key of access tokens, under another type, for this provider alone (RFC 7523)."""
        key, now = self._keys.current, int(time.time())
        claims = {
            "iss": provider.client_id,
            "sub": provider.client_id,
            "aud": provider.issuer,
            "iat": now,
            "exp": now + _ASSERTION_SECONDS,
            "jti": new_secret(),
        }
        header = {"alg": ALGORITHM, "typ": "client-authentication+jwt", "kid": key.kid}
        return jwt.encode(header, claims, key.key, algorithms=[ALGORITHM])

    async def _json(
        self,
        provider: Provider,
        method: str,
        url: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:  # noqa: ANN401 - whatever a provider answers
        try:
            if method == "GET":
                answer = await self._outside.get(url, _JSON, _MOST_BYTES)
            else:
                body = urlencode(form or {}).encode()
                answer = await self._outside.exchange(url, _FORM | dict(headers or {}), body, _MOST_BYTES)
            document = json.loads(answer.body)
        except NoAnswer as error:
            raise self._away(provider, error.code) from error
        except (ValueError, RecursionError) as error:
            raise self._away(provider, "not_json") from error
        if answer.status >= 500 or (answer.status != 200 and method == "GET"):
            raise self._away(provider, f"status_{answer.status}")
        if answer.status != 200:
            # A code that is wrong, old or used; or our own client that the provider does not know (any more).
            raise UnfitAnswer("client_unknown" if answer.status == 401 else "code_refused")
        return document

    @staticmethod
    def _away(provider: Provider, code: str) -> ProviderAway:
        log().warning("provider_away", provider_id=str(provider.id), error=code)
        return ProviderAway(code)


def _kid(token: str) -> str:
    """The key a token names. Raises UnfitAnswer for what is no signed token."""
    if len(token) > _LONGEST_TOKEN or token.count(".") != 2:
        raise UnfitAnswer("no_token")
    head = token.partition(".")[0]
    try:
        header = json.loads(to_str(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))))
        kid = header["kid"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnfitAnswer("no_token") from error
    if not isinstance(kid, str):
        raise UnfitAnswer("no_token")
    return kid
