"""What proves what moved under one agreement in a period: the agreement's text and acts, every decision and
disclosure, the ledger's entries of them, and a proof for each against one signed checkpoint.

The checkpoint is the earliest that covers the newest entry, so that the same agreement and period give the same bytes
whenever they are asked for.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from connective.consent.domain.agreement import State
from connective.consent.domain.audit_period import Period
from connective.consent.domain.refusals import NotNow, Unacceptable
from connective.consent.queries.audit_lists import Narrowed, list_decisions, list_disclosures
from connective.consent.queries.paper import Paper, read_paper
from connective.consent.queries.proofs import prove_entries
from connective.consent.storage.audit_look import Look, Window
from connective.consent.storage.organisation_names import named
from connective.kit.database import fetch
from connective.kit.problems import NotFound

Record = dict[str, Any]
MOST = 5000
"""Disclosures of one pack at the most: a longer period is asked for in parts."""
_MARGIN = timedelta(hours=1)
_VERSIONS = """
SELECT a.id, a.reference, a.lead_entity_id, v.number, v.state, v.title, v.text, v.text_hash, v.terms, v.starts_on,
  v.review_on, v.ends_on, v.changed_at
FROM agreement AS a JOIN agreement_version AS v ON v.agreement_id = a.id
WHERE a.place_id = $1 AND a.id = $3 AND v.state <> $4 AND (a.lead_entity_id = $2 OR v.seen_by @> ARRAY[$2::uuid])
ORDER BY v.number
"""
_ACTS = """
SELECT number, act, legal_entity_id, actor_id, approved, text_hash, at FROM agreement_act
WHERE agreement_id = $1 ORDER BY at, id
"""
_ENTRIES = """
SELECT e.id, e.kind, e.body, l.seq, l.leaf_hash FROM ledger_entry AS e LEFT JOIN ledger_leaf AS l ON l.entry_id = e.id
WHERE e.place_id = $1 AND e.kind IN ('decision', 'disclosure') AND e.made_at >= $2 AND e.made_at < $3
  AND e.body LIKE '%"agreement_id":"' || $4::uuid::text || '"%'
ORDER BY e.id LIMIT $5
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything of one pack, before it is written as files."""

    versions: list[Record]
    acts: list[Record]
    decisions: list[Record]
    disclosures: list[Record]
    entries: list[Record]
    checkpoint: Record | None


async def _entries(look: Look, agreement_id: UUID, period: Period, decisions: set[str]) -> list[Record]:
    """The entries of these decisions; a margin about the period finds them by when they were entered."""
    bounds = (period.since - _MARGIN, period.until + _MARGIN)
    rows = await fetch(look.connection, _ENTRIES, (look.place_id, *bounds, agreement_id, 4 * MOST))
    rows = [row for row in rows if json.loads(row.body)["facts"]["decision_id"] in decisions]
    if any(row.seq is None for row in rows):
        raise NotNow("not_sealed_yet", "Some entries of the period are not sealed yet: ask again in a minute.")
    return sorted((dict(row) for row in rows), key=lambda row: int(row["seq"]))


async def gather_evidence(look: Look, agreement_id: UUID, period: Period) -> Evidence:
    """Everything of one agreement and period. Raises NotFound, Unacceptable (too much), NotNow (not sealed yet)."""
    scope = (look.place_id, look.entity_id, agreement_id, State.DRAFT.value)
    versions = [dict(row) for row in await fetch(look.connection, _VERSIONS, scope)]
    if not versions:
        raise NotFound
    narrowed = Narrowed(agreement_id=agreement_id, since=period.since, until=period.until)
    disclosures = await list_disclosures(look, Window(None, MOST + 1, period.until), narrowed)
    decisions = await list_decisions(look, Window(None, 2 * MOST + 1, period.until), narrowed)
    disclosures, decisions = await named(look.connection, [disclosures, decisions])
    if len(disclosures) > MOST or len(decisions) > 2 * MOST:
        raise Unacceptable("too_much", f"A pack holds {MOST} disclosures: ask for a shorter period.", "/query/from")
    acts = await named(look.connection, [dict(row) for row in await fetch(look.connection, _ACTS, (agreement_id,))])
    entered = await _entries(look, agreement_id, period, {str(d["id"]) for d in decisions})
    entries, checkpoint = await prove_entries(look, entered)
    look.hits = len(disclosures)
    return Evidence(versions, acts, decisions, disclosures, entries, checkpoint)


async def papers_of(look: Look, evidence: Evidence, agreement_id: UUID, today: date) -> list[Paper]:
    """The versions as they are printed; one whose layout was not kept stands in the pack as text alone."""
    found = []
    for version in evidence.versions:
        with suppress(NotNow):
            found.append(
                await read_paper(look.connection, look.unit.actor, agreement_id, version["number"], today=today)
            )
    return found
