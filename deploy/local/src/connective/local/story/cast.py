"""Who plays in the story: read from the product's own cast, with ids and passwords made for this one deployment."""

import base64
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from joserfc.jwk import ECKey

from connective.contracts.places import Place, load_places
from connective.kit.ids import new_id
from connective.kit.software_passkey import SoftwarePasskey
from connective.local.services import EXAMPLE_PLACES
from connective.local.story.signing_in import Credentials

_CAST = Path(__file__).parent.parent / "data" / "chard.yaml"
_WORDS = [
    "amber",
    "badge",
    "cedar",
    "dune",
    "ember",
    "fern",
    "gorse",
    "heath",
    "iris",
    "jetty",
    "kiln",
    "larch",
    "meadow",
    "nettle",
    "osier",
    "plover",
    "quarry",
    "reed",
    "sorrel",
    "thatch",
    "umber",
    "vetch",
    "willow",
    "yarrow",
]


def new_password() -> str:
    """A password that a person can type from a screen: four words and a number, different in every deployment."""
    return "-".join([*(secrets.choice(_WORDS) for _ in range(4)), str(secrets.randbelow(9000) + 1000)])


@dataclass(slots=True)
class System:
    """A partner's own software and its credential."""

    key: str
    name: str
    organisation: str
    method: str
    scopes: list[str]
    client_id: UUID
    private_key: ECKey | None
    secret: str | None


@dataclass(slots=True)
class Cast:
    """The cast and, as it is loaded, the ids that the Hub gave to everything."""

    place: Place
    raw: dict[str, Any]
    password: str
    host_organisation: UUID
    entities: dict[str, str] = field(default_factory=dict)
    organisations: dict[str, str] = field(default_factory=dict)
    services: dict[str, str] = field(default_factory=dict)
    agreements: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, UUID] = field(default_factory=dict)
    systems: dict[str, System] = field(default_factory=dict)
    passkeys: dict[str, SoftwarePasskey] = field(default_factory=dict)
    """What everybody signs in with in the story."""
    app_secrets: dict[str, str] = field(default_factory=dict)
    """What a person at the demo signs in with: the secrets of authenticator apps, in base32."""

    def email(self, account: str) -> str:
        """What somebody signs in with."""
        return str(self.raw["accounts"][account]["email"])

    def credentials(self, account: str) -> Credentials:
        """What somebody of the cast signs in with."""
        return Credentials(self.email(account), self.password, self.passkeys[account])

    def name(self, account: str) -> str:
        """What somebody is called."""
        return str(self.raw["accounts"][account]["name"])

    def entity_of(self, organisation: str) -> str:
        """The key of the legal entity that an organisation belongs to."""
        return str(self.raw["organisations"][organisation]["entity"])


def new_cast() -> Cast:
    """The cast, not yet loaded anywhere."""
    raw = yaml.safe_load(_CAST.read_text(encoding="utf-8"))
    cast = Cast(load_places(EXAMPLE_PLACES).places[0], raw, new_password(), new_id())
    cast.accounts = {key: new_id() for key in raw["accounts"]}
    cast.passkeys = {key: SoftwarePasskey() for key in raw["accounts"]}
    cast.app_secrets = {key: base64.b32encode(secrets.token_bytes(20)).decode() for key in raw["accounts"]}
    cast.systems = {key: _system(key, entry) for key, entry in raw["systems"].items()}
    return cast


def _system(key: str, entry: dict[str, Any]) -> System:
    client_id = new_id()
    by_key = entry["method"] == "private_key_jwt"
    return System(
        key=key,
        name=entry["name"],
        organisation=entry["organisation"],
        method=entry["method"],
        scopes=entry["scopes"],
        client_id=client_id,
        private_key=ECKey.generate_key("P-256", {"kid": f"{key}-1"}, private=True) if by_key else None,
        secret=None if by_key else secrets.token_hex(32),
    )
