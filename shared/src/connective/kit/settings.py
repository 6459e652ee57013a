"""Settings every service has: typed, frozen, read once, and refused when weak."""

import base64
from pathlib import Path
from typing import Annotated

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr, StringConstraints, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PostgresUrl = Annotated[str, StringConstraints(pattern=r"^postgresql://")]
_PLACEHOLDERS = ("change", "default", "secret", "password", "example")


class StoreSettings(BaseSettings):
    """What everything that keeps rows reads from its environment, under its own prefix."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    database_url: PostgresUrl
    reader_url: PostgresUrl
    owner_url: PostgresUrl | None = None
    signing_key: Path
    secret: SecretStr
    log_level: str = "INFO"
    pool_size: int = 16

    @field_validator("secret")
    @classmethod
    def _strong(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value()
        if len(text) < 32 or len(set(text)) < 12 or any(word in text.lower() for word in _PLACEHOLDERS):
            raise ValueError("must be at least 32 random characters; a placeholder is refused")
        return value

    def key(self, use: str) -> bytes:
        """A 32-byte key for one named use, derived from the secret (HKDF-SHA256, RFC 5869)."""
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=use.encode())
        return derived.derive(self.secret.get_secret_value().encode())

    def key_text(self, use: str) -> str:
        """The same key as URL-safe text."""
        return base64.urlsafe_b64encode(self.key(use)).decode()


class ServiceSettings(StoreSettings):
    """What every service reads besides: where events go, and whose signatures count."""

    nats_url: str
    trusted_keys: Path
