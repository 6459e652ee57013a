"""A service's command line: `serve`, `work`, `migrate`, `replay-parked`, and printing its OpenAPI.

What a verb needs is loaded once it is known: an operator's command needs no framework, no broker and no route, which
take seconds to load, and what serves needs nothing that migrates.
"""

import argparse
import gc
from datetime import datetime
from pkgutil import resolve_name
from typing import Any
from uuid import UUID

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


def run(service: str, options: argparse.Namespace) -> int:
    """Run one of the common verbs of the service that `service` names, as `package.module:ATTRIBUTE`."""
    process, found = load("connective.kit.process:run"), load(service)
    status: int = process(found, options)
    return status


def load(name: str) -> Any:  # noqa: ANN401 - whatever is named
    """What `package.module:ATTRIBUTE` stands for.

    Of what is loaded nearly nothing is garbage: to look for some meanwhile took a sixth of the time of a start.
    """
    gc.disable()
    try:
        return resolve_name(name)
    finally:
        gc.enable()
