"""Files that go with requests about somebody: read by the officer who reviews their copy, and contained in it.

Each is asked of the service that keeps it, and none is kept here. What is given has the digest that was reviewed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from connective.consent.commands.access_copies import Copy, gather, give, put_together
from connective.consent.commands.audit_reading import looking
from connective.consent.commands.ports import Keepers
from connective.consent.commands.refusals import NotNow
from connective.consent.domain.access_copies import MOST_BYTES_IN_A_COPY, CopyItem, fitting
from connective.consent.domain.ledger import EntryKind
from connective.contracts.holdings import HeldFile, Holdings
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.problems import NotFound


@dataclass(frozen=True, slots=True)
class GivenCopy:
    """A released copy, with the files that are given in it, each by its item's key."""

    copy: Copy
    files: Mapping[str, HeldFile]


async def give_with_files(
    database: Database, keepers: Keepers, actor: Actor, copy_id: UUID, *, now: datetime
) -> GivenCopy:
    """A released copy to be given to the person, recorded as an export. Raises NotFound, NotNow, Unavailable.

    Files beyond what one archive holds are named in it, and given one by one.
    """
    found = await gather(database, keepers, actor, copy_id, now)
    made = await give(database, actor, copy_id, found, now=now)
    contained = fitting(made.given, MOST_BYTES_IN_A_COPY)
    files = {item.key: await _content(keepers, actor.place, found["families"], item) for item in contained}
    return GivenCopy(made, files)


async def read_copied_file(
    database: Database, keepers: Keepers, actor: Actor, copy_id: UUID, key: str, *, now: datetime
) -> HeldFile:
    """One file, for the officer's review of it or to be given apart; the look is recorded first, as an export.

    Raises NotFound for an item that is no file, or whose file cannot be had, NotNow, Unavailable.
    """
    found = await gather(database, keepers, actor, copy_id, now)
    made = await put_together(database, keepers, actor, copy_id, now=now)
    item = next((each for each in made.items if each.key == key and each.file_id is not None), None)
    if item is None:
        raise NotFound
    asked: dict[str, Any] = {"access_copy_id": copy_id, "person": made.row["person"], "item": key}
    async with looking(database, actor, "access_copy_file_read", now, asked, kind=EntryKind.EXPORT):
        pass
    return await _content(keepers, actor.place, found["families"], item)


async def _content(keepers: Keepers, place_id: UUID, held: Holdings, item: CopyItem) -> HeldFile:
    assert item.file_id is not None  # noqa: S101 - the caller chose items with a file
    file = await keepers.file(place_id, held, item.file_id)
    if sha256(file.content).hexdigest() != item.data.get("sha256"):
        raise NotNow("changed_since", "The file has changed since it was listed: read the copy again.")
    return file
