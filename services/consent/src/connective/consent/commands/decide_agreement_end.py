from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from connective.consent.commands.audit_acts import Acting, acting
from connective.consent.commands.ledger_entries import entry_of
from connective.consent.commands.refusals import NotYours
from connective.consent.domain.agreement_ends import Ended, Fate, check_kept, check_may_go, check_reviewable
from connective.consent.domain.days import day_of
from connective.consent.domain.ledger import EntryKind
from connective.consent.storage.agreement_ends import (
    add_agreement_review,
    count_resting,
    count_unconfirmed,
    destroy_agreement,
    ended_of,
    find_led,
)
from connective.consent.storage.records import enter
from connective.consent.storage.schedule import lock_retention, rule_called, schedule_of
from connective.kit.actor import Actor, service_actor
from connective.kit.database import Database, as_reader_of
from connective.kit.idempotency import Attempt, Done
from connective.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class AgreementEnd:
    """What the officer decided about an agreement whose time is over, why, and upon which text."""

    fate: Fate
    reason: str
    text_hash: str | None
    review_on: date | None = None


async def decide_agreement_end(
    database: Database, actor: Actor, attempt: Attempt, agreement_id: UUID, said: AgreementEnd, *, now: datetime
) -> Done:
    """Keep it on, or destroy what it said. Raises NotFound, NotYours, NotNow, Unacceptable.

    What rests on it is counted as the service, before: the officer may not see all of it, and under an agreement that
    has ended nothing new comes to rest.
    """
    async with database.reading(as_reader_of(service_actor("consent"), actor.place)) as connection:
        resting = await count_resting(connection, actor.place, agreement_id)
        unconfirmed = await count_unconfirmed(connection, agreement_id)
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        await lock_retention(act.unit, actor.place)
        led = await find_led(act, agreement_id)
        if not led.leads:
            raise NotYours("not_the_lead", "The legal entity that leads the agreement keeps its record.")
        ended = await ended_of(act, agreement_id, led, resting=resting, unconfirmed=unconfirmed)
        await _check(act, ended, said, day_of(now))
        return await act.finish(Done(await _decide(act, agreement_id, said, now), 201))


async def _check(act: Acting, ended: Ended, said: AgreementEnd, today: date) -> None:
    (counted,) = rule_called(await schedule_of(act.connection, act.place_id), "agreement").counted
    check_reviewable(ended, counted.span.cutoff(today), said.text_hash)
    if said.fate is Fate.KEPT:
        check_kept(said.review_on, today)
    else:
        check_may_go(ended, said.review_on)


async def _decide(act: Acting, agreement_id: UUID, said: AgreementEnd, now: datetime) -> UUID:
    review_id = new_id()
    facts: dict[str, Any] = {"agreement_id": agreement_id, "review_id": review_id, "text_hash": said.text_hash or ""}
    if said.review_on is not None:
        facts["review_on"] = said.review_on
    entry = entry_of(act.unit, EntryKind.RETENTION, f"agreement.{said.fate}", now, facts, place_id=act.place_id)
    await enter(act.unit, entry)
    whose = (review_id, agreement_id, act.entity_id)
    await add_agreement_review(act.unit, (*whose, said.fate.value, said.reason, said.review_on, entry.id), now)
    if said.fate is Fate.DESTROYED:
        await destroy_agreement(act.unit, review_id)
    return review_id
