from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.consent.commands.audit_acts import Acting, acting
from connective.consent.commands.audit_reading import looking
from connective.consent.commands.ledger_entries import note
from connective.consent.commands.list_due import MOST_LISTED, schedule_and_keepers
from connective.consent.commands.order_erasure import order_erasure
from connective.consent.commands.ports import Keepers
from connective.consent.domain.days import day_of
from connective.consent.domain.erasures import Outcome, Result, check_approvable, reasons_against
from connective.consent.domain.ledger import EntryKind
from connective.consent.domain.retention import asked_of_families
from connective.consent.storage.erasures import Order, is_under_way
from connective.consent.storage.legal_holds import held_among
from connective.consent.storage.retention_runs import items_of, load_run, save_results
from connective.consent.storage.schedule import lock_retention
from connective.contracts.retention import DueFamily
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done
from connective.kit.ids import new_id

_ALL = 2 * MOST_LISTED
Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Now:
    """How the listed families stand at the moment of approval."""

    families: dict[UUID, DueFamily]
    still_open: set[UUID]
    held: set[UUID]


async def approve_run(
    database: Database, keepers: Keepers, actor: Actor, attempt: Attempt, run_id: UUID, *, hash_seen: str, now: datetime
) -> Done:
    """Order erased what stands on this very list, but for what has changed since: that is marked stale and stays.

    Raises NotFound, NotNow (approved before, another list, too old), Unavailable when a keeper is away.
    """
    listed = await _listed(database, actor, run_id, now)
    schedule, organisations = await schedule_and_keepers(database, actor, now)
    rules = asked_of_families(schedule, day_of(now))
    families = await keepers.stand(actor.place, organisations, rules, listed)
    still_open = await keepers.still_open(actor.place, listed)
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        await lock_retention(act.unit, actor.place)
        run = await load_run(act, run_id, lock=True)
        check_approvable(run["state"], run["list_hash"], hash_seen, run["asked_at"], now)
        named = [one for each in families.values() for one in (each.family_id, *each.person_ids)]
        stand = _Now(families, still_open, await held_among(act.unit, act.place_id, named))
        items = [item for item in await items_of(act, run_id, 0, _ALL) if item["outcome"] == Outcome.WOULD_GO]
        results = [await _decide(act, run_id, item, stand, now) for item in items]
        await save_results(act.unit, run_id, results, now)
        ordered = sum(each["result"] == Result.ORDERED for each in results)
        facts = {"run_id": run_id, "list_hash": hash_seen, "ordered": ordered, "stale": len(results) - ordered}
        await note(act.unit, EntryKind.RETENTION, "run.approved", now, facts)
        return await act.finish(Done(run_id, 200))


async def _listed(database: Database, actor: Actor, run_id: UUID, now: datetime) -> list[UUID]:
    """The families that would go, asked about before the transaction that orders."""
    async with looking(database, actor, "run_read", now, {"run_id": run_id}) as look:
        await load_run(look, run_id)
        items = await items_of(look, run_id, 0, _ALL)
    return [item["family_id"] for item in items if item["outcome"] == Outcome.WOULD_GO and item["family_id"]]


async def _decide(act: Acting, run_id: UUID, item: Item, stand: _Now, now: datetime) -> Item:
    against = await _changes(act, item, stand)
    if against:
        return {"nth": item["nth"], "result": Result.STALE, "erasure_id": None, "reasons": against}
    order = Order(
        id=new_id(),
        family_id=item["family_id"],
        family=item["family"],
        record_version=item["record_version"],
        rule_key=item["rule_key"],
        run_id=run_id,
    )
    await order_erasure(act, order, now)
    return {"nth": item["nth"], "result": Result.ORDERED, "erasure_id": order.id, "reasons": ()}


async def _changes(act: Acting, item: Item, stand: _Now) -> Sequence[str]:
    """What is not as it was when the list was shown."""
    family = stand.families.get(item["family_id"])
    if family is None:
        return ("gone",)
    if await is_under_way(act.unit, act.place_id, family.family_id):
        return ("under_way",)
    against = reasons_against(
        family,
        held=bool(stand.held & {family.family_id, *family.person_ids}),
        open_request=family.family_id in stand.still_open,
    )
    changed = family.version != item["record_version"] or family.rule != item["rule_key"]
    return (*against, "changed_since") if changed else against
