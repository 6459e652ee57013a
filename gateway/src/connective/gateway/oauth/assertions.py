"""`private_key_jwt` (RFC 7523): a client proves itself by a signed assertion, used once, for this issuer alone."""

import hashlib
import json
import warnings
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeGuard

from authlib.oauth2.rfc6749.errors import InvalidClientError
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import Key, KeySet, import_key

from connective.gateway.domain.clients import Authentication, Credential, CredentialKind
from connective.gateway.domain.public_keys import ASSERTION_ALGORITHMS
from connective.gateway.oauth.clients import OAuthClient
from connective.gateway.oauth.work import work
from connective.gateway.storage.clients import note_use, take_assertion

LONGEST_SECONDS = 300
_LEEWAY_SECONDS = 10
_MOST_CHARACTERS = 4_096
_KEYS_KEPT = 1_000


class ClientAssertion(JWTBearerClientAssertion):  # type: ignore[misc]  # Authlib publishes no types
    """The core's check of assertions, with its gaps closed."""

    CLIENT_AUTH_METHOD = str(Authentication.PRIVATE_KEY_JWT)

    def __init__(self, issuer: str) -> None:
        # The core would not say whose assertion it is when it asks about the jti, so that is checked below.
        super().__init__(validate_jti=False, leeway=_LEEWAY_SECONDS)
        self._issuer = issuer

    def get_audiences(self) -> list[str]:
        """The issuer alone: an assertion made out to an endpoint could have been made for another server's."""
        return [self._issuer]

    def extract_assertion(self, assertion: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Header and claims, unverified. Raises InvalidClientError, also where the core would raise anything else."""
        if len(assertion) > _MOST_CHARACTERS:
            raise InvalidClientError("The assertion is too long.")
        try:
            header, claims = super().extract_assertion(assertion)
        except (ValueError, TypeError, RecursionError) as error:
            raise InvalidClientError("The assertion cannot be read.") from error
        client_id = claims.get("sub")
        if not isinstance(client_id, str) or not client_id.isascii() or not client_id.isprintable():
            raise InvalidClientError("The assertion names no client.")
        return header, claims

    def resolve_client_public_key(self, client: OAuthClient) -> OAuthClient:
        """The client itself: `process_assertion_claims` picks the key, and notes which was used."""
        return client

    def process_assertion_claims(self, assertion: str, resolve_key: OAuthClient) -> dict[str, Any]:
        """Check signature and claims. Raises InvalidClientError.

        The algorithms are named explicitly: the library's own list leaves out PS256 and EdDSA, and a list that is
        implied can grow.
        """
        client = resolve_key
        self.authenticate_client(client)
        credential, jwk = _key_of(client, self._kid(assertion))
        keys = KeySet([_imported(json.dumps(jwk))])
        try:
            with warnings.catch_warnings():
                # RFC 9864 renames EdDSA to Ed25519; clients will send the old name for years.
                warnings.simplefilter("ignore", SecurityWarning)
                token = jwt.decode(assertion, keys, algorithms=list(ASSERTION_ALGORITHMS))
            self.verify_claims(token.claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise InvalidClientError("The assertion is not valid.") from error
        self._use_once(client, token.claims)
        note_use(work().connection, credential, work().now)
        return dict(token.claims)

    def _kid(self, assertion: str) -> str:
        kid = self.extract_assertion(assertion)[0].get("kid")
        if not isinstance(kid, str):
            raise InvalidClientError("The assertion does not name its key.")
        return kid

    def verify_claims(self, claims: dict[str, Any]) -> None:
        """The core's checks, and ours: one audience, a life of five minutes at most. Raises InvalidClientError."""
        expires, issued = claims.get("exp"), claims.get("iat")
        now = work().now.timestamp()
        if claims.get("aud") not in (self._issuer, [self._issuer]):
            raise InvalidClientError("The audience of the assertion must be the issuer, and nothing else.")
        if not _is_number(expires) or (issued is not None and not _is_number(issued)):
            raise InvalidClientError("The times of the assertion are not numbers.")
        if expires > now + LONGEST_SECONDS + _LEEWAY_SECONDS:
            raise InvalidClientError("The assertion must expire within five minutes.")
        super().verify_claims(claims)

    def _use_once(self, client: OAuthClient, claims: dict[str, Any]) -> None:
        """Raise InvalidClientError unless this is the assertion's first use; of concurrent uses exactly one is."""
        jti = claims.get("jti")
        if not isinstance(jti, str) or not jti:
            raise InvalidClientError("The assertion has no jti.")
        digest = hashlib.sha256(jti.encode("utf-8", "surrogatepass")).digest()
        kept_until = datetime.fromtimestamp(claims["exp"] + _LEEWAY_SECONDS + 1, UTC)
        if not take_assertion(work().connection, client.record.id, digest, kept_until):
            raise InvalidClientError("The assertion was used before.")


def _key_of(client: OAuthClient, kid: str) -> tuple[Credential, dict[str, str]]:
    """The client's key of this id: registered, or published where the client said. Raises InvalidClientError.

    Raises KeyUnknown for one that has to be looked for first, once the transaction is over.
    """
    usable = client.record.usable(work().now)
    for credential in usable:
        if credential.kind is CredentialKind.KEY and credential.jwk and credential.jwk["kid"] == kid:
            return credential, credential.jwk
    for credential in usable:
        if credential.jwks_uri is not None:
            key = work().published(credential.jwks_uri, kid)
            if key is not None:
                return credential, key
    raise InvalidClientError("The client has no such key.")


@lru_cache(maxsize=_KEYS_KEPT)
def _imported(jwk: str) -> Key:
    """A public key, by the text of its JWK: reading one takes as long as checking a signature with it."""
    members: dict[str, str | list[str]] = json.loads(jwk)
    return import_key(members)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e11
