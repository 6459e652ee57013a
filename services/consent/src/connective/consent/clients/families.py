from uuid import UUID

from connective.contracts.sharing import FactsAnswered, FactsAsked
from connective.kit.actor import Actor
from connective.kit.http import Peer


class FamiliesOverHttp:
    """Asks the families service, on behalf of the worker who is recording something."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    async def facts(self, actor: Actor, person_ids: tuple[UUID, ...], family_id: UUID | None) -> FactsAnswered:
        """Facts about these persons; see the port."""
        asked = FactsAsked(family_id=family_id, person_ids=tuple(dict.fromkeys(person_ids)))
        return await self._peer.post("/internal/facts", asked, FactsAnswered, actor)
