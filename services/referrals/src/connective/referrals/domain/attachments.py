"""Files that go with a request: what may be attached, what becomes of a file on its way, and who may have it.

A file is kept apart (`quarantined`) from the moment it arrives until it was scanned and made anew without what it
carried unseen; only then can anybody have it. Each belongs to the categories its author ticks, as free text does, and
is shown only if all of them are permitted (domain rules, section 3).
"""

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from connective.contracts.categories import Category
from connective.referrals.domain.forms import Form
from connective.referrals.domain.refusals import DetailsRefused, FieldError
from connective.referrals.domain.request import Request
from connective.referrals.domain.states import FINAL, Party, State

MOST_BYTES = 20 * 1024 * 1024
"""Of one file (API conventions, "size")."""
MOST_OF_ONE_SIDE = 20
"""Files that one side may attach to one request: what needs more is a record, not a request."""
LINK_LIVES = timedelta(seconds=60)
"""How long a link opens its file: long enough to follow it, too short to pass it on."""
WAITS_FOR_CONTENT = timedelta(hours=24)
"""After that, an attachment whose content never came is forgotten."""
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=10)
_LONGEST_NAME = 120
_NOT_YET_READ = frozenset({State.DRAFT, State.BLOCKED, State.SUBMITTED})
"""States in which a recipient has not opened the request, so it attaches nothing to it."""


class Kind(StrEnum):
    """What a file is, as its content shows. Why these and no others: docs/adr/0025."""

    JPEG = "jpeg"
    PDF = "pdf"
    PNG = "png"
    TEXT = "text"
    WEBP = "webp"


MEDIA_TYPES = {
    Kind.JPEG: "image/jpeg",
    Kind.PDF: "application/pdf",
    Kind.PNG: "image/png",
    Kind.TEXT: "text/plain; charset=utf-8",
    Kind.WEBP: "image/webp",
}
_ENDINGS = {
    Kind.JPEG: (".jpg", ".jpeg"),
    Kind.PDF: (".pdf",),
    Kind.PNG: (".png",),
    Kind.TEXT: (".txt",),
    Kind.WEBP: (".webp",),
}


class Stage(StrEnum):
    """Where a file is on its way."""

    AWAITING_CONTENT = "awaiting_content"
    AVAILABLE = "available"
    QUARANTINED = "quarantined"
    REFUSED = "refused"
    REMOVED = "removed"


class Flaw(StrEnum):
    """Why a file was refused; what its author can do about each stands in `SENTENCES`."""

    ACTIVE_CONTENT = "active_content"
    ENCRYPTED = "encrypted"
    INFECTED = "infected"
    NOT_READABLE = "not_readable"
    TOO_MANY_PIXELS = "too_many_pixels"
    UNKNOWN_KIND = "unknown_kind"


SENTENCES = {
    Flaw.ACTIVE_CONTENT: "The PDF holds scripts, forms or files inside it. Print it to a new PDF and attach that.",
    Flaw.ENCRYPTED: "The PDF is locked with a password. Save it without one and attach that.",
    Flaw.INFECTED: "The scanner found malware in it, so it was removed. Tell whoever looks after your computers.",
    Flaw.NOT_READABLE: "The file is damaged or is not what it seems, so it was removed. Save it anew and attach that.",
    Flaw.TOO_MANY_PIXELS: "The picture is too large. Make it smaller, 50 million pixels at most, and attach that.",
    Flaw.UNKNOWN_KIND: "Attach a PDF, a JPEG, PNG or WebP picture, or plain text. Save other documents as PDF.",
}
SCANNER_AWAY = "scanner_away"
"""Why a file waits in quarantine longer than usual; it is tried again by itself."""


class Flawed(Exception):
    """A file is refused for what it is."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class Kept:
    """Where content is kept: sealed pieces under an object's id, and the sealed key that opens them."""

    object_id: UUID
    pieces: int
    key: bytes
    size: int
    digest: bytes
    """SHA-256 of the content itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file of one request, as it stands."""

    id: UUID
    place_id: UUID
    request_id: UUID
    family_id: UUID
    organisation_id: UUID
    """Whose file it is: who attached it."""
    party: Party
    name: str
    """A person's data: never in an address, a log or an event."""
    categories: frozenset[Category]
    answers: str | None
    """The field of the form it answers, where it does."""
    stage: Stage = Stage.AWAITING_CONTENT
    reason: str | None = None
    version: int = 1
    kind: Kind | None = None
    kept: Kept | None = None
    uploaded_digest: bytes | None = None
    """SHA-256 of what was sent: a copy at home can be compared, although what is kept was made anew."""
    attached_by: str
    attached_at: datetime
    settled_at: datetime | None = None
    tries: int = 0
    next_try_at: datetime | None = None


