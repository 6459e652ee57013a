"""The three ways to a token: a code and its proof, a refresh token, a system's own credentials."""

from datetime import timedelta
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, TokenMixin
from authlib.oauth2.rfc6749.errors import InvalidRequestError, UnauthorizedClientError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, ClientCredentialsGrant, RefreshTokenGrant
from authlib.oauth2.rfc7636 import CodeChallenge

from connective.gateway.domain.clients import SIGN_IN_SCOPE, Authentication
from connective.gateway.domain.opaque import digest, new_secret
from connective.gateway.oauth.adaptors import Asked
from connective.gateway.oauth.clients import OAuthClient
from connective.gateway.oauth.issuing import Holder, TokenIssuer, holder_of
from connective.gateway.oauth.work import work
from connective.gateway.storage.denials import is_suspended
from connective.gateway.storage.sessions import (
    Redeemable,
    insert_code,
    lock_code,
    lock_refresh_token,
    use_code,
    use_refresh_token,
)

CODE_SECONDS = 60
PEOPLE = [
    str(method) for method in (Authentication.PRIVATE_KEY_JWT, Authentication.CLIENT_SECRET_BASIC, Authentication.NONE)
]
SYSTEMS = PEOPLE[:2]


class ProofOfKey(CodeChallenge):  # type: ignore[misc]  # Authlib publishes no types
    """PKCE for every client, S256 alone: the core asks it of public clients only, and takes `plain`."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: "CodeGrant", redirect_uri: str) -> None:
        """Raise InvalidRequestError unless there is a challenge by SHA-256."""
        data = grant.request.payload.data
        if not data.get("code_challenge") or data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("Send a code_challenge with code_challenge_method=S256.")
        super().validate_code_challenge(grant, redirect_uri)


class Redeemed(AuthorizationCodeMixin, TokenMixin):  # type: ignore[misc]  # Authlib publishes no types
    """A valid code or refresh token, as the core asks about it."""

    code_challenge_method = "S256"

    def __init__(self, found: Redeemable, holder: Holder, stored: bytes) -> None:
        self.found = found
        self.holder = holder
        self.stored = stored
        self.code_challenge = found.challenge

    def get_redirect_uri(self) -> str:
        """Where the code was sent."""
        return self.found.redirect_uri

    def get_scope(self) -> str:
        """What the session was granted."""
        return self.found.session.scope

    def check_client(self, client: OAuthClient) -> bool:
        """Whether it was issued to this client."""
        return self.found.client_id == client.client_id


def redeem(found: Redeemable | None, stored: bytes) -> Redeemed | None:
    """What a presented code or refresh token is worth; None for nothing.

    One that was used before was stolen, from its owner or by its owner's rival: everything of its session falls.
    """
    if found is None:
        return None
    if found.used_at is not None:
        work().revoke_session(found.session.id, found.session.place_id)
        return None
    holder = holder_of(found.session)
    if holder is None or found.expires_at <= work().now:
        return None
    return Redeemed(found, holder, stored)


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib publishes no types
    """Authorization code with PKCE."""

    TOKEN_ENDPOINT_AUTH_METHODS = PEOPLE
    issuer: TokenIssuer

    def generate_authorization_code(self) -> str:
        """A new code."""
        return new_secret("hubc_")

    def save_authorization_code(self, code: str, request: Asked) -> None:
        """Store its digest, and what its redemption must match."""
        data = request.payload.data
        insert_code(
            work().connection,
            digest(code),
            request.user.session,
            work().now + timedelta(seconds=CODE_SECONDS),
            redirect_uri=data["redirect_uri"],
            challenge=data["code_challenge"],
            nonce=data.get("nonce"),
        )

    def query_authorization_code(self, code: str, client: OAuthClient) -> Redeemed | None:
        """The code, its row locked; None for one that is not this client's, used or expired."""
        stored = digest(code)
        redeemed = redeem(lock_code(work().connection, stored), stored)
        return redeemed if redeemed is not None and redeemed.check_client(client) else None

    def delete_authorization_code(self, authorization_code: Redeemed) -> None:
        """Mark it used: it is kept, so that a second use is known for one."""
        use_code(work().connection, authorization_code.stored, work().now)

    def authenticate_user(self, authorization_code: Redeemed) -> Holder:
        """Who signed in for it."""
        return authorization_code.holder

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        """The core's answer, with an id token where one was asked for."""
        status, token, headers = super().create_token_response()
        redeemed: Redeemed = self.request.authorization_code
        if SIGN_IN_SCOPE in redeemed.get_scope().split():
            token["id_token"] = self.issuer.id_token(self.request.client, redeemed.holder, redeemed.found.nonce)
        return status, token, headers


class RefreshGrant(RefreshTokenGrant):  # type: ignore[misc]  # Authlib publishes no types
    """Refresh tokens that are used once."""

    TOKEN_ENDPOINT_AUTH_METHODS = PEOPLE
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Redeemed | None:
        """The refresh token, its row locked; None for an unknown, used or expired one."""
        stored = digest(refresh_token)
        return redeem(lock_refresh_token(work().connection, stored), stored)

    def authenticate_user(self, refresh_token: Redeemed) -> Holder:
        """Whose session it continues; the new tokens are saved under it."""
        self.request.user = refresh_token.holder
        return refresh_token.holder

    def revoke_old_credential(self, refresh_token: Redeemed) -> None:
        """Mark it used."""
        use_refresh_token(work().connection, refresh_token.stored, work().now)


class SystemGrant(ClientCredentialsGrant):  # type: ignore[misc]  # Authlib publishes no types
    """A partner's system acts for itself, as its organisation."""

    TOKEN_ENDPOINT_AUTH_METHODS = SYSTEMS

    def validate_token_request(self) -> None:
        """The core's checks, and the organisation's standing."""
        super().validate_token_request()
        organisation_id = self.request.client.record.organisation_id
        if organisation_id is not None and is_suspended(work().connection, organisation_id):
            raise UnauthorizedClientError("The organisation is suspended.")
