"""Which open requests of the organisation's own say that a family has, or waits for, these services already."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.database import Database, fetch
from connective.referrals.domain.receiving import Receiving, receiving
from connective.referrals.domain.states import State

_OWN = """
SELECT service_id, state, sensitive, reference FROM request
WHERE family_id = $1 AND service_id = ANY ($2::uuid[]) AND is_open AND place_id = $3
  AND referrer_organisation_id = $4 AND (cardinality($5::uuid[]) = 0 OR people && $5::uuid[])
ORDER BY id DESC
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A family, or some of its people, and the services thought of."""

    family_id: UUID
    person_ids: tuple[UUID, ...]
    service_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Had:
    """What is known of one service, and the references of the requests that say so."""

    service_id: UUID
    answer: Receiving
    references: tuple[str, ...]


async def find_receiving(database: Database, actor: Actor, asked: Asked, sensitive: frozenset[UUID]) -> Sequence[Had]:
    """One answer for each service, in the order asked. `sensitive` names those of which nothing is said."""
    parameters = (asked.family_id, list(asked.service_ids), actor.place, actor.organisation, list(asked.person_ids))
    async with database.reading(actor) as connection:
        rows = await fetch(connection, _OWN, parameters)
    found = defaultdict(list)
    for row in rows:
        if not row.sensitive and row.service_id not in sensitive:
            found[row.service_id].append(row)
    return [
        Had(
            service_id=service_id,
            answer=receiving([State(row.state) for row in found[service_id]], sensitive=service_id in sensitive),
            references=tuple(row.reference for row in found[service_id]),
        )
        for service_id in dict.fromkeys(asked.service_ids)
    ]
