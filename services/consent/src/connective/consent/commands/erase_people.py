"""Families has erased a record, or one person of it: consent erases its part, and gathers everybody's answers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from connective.consent.commands.ledger_entries import entry_of
from connective.consent.domain.erasures import ErasureState
from connective.consent.domain.ledger import EntryKind
from connective.consent.storage.deletions import owe_after_erasure
from connective.consent.storage.erasures import Erased, answer_part, erase_own, lock_erasure, outstanding, save_state
from connective.consent.storage.locks import lock_for_changing
from connective.consent.storage.records import enter
from connective.contracts.erasure_events import ErasureDone, FamiliesRefusedErasure, FamilyErased, PersonErased
from connective.kit.database import Unit

_OWN = "consent"
_STANDS = frozenset({ErasureState.ORDERED, ErasureState.UNDER_WAY})


async def erase_people(unit: Unit, place_id: UUID, told: FamilyErased | PersonErased) -> None:
    """Erase what consent keeps, in the unit's transaction. What is not ordered here, or done before, changes nothing.

    The keys of the people's pseudonyms are destroyed: entries of the ledger keep theirs, which nobody can make or match
    again. Copies of a key in backups of the database live as long as those do.
    """
    await lock_for_changing(unit, told.person_ids)
    found = await lock_erasure(unit, place_id, told.erasure_id)
    if found is None or not _is_ordered(found, told):
        return
    family_id = told.family_id if isinstance(told, FamilyErased) else None
    now: datetime = (await unit.fetch_one("SELECT now() AS at")).at
    await owe_after_erasure(unit, place_id, told.erasure_id, told.person_ids, now)
    did = await erase_own(unit, place_id, told.erasure_id, (told.person_ids, family_id), now)
    facts = {
        "erasure_id": told.erasure_id,
        "people": len(told.person_ids),
        "removed": did.removed,
        "kept": did.kept,
        "kept_words": dict(did.words),
    }
    entry = entry_of(unit, EntryKind.ERASURE, "keys.destroyed", now, facts, place_id=place_id)
    await enter(unit, entry)
    people, entries = len(told.person_ids), [entry.id]
    await save_state(unit, told.erasure_id, ErasureState.UNDER_WAY, people=people, entries=entries)
    await answer_part(unit, told.erasure_id, _OWN, now, did)
    await _finish(unit, place_id, told.erasure_id, now)


def _is_ordered(found: dict[str, Any], told: FamilyErased | PersonErased) -> bool:
    """Whether what was erased is what this order, which stands, named."""
    if found["state"] not in _STANDS:
        return False
    if isinstance(told, FamilyErased):
        return bool(found["family_id"] == told.family_id and found["person_id"] is None)
    return bool(found["person_id"] == told.person_id and found["family_id"] in told.family_ids)


async def take_answer(unit: Unit, place_id: UUID, service: str, told: ErasureDone) -> None:
    """Keep what another service did; with the last answer the erasure is complete."""
    found = await lock_erasure(unit, place_id, told.erasure_id)
    if found is None:
        return
    if await answer_part(unit, told.erasure_id, service, told.at, Erased(told.removed, told.kept)):
        await _finish(unit, place_id, told.erasure_id, told.at)


async def take_refusal(unit: Unit, place_id: UUID, told: FamiliesRefusedErasure) -> None:
    """Families found the record changed: nothing was erased, and the record stands on the next list."""
    found = await lock_erasure(unit, place_id, told.erasure_id)
    if found is None or found["state"] != ErasureState.ORDERED:
        return
    facts = {"erasure_id": told.erasure_id, "reason": told.reason_code}
    entry = entry_of(unit, EntryKind.ERASURE, "erasure.refused", told.at, facts, place_id=place_id)
    await enter(unit, entry)
    await save_state(unit, told.erasure_id, ErasureState.REFUSED, reason=told.reason_code, entries=[entry.id])


async def _finish(unit: Unit, place_id: UUID, erasure_id: UUID, at: datetime) -> None:
    if await outstanding(unit, erasure_id):
        return
    facts = {"erasure_id": erasure_id}
    entry = entry_of(unit, EntryKind.ERASURE, "erasure.completed", at, facts, place_id=place_id)
    await enter(unit, entry)
    await save_state(unit, erasure_id, ErasureState.COMPLETE, completed_at=at, entries=[entry.id])
