"""What the families service reads from its environment."""

from pathlib import Path

from pydantic import HttpUrl
from pydantic_settings import SettingsConfigDict

from connective.kit.settings import ServiceSettings

SEARCH_KEY = "search-tokens"
"""The use under which the key of search tokens is derived: with another, nobody would be found any more."""


class FamiliesSettings(ServiceSettings):
    """Settings under the prefix `FAMILIES_`."""

    model_config = SettingsConfigDict(env_prefix="FAMILIES_", frozen=True, extra="ignore")

    consent_url: HttpUrl
    """The consent service, which decides and records what a member of a team is shown."""
    places: Path
    """The places file: without a front door's number nothing is registered, so nothing starts."""
    synthetic_people: bool = False
    """Whether everybody here is invented: NHS numbers must then lie in the test range, and may not otherwise."""
