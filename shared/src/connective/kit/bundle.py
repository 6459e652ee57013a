"""Bundles: facts that wait together and are of one kind travel as one message, and each stays a fact of its own.

Broker, relay and consumers pay by the message, whatever is in it. Each fact keeps its id, and takes effect by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any
from uuid import UUID

from connective.kit.bus import BUNDLE_TYPE, Outgoing
from connective.kit.outbox import cloud_event

MOST_FACTS = 50
"""A consumer that fails at one of them tries each by itself."""
MOST_BYTES = 200_000
"""Of a bundle: far below what the broker takes in one message (1 MB), and most facts are 600 bytes long."""


@dataclass(slots=True)
class _Bundle:
    subject: str
    ids: list[UUID] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    size: int = 0

    def add(self, event_id: UUID, body: bytes) -> None:
        self.ids.append(event_id)
        self.bodies.append(body)
        self.size += len(body)

    def message(self) -> Outgoing:
        if len(self.ids) == 1:
            return Outgoing(self.subject, str(self.ids[0]), self.bodies[0])
        # Of all ids, never of the first: after a crash the same facts may wait with others, and a message whose id the
        # broker knows counts as stored, with whatever is new in it.
        named = blake2b(b"".join(each.bytes for each in self.ids), digest_size=16).hexdigest()
        return Outgoing(self.subject, named, b"[%s]" % b",".join(self.bodies), BUNDLE_TYPE)


def bundles(rows: Sequence[Any], source: str) -> list[Outgoing]:
    """Rows of the outbox as messages, as few as can be, with the facts of each record in the order of the rows.

    A fact joins the newest bundle of its subject, unless one of its record stands in a later bundle already.
    """
    made: list[_Bundle] = []
    newest: dict[str, int] = {}
    last: dict[UUID, int] = {}
    for row in rows:
        subject, record, body = row["subject"], row["aggregate_id"], cloud_event(row, source)
        at = newest.get(subject)
        if at is None or at < last.get(record, 0) or not _has_room(made[at], body):
            at = newest[subject] = len(made)
            made.append(_Bundle(subject))
        made[at].add(row["event_id"], body)
        last[record] = at
    return [each.message() for each in made]


def _has_room(bundle: _Bundle, body: bytes) -> bool:
    return len(bundle.ids) < MOST_FACTS and bundle.size + len(body) <= MOST_BYTES
