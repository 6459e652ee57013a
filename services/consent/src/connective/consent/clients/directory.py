"""Asks partners what an organisation is called."""

from uuid import UUID

from connective.contracts.sharing import OrganisationFacts
from connective.kit.actor import service_actor
from connective.kit.http import Peer

_SELF = service_actor("consent")


class DirectoryOverHttp:
    """The partners service, asked in the service's own name."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    async def name(self, place_id: UUID, organisation_id: UUID) -> str:
        """What this organisation of the place is called. Raises NotFound, Unavailable."""
        path, query = f"/internal/organisations/{organisation_id}", [("place_id", str(place_id))]
        return (await self._peer.get(path, OrganisationFacts, _SELF, query=query)).name
