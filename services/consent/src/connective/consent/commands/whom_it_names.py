"""Whom an officer means: by id, by pseudonym, or by the request of the register that names them.

Officers know people by pseudonym; what leads from there to a record is looked up here, and each look is recorded.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.consent.commands.audit_reading import looking
from connective.consent.domain.refusals import Unacceptable
from connective.consent.storage.information_requests import load_request
from connective.consent.storage.processing_restrictions import people_behind
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.problems import NotFound

CheckKind = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Meant:
    """The person by id or pseudonym, and the request of the register; where no person is named, whom that names."""

    person_id: UUID | None = None
    person: str | None = None
    information_request_id: UUID | None = None


async def whom_it_names(
    database: Database, actor: Actor, meant: Meant, now: datetime, check_kind: CheckKind | None = None
) -> UUID:
    """The one person who is meant. Raises NotFound, and Unacceptable where it is nobody or one of several."""
    if meant.information_request_id is None and meant.person is None:
        if meant.person_id is None:
            raise _one_person()
        return meant.person_id
    known = {"request_id": meant.information_request_id, "person": meant.person}
    async with looking(database, actor, "person_behind_read", now, known) as look:
        among: tuple[UUID, ...] | None = None
        if meant.information_request_id is not None:
            row = await load_request(look, meant.information_request_id)
            if check_kind is not None:
                check_kind(row["kind"])
            among = await people_behind(look, row["people"])
        wanted = meant.person_id
        if meant.person is not None:
            behind = await people_behind(look, [meant.person])
            if not behind:
                raise NotFound
            wanted = behind[0]
    return _one_of(wanted, among)


def _one_of(wanted: UUID | None, among: tuple[UUID, ...] | None) -> UUID:
    if wanted is None and among is not None and len(among) == 1:
        return among[0]
    if wanted is None or (among and wanted not in among):
        raise _one_person()
    return wanted


def _one_person() -> Unacceptable:
    return Unacceptable("one_person", "Name the one person it is about.", "/person_id")
