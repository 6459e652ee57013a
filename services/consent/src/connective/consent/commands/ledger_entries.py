"""Entries of the acts of people and organisations; decisions have their own in `recording`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.consent.domain.ledger import Entry, EntryKind, make_entry
from connective.consent.storage.records import enter
from connective.kit.database import Unit
from connective.kit.ids import new_id


def entry_of(unit: Unit, kind: EntryKind, act: str, at: datetime, facts: Mapping[str, Any], *, place_id: UUID) -> Entry:
    """The entry of an act by the unit's actor; `facts` hold no person's id or words, only pseudonyms."""
    return make_entry(
        new_id(),
        place_id,
        kind,
        act=act,
        at=at,
        actor_id=unit.actor.id,
        organisation_id=unit.actor.organisation_id,
        facts=facts,
    )


async def note(
    unit: Unit, kind: EntryKind, act: str, at: datetime, facts: Mapping[str, Any], *, place_id: UUID | None = None
) -> None:
    """Put the act into the ledger, in the unit's transaction."""
    await enter(unit, entry_of(unit, kind, act, at, facts, place_id=place_id or unit.actor.place))
