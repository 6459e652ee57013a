"""A service's command line and process: `serve`, `work`, `migrate`, `replay-parked`, and printing its OpenAPI."""

import argparse
import asyncio
import gc
import json
import socket
import sys
from datetime import datetime
from typing import Any
from uuid import UUID

import uvicorn
import uvloop

from connective.kit import logs
from connective.kit.migrations import run_migrations
from connective.kit.replay import replay_parked
from connective.kit.service import Running, Service
from connective.kit.settings import ServiceSettings


def _listener(options: argparse.Namespace) -> socket.socket:
    if options.fd is not None:
        return socket.socket(fileno=options.fd)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((options.host, options.port))
    return listener


async def _serve(app: Any, listener: socket.socket) -> None:  # noqa: ANN401 - any ASGI application
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
    await uvicorn.Server(config).serve(sockets=[listener])


def spare_the_collector() -> None:
    """Set aside what lives as long as the process, and look for cycles less often: it took a tenth of each request."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)


_COLLECT_AFTER = (20_000, 20, 50)
"""New objects before the youngest are looked through, and how often the older ones are, in those rounds."""
_REPUBLISH = "publish again what happened since then: the broker's storage was lost (2026-11-01T00:00:00+00:00)"


def parser(name: str) -> tuple[argparse.ArgumentParser, Any]:
    """The command line every service has; its own commands are added to the second value."""
    top = argparse.ArgumentParser(prog=f"python -m connective.{name}")
    verbs = top.add_subparsers(dest="verb", required=True)
    serve = verbs.add_parser("serve", help="answer requests")
    serve.add_argument("--with-work", action="store_true", help="run the worker in the same process")
    work = verbs.add_parser("work", help="relay, consume, and run the clocks")
    work.add_argument("--republish-since", type=datetime.fromisoformat, default=None, metavar="TIME", help=_REPUBLISH)
    for each in (serve, work):
        each.add_argument("--host", default="127.0.0.1")
        each.add_argument("--port", type=int, default=0, help="0 takes any free one")
        each.add_argument("--fd", type=int, default=None, help="a listening socket that the parent opened")
    migrate = verbs.add_parser("migrate", help="bring the database to this release, as its owner")
    migrate.add_argument("--to", default="head")
    migrate.add_argument("--down-to", default=None)
    replay = verbs.add_parser(
        "replay-parked", help="let events that were set aside take effect, once their fault is mended"
    )
    replay.add_argument("--event", type=UUID, default=None, metavar="ID", help="only the record this event is about")
    verbs.add_parser("openapi", help="print the service's OpenAPI document")
    return top, verbs


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
        run_migrations(
            service.name, settings.owner_url, to=options.down_to or options.to, down=options.down_to is not None
        )
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
        await _serve(running.app(with_work=options.with_work), _listener(options))
        return
    if options.republish_since is not None:
        count = await running.relay.republish_since(options.republish_since)
        logs.log().info("republishing", count=count)
    await _serve(running.worker_app(), _listener(options))
