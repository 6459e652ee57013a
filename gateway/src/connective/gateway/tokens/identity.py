"""`Hub-Identity`: who asks, signed by the gateway for the services, valid for a minute at most."""

import time
from collections.abc import Callable

from connective.gateway.tokens.access import Access
from connective.kit.tokens import IDENTITY_TYPE, INTERNAL_AUDIENCE, LIFETIME_SECONDS, Signer

_RENEW_BEFORE_SECONDS = 15
"""A service may pass an identity on to another, so one that is about to expire is not handed out."""


class Identities:
    """Mints identities, once per access token and minute: signing costs more than the rest of the way together."""

    def __init__(self, signer: Signer, clock: Callable[[], float] = time.time) -> None:
        self._signer = signer
        self._clock = clock

    def of(self, access: Access) -> str:
        """The identity to send with a request made under this access token."""
        now = self._clock()
        if access.identity_until - now > _RENEW_BEFORE_SECONDS:
            return access.identity
        claims = access.claims
        issued = int(now)
        proved = {} if claims.authenticated_at is None else {"auth_time": claims.authenticated_at}
        access.identity = self._signer.sign(
            IDENTITY_TYPE,
            proved
            | {
                "aud": INTERNAL_AUDIENCE,
                "sub": claims.subject,
                "client_id": claims.client_id,
                "org": str(claims.organisation_id),
                "place": str(claims.place_id),
                "roles": list(claims.roles),
                "scope": claims.scope,
                "sid": str(claims.session_id),
                "iat": issued,
                "exp": issued + LIFETIME_SECONDS,
            },
        )
        access.identity_until = issued + LIFETIME_SECONDS
        return access.identity
