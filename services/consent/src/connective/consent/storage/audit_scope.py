"""What an officer may audit, as SQL: one predicate for each kind of record, used by every list, count and export.

In all of them `$1` is the place and `$2` the legal entity the officer acts for. An officer sees what the own entity
made or received, and what moves under agreements that name the entity as party or in their audit clause; the access
log only of organisations of the own entity and of parties whose audit clause names it: a council is not the regulator
of the others (domain rules §9). A decision that no agreement carried is seen when both its ends are open in that way.
"""

from typing import Any
from uuid import UUID

AGREEMENTS = (
    "SELECT sv.agreement_id FROM agreement_version AS sv"
    " WHERE sv.place_id = $1 AND sv.state <> 'draft' AND sv.seen_by @> ARRAY[$2::uuid]"
)
"""Agreements whose audit clause, or whose parties, name the officer's legal entity."""

ORGANISATIONS = """
SELECT so.id FROM organisation AS so WHERE so.place_id = $1 AND (so.legal_entity_id = $2 OR so.legal_entity_id IN (
  SELECT (party ->> 'legal_entity_id')::uuid
  FROM agreement_version AS sv, jsonb_array_elements(sv.terms -> 'parties') AS party
  WHERE sv.place_id = $1 AND sv.state <> 'draft'
    AND sv.terms @> jsonb_build_object('audit_entity_ids', jsonb_build_array($2::uuid::text))))
"""
"""Organisations whose staff's reading is open to the officer."""

DISCLOSURES = f"""(d.place_id = $1 AND (
  d.discloser_entity_id = $2 OR d.recipient_entity_id = $2 OR d.agreement_id IN ({AGREEMENTS})))"""
"""Rows of `disclosure AS d`."""

_OURS = "SELECT so.id FROM organisation AS so WHERE so.place_id = $1 AND so.legal_entity_id = $2"
DECISIONS = f"""(d.place_id = $1 AND (
  d.discloser_organisation_id IN ({_OURS}) OR d.recipient_organisation_id IN ({_OURS})
  OR d.agreement_id IN ({AGREEMENTS})
  OR (d.discloser_organisation_id IN ({ORGANISATIONS}) AND d.recipient_organisation_id IN ({ORGANISATIONS}))))"""
"""Rows of `decision AS d`."""

OVERRIDES = f"(o.place_id = $1 AND o.organisation_id IN ({ORGANISATIONS}))"
"""Rows of `safeguarding_override AS o` and of `one_off_disclosure AS o`."""

ACCESSES = f"(r.place_id = $1 AND r.organisation_id IN ({ORGANISATIONS}))"
"""Rows of `access_record AS r`."""

FINDINGS = f"(f.place_id = $1 AND f.organisation_id IN ({ORGANISATIONS}))"
"""Rows of `audit_finding AS f`."""


_ABOUT = """@> (SELECT array_agg(pk.person_id) FROM person_key AS pk
  WHERE pk.place_id = $1 AND pk.pseudonym = {0}::text)"""


class Where:
    """Conditions of a statement with their `$n` parameters; what is None asks for nothing."""

    def __init__(self, scope: str, *parameters: Any) -> None:  # noqa: ANN401 - whatever the driver takes
        self._conditions = [scope]
        self.parameters: list[Any] = list(parameters)

    def add(self, condition: str, value: Any) -> None:  # noqa: ANN401 - whatever the driver takes
        """Narrow by a condition in which `{0}` stands for the value's parameter."""
        if value is not None:
            self.parameters.append(value)
            self._conditions.append(condition.format(f"${len(self.parameters)}"))

    def also(self, condition: str | None) -> None:
        """Narrow by a condition without a value."""
        if condition:
            self._conditions.append(condition)

    def person(self, column: str, pseudonym: str | None) -> None:
        """Only what is about the person with this pseudonym; nobody has one whose key was destroyed."""
        self.add(f"{column} {_ABOUT}", pseudonym)

    def limit(self, most: int) -> str:
        """The LIMIT clause."""
        self.parameters.append(most)
        return f"LIMIT ${len(self.parameters)}"

    def __str__(self) -> str:
        return " AND ".join(self._conditions)


def scoped(scope: str, place_id: UUID, entity_id: UUID) -> Where:
    """A statement's conditions, beginning with what the officer may see."""
    return Where(scope, place_id, entity_id)
