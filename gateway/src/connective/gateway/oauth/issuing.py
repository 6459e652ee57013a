"""What a token request yields: a signed access token, and what goes with it."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from authlib.oauth2.rfc6749.errors import InvalidScopeError
from joserfc import jwt

from connective.gateway.domain.assurance import TWO_FACTORS
from connective.gateway.domain.opaque import new_secret
from connective.gateway.oauth.clients import OAuthClient
from connective.gateway.oauth.work import work
from connective.gateway.storage.accounts import account_to_sign_in
from connective.gateway.storage.denials import is_suspended
from connective.gateway.storage.sessions import Session
from connective.gateway.tokens.access import AccessTokens
from connective.gateway.tokens.claims import ACCESS_TOKEN_SECONDS, AccessClaims
from connective.gateway.tokens.keys import ALGORITHM
from connective.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Holder:
    """The person whose session a token is issued under, with what they are now: roles change between two tokens."""

    session: Session
    roles: tuple[str, ...]
    account_version: int
    """Read together with the roles, so that a token says by it whether they were the latest."""


def holder_of(session: Session) -> Holder | None:
    """Who holds a session; None when they may no longer act in it."""
    present = work()
    if session.revoked_at is not None or session.expires_at <= present.now or session.factor_at is None:
        return None
    account = account_to_sign_in(present.connection, session.account_id)
    if account is None:
        return None
    membership = account.membership(session.organisation_id)
    if not membership or is_suspended(present.connection, session.organisation_id):
        return None
    return Holder(session, membership.roles, account.version)


class TokenIssuer:
    """The core's token generator: replaces one whose tokens would live for ten days."""

    def __init__(self, tokens: AccessTokens) -> None:
        self._tokens = tokens

    def __call__(  # noqa: PLR0917 - the core's signature
        self,
        grant_type: str,  # noqa: ARG002 - the core's signature
        client: OAuthClient,
        user: Holder | None = None,
        scope: str | None = None,
        expires_in: int | None = None,  # noqa: ARG002 - every token lives equally long
        include_refresh_token: bool = True,
    ) -> dict[str, Any]:
        """The body of a token answer. Raises InvalidScopeError when more is asked than the client was granted."""
        allowed = client.get_allowed_scope(scope)
        if allowed is None:
            raise InvalidScopeError
        token: dict[str, Any] = {
            "access_token": self._tokens.issue(_claims(client, user, allowed)),
            "token_type": "Bearer",
            "expires_in": ACCESS_TOKEN_SECONDS,
            "scope": allowed,
        }
        if include_refresh_token and user is not None:
            token["refresh_token"] = new_secret("hubr_")
        return token

    def id_token(self, client: OAuthClient, holder: Holder, nonce: str | None) -> str:
        """Who signed in, for the program they signed in through; its `typ` keeps it from being an access token."""
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self._tokens.issuer,
            "sub": str(holder.session.account_id),
            "aud": client.client_id,
            "iat": now,
            "exp": now + ACCESS_TOKEN_SECONDS,
            "auth_time": _moment(holder.session.factor_at),
            "acr": TWO_FACTORS,
            "amr": list(holder.session.methods),
            "sid": str(holder.session.id),
        }
        if nonce is not None:
            claims["nonce"] = nonce
        key = self._tokens.signing_key
        return jwt.encode({"alg": ALGORITHM, "typ": "JWT", "kid": key.kid}, claims, key.key, algorithms=[ALGORITHM])


def _claims(client: OAuthClient, holder: Holder | None, scope: str) -> AccessClaims:
    record = client.record
    organisation, place = record.organisation_id, record.place_id
    subject, session_id, roles = client.client_id, new_id(), tuple[str, ...]()
    methods, authenticated_at, account_version = tuple[str, ...](), None, 0
    if holder is not None:
        organisation, place = holder.session.organisation_id, holder.session.place_id
        subject, session_id, roles = str(holder.session.account_id), holder.session.id, holder.roles
        methods, authenticated_at = holder.session.methods, _moment(holder.session.factor_at)
        account_version = holder.account_version
    issued = int(work().now.timestamp())
    return AccessClaims(
        subject=subject,
        client_id=client.client_id,
        organisation_id=_present(organisation),
        place_id=_present(place),
        roles=roles,
        scope=scope,
        session_id=session_id,
        token_id=str(new_id()),
        issued_at=issued,
        expires_at=issued + ACCESS_TOKEN_SECONDS,
        networks=record.networks,
        methods=methods,
        authenticated_at=authenticated_at,
        account_version=account_version,
    )


def _moment(factor_at: datetime | None) -> int:
    """No session without a second factor comes here (`holder_of`)."""
    if factor_at is None:
        raise LookupError("a person's token needs a second factor")
    return int(factor_at.timestamp())


def _present(value: UUID | None) -> UUID:
    """A client without an organisation is allowed no grant that comes here without a person."""
    if value is None:
        raise LookupError("a token needs an organisation and a place")
    return value
