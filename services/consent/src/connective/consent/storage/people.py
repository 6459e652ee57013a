"""What consent keeps of a person: an age as families last told it, and the random key their pseudonym is made with."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from connective.consent.domain.ledger import new_person_key, pseudonym
from connective.consent.storage.erasures import erased_among
from connective.contracts.sharing import PersonFacts
from connective.kit.database import Unit
from connective.kit.problems import NotFound

_MAKE_KEYS = """
INSERT INTO person_key (person_id, place_id, key, pseudonym)
SELECT person_id, $2, key, pseudonym FROM unnest($1::uuid[], $3::bytea[], $4::text[]) AS k (person_id, key, pseudonym)
ON CONFLICT DO NOTHING
"""
_KEYS = "SELECT person_id, key FROM person_key WHERE person_id = ANY($1::uuid[])"
_KEEP_FACTS = """
INSERT INTO person_fact (person_id, place_id, age_years, facts_at)
SELECT person_id, $2, age_years, $4 FROM unnest($1::uuid[], $3::int[]) AS f (person_id, age_years)
ON CONFLICT (person_id) DO UPDATE SET age_years = excluded.age_years, facts_at = excluded.facts_at
"""


async def person_keys(
    unit: Unit, place_id: UUID, people: Iterable[UUID], known: dict[UUID, bytes] | None = None
) -> dict[UUID, bytes]:
    """Each person's key, made now for those who have none. `known` saves asking for keys already read.

    Raises NotFound for somebody who was erased, as nothing may begin to be kept of them again, and for somebody of
    another place, whose key nobody here sees.
    """
    found = dict(known or {})
    missing = sorted(set(people) - found.keys())
    if missing:
        if await erased_among(unit, missing):
            raise NotFound
        made = [new_person_key() for _ in missing]
        names = [pseudonym(person, key) for person, key in zip(missing, made, strict=True)]
        await unit.run(_MAKE_KEYS, (missing, place_id, made, names))
        rows = await unit.fetch(_KEYS, (missing,))
        found |= {row.person_id: row.key for row in rows}
        if not found.keys() >= set(missing):
            raise NotFound
    return found


async def known_keys(unit: Unit, people: Iterable[UUID]) -> dict[UUID, bytes]:
    """The keys of those who have one; none is made."""
    return {row.person_id: row.key for row in await unit.fetch(_KEYS, (sorted(set(people)),))}


async def keep_facts(unit: Unit, place_id: UUID, facts: Iterable[PersonFacts], at: datetime) -> None:
    """Remember the ages that families answered, for rules about who is a child."""
    once = {f.person_id: f for f in facts}
    ordered = sorted(once.values(), key=lambda f: f.person_id)
    if ordered:
        await unit.run(_KEEP_FACTS, ([f.person_id for f in ordered], place_id, [f.age_years for f in ordered], at))
