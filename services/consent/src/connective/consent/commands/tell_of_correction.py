"""Article 19: whoever was shown it is told of the correction, and confirms."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.consent.commands.audit_acts import Acting, acting
from connective.consent.commands.ledger_entries import note
from connective.consent.domain.corrections import (
    CorrectionKind,
    CorrectionOutcome,
    check_confirmation,
    check_correctable,
)
from connective.consent.domain.ledger import EntryKind
from connective.consent.domain.refusals import Unacceptable
from connective.consent.storage.corrections import add_correction, confirm, find_recipients, has_confirmed
from connective.consent.storage.information_requests import load_request
from connective.contracts.categories import Category
from connective.contracts.officer_events import CorrectionAnnounced
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done
from connective.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Correcting:
    """What was wrong of whom, and since when it may have been shown; the ids of people are not kept."""

    kind: CorrectionKind
    what: str
    """In words for the recipient's officer; names nobody and repeats no content."""
    categories: frozenset[Category]
    since: datetime
    people: tuple[str, ...] = ()
    person_ids: tuple[UUID, ...] = ()
    information_request_id: UUID | None = None
    """The request that it answers: whom that names is corrected too."""


async def tell_of_correction(
    database: Database, actor: Actor, attempt: Attempt, correcting: Correcting, *, now: datetime
) -> Done:
    """Find everybody the officer's legal entity showed it to, and tell each. Raises Unacceptable for nobody known."""
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        correction_id = new_id()
        said = (correcting.kind.value, correcting.what, sorted(c.value for c in correcting.categories))
        people = [*correcting.people, *await _people_of_request(act, correcting.information_request_id)]
        whom = (list(correcting.person_ids), people, correcting.since)
        of = correcting.information_request_id
        values = (correction_id, act.place_id, act.entity_id, *said, *whom, actor.id, now, of)
        if not await add_correction(act, values):
            sentence = "Nothing about these people is known here, so nothing was disclosed of them."
            raise Unacceptable("nobody_known", sentence, "/person_ids")
        recipients = await find_recipients(act, correction_id, now)
        for organisation_id in recipients:
            told = CorrectionAnnounced(correction_id=correction_id, recipient_organisation_id=organisation_id, at=now)
            act.unit.tell(told, version=1)
        facts = {"correction_id": correction_id, "kind": correcting.kind, "recipients": recipients}
        await note(act.unit, EntryKind.AUDIT, "correction.told", now, facts)
        return await act.finish(Done(correction_id, 201))


async def _people_of_request(act: Acting, request_id: UUID | None) -> list[str]:
    """Whom a request names, by pseudonym. Raises NotFound, and Unacceptable for one that asks for no correction."""
    if request_id is None:
        return []
    row = await load_request(act, request_id)
    check_correctable(row["kind"])
    return list(row["people"])


async def confirm_correction(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    correction_id: UUID,
    *,
    outcome: CorrectionOutcome,
    words: str,
    now: datetime,
) -> Done:
    """Record what a recipient did to its copy. Raises NotFound for who was not told, NotNow, Unacceptable."""
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        check_confirmation(await has_confirmed(act, correction_id), outcome, words)
        await confirm(act, correction_id, outcome.value, words, now)
        facts = {"correction_id": correction_id, "outcome": outcome, "legal_entity_id": act.entity_id}
        await note(act.unit, EntryKind.AUDIT, "correction.confirmed", now, facts)
        return await act.finish(Done(correction_id, 200))
