"""Whose data are stored and not used (UK GDPR Article 18), as far as a whole family and its cases are concerned."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.families.domain.refusals import ProcessingRestricted
from connective.kit.database import fetch_one

_PRESENT = """membership m JOIN person p ON p.id = m.person_id
  WHERE m.family_id = {family} AND (m.until IS NULL OR m.until >= CURRENT_DATE)"""
NAME = f"""CASE WHEN (SELECT bool_and(p.processing_restricted) FROM {_PRESENT.format(family="f.id")})
  THEN NULL ELSE f.name END"""  # noqa: S608 - constants only
"""What a family is called, over `family f`; nothing where everybody in it is stored only: it is their name then."""
_STORED = f"""
SELECT coalesce(bool_and(p.processing_restricted), false) AS everybody,
  coalesce(array_agg(p.id ORDER BY p.id) FILTER (WHERE p.processing_restricted), '{{}}') AS people
FROM {_PRESENT.format(family="$1")}
"""  # noqa: S608 - constants only; values go as parameters


@dataclass(frozen=True, slots=True)
class StoredOnly:
    """Who of a family is stored only, and whether that is everybody who is in it today."""

    people: tuple[UUID, ...]
    everybody: bool


async def stored_of(connection: AsyncConnection, family_id: UUID) -> StoredOnly:
    """Of the people of a family that the transaction's actor may see; a member of its team sees none."""
    row = await fetch_one(connection, _STORED, (family_id,))
    assert row is not None  # noqa: S101 - an aggregate always answers
    return StoredOnly(tuple(row.people), row.everybody)


async def refuse_stored(connection: AsyncConnection, family_id: UUID) -> tuple[UUID, ...]:
    """Who is to be left out of what is done with a case. Raises ProcessingRestricted where nobody is left.

    A case is about a family: it goes on for the others of it, and rests where all of them asked for that.
    """
    stored = await stored_of(connection, family_id)
    if stored.everybody:
        raise ProcessingRestricted(
            "The data of everybody in this family are stored and not used, at their request. Ask your data protection"
            " officer, who lifts it."
        )
    return stored.people
