"""The stream of events and each service's durable, as an administrator makes them: services create nothing.

Deployment, the one-machine stack and the tests make the broker from this one description; `bus` refuses a weaker one.
"""

from collections.abc import Mapping

from nats.aio.client import Client
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NotFoundError

from connective.kit.bus import STREAM

_KEPT_SECONDS = 30 * 86_400.0
_DUPLICATES_KNOWN_SECONDS = 7_200.0


def events_stream(replicas: int = 1) -> StreamConfig:
    """The stream: what is acknowledged is on disk, and nothing is dropped to make room."""
    return StreamConfig(
        name=STREAM,
        subjects=["hub.>"],
        storage=StorageType.FILE,
        retention=RetentionPolicy.LIMITS,
        discard=DiscardPolicy.NEW,
        duplicate_window=_DUPLICATES_KNOWN_SECONDS,
        max_age=_KEPT_SECONDS,
        num_replicas=replicas,
        deny_delete=True,
        deny_purge=True,
        allow_direct=False,
        allow_atomic=True,
    )


def durable(service: str, subjects: tuple[str, ...]) -> ConsumerConfig:
    """The pull consumer of one service: it never gives up on an event, and sees only its own subjects."""
    return ConsumerConfig(
        name=service,
        durable_name=service,
        filter_subjects=list(subjects),
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=30.0,
        max_ack_pending=5_000,
        max_deliver=-1,
    )


async def provide_stream(client: Client, subscriptions: Mapping[str, tuple[str, ...]], replicas: int = 1) -> None:
    """Make the stream and the durables, or bring those that exist to this shape. Safe to repeat."""
    jetstream = client.jetstream()
    try:
        await jetstream.stream_info(STREAM)
    except NotFoundError:
        await jetstream.add_stream(events_stream(replicas))
    else:
        await jetstream.update_stream(events_stream(replicas))
    for service, subjects in subscriptions.items():
        if subjects:
            await jetstream.add_consumer(STREAM, durable(service, subjects))
