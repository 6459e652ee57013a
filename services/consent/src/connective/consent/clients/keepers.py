"""Asks the services that keep families' records what has come to its end, and what stands against erasing it."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from connective.contracts.holdings import HeldFile, HeldFileAsked, Holdings, HoldingsAsked
from connective.contracts.retention import (
    MOST_FAMILIES,
    DueAnswered,
    DueAsked,
    DueFamily,
    FamilyAsked,
    FamilyPeopleAsked,
    OpenAnswered,
    OpenAsked,
    PeopleAsked,
    PersonAsked,
    PersonStands,
    RuleAsked,
)
from connective.kit.actor import service_actor
from connective.kit.http import Peer

_SELF = service_actor("consent")


class KeepersOverHttp:
    """Families and referrals, asked in the service's own name: who may see which list is decided here."""

    def __init__(self, families: Peer, referrals: Peer) -> None:
        self._families = families
        self._referrals = referrals

    async def due(
        self, place_id: UUID, organisation_ids: Sequence[UUID], rules: Sequence[RuleAsked], most: int
    ) -> tuple[list[DueFamily], bool]:
        """Records at their end, at most so many; and whether these are all. Raises Unavailable."""
        found: list[DueFamily] = []
        after = None
        while len(found) < most:
            asked = DueAsked(
                place_id=place_id, organisation_ids=tuple(organisation_ids), rules=tuple(rules), after=after
            )
            answer = await self._families.post("/internal/retention/due", asked, DueAnswered, _SELF)
            found += answer.items
            after = answer.after
            if after is None:
                return found[:most], len(found) <= most
        return found[:most], False

    async def stand(
        self,
        place_id: UUID,
        organisation_ids: Sequence[UUID],
        rules: Sequence[RuleAsked],
        family_ids: Sequence[UUID],
    ) -> dict[UUID, DueFamily]:
        """How these families stand now; one that is not kept by these organisations is not among them."""
        found: dict[UUID, DueFamily] = {}
        for some in _in_parts(family_ids):
            asked = DueAsked(
                place_id=place_id, organisation_ids=tuple(organisation_ids), rules=tuple(rules), family_ids=some
            )
            answer = await self._families.post("/internal/retention/due", asked, DueAnswered, _SELF)
            found |= {each.family_id: each for each in answer.items}
        return found

    async def still_open(self, place_id: UUID, family_ids: Sequence[UUID]) -> set[UUID]:
        """Those of these families that have open requests. Raises Unavailable."""
        found: set[UUID] = set()
        for some in _in_parts(family_ids):
            asked = OpenAsked(place_id=place_id, family_ids=some)
            answer = await self._referrals.post("/internal/retention/open", asked, OpenAnswered, _SELF)
            found |= set(answer.family_ids)
        return found

    async def person(
        self, place_id: UUID, organisation_ids: Sequence[UUID], family_id: UUID, person_id: UUID
    ) -> dict[str, PersonStands]:
        """What erasing one person would do in each keeper; empty where they are not kept in this family."""
        asked = PersonAsked(
            place_id=place_id, organisation_ids=tuple(organisation_ids), family_id=family_id, person_id=person_id
        )
        found = await self._families.post("/internal/retention/person", asked, PersonStands, _SELF)
        if found.version is None:
            return {}
        ids = PeopleAsked(place_id=place_id, family_ids=found.family_ids, person_ids=found.person_ids)
        theirs = await self._referrals.post("/internal/retention/person", ids, PersonStands, _SELF)
        return {"families": found, "referrals": theirs}

    async def family(
        self, place_id: UUID, organisation_ids: Sequence[UUID], family_id: UUID
    ) -> dict[str, PersonStands]:
        """What erasing a whole family would do in each keeper; empty where these organisations do not keep it."""
        asked = FamilyAsked(place_id=place_id, organisation_ids=tuple(organisation_ids), family_id=family_id)
        found = await self._families.post("/internal/retention/family", asked, PersonStands, _SELF)
        if found.version is None:
            return {}
        ids = FamilyPeopleAsked(place_id=place_id, family_id=family_id, person_ids=found.person_ids)
        theirs = await self._referrals.post("/internal/retention/family", ids, PersonStands, _SELF)
        return {"families": found, "referrals": theirs}

    async def holdings(self, place_id: UUID, organisation_ids: Sequence[UUID], person_id: UUID) -> dict[str, Holdings]:
        """What families and referrals hold about one person; empty where these organisations keep no such person."""
        asked = HoldingsAsked(place_id=place_id, organisation_ids=tuple(organisation_ids), person_ids=(person_id,))
        found = await self._families.post("/internal/holdings", asked, Holdings, _SELF)
        if not found.person_ids:
            return {}
        whom = {name: getattr(found, name) for name in ("person_ids", "family_ids", "hidden", "known_as")}
        theirs = await self._referrals.post("/internal/holdings", asked.model_copy(update=whom), Holdings, _SELF)
        return {"families": found, "referrals": theirs}

    async def file(self, place_id: UUID, held: Holdings, file_id: UUID) -> HeldFile:
        """The content of one file that goes with a request about them. Raises NotFound, Unavailable."""
        asked = HeldFileAsked(
            place_id=place_id, person_ids=held.person_ids, family_ids=held.family_ids, file_id=file_id
        )
        return await self._referrals.post("/internal/holdings/file", asked, HeldFile, _SELF)


def _in_parts(ids: Sequence[UUID]) -> Iterator[tuple[UUID, ...]]:
    for first in range(0, len(ids), MOST_FAMILIES):
        yield tuple(ids[first : first + MOST_FAMILIES])
