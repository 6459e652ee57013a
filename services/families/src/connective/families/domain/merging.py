"""Two records of one human: proposed as one, agreed by others, made one, and taken apart again exactly.

A wrong merge mixes two lives, so it takes more than one person, is never proposed for likely twins, and can be undone.
Two records of one keeper become one record. Records of two keepers stay with their keepers, since moving them would
be a disclosure: they count as one person from then on, and the restrictions of either hold for both.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from connective.families.domain.duplicates import Likeness, Match
from connective.families.domain.people import Person
from connective.families.domain.refusals import AlreadyEnded, LikelyTwin, NotTheSecondPerson


class MergeState(StrEnum):
    """Where a merge stands."""

    DECLINED = "declined"
    MERGED = "merged"
    PROPOSED = "proposed"
    UNDONE = "undone"


class MergeAction(StrEnum):
    """What a reviewer may do with a merge."""

    AGREE = "agree"
    DECLINE = "decline"
    UNDO = "undo"


class MergeReason(StrEnum):
    """Why a merge was declined or undone."""

    DIFFERENT_PEOPLE = "different_people"
    MORE_TO_FIND_OUT = "more_to_find_out"
    NOT_SAFE = "not_safe"
    PROPOSED_IN_ERROR = "proposed_in_error"


_LEGAL = {
    MergeState.PROPOSED: frozenset({MergeAction.AGREE, MergeAction.DECLINE}),
    MergeState.MERGED: frozenset({MergeAction.UNDO}),
}


@dataclass(frozen=True, slots=True)
class Merge:
    """Two records that somebody sees as one person: which, kept by whom, why they seem alike, and who agreed."""

    id: UUID
    person_id: UUID
    """The record that stays; of two keepers', the proposer's own."""
    merged_person_id: UUID
    keepers: tuple[UUID, UUID]
    """Who keeps the one and the other: the same organisation twice where both are of one."""
    likeness: Likeness
    shared: tuple[str, ...]
    """Codes of the facts that both records state alike."""
    differs: tuple[str, ...]
    """Names of the fields that both records fill in differently; of two keepers' records nothing is compared."""
    proposed_by: str
    proposed_organisation_id: UUID
    proposed_at: datetime
    agreed: Mapping[UUID, str] = field(default_factory=dict)
    """Who agreed, for which organisation."""
    state: MergeState = MergeState.PROPOSED
    settled_by: str | None = None
    settled_at: datetime | None = None
    undone_by: str | None = None
    undone_at: datetime | None = None
    reason: MergeReason | None = None
    version: int = 1

    @property
    def one_record(self) -> bool:
        """Whether one organisation keeps both, so that they become one record."""
        return self.keepers[0] == self.keepers[1]

    @property
    def awaiting(self) -> tuple[UUID, ...]:
        """The keepers that have still to agree, while it is proposed."""
        if self.state is not MergeState.PROPOSED:
            return ()
        return tuple(keeper for keeper in dict.fromkeys(self.keepers) if keeper not in self.agreed)

    @property
    def legal(self) -> frozenset[MergeAction]:
        """What the state allows."""
        return _LEGAL.get(self.state, frozenset())


def refuse_twins(match: Match) -> Match:
    """The match, unless the two look like twins.

    There is no way round it. One child known by two first names is recorded so first (the second as `known_as`), and a
    number typed wrongly is corrected first: both leave a trace that somebody can question, which a tick would not.
    """
    if match.likeness is Likeness.LIKELY_TWIN:
        raise LikelyTwin(
            "These two look like twins: one birth date, surname and home, and different first names or NHS numbers. "
            "If it is one child with two first names, record the second as known_as first; if a number is wrong, "
            "correct it first."
        )
    return match


def _take(merge: Merge, action: MergeAction) -> None:
    if action not in merge.legal:
        raise AlreadyEnded(f"This merge is {merge.state}.")


