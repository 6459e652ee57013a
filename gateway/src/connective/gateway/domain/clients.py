"""The programs that may ask for tokens: the Hub's own pages for people, and partners' systems for themselves."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

SIGN_IN_SCOPE = "openid"
"""The one scope of a program through which people sign in: what they may do follows from their roles."""


class Authentication(StrEnum):
    """How a program proves which it is."""

    CLIENT_SECRET_BASIC = "client_secret_basic"  # noqa: S105 - the name of a method, no secret
    NONE = "none"
    PRIVATE_KEY_JWT = "private_key_jwt"


class CredentialKind(StrEnum):
    """What is stored of a credential: a secret's digest, or a public key."""

    KEY = "key"
    SECRET = "secret"  # noqa: S105 - the name of a kind, no secret


@dataclass(frozen=True, slots=True)
class Credential:
    """One way a client may prove itself; during a change of credential it has two."""

    id: UUID
    kind: CredentialKind
    secret_hash: bytes | None
    jwk: dict[str, str] | None
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """A registered client."""

    id: UUID
    client_id: str
    """What it calls itself in OAuth: its id, or a short name for the Hub's own pages."""
    name: str
    place_id: UUID | None
    organisation_id: UUID | None
    """Whose system it is; None for the Hub's own pages, which act for whoever signs in."""
    authentication: Authentication
    redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...]
    credentials: tuple[Credential, ...]
    revoked_at: datetime | None
    version: int

    @property
    def for_people(self) -> bool:
        """Whether people sign in through it."""
        return bool(self.redirect_uris)

    @property
    def public_keys(self) -> list[dict[str, str]]:
        """Its public keys, as JWKs."""
        return [c.jwk for c in self.credentials if c.kind is CredentialKind.KEY and c.jwk is not None]


def allowed_scope(granted: tuple[str, ...], asked: str | None) -> str | None:
    """The scope a token gets: all that was granted when none was asked for, None when more was asked than granted."""
    if not asked:
        return " ".join(granted)
    wanted = asked.split()
    return " ".join(dict.fromkeys(wanted)) if set(wanted) <= set(granted) else None
