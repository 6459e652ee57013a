"""The credentials a system is given: its own public keys, the address where it publishes them, or a secret of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connective.contracts.permissions import SCOPE_PERMISSIONS, SERVICE_PERMISSIONS
from connective.gateway.commands.refusals import UnfitCredential
from connective.gateway.domain.clients import Authentication, Credential, CredentialKind, network
from connective.gateway.domain.opaque import digest, new_secret
from connective.gateway.domain.public_keys import UnfitKey, public_key
from connective.gateway.domain.service_identities import bears_a_services_name
from connective.kit.ids import new_id
from connective.kit.outward import Reach, UnfitAddress, read_address
from connective.kit.problems import FieldError

SECRET_PREFIX = "hubs_"  # noqa: S105 - how a secret begins, so that scanners know a leaked one


@dataclass(frozen=True, slots=True)
class Offered:
    """What an administrator gives: keys, or an address; neither, where the Hub makes a secret."""

    authentication: Authentication
    keys: Sequence[Mapping[str, Any]]
    jwks_uri: str | None
    reach: Reach
    """Which addresses may be asked at all."""


def make_credentials(offered: Offered, now: datetime) -> tuple[tuple[Credential, ...], str | None]:
    """The credentials, and the secret where there is one: it is shown once. Raises UnfitCredential."""
    if offered.authentication is Authentication.PRIVATE_KEY_JWT:
        if offered.jwks_uri is not None and not offered.keys:
            return (_published(offered.jwks_uri, offered.reach, now),), None
        if not offered.keys or offered.jwks_uri is not None:
            raise unfit("/keys", "Send public keys or the address where they are published: one of both.")
        return tuple(_key(jwk, now) for jwk in offered.keys), None
    if offered.keys or offered.jwks_uri is not None:
        raise unfit("/keys", "A client that authenticates with a secret has no keys.")
    secret = new_secret(SECRET_PREFIX)
    stored = Credential(new_id(), CredentialKind.SECRET, digest(secret), None, now, None)
    return (stored,), secret


def known_scopes(scopes: Sequence[str]) -> tuple[str, ...]:
    """The scopes in a fixed order. Raises UnfitCredential for one that no client may have."""
    unknown = sorted(set(scopes) - set(SCOPE_PERMISSIONS))
    if unknown:
        errors = (FieldError("/scopes", "unknown", "See the list of scopes in the API description."),)
        raise UnfitCredential("One of the scopes does not exist.", errors=errors)
    return tuple(sorted(set(scopes)))


def known_name(name: str) -> str:
    """The name. Raises UnfitCredential for one by which a client could be taken for a service of the Hub."""
    if bears_a_services_name(name, tuple(SERVICE_PERMISSIONS)):
        raise unfit("/name", "This is the name of one of the Hub's own services: give the system another.")
    return name


def known_networks(networks: Sequence[str]) -> tuple[str, ...]:
    """The networks as they are stored. Raises UnfitCredential for what is none, or as good as everywhere."""
    try:
        return tuple(sorted({network(each) for each in networks}))
    except ValueError as error:
        raise unfit("/networks", f"Write networks as 192.0.2.0/24 or 2001:db8::/32: {error}.") from error


def unfit(pointer: str, sentence: str) -> UnfitCredential:
    """The refusal of one field."""
    return UnfitCredential(sentence, errors=(FieldError(pointer, "unfit", sentence),))


def _key(jwk: Mapping[str, Any], now: datetime) -> Credential:
    try:
        return Credential(new_id(), CredentialKind.KEY, None, public_key(jwk), now, None)
    except UnfitKey as error:
        raise unfit("/keys", f"A key cannot be registered: {error}.") from error


def _published(url: str, reach: Reach, now: datetime) -> Credential:
    try:
        read_address(url, reach)
    except UnfitAddress as error:
        raise unfit("/jwks_uri", error.sentence) from error
    return Credential(new_id(), CredentialKind.KEY_SET, None, None, now, None, jwks_uri=url)
