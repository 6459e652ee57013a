"""The copy consent keeps of restrictions, so that a decision needs no question to families."""

from uuid import UUID

from sqlalchemy import and_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.storage.tables import restriction
from connective.contracts.events import PersonMerged, RestrictionChanged


async def keep_restriction(
    connection: AsyncConnection, place_id: UUID, event: RestrictionChanged, version: int
) -> None:
    """Take over what an event says, unless something newer is kept already."""
    values = {
        "person_id": event.person_id,
        "kind": event.kind,
        "place_id": place_id,
        "active": event.active,
        "named_organisation_ids": list(event.named_organisation_ids),
        "named_actor_ids": list(event.named_actor_ids),
        "version": version,
    }
    adding = insert(restriction).values(values)
    newer = {name: adding.excluded[name] for name in ("active", "named_organisation_ids", "named_actor_ids", "version")}
    await connection.execute(
        adding.on_conflict_do_update(
            index_elements=["person_id", "kind"], set_=newer, where=restriction.c.version < adding.excluded.version
        )
    )


_COPY_SAID = text(
    "INSERT INTO consent_subject (consent_id, person_id, place_id, authority, competence, evidence)"
    " SELECT consent_id, :kept, place_id, authority, competence, evidence FROM consent_subject"
    " WHERE person_id = :merged AND place_id = :place ON CONFLICT DO NOTHING"
)
_COPY_TOLD = text(
    "INSERT INTO notice_subject (notice_id, person_id, place_id) SELECT notice_id, :kept, place_id"
    " FROM notice_subject WHERE person_id = :merged AND place_id = :place ON CONFLICT DO NOTHING"
)
_MOVE_OBJECTIONS = text("UPDATE objection SET person_id = :kept WHERE person_id = :merged AND place_id = :place")


async def move_person(connection: AsyncConnection, place_id: UUID, event: PersonMerged) -> None:
    """Let what was said, told and restricted about the merged record hold for the one that remains.

    A restriction of both keeps only the names that are on both: hiding wins.
    """
    people = {"kept": event.person_id, "merged": event.merged_person_id, "place": place_id}
    for statement in (_COPY_SAID, _COPY_TOLD, _MOVE_OBJECTIONS):
        await connection.execute(statement, people)
    r = restriction.c
    wanted = select(restriction).where(and_(r.person_id == event.merged_person_id, r.active))
    for row in (await connection.execute(wanted)).all():
        adding = insert(restriction).values(
            person_id=event.person_id,
            kind=row.kind,
            place_id=place_id,
            active=True,
            named_organisation_ids=row.named_organisation_ids,
            named_actor_ids=row.named_actor_ids,
            version=0,
        )
        both = text(
            "ARRAY(SELECT unnest(restriction.named_organisation_ids)"
            " INTERSECT SELECT unnest(excluded.named_organisation_ids))"
        )
        named = {"active": True, "named_organisation_ids": both}
        await connection.execute(adding.on_conflict_do_update(index_elements=["person_id", "kind"], set_=named))