def check_attaching(request: Request, party: Party, *, attached: int) -> None:
    """Raise DetailsRefused where this side cannot attach another file to the request now."""
    early = party is Party.RECIPIENT and request.state in _NOT_YET_READ
    if request.state in FINAL or request.hold is not None or early:
        raise _refused("", "not-now", "Files go with a request that is open and was read; this one is not.")
    if attached >= MOST_OF_ONE_SIDE:
        raise _refused("", "too-many", f"At most {MOST_OF_ONE_SIDE} files go with a request from each side.")


def check_answer(form: Form, field_name: str | None, categories: frozenset[Category]) -> None:
    """Raise DetailsRefused for a field the form lets nobody answer, or one that reveals more than was ticked."""
    if field_name is None:
        return
    field = next((each for each in form.answered if each.name == field_name), None)
    if field is None:
        raise _refused("/answers", "unknown-field", "The form of this request has no such field to answer.")
    if not field.categories <= categories:
        raise _refused("/categories", "too-few", f"Tick also: {', '.join(sorted(field.categories - categories))}.")


def _refused(pointer: str, code: str, sentence: str) -> DetailsRefused:
    return DetailsRefused([FieldError(pointer, code, sentence)])


def plain_name(typed: str) -> str:
    """A name without folders, controls and marks that turn the direction of reading; "attachment" if none is left."""
    last = unicodedata.normalize("NFC", typed).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(each for each in last if unicodedata.category(each)[0] != "C").strip(" .")
    return " ".join(shown.split())[:_LONGEST_NAME].strip(" .") or "attachment"


def name_to_save(file: Attachment) -> str:
    """The name with the ending of what the file is, whatever ending it came with."""
    endings = _ENDINGS[file.kind or Kind.TEXT]
    return file.name if file.name.lower().endswith(endings) else file.name + endings[0]


def received(file: Attachment, kind: Kind, kept: Kept, at: datetime) -> Attachment:
    """Its content came: apart, until it was looked at."""
    return replace(
        file,
        stage=Stage.QUARANTINED,
        version=file.version + 1,
        kind=kind,
        kept=kept,
        uploaded_digest=kept.digest,
        next_try_at=at,
    )


def released(file: Attachment, cleaned: Kept, at: datetime) -> Attachment:
    """It was scanned and made anew: it can be had."""
    return replace(_settled(file, at), stage=Stage.AVAILABLE, reason=None, kept=cleaned)


def refused(file: Attachment, flaw: Flaw, at: datetime) -> Attachment:
    """It cannot be had, and its content goes; that it was there, and why it went, stays."""
    return replace(_settled(file, at), stage=Stage.REFUSED, reason=str(flaw), kept=None)


def removed(file: Attachment, at: datetime) -> Attachment:
    """Its side took it back: name and content go, and what was shown before is in the ledger."""
    return replace(_settled(file, at), stage=Stage.REMOVED, reason=None, kept=None, name="")


def _settled(file: Attachment, at: datetime) -> Attachment:
    return replace(file, version=file.version + 1, settled_at=at, next_try_at=None)


def waiting(file: Attachment, at: datetime) -> Attachment:
    """No verdict was had: it stays apart, and is tried again, more and more rarely. Not a version: nothing changed."""
    wait = min(_FIRST_WAIT * 2**file.tries, _LONGEST_WAIT)
    return replace(file, reason=SCANNER_AWAY, tries=min(file.tries + 1, 20), next_try_at=at + wait)


def may_have(file: Attachment, party: Party, request: Request) -> bool:
    """Whether this side may have the file at all, before sharing is decided.

    Its own side may while it is kept; of a final request the recipient is left with what it wrote itself.
    """
    if file.stage is not Stage.AVAILABLE:
        return False
    return file.party is party or party is Party.REFERRER or request.state not in FINAL
