"""The retention schedule: what ships with the product, and what the place changed of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

import yaml
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.canonical import canonical
from connective.consent.domain.retention import Counted, Rule
from connective.kit.database import Unit, fetch
from connective.kit.problems import NotFound

_RULES = TypeAdapter(tuple[Rule, ...])
_COUNTED = TypeAdapter(tuple[Counted, ...])
_CHANGES = "SELECT key, counted::text AS counted, reason, source, version FROM retention_rule WHERE place_id = $1"
_CHANGE = """
INSERT INTO retention_rule (place_id, key, counted, reason, source, changed_by, changed_at, version)
VALUES ($1, $2, $3::text::jsonb, $4, $5, $6, $7, $8)
ON CONFLICT (place_id, key) DO UPDATE SET counted = excluded.counted, reason = excluded.reason,
  source = excluded.source, changed_by = excluded.changed_by, changed_at = excluded.changed_at,
  version = excluded.version
"""
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text, 12))"


@cache
def shipped() -> tuple[Rule, ...]:
    """The schedule that ships with the product. Raises pydantic.ValidationError for a file that is none."""
    path = files("connective.consent").joinpath("data/retention_schedule.yaml")
    return _RULES.validate_python(yaml.safe_load(path.read_text(encoding="utf-8"))["rules"])


async def schedule_of(connection: AsyncConnection, place_id: UUID) -> tuple[Rule, ...]:
    """A place's schedule as it stands."""
    changes = {row.key: row for row in await fetch(connection, _CHANGES, (place_id,))}
    return tuple(_changed(rule, changes.get(rule.key)) for rule in shipped())


def _changed(rule: Rule, row: Any) -> Rule:  # noqa: ANN401 - a driver row
    if row is None:
        return rule
    counted = _COUNTED.validate_json(row.counted)
    return replace(rule, counted=counted, reason=row.reason, source=row.source, version=row.version)


def rule_called(rules: Sequence[Rule], key: str) -> Rule:
    """One rule of a schedule. Raises NotFound."""
    found = next((rule for rule in rules if rule.key == key), None)
    if found is None:
        raise NotFound
    return found


async def lock_retention(unit: Unit, place_id: UUID) -> None:
    """Wait for whoever changes the schedule, holds or runs of this place: a run sees every hold placed before it."""
    await unit.run(_LOCK, (place_id,))


async def save_rule(unit: Unit, rule: Rule, at: datetime) -> None:
    """Keep what the place changed of a rule; the caller has locked the place's retention."""
    counted = canonical(rule.counted).decode()
    whose = (unit.actor.place, rule.key, counted, rule.reason, rule.source)
    await unit.run(_CHANGE, (*whose, unit.actor.id, at, rule.version))
