"""Facts about listings of the directory: watched, reported wrong, answered, stale. None of them says what is wrong."""

from typing import ClassVar
from uuid import UUID

from connective.contracts.event import Event


class ListingNoticed(Event):
    """Something happened to a listing that these people watch: each is told that there is something to read."""

    subject: ClassVar[str] = "hub.partners.listing.noticed"
    about: ClassVar[str] = "service_id"
    service_id: UUID
    account_ids: tuple[UUID, ...]
    reason_code: str
    """`changed`, `reported`, `answered`, `report_overdue`, `stale` or `assurance_lapsed`."""


class ListingReported(Event):
    """Somebody reported a listing wrong: who keeps it is asked to look."""

    subject: ClassVar[str] = "hub.partners.listing.reported"
    about: ClassVar[str] = "report_id"
    report_id: UUID
    service_id: UUID
    organisation_id: UUID | None
    """Whose listing it is; None for an imported one, which the place's coordinators answer for."""


class ListingReportOverdue(Event):
    """Nobody answered a report for a week: who keeps the listing is asked again, and the place's coordinators too."""

    subject: ClassVar[str] = "hub.partners.listing.report_overdue"
    about: ClassVar[str] = "report_id"
    report_id: UUID
    service_id: UUID
    organisation_id: UUID | None
    """As in ListingReported."""


class ListingReportAnswered(Event):
    """A report was answered: whoever made it can read how."""

    subject: ClassVar[str] = "hub.partners.listing.report_answered"
    about: ClassVar[str] = "report_id"
    report_id: UUID
    service_id: UUID
    organisation_id: UUID | None
    reporter_account_id: UUID
    reason_code: str
    """`corrected`, `nothing_wrong` or `withdrawn`."""


class ListingStale(Event):
    """Nobody has checked a listing for longer than the place allows."""

    subject: ClassVar[str] = "hub.partners.listing.stale"
    about: ClassVar[str] = "service_id"
    service_id: UUID
    organisation_id: UUID | None
    """As in ListingReported."""


class HarvestWaiting(Event):
    """Changes that a source proposes wait: the coordinators of the place decide, or whose listings they are."""

    subject: ClassVar[str] = "hub.partners.harvest.waiting"
    about: ClassVar[str] = "run_id"
    run_id: UUID
    source_id: UUID
    changes: int
    """How many of the source wait by now, those of earlier readings among them."""
    organisation_ids: tuple[UUID, ...]
    account_ids: tuple[UUID, ...]
