"""What consent's commands ask of other services."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from connective.contracts.holdings import HeldFile, Holdings
from connective.contracts.retention import DueFamily, PersonStands, RuleAsked
from connective.contracts.sharing import FactsAnswered
from connective.kit.actor import Actor


class Families(Protocol):
    """The families service: who may speak for whom, without names."""

    async def facts(self, actor: Actor, person_ids: tuple[UUID, ...], family_id: UUID | None) -> FactsAnswered:
        """Facts about these persons on behalf of the actor.

        Raises NotFound when the actor may not see them, and Unavailable when families cannot answer.
        """
        ...


class Directory(Protocol):
    """The partners service: what organisations are called."""

    async def name(self, place_id: UUID, organisation_id: UUID) -> str:
        """What this organisation of the place is called. Raises NotFound, Unavailable."""
        ...


class Keepers(Protocol):
    """The services that keep families' records: what is at its end, and what stands against erasing it."""

    async def due(
        self, place_id: UUID, organisation_ids: Sequence[UUID], rules: Sequence[RuleAsked], most: int
    ) -> tuple[list[DueFamily], bool]:
        """Records at their end, at most so many; and whether these are all. Raises Unavailable."""
        ...

    async def stand(
        self,
        place_id: UUID,
        organisation_ids: Sequence[UUID],
        rules: Sequence[RuleAsked],
        family_ids: Sequence[UUID],
    ) -> dict[UUID, DueFamily]:
        """How these families stand now, of those these organisations keep. Raises Unavailable."""
        ...

    async def still_open(self, place_id: UUID, family_ids: Sequence[UUID]) -> set[UUID]:
        """Those of these families that have open requests. Raises Unavailable."""
        ...

    async def person(
        self, place_id: UUID, organisation_ids: Sequence[UUID], family_id: UUID, person_id: UUID
    ) -> dict[str, PersonStands]:
        """What erasing one person would do in each keeper, by service; empty where they are not kept in this family.

        Raises Unavailable.
        """
        ...

    async def family(
        self, place_id: UUID, organisation_ids: Sequence[UUID], family_id: UUID
    ) -> dict[str, PersonStands]:
        """What erasing a whole family would do in each keeper, by service; empty where these do not keep it.

        Raises Unavailable.
        """
        ...

    async def file(self, place_id: UUID, held: Holdings, file_id: UUID) -> HeldFile:
        """The content of a file that goes with a request about the person whom families holds so.

        Raises NotFound for one that cannot be had any more, and Unavailable.
        """
        ...

    async def holdings(self, place_id: UUID, organisation_ids: Sequence[UUID], person_id: UUID) -> dict[str, Holdings]:
        """What each keeper holds about one person, by service; empty where these organisations keep no such person.

        Raises Unavailable.
        """
        ...
