"""The pages as a program: `serve`, `work`, `migrate`, `registration`."""

import argparse
import sys

from connective.kit.command_line import load


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
    status: int = load("connective.frontend.program:run")(options)
    return status


if __name__ == "__main__":
    sys.exit(main())
