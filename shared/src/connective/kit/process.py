"""A service's process: how each of the common verbs is run."""

import argparse
import asyncio
import gc
import json
import socket
import sys
from pkgutil import resolve_name
from typing import Any
from uuid import UUID

import uvicorn
import uvloop

from connective.kit import logs
from connective.kit.replay import replay_parked
from connective.kit.service import Running, Service
from connective.kit.settings import ServiceSettings


def listener(options: argparse.Namespace) -> socket.socket:
    """The socket to listen on: the one that was handed on, or one of its own."""
    if options.fd is not None:
        return socket.socket(fileno=options.fd)
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.bind((options.host, options.port))
    return opened


async def serve_on(app: Any, opened: socket.socket) -> None:  # noqa: ANN401 - any ASGI application
    """Serve on a socket until stopped."""
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        access_log=False,
        server_header=False,
        log_config=None,
        proxy_headers=False,
        lifespan="on",
        timeout_graceful_shutdown=5,
    )
    spare_the_collector()
    await uvicorn.Server(config).serve(sockets=[opened])


def spare_the_collector() -> None:
    """Set aside what lives as long as the process, and look for cycles less often: it took a tenth of each request.

    What is garbage by now is set aside with it: a thousand objects of 200,000, and looking for them took a tenth of
    the time of a start.
    """
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)


_COLLECT_AFTER = (20_000, 20, 50)
"""New objects before the youngest are looked through, and how often the older ones are, in those rounds."""


def run(service: Service[Any], options: argparse.Namespace) -> int:
    """Run one of the common verbs."""
    settings = service.settings()
    logs.configure(service.name, settings.log_level)
    if options.verb == "openapi":
        sys.stdout.write(json.dumps(Running(service, settings).app().openapi(), indent=2) + "\n")
        return 0
    if options.verb == "migrate":
        if settings.owner_url is None:
            sys.stderr.write("migrate needs the owner's URL in the environment.\n")
            return 2
        migrate = resolve_name("connective.kit.migrations:run_migrations")  # What serves need not load Alembic.
        migrate(service.name, settings.owner_url, to=options.down_to or options.to, down=options.down_to is not None)
        return 0
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        if options.verb == "replay-parked":
            return runner.run(_replay(service, settings, options.event))
        runner.run(_run_long(service, settings, options))
    return 0


async def _replay(service: Service[Any], settings: ServiceSettings, event_id: UUID | None) -> int:
    """Replay what was parked, and say what came of it; the status is 1 while something of it failed again."""
    running = Running(service, settings)
    try:
        async with running.outgoing:
            done = await replay_parked(service.name, running.database, running.consumer, event_id)
    finally:
        await running.close()
    sys.stdout.write(f"{done.events} events replayed; {done.records_failed} records failed again and stay parked.\n")
    return 1 if done.records_failed else 0


async def _run_long(service: Service[Any], settings: ServiceSettings, options: argparse.Namespace) -> None:
    running = Running(service, settings)
    if options.verb == "serve":
        await serve_on(running.app(with_work=options.with_work), listener(options))
        return
    if options.republish_since is not None:
        count = await running.relay.republish_since(options.republish_since)
        logs.log().info("republishing", count=count)
    await serve_on(running.worker_app(), listener(options))
