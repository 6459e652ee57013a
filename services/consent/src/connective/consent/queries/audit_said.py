"""What families said and were told, as officers read it: who, how, with which authority; people by pseudonym."""

from typing import Any

from connective.consent.queries.audit_lists import Narrowed, with_pseudonyms
from connective.consent.storage import audit_scope
from connective.consent.storage.audit_look import Look, Window
from connective.consent.storage.audit_scope import scoped
from connective.kit.database import fetch

Record = dict[str, Any]
_SCOPE = f"(s.place_id = $1 AND s.organisation_id IN ({audit_scope.ORGANISATIONS}))"
_CONSENTS = """
SELECT s.id, s.organisation_id, s.kind, s.state, s.how, s.recipient_organisation_ids, s.purposes, s.categories,
  s.recorded_by, s.said_at, s.expires_at, s.withdrawn_at, s.notice_reference, s.evidence <> '' AS evidence_kept,
  ARRAY(SELECT c.person_id FROM consent_subject AS c WHERE c.consent_id = s.id ORDER BY c.person_id) AS person_ids,
  ARRAY(SELECT DISTINCT c.authority FROM consent_subject AS c WHERE c.consent_id = s.id ORDER BY 1) AS authorities
FROM consent_record AS s WHERE {where} ORDER BY s.id {limit}
"""
_NOTICES = """
SELECT s.id, s.organisation_id, s.how, s.language, s.document_reference, s.purposes, s.told_on, s.recorded_by,
  ARRAY(SELECT n.person_id FROM notice_subject AS n WHERE n.notice_id = s.id ORDER BY n.person_id) AS person_ids
FROM notice AS s WHERE {where} ORDER BY s.id {limit}
"""


async def _list(look: Look, statement: str, window: Window, narrowed: Narrowed, *, at: str) -> list[Record]:
    where = scoped(_SCOPE, look.place_id, look.entity_id)
    where.add("s.organisation_id = {0}::uuid", narrowed.organisation_id)
    where.add(f"{at} >= {{0}}::timestamptz", narrowed.since)
    where.add(f"{at} < {{0}}::timestamptz", narrowed.until)
    where.add("s.id > {0}::uuid", window.beyond)
    limited = where.limit(window.limit)
    rows = await fetch(look.connection, statement.format(where=where, limit=limited), where.parameters)
    return await with_pseudonyms(look, rows)


async def list_consents(look: Look, window: Window, narrowed: Narrowed) -> list[Record]:
    """Agreements to engage, consents, refusals and withdrawals, oldest first."""
    return await _list(look, _CONSENTS, window, narrowed, at="s.said_at")


async def list_notices(look: Look, window: Window, narrowed: Narrowed) -> list[Record]:
    """Who was told what is shared, with which notice, in which language, oldest first."""
    return await _list(look, _NOTICES, window, narrowed, at="s.recorded_at")
