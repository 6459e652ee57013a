"""What the partners service reads from its environment."""

from pathlib import Path

from pydantic_settings import SettingsConfigDict

from connective.kit.settings import ServiceSettings


class PartnersSettings(ServiceSettings):
    """Settings under the prefix `PARTNERS_`."""

    model_config = SettingsConfigDict(env_prefix="PARTNERS_", frozen=True, extra="ignore")

    places: Path
    """The places file: imports name a place by its code, and a place without a front door's number does not start."""
