"""The stream of events and each service's durable, made by an administrator: services create nothing."""

from dataclasses import replace

from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.client import JetStreamContext
from nats.js.errors import NotFoundError

from connective.local.broker_accounts import STREAM, Subscriptions

_DAY = 86_400.0

EVENTS = StreamConfig(
    name=STREAM,
    subjects=["hub.>"],
    storage=StorageType.FILE,
    retention=RetentionPolicy.LIMITS,
    discard=DiscardPolicy.NEW,
    duplicate_window=7_200.0,
    max_age=30 * _DAY,
    num_replicas=1,
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


async def provide_stream(client: Client, subscriptions: Subscriptions) -> None:
    """Make the stream and the durables, or bring those that exist to this shape. Safe to repeat."""
    jetstream = client.jetstream()
    try:
        await jetstream.stream_info(STREAM)
    except NotFoundError:
        await jetstream.add_stream(replace(EVENTS))
    else:
        await jetstream.update_stream(replace(EVENTS))
    for service, subjects in subscriptions.items():
        if subjects:
            await jetstream.add_consumer(STREAM, durable(service, subjects))


async def recreate_stream(client: Client, subscriptions: Subscriptions) -> None:
    """Throw every event away and begin again: for tests, as the stream itself allows neither purge nor delete."""
    jetstream: JetStreamContext = client.jetstream()
    await jetstream.delete_stream(STREAM)
    await provide_stream(client, subscriptions)
