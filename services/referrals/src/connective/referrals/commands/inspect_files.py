"""Look at files that came: scanned first, then made anew, and only then to be had. No verdict keeps a file apart.

It is the worker's: what harms the reading of a file harms no answering of requests, and a scanner that is away delays
files and nothing else. Each file is taken up by one worker at a time, and again after a while should that one die.
"""

from dataclasses import dataclass
from datetime import datetime

from connective.kit.actor import service_actor
from connective.kit.logs import log
from connective.kit.problems import TooLarge, Unavailable
from connective.kit.scanning import Finding, NotScanned
from connective.referrals.clients.vault import LOST
from connective.referrals.commands.ports import Files
from connective.referrals.commands.room import Room
from connective.referrals.domain.attachments import (
    Attachment,
    Flaw,
    Flawed,
    Kept,
    Stage,
    refused,
    released,
    waiting,
)
from connective.referrals.storage.attachments import announce, claim_due, load_attachment_locked, save_attachment
from connective.referrals.storage.events import audited_by_hub
from connective.referrals.storage.objects import begin_object, finish_object, replace_object
from connective.referrals.storage.requests import load

_SELF = service_actor("referrals")
_AT_ONE_TURN = 20


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What came of looking at one file: made anew, or why it is refused."""

    cleaned: Kept | None = None
    flaw: Flaw | None = None


async def inspect_due(room: Room, files: Files, at: datetime) -> int:
    """Look at what waits. Answers how many files were settled."""
    settled = 0
    for _ in range(_AT_ONE_TURN):
        async with room.database.unit(_SELF) as unit:
            file = await claim_due(unit, at)
        if file is None:
            break
        settled += await _look(room, files, file)
    return settled


async def _look(room: Room, files: Files, file: Attachment) -> bool:
    try:
        verdict = await _verdict(room, files, file)
    except (NotScanned, Unavailable) as away:
        code = away.code if isinstance(away, NotScanned) else "store_away"
        log().warning("file_not_scanned", code=code, attempt=file.tries + 1)
        await _wait(room, file)
        return False
    return await _settle(room, file, verdict)


async def _verdict(room: Room, files: Files, file: Attachment) -> _Verdict:
    assert file.kept is not None  # noqa: S101 - what is quarantined has content
    assert file.kind is not None  # noqa: S101 - and was judged
    try:
        if await files.scanner.scan(files.vault.read(file.kept)) is Finding.INFECTED:
            return _Verdict(flaw=Flaw.INFECTED)
        async with room.database.unit(_SELF) as unit:
            object_id = await begin_object(unit, files.vault.most_pieces, room.clock())
        async with files.cleaner.cleaning(file.kind, files.vault.read(file.kept)) as anew:
            return _Verdict(cleaned=await files.vault.keep(object_id, anew))
    except Flawed as flawed:
        return _Verdict(flaw=flawed.flaw)
    except (*LOST, TooLarge):
        return _Verdict(flaw=Flaw.NOT_READABLE)


async def _wait(room: Room, file: Attachment) -> None:
    async with room.database.unit(_SELF) as unit:
        now = await load_attachment_locked(unit, file.id)
        if now is not None and now.stage is Stage.QUARANTINED:
            await save_attachment(unit, waiting(now, room.clock()))


async def _settle(room: Room, file: Attachment, verdict: _Verdict) -> bool:
    """Store the verdict, unless the file was taken back or erased meanwhile: then what was made of it goes too."""
    at = room.clock()
    async with room.database.unit(_SELF) as unit:
        now = await load_attachment_locked(unit, file.id)
        if now is None or now.stage is not Stage.QUARANTINED:
            return False
        if verdict.cleaned is not None:
            after = released(now, verdict.cleaned, at)
            await finish_object(unit, verdict.cleaned.object_id)
        else:
            after = refused(now, verdict.flaw or Flaw.NOT_READABLE, at)
        await replace_object(unit, now.kept, at)
        await save_attachment(unit, after)
        request = await load(unit.connection, _SELF, now.request_id)
        announce(unit, after, request, str(after.stage).replace("available", "released"))
        if verdict.flaw is Flaw.INFECTED:
            log().error("file_infected", code=str(verdict.flaw))
            unit.tell(audited_by_hub("attachment.infected", at, after), version=1, place_id=now.place_id)
    return True
