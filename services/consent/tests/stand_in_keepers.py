"""Stands in for families and referrals as keepers of records: what is due, and what is still open, as tests say."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from connective.contracts.holdings import HeldFile, Holdings
from connective.contracts.retention import DueFamily, PersonStands, RuleAsked
from connective.kit.problems import NotFound, Unavailable


@dataclass
class StandInKeepers:
    """Families by id, as they stand; those that have open requests."""

    families: dict[UUID, DueFamily] = field(default_factory=dict)
    open: set[UUID] = field(default_factory=set)
    asked: list[RuleAsked] = field(default_factory=list)
    people: dict[UUID, PersonStands] = field(default_factory=dict)
    """What families answers about one person of a family."""
    held: dict[UUID, dict[str, Holdings]] = field(default_factory=dict)
    files: dict[UUID, HeldFile] = field(default_factory=dict)
    away: bool = False

    def add(self, family_id: UUID, *people: UUID, rule: str | None = "case_record", version: int = 1) -> None:
        self.families[family_id] = DueFamily(
            family_id=family_id, version=version, person_ids=people, rule=rule, open_case=False, birth_unknown=False
        )

    def change(self, family_id: UUID, **changes: object) -> None:
        self.families[family_id] = self.families[family_id].model_copy(update=changes)

    async def due(
        self, _place: UUID, _keepers: Sequence[UUID], rules: Sequence[RuleAsked], _most: int
    ) -> tuple[list[DueFamily], bool]:
        if self.away:
            raise Unavailable("Families cannot be reached.")
        self.asked = list(rules)
        return [family for family in self.families.values() if family.rule], True

    async def stand(
        self, _place: UUID, _keepers: Sequence[UUID], _rules: Sequence[RuleAsked], family_ids: Sequence[UUID]
    ) -> dict[UUID, DueFamily]:
        return {each: self.families[each] for each in family_ids if each in self.families}

    async def still_open(self, _place: UUID, family_ids: Sequence[UUID]) -> set[UUID]:
        return self.open & set(family_ids)

    async def person(
        self, _place: UUID, _keepers: Sequence[UUID], family_id: UUID, person_id: UUID
    ) -> dict[str, PersonStands]:
        found = self.people.get(person_id)
        if found is None or family_id not in found.family_ids:
            return {}
        against = ("open_request",) if family_id in self.open else ()
        return {"families": found, "referrals": PersonStands(against=against, removed=5, kept=2)}

    async def family(self, _place: UUID, _keepers: Sequence[UUID], family_id: UUID) -> dict[str, PersonStands]:
        found = self.families.get(family_id)
        if found is None:
            return {}
        return {
            "families": PersonStands(version=found.version, person_ids=found.person_ids, removed=9),
            "referrals": PersonStands(removed=5),
        }

    async def file(self, _place: UUID, _held: Holdings, file_id: UUID) -> HeldFile:
        if file_id not in self.files:
            raise NotFound
        return self.files[file_id]

    async def holdings(self, _place: UUID, _keepers: Sequence[UUID], person_id: UUID) -> dict[str, Holdings]:
        return self.held.get(person_id, {})
