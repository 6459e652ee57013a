"""What officers say to each other about a clause or flow of a version, in threads that somebody resolves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.consent.domain.agreement import AgreementVersion
from connective.consent.domain.canonical import plain
from connective.consent.domain.refusals import NotNow, NotYours, Unacceptable


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment. A reply names the comment that opened its thread, and stands at the same place of the text."""

    id: UUID
    thread_id: UUID | None
    """None for the comment that opens a thread."""
    pointer: str
    """JSON Pointer (RFC 6901) into the terms, for example `/flows/0`; empty for the whole."""
    legal_entity_id: UUID
    author_id: str
    text: str
    at: datetime
    resolved_by: str | None = None
    resolved_at: datetime | None = None


def _points_at_something(terms: Any, pointer: str) -> bool:  # noqa: ANN401 - JSON values have no narrower type
    at = terms
    for part in pointer.split("/")[1:]:
        if isinstance(at, dict) and part in at:
            at = at[part]
        elif isinstance(at, list) and part.isdecimal() and int(part) < len(at):
            at = at[int(part)]
        else:
            return False
    return pointer == "" or pointer.startswith("/")


def demand_speaker(version: AgreementVersion, entity_id: UUID) -> None:
    """Raise NotYours unless the legal entity leads the agreement or is party to it: an auditor only reads."""
    if entity_id != version.lead_entity_id and version.terms.party(entity_id) is None:
        raise NotYours("not_a_party", "Only the lead and the parties comment on an agreement.")


def open_thread(version: AgreementVersion, comment: Comment) -> Comment:
    """A comment that opens a thread. Raises Unacceptable when it points at nothing of the terms."""
    demand_speaker(version, comment.legal_entity_id)
    if not _points_at_something(plain(version.terms), comment.pointer):
        raise Unacceptable("no_such_clause", "The terms have no such clause or flow.", "/pointer")
    return comment


def reply(version: AgreementVersion, opening: Comment, comment: Comment) -> Comment:
    """A reply in an open thread. Raises NotNow in one that is resolved, Unacceptable to a reply."""
    demand_speaker(version, comment.legal_entity_id)
    if opening.thread_id is not None:
        raise Unacceptable("not_a_thread", "Reply to the comment that opened the thread.", "/reply_to")
    if opening.resolved_at is not None:
        raise NotNow("resolved_already", "This thread is resolved: open another.")
    return comment


def resolve(version: AgreementVersion, opening: Comment, entity_id: UUID) -> None:
    """Whoever opened a thread resolves it, or the lead. Raises NotYours, NotNow, Unacceptable for a reply."""
    if entity_id not in {opening.legal_entity_id, version.lead_entity_id}:
        raise NotYours("not_your_thread", "Whoever opened the thread resolves it, or the lead.")
    if opening.thread_id is not None:
        raise Unacceptable("not_a_thread", "Resolve the comment that opened the thread.")
    if opening.resolved_at is not None:
        raise NotNow("resolved_already", "This thread is resolved already.")
