"""What families announces of one person's record over time. The rest of families' facts are in `events`."""

from typing import ClassVar
from uuid import UUID

from connective.contracts.event import Event


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
