"""A request about somebody's data, from its arrival to the answer of every controller it concerns."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from connective.consent.commands.audit_acts import Acting, acting
from connective.consent.commands.ledger_entries import note
from connective.consent.domain.days import day_of
from connective.consent.domain.information_requests import (
    IsHoliday,
    RequestClock,
    RequestKind,
    RequestOutcome,
    check_answer,
    check_answered_here,
)
from connective.consent.domain.ledger import EntryKind
from connective.consent.domain.refusals import NotNow, Unacceptable
from connective.consent.storage.entities import load_entities
from connective.consent.storage.information_requests import (
    add_answer,
    add_request,
    clock_of,
    load_request,
    save_clock,
    waited_for,
)
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done
from connective.kit.ids import new_id

Change = Callable[[RequestClock, date], RequestClock]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: whom it concerns by pseudonym or by id, which is not kept; name nobody in `about`."""

    reference: str
    kind: RequestKind
    about: str
    received_on: date
    people: tuple[str, ...] = ()
    person_ids: tuple[UUID, ...] = ()
    other_controllers: frozenset[UUID] = frozenset()
    agreed_under: str = ""
    """The arrangement by which the officer's legal entity is the contact, where there are several controllers."""


async def record_request(
    database: Database, actor: Actor, attempt: Attempt, asked: Asked, *, is_holiday: IsHoliday, now: datetime
) -> Done:
    """Enter a request in the register; its clock runs from the day it was received. Raises Unacceptable."""
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        await _check(act, asked, day_of(now))
        request_id = new_id()
        clock = RequestClock(asked.kind, asked.received_on)
        due_on = clock.due_on(is_holiday)
        controllers = sorted({act.entity_id, *asked.other_controllers})
        whose = (request_id, act.place_id, act.entity_id, asked.reference, asked.kind.value, asked.about)
        whom = (list(asked.people), list(asked.person_ids), controllers, asked.agreed_under)
        when = (asked.received_on, clock.acknowledge_by, due_on)
        await add_request(act.unit, (*whose, *whom, *when, actor.id, now, None, None))
        facts = {"request_id": request_id, "kind": asked.kind, "controllers": controllers, "due_on": due_on}
        await note(act.unit, EntryKind.AUDIT, "information_request.recorded", now, facts)
        return await act.finish(Done(request_id, 201))


async def _check(act: Acting, asked: Asked, today: date) -> None:
    if asked.received_on > today:
        raise Unacceptable("not_yet_received", "The day of receipt lies in the future.", "/received_on")
    if asked.kind is RequestKind.FREEDOM_OF_INFORMATION and (asked.people or asked.person_ids):
        sentence = "A freedom-of-information request is about no person: record a request for access apart."
        raise Unacceptable("about_nobody", sentence, "/person_ids")
    known = await load_entities(act.connection, act.place_id, asked.other_controllers)
    if set(known) != asked.other_controllers:
        raise Unacceptable("unknown_controller", "A controller is not on the register.", "/other_controllers")
    if asked.other_controllers and not asked.agreed_under:
        sentence = "Name the arrangement by which your legal entity is the contact for the others."
        raise Unacceptable("arrangement_needed", sentence, "/agreed_under")


async def change_request(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    request_id: UUID,
    change: Change,
    *,
    act_name: str,
    is_holiday: IsHoliday,
    now: datetime,
) -> Done:
    """Acknowledge, pause, resume or extend, by a rule of the domain. Raises NotFound, NotNow, Unacceptable."""
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        clock = change(clock_of(await load_request(act, request_id, lock=True)), day_of(now))
        due_on = clock.due_on(is_holiday)
        await save_clock(act.unit, request_id, clock, due_on)
        facts = {"request_id": request_id, "due_on": due_on}
        await note(act.unit, EntryKind.AUDIT, f"information_request.{act_name}", now, facts)
        return await act.finish(Done(request_id, 200))


async def answer_request(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    request_id: UUID,
    *,
    outcome: RequestOutcome,
    words: str,
    is_holiday: IsHoliday,
    now: datetime,
) -> Done:
    """Record how the officer's legal entity answered for what it holds; the last answer closes the request."""
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        row = await load_request(act, request_id, lock=True)
        check_answered_here(row["origin"])
        clock = clock_of(row)
        check_answer(clock, outcome, words)
        if not await add_answer(act, request_id, outcome.value, words, now):
            raise NotNow("already_answered", "Your legal entity has answered this request already.")
        waiting = await waited_for(act, request_id)
        done = replace(clock, closed=waiting == 0)
        await save_clock(act.unit, request_id, done, done.due_on(is_holiday), now if done.closed else None)
        facts = {"request_id": request_id, "outcome": outcome, "controllers_waited_for": waiting}
        await note(act.unit, EntryKind.AUDIT, "information_request.answered", now, facts)
        return await act.finish(Done(request_id, 200))
