"""The outbox: facts are rows of the deciding transaction, published afterwards by one relay per database.

Rows are published in id order among those not yet published. Reading on from the last id seen loses facts, because
ids are handed out before commit; ordering by snapshot inverts the order within a record. See docs/adr.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol
from uuid import UUID

import pydantic_core
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
    text,
)

from connective.kit.context import trace


class Announceable(Protocol):
    """What can be told: a typed payload that knows its subject and its record."""

    subject: ClassVar[str]

    @property
    def aggregate_id(self) -> UUID: ...  # noqa: D102 - the record the fact is about

    @classmethod
    def type_name(cls) -> str: ...  # noqa: D102 - the CloudEvents type

    def model_dump_json(self) -> str: ...  # noqa: D102 - the payload


@dataclass(frozen=True, slots=True)
class Fact:
    """One event as it is stored and sent."""

    id: UUID
    subject: str
    type: str
    aggregate_id: UUID
    aggregate_version: int
    place_id: UUID
    data: str
    """The payload as JSON text."""
    traceparent: str


def outbox_tables(metadata: MetaData) -> tuple[Table, Table]:
    """The outbox and the head of its feed, for a service's metadata."""
    outbox = Table(
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("event_id", Uuid, nullable=False, unique=True),
        Column("subject", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("aggregate_id", Uuid, nullable=False),
        Column("aggregate_version", Integer, nullable=False),
        Column("place_id", Uuid, nullable=False),
        Column("data", Text, nullable=False),
        Column("traceparent", Text, nullable=False),
        Column("occurred_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("feed_position", BigInteger),
        Column("published_at", DateTime(timezone=True)),
        Index("outbox_unpublished", "id", postgresql_where=text("published_at IS NULL")),
        Index("outbox_feed", "place_id", "feed_position", postgresql_where=text("feed_position IS NOT NULL")),
    )
    head = Table(
        "outbox_head",
        metadata,
        Column("only", Integer, primary_key=True, server_default="1"),
        Column("position", BigInteger, nullable=False, server_default="0"),
    )
    return outbox, head


OUTBOX_COLUMNS = "event_id, subject, type, aggregate_id, aggregate_version, place_id, data, traceparent"
OUTBOX_UNNEST = "uuid[], text[], text[], uuid[], int[], uuid[], text[], text[]"
INSERT_FACTS = (
    f"INSERT INTO outbox ({OUTBOX_COLUMNS}) SELECT * FROM unnest("  # noqa: S608 - constants only
    "$1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::int[], $6::uuid[], $7::text[], $8::text[])"
)


def fact_arrays(facts: list[Fact]) -> tuple[list[Any], ...]:
    """The facts as columns, in the order of OUTBOX_COLUMNS, for one `unnest`."""
    return (
        [fact.id for fact in facts],
        [fact.subject for fact in facts],
        [fact.type for fact in facts],
        [fact.aggregate_id for fact in facts],
        [fact.aggregate_version for fact in facts],
        [fact.place_id for fact in facts],
        [fact.data for fact in facts],
        [fact.traceparent for fact in facts],
    )


def cloud_event(row: Any, source: str) -> bytes:  # noqa: ANN401 - a driver row
    """A row of the outbox as a structured CloudEvents 1.0 message; its payload is JSON already, and stays as it is."""
    head = {
        "specversion": "1.0",
        "id": str(row["event_id"]),
        "source": source,
        "type": row["type"],
        "subject": str(row["aggregate_id"]),
        "time": row["occurred_at"].strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "datacontenttype": "application/json",
        "traceparent": row["traceparent"] or trace().traceparent,
        "aggregateversion": row["aggregate_version"],
        "placeid": str(row["place_id"]),
    }
    return b'%s,"data":%s}' % (pydantic_core.to_json(head)[:-1], row["data"].encode())
