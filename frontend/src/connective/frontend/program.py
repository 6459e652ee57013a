"""What each verb of the pages does; loaded once the command line is read, as every service loads what it needs."""

import argparse
import asyncio
import json
import sys

import uvloop

from connective.frontend.app import NAME, Frontend
from connective.frontend.clients.authorization import load_key, registration
from connective.frontend.settings import FrontendSettings
from connective.kit import logs
from connective.kit.migrations import run_migrations
from connective.kit.process import listener, serve_on


def run(options: argparse.Namespace) -> int:
    """Run one verb; answers the exit status."""
    settings = FrontendSettings()
    if options.verb == "registration":
        client = registration(settings.client_id, settings.callback, load_key(settings.signing_key))
        sys.stdout.write(json.dumps({"clients": [client]}, indent=2) + "\n")
        return 0
    logs.configure(NAME, settings.log_level)
    if options.verb == "migrate":
        if settings.owner_url is None:
            sys.stderr.write("migrate needs the owner's URL in the environment.\n")
            return 2
        run_migrations(NAME, settings.owner_url, to=options.down_to or options.to, down=options.down_to is not None)
        return 0
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(settings, options))
    return 0


async def _run(settings: FrontendSettings, options: argparse.Namespace) -> None:
    frontend = Frontend(settings)
    serving = options.verb == "serve"
    app = frontend.app(with_work=options.with_work) if serving else frontend.worker_app()
    await serve_on(app, listener(options))
