"""What families announces of one person's record over time. The rest of families' facts are in `events`."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from connective.contracts.event import Event
from connective.contracts.sharing import NotDelivered


class PersonMerged(Event):
    """Two records of one person became one, or count as one where each of two keepers keeps its own."""

    subject: ClassVar[str] = "hub.families.person.merged"
    about: ClassVar[str] = "person_id"
    person_id: UUID
    merged_person_id: UUID
    one_record: bool = True
    """False where the records have two keepers: each keeps its own id, and what holds for one holds for both."""


class PersonUnmerged(Event):
    """A merge was undone: the two records are again what they were before it."""

    subject: ClassVar[str] = "hub.families.person.unmerged"
    about: ClassVar[str] = "person_id"
    person_id: UUID
    merged_person_id: UUID
    one_record: bool = True
    """As it stood in the merge that was undone."""


class NoticesStopped(Event):
    """Nobody is to be prompted to contact the family about this person from now on. Why is not said."""

    subject: ClassVar[str] = "hub.families.person.notices_stopped"
    about: ClassVar[str] = "person_id"
    person_id: UUID
    organisation_id: UUID


class NoticesResumed(Event):
    """A worker who knows the family said that notices about this person may be sent again, or they stopped in error."""

    subject: ClassVar[str] = "hub.families.person.notices_resumed"
    about: ClassVar[str] = "person_id"
    person_id: UUID
    organisation_id: UUID


class CaseEvent(Event):
    """Base of every fact about one episode of early help."""

    about: ClassVar[str] = "case_id"
    case_id: UUID
    family_id: UUID
    organisation_id: UUID
    reason_code: str | None = None


class CaseOpened(CaseEvent):
    """An episode of early help began."""

    subject: ClassVar[str] = "hub.families.case.opened"


class CaseAssessed(CaseEvent):
    """What the family needs has been looked at together, or anew."""

    subject: ClassVar[str] = "hub.families.case.assessed"


class CasePlanned(CaseEvent):
    """What will be done is agreed, with a day on which it is reviewed."""

    subject: ClassVar[str] = "hub.families.case.planned"


class CaseReviewed(CaseEvent):
    """It was looked at how the plan goes."""

    subject: ClassVar[str] = "hub.families.case.reviewed"


class CaseClosed(CaseEvent):
    """The episode ended, as a practice lead approved."""

    subject: ClassVar[str] = "hub.families.case.closed"


class CaseReopened(CaseEvent):
    """The same episode goes on after all."""

    subject: ClassVar[str] = "hub.families.case.reopened"


class CaseReadingUndelivered(Event):
    """A disclosure to a member of a team that consent recorded, or was asked to record, did not reach its reader."""

    subject: ClassVar[str] = "hub.families.disclosure.undelivered"
    about: ClassVar[str] = "disclosure_id"
    disclosure_id: UUID
    case_id: UUID
    recipient_organisation_id: UUID
    reason_code: NotDelivered
    at: datetime
