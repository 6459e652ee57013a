"""How the gateway listens: as every service, but through its door, and believing no proxy about addresses by itself."""

import argparse
import asyncio
import socket

import uvicorn
import uvloop

from connective.gateway.api.connections import BoundedConnection
from connective.gateway.app import assemble, service
from connective.gateway.settings import GatewaySettings
from connective.kit import logs
from connective.kit.process import spare_the_collector
from connective.kit.service import Running

_BACKLOG = 1_024


def serve(options: argparse.Namespace) -> int:
    """Serve until stopped."""
    settings = GatewaySettings()
    logs.configure("gateway", settings.log_level)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, options))
    return 0


async def _serve(settings: GatewaySettings, options: argparse.Namespace) -> None:
    running = Running(service(lambda: settings), settings)
    config = uvicorn.Config(
        assemble(running, with_work=options.with_work),
        loop="uvloop",
        http=BoundedConnection,
        access_log=False,
        server_header=False,
        log_config=None,
        lifespan="on",
        # The door itself decides whose X-Forwarded-For is believed; uvicorn would believe whoever comes from loopback.
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )
    spare_the_collector()
    await uvicorn.Server(config).serve(sockets=[_listener(options)])


def _listener(options: argparse.Namespace) -> socket.socket:
    if options.fd is not None:
        return socket.socket(fileno=options.fd)
    return socket.create_server((options.host, options.port), backlog=_BACKLOG)
