"""What enters the ledger: one canonical entry per act, with people only as pseudonyms.

A person's id and any free text about them enter an entry only as HMAC under that person's own random key, which lies
outside the log. Erasing the key turns the pseudonym into noise; every proof over the log still verifies.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from secrets import token_bytes
from typing import Any, NamedTuple
from uuid import UUID

from connective.consent.domain.canonical import canonical, instant, known_id, words
from connective.consent.domain.merkle import leaf_hash

ENTRY_FORMAT = 1
KEY_BYTES = 32
_PSEUDONYM_BYTES = 16


class EntryKind(StrEnum):
    """What sort of act an entry is about."""

    ACCESS = "access"
    AGREEMENT = "agreement"
    AUDIT = "audit"
    CONSENT = "consent"
    DECISION = "decision"
    DISCLOSURE = "disclosure"
    ENTITY = "entity"
    ERASURE = "erasure"
    EXPORT = "export"
    NOTICE = "notice"
    OBJECTION = "objection"
    OVERRIDE = "override"
    RETENTION = "retention"
    ROLE = "role"
    RULING = "ruling"


def new_person_key() -> bytes:
    """A person's own random key."""
    return token_bytes(KEY_BYTES)


def pseudonym(person_id: UUID, key: bytes) -> str:
    """How a person appears in the ledger and to an auditor: the same in every entry, and nothing without the key."""
    return hmac.digest(key, b"person\0" + person_id.bytes, "sha256")[:_PSEUDONYM_BYTES].hex()


def sealed_text(text: str, key: bytes) -> str:
    """What proves that a text about a person was this one, without holding it."""
    return hmac.new(key, b"text\0" + text.encode(), sha256).hexdigest()


class Entry(NamedTuple):
    """One act as it enters the log."""

    id: UUID
    spelled: str
    """Its id as text."""
    place_id: UUID
    kind: EntryKind
    body: str
    """Canonical JSON (RFC 8785), exactly the bytes that are hashed."""
    leaf_hash: bytes


class Heading(NamedTuple):
    """What entries of one act, by one actor at one instant, have in common, as it is written around each one's own."""

    place_id: UUID
    kind: EntryKind
    before_facts: str
    before_id: str
    after_id: str

    def entry(self, entry_id: UUID, spelled: str, facts: str) -> Entry:
        """The entry of facts that are canonical JSON already; its id comes with its text."""
        body = f"{self.before_facts}{facts}{self.before_id}{spelled}{self.after_id}"
        return Entry(entry_id, spelled, self.place_id, self.kind, body, leaf_hash(body.encode()))


def heading(
    place_id: UUID, kind: EntryKind, *, act: str, at: datetime, actor_id: str, organisation_id: UUID | None
) -> Heading:
    """The heading of an act's entries. Members are in the order of RFC 8785, which is that of their names."""
    return Heading(
        place_id,
        kind,
        f'{{"act":{words(act)},"actor_id":{words(actor_id)},"at":{instant(at)},"facts":',
        f',"format":{ENTRY_FORMAT},"id":"',
        f'","kind":"{kind}","organisation_id":{known_id(organisation_id)},"place_id":{known_id(place_id)}}}',
    )


def make_entry(
    entry_id: UUID,
    place_id: UUID,
    kind: EntryKind,
    *,
    act: str,
    at: datetime,
    actor_id: str,
    organisation_id: UUID | None,
    facts: Mapping[str, Any],
) -> Entry:
    """The entry of an act. `facts` hold ids, codes, times and pseudonyms only; the caller keeps people's words out."""
    top = heading(place_id, kind, act=act, at=at, actor_id=actor_id, organisation_id=organisation_id)
    return top.entry(entry_id, str(entry_id), canonical(dict(facts)).decode())
