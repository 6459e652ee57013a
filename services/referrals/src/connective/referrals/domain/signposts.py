"""A signpost: a family is told about a service without being referred. It is recorded, and nothing is shared.

Neither the service nor its organisation hears of it, so neither agreement nor consent is asked: the record is that of
the organisation that keeps the family (domain rules, section 2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from connective.contracts.needs import NeedsList
from connective.contracts.sharing import PersonEssentials
from connective.referrals.domain.refusals import DetailsRefused, FieldError


class Told(StrEnum):
    """How the family was told."""

    IN_PERSON = "in_person"
    TELEPHONE = "telephone"
    VIDEO = "video"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Signpost:
    """One telling: never changed afterwards, because what was said was said."""

    id: UUID
    place_id: UUID
    organisation_id: UUID
    family_id: UUID
    service_id: UUID
    service_kind: str
    sensitive: bool
    """Whether the very use of the service reveals something: then no other organisation learns which it was."""
    subjects: tuple[UUID, ...]
    """For whom; nobody named, for the whole family."""
    needs: tuple[str, ...]
    """Why, as codes of the needs list."""
    told: Told
    given_by: str
    given_at: datetime


def check_signpost(
    subjects: Sequence[UUID], needs: Sequence[str], people: Mapping[UUID, PersonEssentials], known: NeedsList
) -> None:
    """Refuse unknown needs, and to have told somebody who has died (DetailsRefused, every error at once)."""
    errors = [
        FieldError(f"/needs/{index}", "unknown-code", "Use a code of the needs list.")
        for index, code in enumerate(needs)
        if code not in known.needs
    ]
    errors += [
        FieldError(f"/subjects/{index}", "not-living", "The record says this person has died.")
        for index, person_id in enumerate(subjects)
        if not people[person_id].living
    ]
    if errors:
        raise DetailsRefused(errors)
