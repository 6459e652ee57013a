"""`python -m connective.local up | demo | code | mail | bench | down | reset | status`: the Hub on this machine."""

import argparse
import asyncio
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from connective.local.accounts import NoAccountError
from connective.local.bench.running import BENCHMARKS, run_benchmarks
from connective.local.binaries import ProgramMissingError
from connective.local.codes import NobodyOfThatNameError, code_of
from connective.local.control import describe_running, reset, run_until_told, stop_running
from connective.local.demo import demonstrate
from connective.local.description import write_description
from connective.local.folders import UnsafeFolderError
from connective.local.mail_catcher import PORT as MAIL_PORT
from connective.local.mail_catcher import catch_until_told
from connective.local.pictures import NoBrowserError
from connective.local.ports import PortTakenError
from connective.local.processes import ProgramEndedError
from connective.local.services import EVERYTHING, EXAMPLE_PLACES, PORTS
from connective.local.stack import Stack
from connective.local.state import StateInUseError, default_folder, running
from connective.local.supervisor import OnDeath

# What a person can do something about; the message says what, and a traceback would only hide it.
_EXPLAINED = (
    NoAccountError,
    NoBrowserError,
    NobodyOfThatNameError,
    PortTakenError,
    ProgramEndedError,
    ProgramMissingError,
    StateInUseError,
    UnsafeFolderError,
)


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says. Answers the exit code."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.act(options)
    except _EXPLAINED as problem:
        print(problem, file=sys.stderr)
        return 1
    return code


def _up(options: argparse.Namespace) -> int:
    found = running(options.state)
    if found is not None:
        print(describe_running(found, options.state))
        return 0
    asyncio.run(_run(options))
    return 0


async def _run(options: argparse.Namespace) -> None:
    stack = Stack(
        options.state,
        services=options.only or EVERYTHING,
        ports=dict(options.port),
        places=options.places,
        on_death=options.on_death,
    )
    await run_until_told(stack)


def _demo(options: argparse.Namespace) -> int:
    found = running(options.state)
    if found is not None:
        print(describe_running(found, options.state))
        return 1
    once = options.once or options.picture is not None or options.screenshots is not None
    made = demonstrate(options.state, once=once, picture=options.picture, screenshots=options.screenshots)
    return asyncio.run(made)


def _openapi(_: argparse.Namespace) -> int:
    print(f"Wrote {asyncio.run(write_description(Path.cwd()))}.")
    return 0


def _mail(options: argparse.Namespace) -> int:
    with suppress(KeyboardInterrupt):
        asyncio.run(catch_until_told(options.mail_port))
    return 0


def _code(options: argparse.Namespace) -> int:
    print(code_of(options.state, options.name, datetime.now(UTC)))
    return 0


def _bench(options: argparse.Namespace) -> int:
    asyncio.run(run_benchmarks(options.name))
    return 0


def _folders(options: argparse.Namespace) -> tuple[Path, ...]:
    """Where something may run: in the folder that was named, else in that of `up` or of the demo."""
    return (options.state,) if options.state else (default_folder(), _demo_folder())


def _demo_folder() -> Path:
    """The demo begins afresh each time, so it keeps its hands off what `up` has stored."""
    folder = default_folder()
    return folder.with_name(f"{folder.name}-demo")


def _down(options: argparse.Namespace) -> int:
    stopped = [stop_running(folder) for folder in _folders(options)]
    print("The Hub is stopped." if any(stopped) else "The Hub was not running.")
    return 0


def _reset(options: argparse.Namespace) -> int:
    removed = reset(options.state)
    print(f"Removed {options.state}." if removed else "There was nothing to remove.")
    return 0


def _status(options: argparse.Namespace) -> int:
    found = [describe_running(what, folder) for folder in _folders(options) if (what := running(folder))]
    print("\n".join(found) or "The Hub is not running.")
    return 0 if found else 3


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m connective.local", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    up = verbs.add_parser("up", help="start everything and stay until Ctrl-C")
    up.set_defaults(act=_up)
    up.add_argument("--port", action="append", default=[], type=_port, metavar="NAME=PORT", help=_PORT_HELP)
    up.add_argument("--only", action="append", choices=EVERYTHING, help="run this service only; may be repeated")
    up.add_argument("--places", type=Path, default=EXAMPLE_PLACES, help="the places file (default: an example)")
    up.add_argument("--on-death", type=OnDeath, choices=list(OnDeath), default=OnDeath.STOP, help=_DEATH_HELP)
    demo = verbs.add_parser("demo", help="start afresh, do the main job step by step, and stay up")
    demo.set_defaults(act=_demo)
    demo.add_argument("--once", action="store_true", help="stop after the story; exit code 1 if a step differs")
    mail = verbs.add_parser("mail", help="show what the Hub posts by e-mail, and send it nowhere")
    mail.set_defaults(act=_mail)
    mail.add_argument("--mail-port", type=int, default=MAIL_PORT, help=f"where it listens (default {MAIL_PORT})")
    code = verbs.add_parser("code", help="show the code that somebody of the demo signs in with now")
    code.set_defaults(act=_code)
    code.add_argument("name", help="their e-mail address, or the part of it before the @")
    bench = verbs.add_parser("bench", help="measure side by side on a Hub of its own; writes build/bench.json")
    bench.set_defaults(act=_bench)
    bench.add_argument("name", nargs="*", type=_benchmark, help=f"only these of {', '.join(BENCHMARKS)}")
    demo.add_argument(
        "--picture", type=Path, default=None, metavar="FILE", help="draw the story as SVG (implies --once)"
    )
    demo.add_argument(
        "--screenshots", type=Path, default=None, metavar="FOLDER", help="picture the main pages (implies --once)"
    )
    for verb, act, words in (
        ("openapi", _openapi, "write the merged API description to docs/openapi.json"),
        ("down", _down, "stop what runs"),
        ("reset", _reset, "stop what runs and delete all of its data"),
        ("status", _status, "say what runs, and where it answers"),
    ):
        verbs.add_parser(verb, help=words).set_defaults(act=act)
    own = dict.fromkeys(("demo", "code"), _demo_folder()) | dict.fromkeys(("down", "status"), None)
    for verb, each in verbs.choices.items():
        each.add_argument("--state", type=Path, default=own.get(verb, default_folder()), help="the state folder")
    return parser


_PORT_HELP = f"another port for one of {', '.join(PORTS)}; 0 takes any free one"
_DEATH_HELP = "what follows when a service ends by itself"


def _port(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    if name not in PORTS or not number.isdecimal() or int(number) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=PORT, with a name from: {', '.join(PORTS)}")
    return name, int(number)


def _benchmark(text: str) -> str:
    if text not in BENCHMARKS:
        raise argparse.ArgumentTypeError(f"{text!r} is none of: {', '.join(BENCHMARKS)}")
    return text


if __name__ == "__main__":
    sys.exit(main())
