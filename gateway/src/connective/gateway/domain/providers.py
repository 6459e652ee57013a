"""Outside OpenID providers: an organisation's own directory says who its people are, and which of them may do what.

Which claim makes somebody what is data of the provider's record: Microsoft Entra tells app roles and groups in a list
at the top (`/roles`, `/groups`), Keycloak realm roles one level below (`/realm_access/roles`). A claim is therefore
named by a JSON Pointer (RFC 6901), and a rule holds for one value of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from connective.contracts.permissions import Role

NEVER_BY_RULE = frozenset({str(Role.PLACE_ADMIN)})
"""Whoever runs the place is named here, by two of their kind, and never by somebody else's directory."""
FACTOR_CLAIMS = ("acr", "amr")
_MOST_VALUES = 1_000
_LONGEST_SUBJECT = 255
_LONGEST_NAME = 200
_LONGEST_ADDRESS = 254


class ProviderAuthentication(StrEnum):
    """How the Hub proves itself to a provider."""

    CLIENT_SECRET_BASIC = "client_secret_basic"  # noqa: S105 - the name of a method, no secret
    PRIVATE_KEY_JWT = "private_key_jwt"


class UnfitRule(ValueError):
    """A rule that cannot stand; the message says why."""


class UnfitClaims(Exception):
    """What a provider says of somebody cannot be used."""


@dataclass(frozen=True, slots=True)
class RoleRule:
    """Whoever has this value in this claim has these roles."""

    claim: str
    value: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactorRule:
    """A value of `amr` or `acr` which says that the provider has asked for a second factor."""

    claim: str
    value: str


@dataclass(frozen=True, slots=True)
class Provider:
    """One organisation's provider."""

    id: UUID
    place_id: UUID
    organisation_id: UUID
    """Whose people come by it: in this organisation they act, and in no other."""
    organisation_name: str
    name: str
    """How people know it: the sign-in page shows it."""
    issuer: str
    client_id: str
    authentication: ProviderAuthentication
    sealed_secret: bytes | None = field(repr=False)
    role_rules: tuple[RoleRule, ...]
    factor_rules: tuple[FactorRule, ...]
    new_accounts: bool
    """Whether somebody unknown, whom a rule gives a role, gets an account."""
    ended_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class Outsider:
    """Somebody as their provider tells of them."""

    subject: str
    name: str
    email: str | None
    roles: tuple[str, ...]
    two_factors: bool
    """Whether the provider has asked for a second factor, by a rule of ours."""
    signed_in_at: datetime
    session: str | None
    """The provider's own session (`sid`), which it may end from its side."""


def check_rule(rule: RoleRule) -> RoleRule:
    """The rule itself. Raises UnfitRule for a claim that is no JSON Pointer, or a role that no directory gives."""
    if not rule.claim.startswith("/") or rule.claim.endswith("/"):
        raise UnfitRule("claim must be a JSON Pointer such as /roles or /realm_access/roles")
    if NEVER_BY_RULE.intersection(rule.roles):
        raise UnfitRule(f"no directory makes somebody {', '.join(sorted(NEVER_BY_RULE))}: add the role to the account")
    return rule


def values_at(claims: Mapping[str, Any], pointer: str) -> frozenset[str]:
    """The texts a claim holds: one, or a list of them; none where there is something else, or nothing."""
    found: Any = claims
    for part in pointer.split("/")[1:]:
        if not isinstance(found, Mapping):
            return frozenset()
        found = found.get(part.replace("~1", "/").replace("~0", "~"))
    if isinstance(found, str):
        return frozenset({found})
    if not isinstance(found, list):
        return frozenset()
    return frozenset(each for each in found[:_MOST_VALUES] if isinstance(each, str))


def roles_of(rules: Iterable[RoleRule], claims: Mapping[str, Any]) -> tuple[str, ...]:
    """What the rules make of somebody."""
    given = {role for rule in rules if rule.value in values_at(claims, rule.claim) for role in rule.roles}
    return tuple(sorted(given - NEVER_BY_RULE))


def roles_by_directory(held: Iterable[str], given: Iterable[str]) -> tuple[str, ...]:
    """What somebody is from now on: what their directory gives, and what no directory gives or takes."""
    return tuple(sorted(set(given) | NEVER_BY_RULE.intersection(held)))


def has_two_factors(rules: Iterable[FactorRule], claims: Mapping[str, Any]) -> bool:
    """Whether the provider says, in words we trust, that it has asked for a second factor."""
    return any(rule.value in values_at(claims, f"/{rule.claim}") for rule in rules if rule.claim in FACTOR_CLAIMS)


def read_outsider(provider: Provider, claims: Mapping[str, Any], signed_in_at: datetime) -> Outsider:
    """Somebody, from the claims of an ID token that was verified. Raises UnfitClaims for one without a subject.

    Nobody is known by an e-mail address: providers let people change it, and do not always look whose it is.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT or not subject.isprintable():
        raise UnfitClaims("the provider names nobody")
    email = _text(claims.get("email"), _LONGEST_ADDRESS)
    name = _text(claims.get("name"), _LONGEST_NAME) or _text(claims.get("preferred_username"), _LONGEST_NAME)
    return Outsider(
        subject=subject,
        name=name or email or "Somebody",
        email=email.lower() if email and email.count("@") == 1 and " " not in email else None,
        roles=roles_of(provider.role_rules, claims),
        two_factors=has_two_factors(provider.factor_rules, claims),
        signed_in_at=signed_in_at,
        session=_text(claims.get("sid"), _LONGEST_SUBJECT),
    )


def _text(value: object, longest: int) -> str | None:
    if not isinstance(value, str):
        return None
    plain = " ".join("".join(letter for letter in value if letter.isprintable()).split())
    return plain[:longest] or None