def agree(merge: Merge, organisation_id: UUID, by: str, at: datetime) -> Merge:
    """One keeper's agreement; the last one makes them one. Nobody agrees to what they proposed themself."""
    _take(merge, MergeAction.AGREE)
    if by == merge.proposed_by or by in merge.agreed.values():
        raise NotTheSecondPerson("Somebody else has to look at both records before they become one.")
    if organisation_id not in merge.awaiting:
        raise AlreadyEnded("Your organisation has agreed already; the other keeper has not yet.")
    agreed = replace(merge, agreed={**merge.agreed, organisation_id: by}, version=merge.version + 1)
    if agreed.awaiting:
        return agreed
    return replace(agreed, state=MergeState.MERGED, settled_by=by, settled_at=at)


def decline(merge: Merge, by: str, reason: MergeReason, at: datetime) -> Merge:
    """They are two people, or nobody knows yet: the records stay as they are."""
    _take(merge, MergeAction.DECLINE)
    version = merge.version + 1
    return replace(merge, state=MergeState.DECLINED, settled_by=by, settled_at=at, reason=reason, version=version)


def undo(merge: Merge, by: str, reason: MergeReason, at: datetime) -> Merge:
    """The merge was wrong. One person suffices: of two mistakes, going on with a wrong merge is the greater."""
    _take(merge, MergeAction.UNDO)
    version = merge.version + 1
    return replace(merge, state=MergeState.UNDONE, undone_by=by, undone_at=at, reason=reason, version=version)


_COMPARED = (
    "age_group", "date_of_birth", "died_on", "education_setting", "gp_practice", "interpreter", "language",
    "nhs_number",
)  # fmt: skip
"""What a record may leave open, so that the other record can fill it in."""


def differing(stays: Person, merged: Person) -> tuple[str, ...]:
    """Names of the fields that both fill in, each differently: what a reviewer looks at first."""
    pairs: dict[str, tuple[Any, Any]] = {name: (getattr(stays, name), getattr(merged, name)) for name in _COMPARED}
    pairs["sex"] = (stays.sex, merged.sex)
    pairs["given_names"] = (stays.name.given.casefold(), merged.name.given.casefold())
    pairs["family_name"] = (stays.name.family.casefold(), merged.name.family.casefold())
    empty = (None, "", "unknown")
    return tuple(
        sorted(name for name, (ours, theirs) in pairs.items() if ours != theirs and not {ours, theirs} & set(empty))
    )


def united(stays: Person, merged: Person) -> Person:
    """The record that stays, its gaps filled from the other; what it says itself stands, and earlier names add up."""
    filled = {name: getattr(merged, name) for name in _COMPARED if getattr(stays, name) is None}
    names = (stays.name.family, *stays.name.previous_family)
    more = [each for each in (merged.name.family, *merged.name.previous_family) if each and each not in names]
    known_as = stays.name.known_as or merged.name.known_as
    name = replace(stays.name, known_as=known_as, previous_family=(*stays.name.previous_family, *dict.fromkeys(more)))
    # Whoever is stored and not used (UK GDPR Article 18) under either record is so under both.
    stored = stays.processing_restricted or merged.processing_restricted
    return replace(stays, name=name, processing_restricted=stored, **filled)


def parted(now: Person, before: Person, merged: Person) -> Person:
    """The record that stayed, without what the other had filled in; what was changed since the merge stays changed."""
    taken: dict[str, Any] = {
        name: None
        for name in _COMPARED
        if getattr(before, name) is None and getattr(now, name) == getattr(merged, name)
    }
    theirs = {merged.name.family, *merged.name.previous_family} - set(before.name.previous_family)
    kept = tuple(each for each in now.name.previous_family if each not in theirs)
    borrowed = before.name.known_as is None and now.name.known_as == merged.name.known_as
    known_as = None if borrowed else now.name.known_as
    return replace(now, name=replace(now.name, known_as=known_as, previous_family=kept), **taken)
