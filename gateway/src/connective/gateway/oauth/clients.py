"""A registered client, as Authlib's core asks about it."""

from authlib.oauth2.rfc6749 import ClientMixin

from connective.gateway.domain.clients import (
    SIGN_IN_SCOPE,
    ClientRecord,
    CredentialKind,
    allowed_scope,
    within_networks,
)
from connective.gateway.domain.opaque import matches
from connective.gateway.oauth.work import work
from connective.gateway.storage.clients import note_use


class OAuthClient(ClientMixin):  # type: ignore[misc]  # Authlib publishes no types
    """Answers the core's questions from the client's record."""

    def __init__(self, record: ClientRecord) -> None:
        self.record = record

    @property
    def client_id(self) -> str:
        """What the client calls itself."""
        return self.record.client_id

    def get_client_id(self) -> str:
        """The same, as a method."""
        return self.record.client_id

    def get_default_redirect_uri(self) -> None:
        """There is none: a client says where it is to be called back, exactly as it is registered."""
        return

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """The scope a token gets; None refuses, because a silently narrower token fails later and elsewhere."""
        return allowed_scope(self.record.scopes, scope)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Whether it is registered, character by character."""
        return redirect_uri in self.record.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether it is one of the client's secrets; during a change it has two."""
        for credential in self.record.usable(work().now):
            if credential.kind is CredentialKind.SECRET and matches(client_secret, credential.secret_hash or b""):
                note_use(work().connection, credential, work().now)
                return True
        return False

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002 - one method everywhere
        """Whether the client is registered to authenticate in this way and from here, whatever the endpoint."""
        return method == str(self.record.authentication) and self.comes_from_where_it_may

    @property
    def comes_from_where_it_may(self) -> bool:
        """Whether this request comes from one of the client's networks, where it has named any."""
        return within_networks(self.record.networks, work().address)

    def check_response_type(self, response_type: str) -> bool:
        """Codes alone, and only for programs through which people sign in."""
        return response_type == "code" and self.record.for_people

    def check_grant_type(self, grant_type: str) -> bool:
        """People's programs exchange codes; systems act for themselves. None does both."""
        if self.record.for_people:
            return grant_type in {"authorization_code", "refresh_token"}
        return grant_type == "client_credentials" and self.record.organisation_id is not None

    @property
    def signs_people_in(self) -> bool:
        """Whether it may ask for an id token."""
        return SIGN_IN_SCOPE in self.record.scopes
