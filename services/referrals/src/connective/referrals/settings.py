"""What the referrals service reads from its environment."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import HttpUrl, SecretStr, StringConstraints, model_validator
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
    clamd: Annotated[str | None, StringConstraints(pattern=r"^(unix:/.+|[^:/]+:[0-9]{1,5})$")] = None
    """Where ClamAV's daemon listens: `host:port`, or `unix:` and the path of its socket."""
    demonstration: bool = False
    """Without a scanner: finds the harmless test file and nothing else. Refused beside a bucket."""
    objects_folder: Path | None = None
    """Where files are kept on one machine."""
    objects_bucket: str | None = None
    """The bucket they are kept in, of a store that speaks S3."""
    objects_region: str = "eu-west-2"
    objects_endpoint: HttpUrl | None = None
    """The store's address, where it is not Amazon's own."""
    objects_key_id: SecretStr | None = None
    """Without a key the machine's own identity signs."""
    objects_secret: SecretStr | None = None

    @model_validator(mode="after")
    def _files_are_kept_and_scanned(self) -> Self:
        if (self.objects_folder is None) == (self.objects_bucket is None):
            raise ValueError("set REFERRALS_OBJECTS_FOLDER or REFERRALS_OBJECTS_BUCKET, and not both")
        if (self.objects_key_id is None) != (self.objects_secret is None):
            raise ValueError("REFERRALS_OBJECTS_KEY_ID and REFERRALS_OBJECTS_SECRET go together")
        if (self.clamd is None) != self.demonstration:
            raise ValueError(
                "set REFERRALS_CLAMD; only a demonstration (REFERRALS_DEMONSTRATION) goes without a scanner"
            )
        if self.demonstration and self.objects_bucket is not None:
            raise ValueError("a demonstration keeps its files in a folder: with a bucket, set REFERRALS_CLAMD")
        return self
