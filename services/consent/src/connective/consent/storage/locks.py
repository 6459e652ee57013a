"""Advisory locks that order decisions and changes of what they rest on.

Deciding takes the shared lock on each subject, on both organisations and on each agreement that may carry the sharing;
whatever changes one of them takes the exclusive lock. Keys are taken in order, so nobody waits in a ring. State is
read in a later statement: one that locks and reads at once would read what stood before the lock was granted.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from connective.consent.storage.same_people import same_people
from connective.contracts.sharing import Question
from connective.kit.database import Unit

_FOR_DECIDING = """
WITH asked AS (
  SELECT DISTINCT * FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS q (discloser, recipient, purpose)
), found AS (
  SELECT DISTINCT f.agreement_id
  FROM asked AS q
  JOIN organisation AS d ON d.id = q.discloser
  JOIN organisation AS r ON r.id = q.recipient
  JOIN agreement_flow AS f
    ON f.from_entity_id = d.legal_entity_id AND f.to_entity_id = r.legal_entity_id AND f.purpose = q.purpose
), keys AS (
  SELECT DISTINCT hashtextextended(k.id::text, 11) AS key
  FROM (SELECT agreement_id FROM found UNION ALL SELECT unnest($4::uuid[])) AS k (id)
  ORDER BY key
)
SELECT (SELECT coalesce(array_agg(agreement_id), '{}') FROM found) AS agreements,
       (SELECT count(pg_advisory_xact_lock_shared(key)) FROM keys) AS locked
"""
_FOR_CHANGING = """
SELECT count(pg_advisory_xact_lock(key))
FROM (SELECT DISTINCT hashtextextended(id::text, 11) AS key FROM unnest($1::uuid[]) AS id ORDER BY key) AS keys
"""


async def lock_for_deciding(unit: Unit, questions: Sequence[Question]) -> list[UUID]:
    """Take the shared locks of these questions. Answers the agreements that may carry them, now locked."""
    ids = {q.discloser_organisation_id for q in questions} | {q.recipient_organisation_id for q in questions}
    ids |= {person for q in questions for person in q.subjects}
    found = await unit.fetch_one(
        _FOR_DECIDING,
        (
            [q.discloser_organisation_id for q in questions],
            [q.recipient_organisation_id for q in questions],
            [q.purpose.value for q in questions],
            list(ids),
        ),
    )
    return list(found.agreements)


async def lock_for_changing(unit: Unit, ids: Iterable[UUID]) -> None:
    """Wait for every decision under way about these records, and hold back new ones until the change commits.

    Of somebody with several records all are locked: a decision about one of them rests on what stands about the others.
    What was merged while this waited is looked at again, and locked too.
    """
    wanted = set(ids)
    everybody = (await same_people(unit.connection, wanted)).everybody(wanted)
    await unit.run(_FOR_CHANGING, (list(everybody),))
    late = (await same_people(unit.connection, wanted)).everybody(wanted) - everybody
    if late:
        await unit.run(_FOR_CHANGING, (list(late),))
