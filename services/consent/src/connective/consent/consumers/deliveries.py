"""What referrals and families tell of disclosures that did not reach their reader."""

from typing import Any

from connective.consent.domain.ledger import EntryKind, make_entry
from connective.consent.storage.records import Sourced, enter_sourced
from connective.consent.storage.undelivered import mark_undelivered
from connective.contracts.people_events import CaseReadingUndelivered
from connective.contracts.referral_events import DisclosureUndelivered
from connective.kit.database import Unit
from connective.kit.ids import new_id
from connective.kit.inbox import Received


async def mark(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Mark the disclosure, and enter into the ledger that nothing of it was shown, and why."""
    told: DisclosureUndelivered | CaseReadingUndelivered
    if event.subject == CaseReadingUndelivered.subject:
        told = CaseReadingUndelivered.model_validate(event.data)
        read = {"case_id": told.case_id}
    else:
        told = DisclosureUndelivered.model_validate(event.data)
        read = {"request_id": told.request_id}
    await mark_undelivered(unit, event.place_id, told)
    entry = make_entry(
        new_id(),
        event.place_id,
        EntryKind.DISCLOSURE,
        act="not_delivered",
        at=told.at,
        actor_id=f"service:{event.service}",
        organisation_id=told.recipient_organisation_id,
        facts={
            "disclosure_id": told.disclosure_id,
            **read,
            "reason_code": told.reason_code,
        },
    )
    await enter_sourced(unit, [Sourced(entry, event.id)])
