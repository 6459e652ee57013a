"""What the gateway reads from its environment."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from connective.gateway.domain.budgets import PEOPLE_A_DAY, PEOPLE_A_DAY_OF_SYSTEMS, Budget
from connective.gateway.domain.password_rules import PasswordCost
from connective.kit.outward import Reach
from connective.kit.settings import ServiceSettings

_KEY_SET_SECONDS = 5.0
"""Somebody waits for a token meanwhile."""
Seconds = Annotated[float, Field(gt=0, le=120)]

KEY_USE = "access-token-keys"
"""The use under which the key that seals the keys of access tokens is derived."""
FACTOR_USE = "second-factors"
"""The use under which the key that seals apps' secrets is derived."""


class GatewaySettings(ServiceSettings):
    """Settings under the prefix `GATEWAY_`."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_", frozen=True, extra="ignore")

    places: Path
    """The places file: without a front door's number nothing starts."""
    issuer: str
    """The public base URL: what tokens name as their issuer, and where people are sent to sign in."""
    families_url: str
    referrals_url: str
    partners_url: str
    consent_url: str
    deadline_seconds: Seconds = 15.0
    """How long a service may take for a whole answer."""
    caller_requests_per_minute: Annotated[int, Field(gt=0)] = 6_000
    """What one account or client may ask; the whole minute's worth may come in one burst."""
    keys_rotated_every_days: Annotated[int, Field(ge=1, le=365)] = 30
    """After how many days the next key signs access tokens; the one before is published until its tokens are over."""
    organisation_requests_per_minute: Annotated[int, Field(gt=0)] = 30_000
    """What all accounts and clients of one organisation may ask together."""
    organisation_at_once: Annotated[int, Field(gt=0)] = 16
    """How many requests of one organisation the services work on at a time; its others wait behind those."""
    people_a_day: Annotated[int, Field(gt=0)] = PEOPLE_A_DAY
    """How many different people one account may be shown in a day; then reading waits for the next."""
    people_a_day_of_systems: Annotated[int, Field(gt=0)] = PEOPLE_A_DAY_OF_SYSTEMS
    """How many a partner's own system may, which works for many."""
    organisation_beside_others: Annotated[int, Field(gt=0)] = 2
    """How many of them while other organisations ask too: as many as keep two processors busy."""
    address_requests_per_minute: Annotated[int, Field(gt=0)] = 600
    """What one address may ask without a known token: sign-ins, tokens, guesses."""
    key_sets_anywhere: bool = False
    """Whether clients' key sets may use plain HTTP, any port and private addresses: for development alone."""
    key_set_authorities: Path | None = None
    """A file of certificates that those addresses may have, instead of the machine's own."""
    passkey_domain: str | None = None
    """The domain passkeys are made for: the issuer's host, unless they shall hold for a domain above it."""
    password_cost: PasswordCost = PasswordCost.RECOMMENDED
    """What hashing a password costs. To be chosen before anybody has one: those that are stored keep their cost, and
    are told from none by the time that a check takes."""
    smtp_host: str | None = None
    """Where links for partners without a system are posted; without it none is."""
    smtp_port: int = 25
    mail_sender: str = "connective@example.org"
    sms_url: str | None = None
    """Where codes for links are sent as text messages, as GOV.UK Notify takes them; without it none is."""
    sms_key: SecretStr | None = None
    """The key of that gateway: a name, the id of the service and a secret, joined by hyphens."""
    sms_template: str = "connective-link-code"
    """The template there, which is given `code` and `minutes`."""
    prohibited_uses: Path | None = None
    """The place's own text of the prohibited uses, in place of the packaged one."""
    trusted_proxies: frozenset[str] = frozenset()
    """Addresses of our own proxies, believed about the address of whom they speak for."""

    @field_validator("issuer")
    @classmethod
    def _a_base(cls, value: str) -> str:
        parts = urlsplit(value)
        plain = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
        if parts.scheme not in {"http", "https"} or not parts.hostname or not plain:
            raise ValueError("must be a base URL such as https://hub.example.org")
        if parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
            raise ValueError("must be https, except on this machine itself")
        return value.rstrip("/")

    @property
    def key_set_reach(self) -> Reach:
        """Where clients may publish their keys."""
        authorities = None if self.key_set_authorities is None else str(self.key_set_authorities)
        return Reach(self.key_sets_anywhere, seconds=_KEY_SET_SECONDS, authorities=authorities)

    @property
    def audience(self) -> str:
        """Whom access tokens are for: the API as a whole."""
        return f"{self.issuer}/api/v1"

    @property
    def relying_party_id(self) -> str:
        """The domain passkeys are made for (Web Authentication, section 5.1.2)."""
        return self.passkey_domain or urlsplit(self.issuer).hostname or ""

    @property
    def sms_secret(self) -> str:
        """The key of the text gateway. Raises ValueError where an address is set and no key: nothing starts then."""
        if self.sms_key is None:
            raise ValueError("GATEWAY_SMS_URL needs GATEWAY_SMS_KEY")
        return self.sms_key.get_secret_value()

    @property
    def budget(self) -> Budget:
        """How many different people may be shown in a day."""
        return Budget(self.people_a_day, self.people_a_day_of_systems)

    @property
    def secure(self) -> bool:
        """Whether browsers reach us over TLS, so that cookies may be bound to it."""
        return self.issuer.startswith("https://")

    def addresses(self) -> dict[str, str]:
        """Where each service answers."""
        return {
            "families": self.families_url,
            "referrals": self.referrals_url,
            "partners": self.partners_url,
            "consent": self.consent_url,
        }
