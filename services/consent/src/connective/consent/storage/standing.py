"""What agreements and registers say between two organisations: read once, and kept while nothing of it changes.

Every change of an organisation, a legal entity or a line of an agreement gives its place's register a new mark, in the
same transaction (a trigger of the tables does). Whoever decides reads the mark under the locks, in the statement that
reads the people's own records; under a mark that is known the rest need not be read again. Marks are random, so that
none ever stands for two states, whatever database they came from.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from connective.consent.domain.evidence import FlowEvidence, PartyEvidence
from connective.consent.storage.register_rows import flow_of, party_of
from connective.contracts.categories import Purpose
from connective.contracts.sharing import Question
from connective.kit.database import Unit

_READ = """
SELECT
  (SELECT mark FROM register_mark WHERE place_id = $4) AS mark,
  ARRAY(
    SELECT to_json(x)::text FROM (
      SELECT o.id, o.legal_entity_id, e.name, o.state = 'active' AS active, o.assurance_level,
             e.processing_signed_at IS NOT NULL
               AND (e.processing_ends_on IS NULL OR e.processing_ends_on >= $5) AS processing_signed,
             e.ico_registered_until, e.training_valid_until
      FROM organisation AS o JOIN legal_entity AS e ON e.id = o.legal_entity_id
      WHERE o.id = ANY($1::uuid[] || $2::uuid[])) AS x) AS parties,
  ARRAY(
    SELECT to_json(f)::text
    FROM (
      SELECT DISTINCT d.legal_entity_id AS discloser, r.legal_entity_id AS recipient, q.purpose
      FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS q (discloser, recipient, purpose)
      JOIN organisation AS d ON d.id = q.discloser
      JOIN organisation AS r ON r.id = q.recipient) AS q
    JOIN agreement_flow AS f
      ON f.from_entity_id = q.discloser AND f.to_entity_id = q.recipient AND f.purpose = q.purpose
    ORDER BY f.agreement_id, f.version, f.line) AS flows
"""
_REGISTERS_KEPT = 64
_EXCHANGES_KEPT = 4096
Ends = tuple[UUID, UUID, Purpose]
"""The discloser, the recipient, and what for."""


class Between(NamedTuple):
    """What stands between two organisations for one purpose; None or empty where nothing does."""

    discloser: PartyEvidence | None
    recipient: PartyEvidence | None
    flows: tuple[FlowEvidence, ...]


Register = dict[Ends, Between]
_kept: dict[tuple[UUID, date], Register] = {}


def ends_of(question: Question) -> Ends:
    """Between whom a question is, and what for."""
    return question.discloser_organisation_id, question.recipient_organisation_id, question.purpose


async def standing_between(unit: Unit, questions: Sequence[Question], mark: UUID | None, today: date) -> list[Between]:
    """What stands between the two of each question, under the mark that was read with the people's records."""
    wanted = [ends_of(question) for question in questions]
    known = _kept.get((mark, today)) if mark else None
    if known is not None:
        found = [between for between in map(known.get, wanted) if between is not None]
        if len(found) == len(wanted):
            return found
    register = await _read(unit, set(wanted), today)
    return [register[ends] for ends in wanted]


async def _read(unit: Unit, wanted: set[Ends], today: date) -> Register:
    """Read it, and keep it under the mark that this statement itself has seen."""
    columns = [list(column) for column in zip(*wanted, strict=True)]
    row = await unit.fetch_one(_READ, (*columns, unit.actor.place, today))
    parties = {party.organisation_id: party for party in map(party_of, row.parties)}
    flows: dict[Ends, list[FlowEvidence]] = {}
    for ends, flow in map(flow_of, row.flows):
        flows.setdefault(ends, []).append(flow)
    register = _register(row.mark, today)
    for discloser_id, recipient_id, purpose in wanted:
        discloser, recipient = parties.get(discloser_id), parties.get(recipient_id)
        between: list[FlowEvidence] = []
        if discloser is not None and recipient is not None:
            between = flows.get((discloser.legal_entity_id, recipient.legal_entity_id, purpose), [])
        register[discloser_id, recipient_id, purpose] = Between(discloser, recipient, tuple(between))
    return register


def _register(mark: UUID | None, today: date) -> Register:
    """Where to keep what is read under a mark; nowhere before a place's first mark."""
    if mark is None:
        return {}
    kept = _kept.get((mark, today))
    if kept is None or len(kept) >= _EXCHANGES_KEPT:
        kept = _kept[mark, today] = {}
    if len(_kept) > _REGISTERS_KEPT:
        del _kept[next(iter(_kept))]
    return kept
