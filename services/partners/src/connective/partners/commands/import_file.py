"""Read in a file that somebody sends: the same reading as the command's, in the name of whoever sent it."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.exc import IntegrityError

from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, done_before, earlier, remember
from connective.kit.policy import refuse_unstorable
from connective.partners.commands.authority import refuse_unless_running_the_place
from connective.partners.commands.import_listings import take_in_file
from connective.partners.commands.means import Means
from connective.partners.commands.refusals import AlreadySo, UnreadableFile
from connective.partners.domain.imports.contact import Locate
from connective.partners.domain.imports.hsds import read_hsds
from connective.partners.domain.imports.hsds_shapes import open_hsds
from connective.partners.domain.imports.listed_rows import read_sheet
from connective.partners.domain.imports.report import Reading, UnreadableFileError
from connective.partners.domain.imports.sheets import open_sheet
from connective.partners.storage.reference_data import sheet_kinds, vocabulary


class FileKind(StrEnum):
    """What a file is said to be, by its media type."""

    HSDS = "application/json"
    SHEET = "text/csv"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it came. It is kept nowhere: what is read of it is, and its name never came."""

    content: bytes
    kind: FileKind
    licence: str | None


async def import_file(means: Means, actor: Actor, attempt: Attempt, sent: SentFile, now: datetime) -> Done:
    """Take in what the file tells, whole rows by themselves, in one transaction; answers the reading's id.

    Raises NotYours, UnreadableFile for a file of which nothing can be used, and AlreadySo where the first two files of
    a kind come at one moment.
    """
    refuse_unless_running_the_place(actor)
    before = await done_before(means.database, actor, attempt)
    if before is not None:
        return before
    try:
        # In a thread: thousands of rows take seconds to understand.
        reading = await asyncio.to_thread(read_file, sent.content, sent.kind, means.postcodes.find, now.date())
    except UnreadableFileError as error:
        raise UnreadableFile(str(error)) from error
    try:
        async with means.database.unit(actor) as unit:
            done = await earlier(unit, attempt)
            if done is not None:
                return done
            run, _ = await take_in_file(unit, reading, legal_entity_id=None, now=now, licence=sent.licence)
            return await remember(unit, attempt, Done(run.id, 201))
    except IntegrityError as error:
        raise AlreadySo("Another file of this kind was read in at this moment. Send this one again.") from error


def read_file(content: bytes, kind: FileKind, locate: Locate, today: date) -> Reading:
    """Understand a file. Raises UnreadableFileError, or Invalid for JSON that is nested too deeply."""
    if not content.strip():
        raise UnreadableFileError("The file is empty.", "Choose the file that holds the listings.")
    if b"\0" in content:
        # A workbook, a picture, or a sheet saved as "Unicode text", which is UTF-16.
        raise UnreadableFileError(
            "The file is not text in UTF-8.", 'In a spreadsheet, save it as "CSV UTF-8"; save JSON in UTF-8.'
        )
    if kind is FileKind.HSDS:
        refuse_unstorable(content)
        return read_hsds(open_hsds(content), vocabulary(), locate, today)
    return read_sheet(open_sheet(content, sheet_kinds()), vocabulary(), locate)
