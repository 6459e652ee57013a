"""A pass-through on the gateway's own HTTP libraries, and nothing else: what passing on costs with nothing checked.

It believes every caller, changes no header and knows one service: a measure beside the gateway, never one itself.
"""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
import uvloop
from pyreqwest.client import Client

from connective.local.bench.calling import caller

Message = MutableMapping[str, Any]
Application = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
]


@asynccontextmanager
async def bare_proxy(target: str) -> AsyncIterator[str]:
    """Run one before `target` in a process of its own, as the gateway runs in one; yields its address."""
    with socket.create_server(("127.0.0.1", 0), backlog=1_024) as listener:
        number, port = listener.fileno(), listener.getsockname()[1]
        command = (sys.executable, "-m", __name__, target, str(number))
        process = await asyncio.create_subprocess_exec(*command, pass_fds=(number,))
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


def _passing_on(client: Client, target: str) -> Application:
    async def application(
        scope: Message, _: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        headers = [(name.decode(), value.decode()) for name, value in scope["headers"] if name != b"host"]
        request = client.get(target + scope["path"]).headers(headers).streamed_read_buffer_limit(0)
        async with request.build_streamed() as response:
            piece = await response.body_reader.read_chunk()
            returned = [(name.encode(), value.encode()) for name, value in response.headers.items()]
            await send({"type": "http.response.start", "status": response.status, "headers": returned})
            await send({"type": "http.response.body", "body": bytes(piece or b""), "more_body": False})

    return application


async def _serve(target: str, number: int) -> None:
    async with caller() as client:
        config = uvicorn.Config(
            _passing_on(client, target),
            http="httptools",
            access_log=False,
            server_header=False,
            date_header=False,
            log_config=None,
            proxy_headers=False,
            lifespan="off",
        )
        await uvicorn.Server(config).serve(sockets=[socket.socket(fileno=number)])


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(sys.argv[1], int(sys.argv[2])))
