"""Hubs: area-based groups of organisations inside a place, each with a coordinator."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from connective.partners.domain.geography import is_outward
from connective.partners.domain.rules import Broken


@dataclass(frozen=True, slots=True)
class Hub:
    """One hub of a place."""

    id: UUID
    place_id: UUID
    name: str
    outward_postcodes: tuple[str, ...]
    coordinator_account_id: UUID | None
    member_organisation_ids: tuple[UUID, ...]
    version: int
    changed_at: datetime


def canonical_hub(hub: Hub) -> Hub:
    """The hub with its area and members each once, in order."""
    return replace(
        hub,
        outward_postcodes=tuple(sorted(set(hub.outward_postcodes))),
        member_organisation_ids=tuple(sorted(set(hub.member_organisation_ids))),
    )


def broken_hub(hub: Hub, known_organisations: frozenset[UUID]) -> tuple[Broken, ...]:
    """Every rule that a hub breaks: its area is in outward postcodes, its members are organisations of the place."""
    areas = [
        Broken(
            f"/outward_postcodes/{at}", "outward", "An outward postcode is the first half, in capitals, such as TA20."
        )
        for at, code in enumerate(hub.outward_postcodes)
        if not is_outward(code)
    ]
    members = [
        Broken(f"/member_organisation_ids/{at}", "unknown", "There is no such organisation in this place.")
        for at, organisation in enumerate(hub.member_organisation_ids)
        if organisation not in known_organisations
    ]
    return (*areas, *members)
