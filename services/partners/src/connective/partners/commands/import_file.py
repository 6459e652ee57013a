"""Take a file of listings that somebody sends: kept sealed until a worker has read it, and answered at once."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.exc import IntegrityError

from connective.kit.actor import Actor
from connective.kit.database import Database, Unit
from connective.kit.idempotency import Attempt, Done, done_before, earlier, remember
from connective.kit.ids import new_id
from connective.kit.policy import refuse_unstorable
from connective.kit.sealing import Seal
from connective.partners.commands.authority import refuse_unless_running_the_place
from connective.partners.commands.import_listings import file_source
from connective.partners.commands.refusals import AlreadySo, UnreadableFile
from connective.partners.domain.harvests.sources import RunState
from connective.partners.domain.imports.contact import Locate
from connective.partners.domain.imports.hsds import SOURCE, read_hsds
from connective.partners.domain.imports.hsds_shapes import open_hsds
from connective.partners.domain.imports.listed_rows import read_sheet
from connective.partners.domain.imports.report import Reading, UnreadableFileError
from connective.partners.domain.imports.sheets import open_sheet
from connective.partners.storage.harvests import Run, add_run
from connective.partners.storage.reference_data import sheet_kinds, vocabulary
from connective.partners.storage.sent_files import Waiting, keep_file, waiting_files

MOST_WAITING = 5
"""Files of one place that are not read yet: more are a mistake, and would make everybody else's wait."""


class FileKind(StrEnum):
    """What a file is said to be, by its media type."""

    HSDS = "application/json"
    SHEET = "text/csv"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it came; its name never came."""

    content: bytes
    kind: FileKind
    licence: str | None


@dataclass(frozen=True, slots=True)
class FileMeans:
    """The database, what seals files in it, and where postcodes are."""

    database: Database
    seal: Seal
    locate: Locate


async def import_file(means: FileMeans, actor: Actor, attempt: Attempt, sent: SentFile, now: datetime) -> Done:
    """Keep the file, and a reading of it that is asked for; answers the reading's id.

    Raises NotYours, UnreadableFile for a file of which nothing can be used, and AlreadySo where too many files wait.
    """
    refuse_unless_running_the_place(actor)
    before = await done_before(means.database, actor, attempt)
    if before is not None:
        return before
    try:
        # In a thread: four megabytes take a while to look through.
        opened = await asyncio.to_thread(open_file, sent.content, sent.kind)
    except UnreadableFileError as error:
        raise UnreadableFile(str(error)) from error

    async def keep() -> Done:
        async with means.database.unit(actor) as unit:
            done = await earlier(unit, attempt)
            if done is not None:
                return done
            await _refuse_too_many(unit, actor)
            source = await file_source(unit, opened.source, sent.licence, now)
            run = Run(new_id(), source.id, RunState.ASKED, actor.id, now)
            await add_run(unit, actor, run)
            sealed = means.seal.close(sent.content, run.id.bytes)
            await keep_file(unit, Waiting(run.id, actor.place, str(sent.kind), sent.licence, sealed, now))
            return await remember(unit, attempt, Done(run.id, 202))

    try:
        return await keep()
    except IntegrityError:
        # The first two files of a kind came at one moment: what stands for them is there now.
        return await keep()


async def _refuse_too_many(unit: Unit, actor: Actor) -> None:
    if await waiting_files(unit, actor.place) >= MOST_WAITING:
        raise AlreadySo(f"{MOST_WAITING} files wait to be read. Send this one when one of them has been.")


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that can be read: which source it stands for, and its reading, which takes longer than opening it."""

    source: str
    read: Callable[[Locate, date], Reading]


def open_file(content: bytes, kind: FileKind) -> OpenedFile:
    """See what a file is. Raises UnreadableFileError, or Invalid for JSON that is nested too deeply."""
    if not content.strip():
        raise UnreadableFileError("The file is empty.", "Choose the file that holds the listings.")
    if b"\0" in content:
        # A workbook, a picture, or a sheet saved as "Unicode text", which is UTF-16.
        raise UnreadableFileError(
            "The file is not text in UTF-8.", 'In a spreadsheet, save it as "CSV UTF-8"; save JSON in UTF-8.'
        )
    if kind is FileKind.HSDS:
        refuse_unstorable(content)
        records = open_hsds(content)
        return OpenedFile(SOURCE, lambda locate, today: read_hsds(records, vocabulary(), locate, today))
    sheet = open_sheet(content, sheet_kinds())
    return OpenedFile(sheet.kind.code, lambda locate, _: read_sheet(sheet, vocabulary(), locate))
