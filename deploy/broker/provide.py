"""Make the stream of events and each service's durable, as the broker's administrator. Safe to repeat.

Runs in any service's image, where connective.contracts and nats-py are: services themselves create nothing.
`BROKER_URL` is nats://admin:PASSWORD@host:port, `BROKER_REPLICAS` the number of copies of each event (1 or 3).
"""

import asyncio
import os
import sys

import nats
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from connective.contracts.subscriptions import SUBSCRIPTIONS

STREAM = "EVENTS"
_WAIT_SECONDS = 60


def stream(replicas: int) -> StreamConfig:
    """The stream: what is acknowledged is on disk, and nothing is dropped to make room."""
    return StreamConfig(
        name=STREAM,
        subjects=["hub.>"],
        storage=StorageType.FILE,
        retention=RetentionPolicy.LIMITS,
        discard=DiscardPolicy.NEW,
        duplicate_window=7_200.0,
        max_age=30 * 86_400.0,
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


async def provide(client: Client, replicas: int) -> None:
    """Make what is missing, and bring what exists to this shape."""
    jetstream = client.jetstream()
    try:
        await jetstream.stream_info(STREAM)
    except NotFoundError:
        await jetstream.add_stream(stream(replicas))
    else:
        await jetstream.update_stream(stream(replicas))
    for service, subjects in SUBSCRIPTIONS.items():
        if subjects:
            await jetstream.add_consumer(STREAM, durable(service, subjects))


async def main() -> int:
    """Wait for the broker, then provide. Answers the exit code."""
    url, replicas = os.environ["BROKER_URL"], int(os.environ.get("BROKER_REPLICAS", "1"))
    for _ in range(_WAIT_SECONDS):
        try:
            client = await nats.connect(url, allow_reconnect=False, connect_timeout=2)
        except (OSError, NatsError, TimeoutError) as error:
            sys.stdout.write(f"The broker is not there yet ({type(error).__name__}).\n")
            await asyncio.sleep(1)
            continue
        await provide(client, replicas)
        await client.close()
        sys.stdout.write(f"Stream {STREAM} and its durables are there.\n")
        return 0
    sys.stderr.write("The broker did not answer within a minute.\n")
    return 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
