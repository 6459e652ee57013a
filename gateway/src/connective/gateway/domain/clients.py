"""The programs that may ask for tokens: the Hub's own pages for people, and partners' systems for themselves."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from uuid import UUID

SIGN_IN_SCOPE = "openid"
"""The one scope of a program through which people sign in: what they may do follows from their roles."""


class Authentication(StrEnum):
    """How a program proves which it is."""

    CLIENT_SECRET_BASIC = "client_secret_basic"  # noqa: S105 - the name of a method, no secret
    NONE = "none"
    PRIVATE_KEY_JWT = "private_key_jwt"


class CredentialKind(StrEnum):
    """What is stored of a credential: a secret's digest, a public key, or the address of a set of public keys."""

    KEY = "key"
    KEY_SET = "key_set"
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
    jwks_uri: str | None = None
    """Where the client publishes its keys, and changes them without telling anybody (RFC 7517)."""
    expires_at: datetime | None = None
    """Until when it counts beside the one that replaced it."""

    def usable(self, now: datetime) -> bool:
        """Whether it still counts."""
        return self.expires_at is None or now < self.expires_at


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
    networks: tuple[str, ...] = ()
    """From where alone it may come, in CIDR notation; from anywhere when there are none."""

    def usable(self, now: datetime) -> tuple[Credential, ...]:
        """The credentials that count now."""
        return tuple(each for each in self.credentials if each.usable(now))

    @property
    def for_people(self) -> bool:
        """Whether people sign in through it."""
        return bool(self.redirect_uris)


def allowed_scope(granted: tuple[str, ...], asked: str | None) -> str | None:
    """The scope a token gets: all that was granted when none was asked for; None for more, or where none was."""
    if not asked:
        return " ".join(granted) or None
    wanted = asked.split()
    return " ".join(dict.fromkeys(wanted)) if set(wanted) <= set(granted) else None


def within_networks(networks: tuple[str, ...], address: str) -> bool:
    """Whether a client of these networks may come from this address; one that cannot be read comes from nowhere."""
    if not networks:
        return True
    try:
        found: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in ip_network(each) for each in networks)


def network(text: str) -> str:
    """A network in its one canonical writing. Raises ValueError for none, and for one that is the whole internet."""
    found = ip_network(text.strip())
    if found.prefixlen < _WIDEST[found.version]:
        raise ValueError(f"{found} is wider than /{_WIDEST[found.version]}: name the networks your systems are in")
    return str(found)


_WIDEST = {4: 8, 6: 16}
"""Shorter prefixes are no limit at all."""
