"""What this service asks of another, as its commands see it."""

from typing import Protocol

from connective.contracts.sharing import DisclosureAnswered, DisclosureAsked
from connective.kit.actor import Actor


class Consent(Protocol):
    """The room that decides what may be shared, and records it."""

    async def disclose(self, actor: Actor, asked: DisclosureAsked) -> DisclosureAnswered:
        """Decide and record one reading; the permit is absent when denied. Raises a kit refusal when it fails."""
        ...
