"""`/audit/information-requests/{id}/records`: whose records a request is about, for the officer who decides on them."""

from uuid import UUID

from fastapi import Response

from connective.consent.api.deps import Answer, PartsDep, no_store
from connective.consent.commands.find_records import PersonRecords, find_records
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.policy import operation
from connective.kit.problems import TooSlow, Unavailable

routes = router(tags=["audit"])
_READ = operation(Permission.CONSENT_RETENTION_DECIDE, relation="own_entity", refuses=(Unavailable, TooSlow))


class FamilyRecordOut(Answer):
    """A family's record, by its id and its pseudonym."""

    family_id: UUID
    family: str
    people: int
    """How many the record is about."""
    open_case: bool
    """Whether it is being worked with: it is not erased meanwhile."""


class PersonRecordsOut(Answer):
    """One person whom the request names."""

    person: str
    person_id: UUID
    organisation_id: UUID | None
    """Who keeps their record; null where nobody of your legal entity does."""
    families: list[FamilyRecordOut]


class RecordsOut(Answer):
    """Everybody whom it names and who was not erased."""

    items: list[PersonRecordsOut]


def _show(found: PersonRecords) -> PersonRecordsOut:
    return PersonRecordsOut(
        person=found.person,
        person_id=found.person_id,
        organisation_id=found.organisation_id,
        families=[
            FamilyRecordOut(family_id=each.family_id, family=each.family, people=each.people, open_case=each.open_case)
            for each in found.families
        ],
    )


@routes.get(
    "/audit/information-requests/{information_request_id}/records", operation_id="consent_find_request_records", **_READ
)
async def find(information_request_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> RecordsOut:
    """The ids of whom a request is about, and of their families: what previews and decisions ask for. Never a name."""
    now = parts.clock()
    found = await find_records(parts.database, parts.families, parts.keepers, actor, information_request_id, now=now)
    no_store(response)
    return RecordsOut(items=[_show(each) for each in found])
