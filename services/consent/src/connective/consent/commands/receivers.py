"""Who may ask about people whom families does not show them: an organisation that was shown them, about answering."""

from collections.abc import Sequence
from uuid import UUID

from connective.contracts.sharing import Question
from connective.kit.actor import Actor
from connective.kit.database import Database, fetch

_RECEIVED = """
SELECT DISTINCT d.discloser_organisation_id, p.person_id
FROM disclosure AS d CROSS JOIN LATERAL unnest(d.person_ids) AS p (person_id)
WHERE d.place_id = $1 AND d.recipient_organisation_id = $2 AND d.discloser_organisation_id = ANY($3::uuid[])
  AND d.person_ids && $4::uuid[]
"""


async def answers_back(database: Database, actor: Actor, questions: Sequence[Question]) -> bool:
    """Is each question about sending something back, on people whom its recipient disclosed to the actor's own?

    What a recipient sends back is a disclosure too, decided in that direction; a partner sees no family's record, so
    what it was shown is what entitles it to ask.
    """
    people: set[UUID] = {person for q in questions for person in q.subjects}
    senders = list({q.recipient_organisation_id for q in questions})
    async with database.reading(actor) as connection:
        rows = await fetch(connection, _RECEIVED, (actor.place, actor.organisation, senders, list(people)))
    shown = {(row.discloser_organisation_id, row.person_id) for row in rows}
    return all((q.recipient_organisation_id, person) in shown for q in questions for person in q.subjects)
