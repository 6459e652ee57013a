"""What consent's commands ask of other services."""

from typing import Protocol
from uuid import UUID

from connective.contracts.sharing import FactsAnswered
from connective.kit.actor import Actor


class Families(Protocol):
    """The families service: who may speak for whom, without names."""

    async def facts(self, actor: Actor, person_ids: tuple[UUID, ...], family_id: UUID | None) -> FactsAnswered:
        """Facts about these persons on behalf of the actor.

        Raises NotFound when the actor may not see them, and Unavailable when families cannot answer.
        """
        ...
