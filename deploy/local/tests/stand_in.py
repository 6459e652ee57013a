"""A stand-in for a service: it keeps the contract of processes, and needs nothing of the real ones.

python stand_in.py NAME migrate | serve --with-work --fd N
"""

import asyncio
import json
import os
import signal
import socket
import sys
from pathlib import Path

import asyncpg
from nats.aio.client import Client

NAME = sys.argv[1]
PREFIX = NAME.upper() + "_"


def setting(name: str) -> str:
    return os.environ[PREFIX + name]


async def migrate() -> None:
    connection = await asyncpg.connect(setting("OWNER_URL"))
    await connection.execute("CREATE TABLE IF NOT EXISTS visit (at timestamptz NOT NULL DEFAULT now())")
    await connection.execute(f"GRANT SELECT, INSERT ON visit TO {NAME}_app")
    await connection.close()
    print("migrated")


def owners() -> list[str]:
    keys = json.loads(Path(setting("TRUSTED_KEYS")).read_text(encoding="utf-8"))["keys"]
    return [key["owner"] for key in keys]


async def visit() -> dict[str, object]:
    """Write to the database and to the broker, and tell what the environment was."""
    connection = await asyncpg.connect(setting("DATABASE_URL"))
    await connection.execute("INSERT INTO visit DEFAULT VALUES")
    visits = await connection.fetchval("SELECT count(*) FROM visit")
    await connection.close()
    client = Client()
    await client.connect(setting("NATS_URL"), allow_reconnect=False)
    await client.jetstream().publish(f"hub.{NAME}.stand_in.visited", b"{}")
    await client.close()
    names = sorted(name for name in os.environ if name.startswith(("FAMILIES_", "CONSENT_", "GATEWAY_")))
    return {"visits": visits, "owners": owners(), "settings": names, "pid": os.getpid()}


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    path = (await reader.readline()).split()[1]
    while (await reader.readline()).strip():
        pass
    if path == b"/crash":
        os._exit(7)
    body = json.dumps(await visit() if path == b"/visit" else {}).encode()
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    await writer.drain()
    writer.close()


async def serve(descriptor: int) -> None:
    server = await asyncio.start_server(answer, sock=socket.socket(fileno=descriptor))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    print(f"serving as process {os.getpid()}")
    await stop.wait()
    server.close()
    print("stopped in order")


if sys.argv[2] == "migrate":
    asyncio.run(migrate())
else:
    assert sys.argv[3:5] == ["--with-work", "--fd"]
    asyncio.run(serve(int(sys.argv[5])))
