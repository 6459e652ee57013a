"""What every order to erase has in common: its entry in the ledger, its record, and the event that families hears."""

from datetime import datetime
from typing import Any

from connective.consent.commands.ledger_entries import entry_of
from connective.consent.domain.ledger import EntryKind
from connective.consent.storage.audit_look import Look
from connective.consent.storage.erasures import Order, add_erasure
from connective.consent.storage.records import enter
from connective.contracts.erasure_events import ErasureOrdered


async def order_erasure(look: Look, order: Order, now: datetime) -> None:
    """Order a record, or one person of it, erased as the officer saw it, in the transaction of the decision."""
    facts: dict[str, Any] = {
        "erasure_id": order.id,
        "family": order.family,
        "person": order.person,
        "rule": order.rule_key,
        "run_id": order.run_id,
        "request_id": order.request_id,
    }
    known = {name: value for name, value in facts.items() if value is not None}
    entry = entry_of(look.unit, EntryKind.ERASURE, "erasure.ordered", now, known, place_id=look.place_id)
    await enter(look.unit, entry)
    await add_erasure(look, order, [entry.id], now)
    said = ErasureOrdered(
        erasure_id=order.id,
        family_id=order.family_id,
        person_id=order.person_id,
        record_version=order.record_version,
        at=now,
    )
    look.unit.tell(said, version=1)
