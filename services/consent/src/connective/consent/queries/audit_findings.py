"""Findings of unusual access, as officers read and answer them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from connective.consent.storage import audit_scope
from connective.consent.storage.audit_look import Look, Window
from connective.consent.storage.audit_scope import scoped
from connective.kit.database import fetch

Record = dict[str, Any]
_LIST = "SELECT f.* FROM audit_finding AS f WHERE {where} ORDER BY f.id DESC {limit}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of findings may be narrowed to."""

    kind: str | None = None
    state: str | None = None
    organisation_id: UUID | None = None
    actor_id: str | None = None


async def list_findings(look: Look, window: Window, wanted: Wanted) -> list[Record]:
    """Findings about people of organisations whose access log the officer may read, newest first."""
    where = scoped(audit_scope.FINDINGS, look.place_id, look.entity_id)
    where.add("f.kind = {0}::text", wanted.kind)
    where.add("f.state = {0}::text", wanted.state)
    where.add("f.organisation_id = {0}::uuid", wanted.organisation_id)
    where.add("f.actor_id = {0}::text", wanted.actor_id)
    where.add("f.id < {0}::uuid", window.beyond)
    limited = where.limit(window.limit)
    rows = await fetch(look.connection, _LIST.format(where=where, limit=limited), where.parameters)
    return [dict(row) for row in rows]
