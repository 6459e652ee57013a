"""Revocation (RFC 7009) and introspection (RFC 7662), each for a client's own tokens alone."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from authlib.oauth2.rfc6749 import TokenMixin
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from connective.gateway.domain.opaque import digest
from connective.gateway.oauth.adaptors import Asked
from connective.gateway.oauth.clients import OAuthClient
from connective.gateway.oauth.grants import PEOPLE, SYSTEMS
from connective.gateway.oauth.issuing import holder_of
from connective.gateway.oauth.work import work
from connective.gateway.storage.sessions import Redeemable, get_session, lock_refresh_token
from connective.gateway.tokens.access import AccessTokens
from connective.gateway.tokens.claims import AccessClaims
from connective.kit.problems import Unauthenticated


@dataclass(frozen=True, slots=True)
class Presented(TokenMixin):  # type: ignore[misc]  # Authlib publishes no types
    """A token that somebody presents to be revoked or described."""

    client_id: str
    session_id: UUID
    place_id: UUID
    refresh: Redeemable | None
    access: AccessClaims | None

    def check_client(self, client: OAuthClient) -> bool:
        """Whether it was issued to this client."""
        return self.client_id == client.client_id

    def is_expired(self) -> bool:
        """Whether its time is over."""
        if self.access is not None:
            return self.access.expires_at <= work().now.timestamp()
        return self.refresh is None or self.refresh.expires_at <= work().now

    def is_revoked(self) -> bool:
        """Whether it may no longer be used, though its time is not over."""
        if self.refresh is not None:
            return self.refresh.used_at is not None or holder_of(self.refresh.session) is None
        return False  # A revoked access token does not verify, so it is never presented.


class _Finding:
    """How both endpoints find a token."""

    tokens: AccessTokens

    def query_token(self, token_string: str, token_type_hint: str | None) -> Presented | None:  # noqa: ARG002 - RFC 7009 lets us look everywhere
        """The token, of either kind; None for none of ours."""
        found = lock_refresh_token(work().connection, digest(token_string))
        if found is not None:
            return Presented(found.client_id, found.session.id, found.session.place_id, found, None)
        try:
            claims = self.tokens.verify(token_string).claims
        except Unauthenticated:
            return None
        return Presented(claims.client_id, claims.session_id, claims.place_id, None, claims)


class Revocation(_Finding, RevocationEndpoint):  # type: ignore[misc]  # Authlib publishes no types
    """Signing out: whichever token is presented, its whole session ends."""

    CLIENT_AUTH_METHODS = PEOPLE

    def revoke_token(self, token: Presented, request: Asked) -> None:  # noqa: ARG002 - the core's signature
        """End the session, or refuse a system's token."""
        if get_session(work().connection, token.session_id) is None:
            work().revoke_lone_token(token.session_id, token.place_id)
        else:
            work().revoke_session(token.session_id, token.place_id)


class Introspection(_Finding, IntrospectionEndpoint):  # type: ignore[misc]  # Authlib publishes no types
    """What a token is worth now."""

    CLIENT_AUTH_METHODS = SYSTEMS

    def check_permission(self, token: Presented, client: OAuthClient, request: Asked) -> bool:  # noqa: ARG002 - as above
        """A client may ask about its own tokens."""
        return token.check_client(client)

    def introspect_token(self, token: Presented) -> dict[str, Any]:
        """What the core answers for a live token."""
        known: dict[str, Any] = {"active": True, "client_id": token.client_id, "iss": self.tokens.issuer}
        if token.access is None:
            return known | {"token_type": "refresh_token", "sid": str(token.session_id)}
        return known | {"token_type": "Bearer", **token.access.to_wire(self.tokens.issuer, self.tokens.audience)}
