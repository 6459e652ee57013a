"""Authlib's framework-free core, as this gateway speaks to it: requests in, answers out, clients from the database."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationServer, OAuth2Payload, OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidClientError, InvalidRequestError, OAuth2Error

from connective.gateway.domain.opaque import digest
from connective.gateway.oauth.clients import OAuthClient
from connective.gateway.oauth.guard import check_authentication, read_form, read_parameters
from connective.gateway.oauth.work import work
from connective.gateway.storage.clients import client_to_authenticate
from connective.gateway.storage.sessions import insert_refresh_token


@dataclass(frozen=True, slots=True)
class OAuthAnswer:
    """What the core answers: JSON, or a redirect."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def location(self) -> str | None:
        """Where the browser is sent."""
        return self.headers.get("Location")


class _Payload(OAuth2Payload):  # type: ignore[misc]  # Authlib publishes no types
    def __init__(self, parameters: dict[str, str]) -> None:
        self._parameters = parameters

    @property
    def data(self) -> dict[str, str]:
        return self._parameters

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        listed = defaultdict[str, list[str]](list)
        listed.update({name: [value] for name, value in self._parameters.items()})
        return listed


class Asked(OAuth2Request):  # type: ignore[misc]  # Authlib publishes no types
    """A request to the authorization server, already read and guarded."""

    def __init__(self, method: str, uri: str, headers: dict[str, str], parameters: dict[str, str]) -> None:
        # `uri` is built on the issuer, never on the Host header or on a proxy's scheme.
        super().__init__(method, uri, headers=_AnyCase(headers))
        self.payload = _Payload(parameters)

    @property
    def form(self) -> dict[str, str]:
        """The parameters, as the grants read them."""
        parameters: dict[str, str] = self.payload.data
        return parameters


class _AnyCase(dict[str, str]):
    """Headers with lower-case names, found by any."""

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - the signature of dict
        return super().get(name.lower(), default)


def read_post(issuer: str, path: str, headers: dict[str, str], body: bytes) -> Asked:
    """A form post to the authorization server. Raises an OAuth2Error."""
    form = read_form(headers.get("content-type", ""), body)
    check_authentication(headers, form)
    return Asked("POST", issuer + path, headers, form)


def read_query(issuer: str, path: str, query: bytes) -> Asked:
    """A request to the authorization endpoint. Raises InvalidRequestError."""
    if not query:
        raise InvalidRequestError("There are no parameters.")
    return Asked("GET", issuer + path, {}, read_parameters(query))


class Server(AuthorizationServer):  # type: ignore[misc]  # Authlib publishes no types
    """The core, bound to our storage."""

    def query_client(self, client_id: str) -> OAuthClient | None:
        """The client of this id, from the transaction at hand."""
        record = client_to_authenticate(work().connection, client_id)
        return None if record is None else OAuthClient(record)

    def save_token(self, token: dict[str, Any], request: Asked) -> None:
        """Store the digest of a refresh token; access tokens are signed, not stored."""
        if "refresh_token" in token:
            insert_refresh_token(work().connection, digest(token["refresh_token"]), request.user.session)

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Authlib's signature
        """Nobody listens to the core's signals."""

    def create_oauth2_request(self, request: Asked) -> Asked:
        """Requests come already adapted."""
        return request

    def handle_error_response(self, request: Asked, error: OAuth2Error) -> OAuthAnswer:
        """An error as its answer. A client that fails to prove itself learns neither why nor whether it exists."""
        if isinstance(error, InvalidClientError):
            error = InvalidClientError("Client authentication failed.", status_code=401)
        answer: OAuthAnswer = super().handle_error_response(request, error)
        return answer

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> OAuthAnswer:  # noqa: ANN401 - JSON
        """Answers go out as values; the routes make HTTP of them."""
        return OAuthAnswer(status, body or {}, dict(headers))


def answer_error(error: OAuth2Error) -> OAuthAnswer:
    """The answer to a refusal that was raised before the core was reached."""
    status, body, headers = error()
    return OAuthAnswer(status, body or {}, dict(headers))
