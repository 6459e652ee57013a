"""The Hub's own services, as the gateway knows them: by which public keys, since when, and what each may ask.

They are no clients: nobody registers one over HTTP, they get no token, and their keys change by the operator's command
(ADR 0004). No client may bear the name of one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc.jwk import ECKey

_PREFIX = "service:"


@dataclass(frozen=True, slots=True)
class ServiceKey:
    """One public key by which a service is believed."""

    kid: str
    thumbprint: str
    """RFC 7638, SHA-256: what two people compare who look at the same key in two places."""
    made_at: datetime | None
    """Unknown of keys that were made before this was noted."""


@dataclass(frozen=True, slots=True)
class ServiceIdentity:
    """One service; more than one key while they change over."""

    service: str
    keys: tuple[ServiceKey, ...]
    permissions: tuple[str, ...]
    """What it may ask of the others, for itself."""


def identities_in(trusted: Mapping[str, Any], permissions: Mapping[str, frozenset[str]]) -> tuple[ServiceIdentity, ...]:
    """Every service in the file of trusted keys (a JWK Set with owners), by name. Raises KeyError, ValueError."""
    keys: dict[str, list[ServiceKey]] = {}
    for each in trusted["keys"]:
        made = each.get("made_at")
        thumbprint = ECKey.import_key(each).thumbprint()
        known = ServiceKey(each["kid"], thumbprint, datetime.fromisoformat(made) if made else None)
        keys.setdefault(each["owner"], []).append(known)
    return tuple(
        ServiceIdentity(name, tuple(keys[name]), tuple(sorted(map(str, permissions.get(name, ())))))
        for name in sorted(keys)
    )


def bears_a_services_name(name: str, services: Sequence[str]) -> bool:
    """Whether a client of this name could be taken for a service of the Hub."""
    plain = name.strip().casefold()
    return plain.startswith(_PREFIX) or plain in services
