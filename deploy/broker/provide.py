"""Make the stream of events and each service's durable, as the broker's administrator. Safe to repeat.

Runs in any service's image, where the common package is: services themselves create nothing.
`BROKER_URL` is nats://admin:PASSWORD@host:port, `BROKER_REPLICAS` the number of copies of each event (1 or 3).
"""

import asyncio
import os
import sys

import nats
from nats.errors import Error as NatsError

from connective.contracts.subscriptions import SUBSCRIPTIONS
from connective.kit.stream import provide_stream

_WAIT_SECONDS = 60


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
        await provide_stream(client, SUBSCRIPTIONS, replicas)
        await client.close()
        sys.stdout.write("The stream and its durables are there.\n")
        return 0
    sys.stderr.write("The broker did not answer within a minute.\n")
    return 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
