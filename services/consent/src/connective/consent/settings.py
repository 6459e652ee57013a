"""What the consent service reads from its environment."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, HttpUrl
from pydantic_settings import SettingsConfigDict

from connective.kit.settings import ServiceSettings


class ConsentSettings(ServiceSettings):
    """Settings under the prefix `CONSENT_`."""

    model_config = SettingsConfigDict(env_prefix="CONSENT_", frozen=True, extra="ignore")

    families_url: HttpUrl
    partners_url: HttpUrl
    referrals_url: HttpUrl
    ledger_key: Path
    """The ledger's own private key: an Ed25519 JWK with a `kid`, apart from the key that signs permits."""
    checkpoint_gap_seconds: Annotated[float, Field(ge=0.2, le=270)] = 2.0
    """After new entries, how long after the last checkpoint the next is signed; at most five minutes (promise P7)."""
    host_name: Annotated[str, Field(max_length=200)] = ""
    """Who runs this Hub for the place's legal entities, as the record of processing names them (Article 30(2)(a))."""
    host_contact: Annotated[str, Field(max_length=200)] = ""
    """Where they, and their data protection officer, are reached."""
    override_review_working_days: Annotated[int, Field(ge=1, le=10)] = 1
    """Within how many working days the safeguarding lead reviews an override."""
