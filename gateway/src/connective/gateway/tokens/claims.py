"""What an access token says, as a value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from connective.gateway.domain.assurance import TWO_FACTORS

ACCESS_TOKEN_SECONDS = 300
"""Life of an access token: five minutes, because a signed token cannot be taken back, only refused."""


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """Who may act, for which organisation, until when (RFC 9068, with our own claims for place and organisation)."""

    subject: str
    """An account's id, or the client's own id when a system acts for itself."""
    client_id: str
    organisation_id: UUID
    place_id: UUID
    roles: tuple[str, ...]
    scope: str
    session_id: UUID
    """What revocation names: all tokens of one sign-in share it."""
    token_id: str
    issued_at: int
    expires_at: int
    networks: tuple[str, ...] = ()
    """From where alone it may be used, in CIDR notation; from anywhere when there are none."""
    methods: tuple[str, ...] = ()
    """How a person proved who they are (`amr`, RFC 8176); nothing for a system."""
    authenticated_at: int | None = None
    """When they gave their second factor (`auth_time`); None for a system."""
    account_version: int = 0
    """Which version of a person's account the roles are of; nought for a system."""

    def to_wire(self, issuer: str, audience: str) -> dict[str, Any]:
        """The claims as they are signed."""
        proved = {"acr": TWO_FACTORS, "amr": list(self.methods), "auth_time": self.authenticated_at}
        versioned = {"account_version": self.account_version} if self.account_version else {}
        bound = {"networks": list(self.networks)} if self.networks else {}
        return {
            **bound,
            **versioned,
            **(proved if self.authenticated_at is not None else {}),
            "iss": issuer,
            "aud": audience,
            "sub": self.subject,
            "client_id": self.client_id,
            "org": str(self.organisation_id),
            "place": str(self.place_id),
            "roles": list(self.roles),
            "scope": self.scope,
            "sid": str(self.session_id),
            "jti": self.token_id,
            "iat": self.issued_at,
            "exp": self.expires_at,
        }

    @classmethod
    def from_wire(cls, claims: Mapping[str, Any]) -> "AccessClaims":
        """Read signed claims. Raises KeyError, TypeError or ValueError when one is absent or of the wrong shape."""
        return cls(
            subject=_text(claims["sub"]),
            client_id=_text(claims["client_id"]),
            organisation_id=UUID(_text(claims["org"])),
            place_id=UUID(_text(claims["place"])),
            roles=_texts(claims["roles"]),
            scope=_text(claims["scope"]),
            session_id=UUID(_text(claims["sid"])),
            token_id=_text(claims["jti"]),
            issued_at=_whole(claims["iat"]),
            expires_at=_whole(claims["exp"]),
            networks=_texts(claims.get("networks", [])),
            methods=tuple(map(_text, claims.get("amr", ()))),
            authenticated_at=_whole(claims["auth_time"]) if "auth_time" in claims else None,
            account_version=_whole(claims.get("account_version", 0)),
        )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a string")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError("not a list of strings")
    return tuple(value)


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not a whole number")
    return value
