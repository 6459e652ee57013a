"""What the partners service reads from its environment."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from connective.kit.outward import USUAL_PORTS, Reach
from connective.kit.settings import ServiceSettings


class PartnersSettings(ServiceSettings):
    """Settings under the prefix `PARTNERS_`."""

    model_config = SettingsConfigDict(env_prefix="PARTNERS_", frozen=True, extra="ignore")

    places: Path
    """The places file: imports name a place by its code, and a place without a front door's number does not start."""

    webhooks_anywhere: bool = False
    """Whether webhooks may use plain HTTP, any port and private addresses: for development alone."""
    webhook_ports: frozenset[int] = USUAL_PORTS
    """The ports webhooks may use."""
    webhook_seconds: Annotated[float, Field(gt=0, le=60)] = 15.0
    """How long one try to deliver a message may take."""
    webhook_authorities: Path | None = None
    """A file of certificates that receivers may have, instead of the machine's own."""
    smtp_host: str | None = None
    """Where notices are posted; without it none is, and the event alone tells."""
    smtp_port: int = 25
    mail_sender: str = "connective@example.org"

    @property
    def reach(self) -> Reach:
        """Which addresses webhooks may have."""
        authorities = None if self.webhook_authorities is None else str(self.webhook_authorities)
        return Reach(self.webhooks_anywhere, self.webhook_ports, self.webhook_seconds, authorities)
