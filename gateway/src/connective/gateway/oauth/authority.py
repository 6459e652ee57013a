"""The authorization server: each request one transaction, in which Authlib's synchronous core runs whole."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from uuid import UUID

from authlib.oauth2.rfc6749.errors import OAuth2Error
from sqlalchemy import Connection

from connective.gateway.clients.key_sets import KeySets
from connective.gateway.domain.opaque import digest
from connective.gateway.oauth.adaptors import Asked, OAuthAnswer, Server, answer_error, read_post, read_query
from connective.gateway.oauth.assertions import ClientAssertion
from connective.gateway.oauth.authorizing import Outcome, Refused, authorize
from connective.gateway.oauth.endpoints import Introspection, Revocation
from connective.gateway.oauth.grants import CodeGrant, ProofOfKey, RefreshGrant, SystemGrant
from connective.gateway.oauth.issuing import TokenIssuer
from connective.gateway.oauth.work import KeyUnknown, PublishedKey, Work, working
from connective.gateway.tokens.access import AccessTokens
from connective.kit.actor import service_actor
from connective.kit.clock import Clock
from connective.kit.database import Database

Result = TypeVar("Result")
_ACTOR = service_actor("gateway")


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it came to one of the endpoints for programs."""

    headers: dict[str, str]
    body: bytes
    address: str
    """From where it came, as the door found."""


class Authority:
    """Issues, revokes and describes tokens."""

    def __init__(self, database: Database, tokens: AccessTokens, clock: Clock, key_sets: KeySets) -> None:
        self._database = database
        self._tokens = tokens
        self._key_sets = key_sets
        self._clock = clock
        self.issuer = tokens.issuer
        self._server = _assemble(tokens)

    async def token(self, form: Form) -> OAuthAnswer:
        """Answer the token endpoint."""
        return await self._post("/oauth/token", form, self._server.create_token_response)

    async def revoke(self, form: Form) -> OAuthAnswer:
        """Answer the revocation endpoint."""
        return await self._post("/oauth/revoke", form, self._endpoint(Revocation.ENDPOINT_NAME))

    async def introspect(self, form: Form) -> OAuthAnswer:
        """Answer the introspection endpoint."""
        return await self._post("/oauth/introspect", form, self._endpoint(Introspection.ENDPOINT_NAME))

    async def authorize(self, query: bytes, sign_in_token: str | None, organisation_id: UUID | None) -> Outcome:
        """Take one step at the authorization endpoint."""
        try:
            asked = read_query(self.issuer, "/oauth/authorize", query)
        except OAuth2Error as error:
            return Refused(str(error.error), str(error.description))
        stored = digest(sign_in_token) if sign_in_token else None
        step = partial(authorize, self._server, self.issuer, asked, stored, organisation_id)
        return await self._within(step, address="")

    def _endpoint(self, name: str) -> Callable[[Asked], OAuthAnswer]:
        def answer(asked: Asked) -> OAuthAnswer:
            result: OAuthAnswer = self._server.create_endpoint_response(name, asked)
            return result

        return answer

    async def _post(self, path: str, form: Form, answer: Callable[[Asked], OAuthAnswer]) -> OAuthAnswer:
        try:
            asked = read_post(self.issuer, path, form.headers, form.body)
        except OAuth2Error as error:
            return answer_error(error)
        try:
            return await self._within(lambda: answer(asked), address=form.address)
        except KeyUnknown as unknown:
            # The transaction is over, so that nothing is held while a partner's own server is asked.
            await self._key_sets.read(unknown.address)
        asked = read_post(self.issuer, path, form.headers, form.body)
        return await self._within(lambda: answer(asked), address=form.address, published=self._key_sets.known)

    def _known_or_read(self, url: str, kid: str) -> dict[str, str]:
        key = self._key_sets.known(url, kid)
        if key is None:
            raise KeyUnknown(url)
        return key

    async def _within(
        self, run: Callable[[], Result], *, address: str, published: PublishedKey | None = None
    ) -> Result:
        """Run the core in one transaction; what it revoked is refused here as soon as that has committed."""
        async with self._database.unit(_ACTOR, by_key=True) as unit:

            def body(connection: Connection) -> tuple[Result, list[str]]:
                present = Work(connection, unit, self._clock(), address, published or self._known_or_read)
                with working(present):
                    return run(), present.denied

            result, denied = await unit.connection.run_sync(body)
        for identifier in denied:
            self._tokens.deny_also(identifier)
        return result


def _assemble(tokens: AccessTokens) -> Server:
    """The core with our grants, methods and endpoints, and none of its defaults."""
    issuer = TokenIssuer(tokens)
    server = Server()
    server.register_token_generator("default", issuer)
    server.register_client_auth_method(ClientAssertion.CLIENT_AUTH_METHOD, ClientAssertion(tokens.issuer))
    server.register_grant(type("BoundCodeGrant", (CodeGrant,), {"issuer": issuer}), [ProofOfKey(required=True)])
    server.register_grant(RefreshGrant)
    server.register_grant(SystemGrant)
    for endpoint in (Revocation, Introspection):
        server.register_endpoint(type(f"Bound{endpoint.__name__}", (endpoint,), {"tokens": tokens}))
    return server
