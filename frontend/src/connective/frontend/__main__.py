"""The pages as a program: `serve`, `work`, `migrate`, `registration`."""

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


def _parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m connective.frontend")
    verbs = top.add_subparsers(dest="verb", required=True)
    serve = verbs.add_parser("serve", help="show pages")
    serve.add_argument("--with-work", action="store_true", help="run the worker in the same process")
    work = verbs.add_parser("work", help="forget what is over")
    for each in (serve, work):
        each.add_argument("--host", default="127.0.0.1")
        each.add_argument("--port", type=int, default=0, help="0 takes any free one")
        each.add_argument("--fd", type=int, default=None, help="a listening socket that the parent opened")
    migrate = verbs.add_parser("migrate", help="bring the database to this release, as its owner")
    migrate.add_argument("--to", default="head")
    migrate.add_argument("--down-to", default=None)
    verbs.add_parser("registration", help="print what the gateway's `seed` takes, so that it knows these pages")
    return top


def main() -> int:
    """Run one verb; answers the exit status."""
    options = _parser().parse_args()
    settings = FrontendSettings()
    if options.verb == "registration":
        client = registration(settings.client_id, settings.callback, load_key(settings.signing_key))
        print(json.dumps({"clients": [client]}, indent=2))
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


if __name__ == "__main__":
    sys.exit(main())
