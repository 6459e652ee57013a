from dataclasses import replace
from datetime import datetime

from connective.consent.commands.ledger_entries import note
from connective.consent.commands.refusals import ruled_unit
from connective.consent.domain.ledger import EntryKind
from connective.consent.domain.retention import Counted, check_change
from connective.consent.storage.schedule import lock_retention, rule_called, save_rule, schedule_of
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.etags import refuse_stale


async def change_schedule(
    database: Database,
    actor: Actor,
    key: str,
    version: int,
    *,
    counted: tuple[Counted, ...],
    reason: str,
    source: str,
    now: datetime,
) -> None:
    """Change how long the place keeps a kind of record; runs asked for from now on follow it.

    Raises NotFound, Stale, Unacceptable.
    """
    async with ruled_unit(database, actor) as unit:
        await lock_retention(unit, actor.place)
        rule = rule_called(await schedule_of(unit.connection, actor.place), key)
        refuse_stale(version, rule.version)
        check_change(rule, counted)
        changed = replace(rule, counted=counted, reason=reason, source=source, version=rule.version + 1)
        await save_rule(unit, changed, now)
        facts = {"rule": key, "version": changed.version, "before": rule.counted, "after": counted}
        await note(unit, EntryKind.RETENTION, "schedule.changed", now, facts)
