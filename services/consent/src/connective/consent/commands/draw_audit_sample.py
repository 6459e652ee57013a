import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.consent.commands.audit_acts import acting
from connective.consent.commands.ledger_entries import note
from connective.consent.commands.refusals import translated
from connective.consent.domain.audit_period import period_of
from connective.consent.domain.audit_samples import SampledKind, check_period, new_seed
from connective.consent.domain.canonical import plain
from connective.consent.domain.ledger import EntryKind
from connective.consent.storage.audit_samples import add_sample, draw
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done
from connective.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Drawing:
    """What to draw from, and how many; without a seed one is made."""

    of: SampledKind
    since: datetime
    until: datetime
    size: int
    agreement_id: UUID | None = None
    organisation_id: UUID | None = None
    purpose: str | None = None
    seed: str | None = None


async def draw_audit_sample(
    database: Database, actor: Actor, attempt: Attempt, drawing: Drawing, *, now: datetime
) -> Done:
    """Draw a reproducible random sample of what the officer may see. Raises Unacceptable for a period not over."""
    with translated():
        period = period_of(drawing.since, drawing.until, now)
        check_period(period.until, now)
    seed = drawing.seed or new_seed()
    asked = (period.since, period.until, drawing.agreement_id, drawing.organisation_id, drawing.purpose)
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        population, records = await draw(act, drawing.of, asked, seed, drawing.size)
        sample_id = new_id()
        filters = {"agreement_id": asked[2], "organisation_id": asked[3], "purpose": asked[4]}
        narrowed = json.dumps({name: plain(value) for name, value in filters.items() if value is not None})
        head = (sample_id, act.place_id, act.entity_id, drawing.of.value, seed, *asked[:2], narrowed)
        await add_sample(act.unit, (*head, population, len(records), actor.id, now), records)
        facts = {"sample_id": sample_id, "of": drawing.of, "seed": seed, "since": asked[0], "until": asked[1]}
        await note(
            act.unit, EntryKind.AUDIT, "sample.drawn", now, facts | {"population": population, "records": records}
        )
        return await act.finish(Done(sample_id, 201))
