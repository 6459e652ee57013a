"""What the referrals service reads from its environment."""

from pathlib import Path

from pydantic import HttpUrl
from pydantic_settings import SettingsConfigDict

from connective.kit.settings import ServiceSettings


class ReferralsSettings(ServiceSettings):
    """Settings under the prefix `REFERRALS_`."""

    model_config = SettingsConfigDict(env_prefix="REFERRALS_", frozen=True, extra="ignore")

    places: Path
    """The places file: without a front door's number no referral can be made, so nothing starts."""
    consent_url: HttpUrl
    families_url: HttpUrl
    partners_url: HttpUrl
