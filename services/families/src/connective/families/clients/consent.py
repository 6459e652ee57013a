"""Asks the consent service to decide and record a reading."""

from connective.contracts.sharing import DisclosureAnswered, DisclosureAsked
from connective.kit.actor import Actor
from connective.kit.http import Peer


class ConsentOverHttp:
    """The port over HTTP: one hop, a deadline, the reader's own identity passed on."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    async def disclose(self, actor: Actor, asked: DisclosureAsked) -> DisclosureAnswered:
        """Decide and record one reading; see the port."""
        return await self._peer.post("/internal/disclosures", asked, DisclosureAnswered, actor)
