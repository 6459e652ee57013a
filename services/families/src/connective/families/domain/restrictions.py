"""What must not be known, by whom: restrictions on a person, and how two people lift one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from connective.families.domain.refusals import AlreadyEnded, LiftedElsewhere, NotTheSecondPerson


class RestrictionKind(StrEnum):
    """What is restricted."""

    CONFLICT = "conflict"
    """A named worker must not see the record: a relative, a neighbour, a party to the case."""
    OWN_RECORD = "own_record"
    """The person works here: they must not read their own family's record."""
    WHEREABOUTS = "whereabouts"
    """Refuge or flight: nothing that locates is shown to anybody who is not named."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """A restriction on one person. `named_*` may still see (whereabouts) or may not see at all (the other kinds)."""

    id: UUID
    person_id: UUID
    kind: RestrictionKind
    placed_by: str
    placed_at: datetime
    named_organisation_ids: frozenset[UUID] = frozenset()
    named_actor_ids: frozenset[str] = frozenset()
    lift_asked_by: str | None = None
    lifted_by: str | None = None
    lifted_at: datetime | None = None
    carried_from: UUID | None = None
    """The restriction it repeats, which another organisation placed on its own record of the same person."""

    @property
    def active(self) -> bool:
        """Whether it still holds; until the second person has lifted it, it does."""
        return self.lifted_at is None


def lift(restriction: Restriction, by: str, at: datetime) -> Restriction:
    """The first person's asking or the second person's lifting. One person alone cannot do both."""
    if not restriction.active:
        raise AlreadyEnded("This restriction was lifted already.")
    if restriction.carried_from is not None:
        raise LiftedElsewhere("Another organisation placed it on its record of this person: it is lifted there.")
    if restriction.lift_asked_by is None:
        return replace(restriction, lift_asked_by=by)
    if restriction.lift_asked_by == by:
        raise NotTheSecondPerson("You asked for this. Another safeguarding lead has to confirm it.")
    return replace(restriction, lifted_by=by, lifted_at=at)


def hides_whereabouts(restrictions: Iterable[Restriction], actor_id: str, organisation_id: UUID | None) -> bool:
    """Whether what locates the person is hidden from this reader: any active restriction that does not name them."""
    return any(
        r.active
        and r.kind is RestrictionKind.WHEREABOUTS
        and actor_id not in r.named_actor_ids
        and organisation_id not in r.named_organisation_ids
        for r in restrictions
    )


def must_not_be_found(restrictions: Iterable[Restriction]) -> frozenset[UUID]:
    """Everybody under an active whereabouts restriction, whomever it names."""
    return frozenset(r.person_id for r in restrictions if r.active and r.kind is RestrictionKind.WHEREABOUTS)


def hidden_from(actor_id: str, organisation_id: UUID | None, restrictions: Iterable[Restriction]) -> frozenset[UUID]:
    """Everybody whose whereabouts are hidden from this reader: whoever lives with them must not be located either."""
    return frozenset(r.person_id for r in restrictions if hides_whereabouts([r], actor_id, organisation_id))


def shuts_out(restrictions: Iterable[Restriction], actor_id: str) -> bool:
    """Whether this reader must not see the record at all: it is their own, or a conflict names them."""
    return any(
        r.active and r.kind is not RestrictionKind.WHEREABOUTS and actor_id in r.named_actor_ids for r in restrictions
    )


def standing(restrictions: Iterable[Restriction], person_id: UUID, kind: RestrictionKind) -> Restriction | None:
    """What the active restrictions of one kind on a person come to together; None where none is active.

    The stricter wins: whereabouts are seen only by whom *every* restriction names, and the other kinds shut out whom
    *any* of them names.
    """
    active = [r for r in restrictions if r.active and r.person_id == person_id and r.kind is kind]
    if not active:
        return None
    join = frozenset.intersection if kind is RestrictionKind.WHEREABOUTS else frozenset.union
    return replace(
        active[0],
        named_organisation_ids=join(*(r.named_organisation_ids for r in active)),
        named_actor_ids=join(*(r.named_actor_ids for r in active)),
    )
