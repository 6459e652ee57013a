"""Advisory locks that order decisions and changes of what they rest on.

Deciding takes the shared lock on each subject, on both organisations and on the place, which stands for its agreements;
whatever changes one of them takes the exclusive lock. Locks are taken in the order of ids, so nobody waits in a ring.
State is read in a later statement: one that locks and reads at once would read what stood before the lock was granted.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from connective.consent.storage.same_people import same_people
from connective.contracts.sharing import Question
from connective.kit.database import Unit

_FOR_CHANGING = """
SELECT count(pg_advisory_xact_lock(hashtextextended(id::text, 11))) FROM unnest($1::uuid[]) AS id
"""


def locks_for_deciding(place_id: UUID, questions: Sequence[Question]) -> str:
    """The statement that takes the shared locks of these questions; it has no parameters, so it can go with BEGIN.

    One lock stands for all agreements of the place: which of them may carry a sharing is found by reading, and that
    must come after. They change a few times a day, each in milliseconds.
    """
    ids = {place_id}
    for question in questions:
        ids.update((question.discloser_organisation_id, question.recipient_organisation_id), question.subjects)
    # In the order of their texts, which is that of the ids.
    each = ",".join(sorted(map(str, ids)))
    # The function answers void, which is not NULL: a condition takes the locks without an aggregate, and finds no row.
    return (
        f"SELECT FROM unnest('{{{each}}}'::text[]) AS id"
        " WHERE pg_advisory_xact_lock_shared(hashtextextended(id, 11)) IS NULL;"
    )


async def lock_for_deciding(unit: Unit, questions: Sequence[Question]) -> None:
    """Take the shared locks of these questions in a transaction that has begun."""
    await unit.run(locks_for_deciding(unit.actor.place, questions))


async def lock_for_changing(unit: Unit, ids: Iterable[UUID]) -> None:
    """Wait for every decision under way about these records, and hold back new ones until the change commits.

    Of somebody with several records all are locked: a decision about one of them rests on what stands about the others.
    What was merged while this waited is looked at again, and locked too.
    """
    wanted = set(ids)
    everybody = (await same_people(unit.connection, wanted)).everybody(wanted)
    await unit.run(_FOR_CHANGING, (sorted(everybody),))
    late = (await same_people(unit.connection, wanted)).everybody(wanted) - everybody
    if late:
        await unit.run(_FOR_CHANGING, (sorted(late),))


async def lock_agreement(unit: Unit, agreement_id: UUID, place_id: UUID) -> None:
    """Wait for every change of this agreement and every decision under way in its place, and hold back new ones."""
    await unit.run(_FOR_CHANGING, (sorted((agreement_id, place_id)),))
