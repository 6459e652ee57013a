"""What the pages read from their environment."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from connective.kit.settings import StoreSettings

SESSION_USE = "browser-sessions"
"""The use under which the key that seals sessions and drafts is derived."""
FORM_USE = "form-tokens"
"""The use under which the key that signs forms is derived."""
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def _base_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.path.rstrip("/") or parts.query or parts.fragment or not parts.hostname:
        raise ValueError("must be an address without a path")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ValueError("must be https, but on this machine itself")
    return f"{parts.scheme}://{parts.netloc}"


class FrontendSettings(StoreSettings):
    """Settings under the prefix `FRONTEND_`."""

    model_config = SettingsConfigDict(env_prefix="FRONTEND_", frozen=True, extra="ignore")

    places: Path
    """The places file: the pages name the place, wear its colour, and say whom to phone."""
    address: str
    """The public base URL of these pages."""
    issuer: str
    """The public base URL of the gateway: where people sign in, and against what its answers are checked."""
    gateway_url: str
    """Where these pages themselves reach the gateway; behind a proxy that is another address than people use."""
    client_id: str = "frontend"
    """What these pages are called at the gateway."""
    idle_minutes: Annotated[int, Field(ge=5, le=720)] = 60
    """After how long without a click somebody signs in again: many screens are shared, or left."""
    trusted_proxies: frozenset[str] = frozenset()
    """Addresses of our own proxies, which are believed about whom they speak for: limits for guests count people."""
    deadline_seconds: Annotated[float, Field(gt=0, le=60)] = 8.0
    """How long a page waits for one answer of the API."""

    @field_validator("address", "issuer")
    @classmethod
    def _public(cls, value: str) -> str:
        return _base_url(value)

    @property
    def secure(self) -> bool:
        """Whether browsers come over TLS: only then do they take cookies with the prefix `__Host-`."""
        return self.address.startswith("https://")

    @property
    def idle(self) -> timedelta:
        """How long a session lasts without a click."""
        return timedelta(minutes=self.idle_minutes)

    @property
    def callback(self) -> str:
        """Where the gateway sends people back to."""
        return f"{self.address}/signed-in"
