"""What a service holds about one person, for the copy that the person asks for (UK GDPR Article 15).

Consent asks, on an officer's order, and keeps none of it: a copy is put together each time it is looked at.
"""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Base64Bytes, Field

from connective.contracts.retention import MOST_FAMILIES
from connective.contracts.sharing import Wire


class KnownAs(Wire):
    """By what somebody may be found where no record of them is named: of what waits for somebody to match it."""

    first_name: str
    last_name: str
    birth_date: date | None = None


class HoldingsAsked(Wire):
    """`POST /internal/holdings`: of families by the officer's organisations, of referrals by the ids families knows.

    `hidden` where somebody's whereabouts are restricted: what locates them, services used among it, is left out.
    """

    place_id: UUID
    organisation_ids: Annotated[tuple[UUID, ...], Field(max_length=2000)]
    person_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MOST_FAMILIES)]
    family_ids: Annotated[tuple[UUID, ...], Field(max_length=MOST_FAMILIES)] = ()
    hidden: bool = False
    known_as: Annotated[tuple[KnownAs, ...], Field(max_length=MOST_FAMILIES)] = ()


class HeldItem(Wire):
    """One thing that is held. `review`: it may be about somebody else too, so an officer looks before it is given."""

    section: str
    data: dict[str, Any]
    review: bool = False
    file_id: UUID | None = None
    """The file it is about, where its content can be had: shown to nobody, and asked for by it."""


class Holdings(Wire):
    """Everything a service holds about the person; no ids where families does not keep them."""

    person_ids: tuple[UUID, ...] = ()
    family_ids: tuple[UUID, ...] = ()
    hidden: bool = False
    """Their own whereabouts, or those of somebody they live with, are restricted; of families alone."""
    items: tuple[HeldItem, ...] = ()
    known_as: tuple[KnownAs, ...] = ()
    """Of families alone."""


class HeldFileAsked(Wire):
    """`POST /internal/holdings/file`: one file that goes with a request about these ids of one person."""

    place_id: UUID
    person_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MOST_FAMILIES)]
    family_ids: Annotated[tuple[UUID, ...], Field(max_length=MOST_FAMILIES)] = ()
    file_id: UUID


class HeldFile(Wire):
    """Its content, whole: at most what an attachment may have."""

    name: str
    media_type: str
    content: Base64Bytes
