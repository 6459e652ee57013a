"""Making the stream anew: only tests throw events away."""

from nats.aio.client import Client

from connective.kit.bus import STREAM
from connective.kit.stream import provide_stream
from connective.local.broker_accounts import Subscriptions


async def recreate_stream(client: Client, subscriptions: Subscriptions) -> None:
    """Throw every event away and begin again; the stream itself allows neither purge nor delete."""
    await client.jetstream().delete_stream(STREAM)
    await provide_stream(client, subscriptions)
