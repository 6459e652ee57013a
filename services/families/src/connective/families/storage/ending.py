"""The parts of a record that can end: found under their owner, locked, and closed with the reason."""

from datetime import date

from connective.families.domain.dates import Period
from connective.families.domain.ending import Ending, Part
from connective.kit.database import Unit

_BOTH_IN_FAMILY = """t.id = $2
  AND EXISTS (SELECT 1 FROM membership m WHERE m.family_id = $1 AND m.person_id = t.person_id)
  AND EXISTS (SELECT 1 FROM membership m WHERE m.family_id = $1 AND m.person_id = t.of_person_id)"""
_WHERE = {
    Part.ADDRESS: ("address", "t.family_id = $1 AND t.id = $2"),
    Part.CONTACT: ("contact_point", "t.person_id = $1 AND t.id = $2"),
    Part.MEMBERSHIP: ("membership", "t.family_id = $1 AND t.person_id = $2"),
    Part.NEED: ("need", "t.person_id = $1 AND t.id = $2"),
    Part.RELATIONSHIP: ("relationship", _BOTH_IN_FAMILY),
    Part.STRENGTH: ("strength", "t.person_id = $1 AND t.id = $2"),
}


async def period_of(unit: Unit, ending: Ending) -> Period | None:
    """For how long the part holds, kept from changing until the transaction ends; None where the owner has no such."""
    table, where = _WHERE[ending.part]
    statement = f"SELECT t.since, t.until FROM {table} t WHERE {where} FOR UPDATE"  # noqa: S608 - constants only
    row = await unit.fetch_one(statement, (ending.owner_id, ending.part_id))
    return None if row is None else Period(row.since, row.until)


async def close(unit: Unit, ending: Ending, period: Period) -> None:
    """Write the part's period and why it ended."""
    table, where = _WHERE[ending.part]
    statement = f"UPDATE {table} t SET since = $3, until = $4, end_reason = $5 WHERE {where}"  # noqa: S608 - constants only
    dates: tuple[date | None, date | None] = (period.since, period.until)
    await unit.run(statement, (ending.owner_id, ending.part_id, *dates, ending.reason.value))
