"""Two records of one person became one: requests then speak of the record that stays."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from connective.kit.database import Unit
from connective.referrals.domain.request import PeopleAsked
from connective.referrals.storage.mapping import request_from
from connective.referrals.storage.requests import save
from connective.referrals.storage.tables import request

_NEEDS = """
UPDATE request_content SET needs = replace(needs::text, $2::text, $3::text)::jsonb WHERE request_id = ANY($1::uuid[])
"""
"""Ids are of one length and look like nothing else, so the text of the document can be replaced."""


async def merge_person(unit: Unit, place_id: UUID, stays: UUID, merged: UUID) -> int:
    """Put the id that stays in the place of the merged one, in final requests too. Answers how many changed.

    It is a correction of identifiers, not a new version: nobody's ETag grows old.
    """
    rows = await unit.connection.execute(
        select(request)
        .where(request.c.place_id == place_id, request.c.people.overlap([merged]))
        .order_by(request.c.id)
        .with_for_update()
    )
    changed = [request_from(row) for row in rows]
    for each in changed:
        subjects = tuple(dict.fromkeys(stays if person == merged else person for person in each.people.subjects))
        contact = stays if each.people.contact == merged else each.people.contact
        await save(unit, each, replace(each, people=PeopleAsked(subjects, contact)))
    if changed:
        await unit.run(_NEEDS, ([each.id for each in changed], str(merged), str(stays)))
    return len(changed)
