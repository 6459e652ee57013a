"""The gateway as a program: `serve`, `work`, `migrate`, `openapi`, `rotate-keys`, `seed`."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from connective.contracts.places import load_places
from connective.gateway.commands.admission import Admission
from connective.gateway.commands.passwords import Passwords
from connective.gateway.commands.refusals import NoProcessingAgreement
from connective.gateway.commands.rotate_keys import rotate_keys
from connective.gateway.commands.seed import load_seed, read_seed
from connective.gateway.settings import FACTOR_USE, KEY_USE, GatewaySettings
from connective.gateway.storage.prohibited_uses import read_texts
from connective.kit import logs
from connective.kit.clock import system_clock
from connective.kit.command_line import load, parser, run
from connective.kit.database import Database
from connective.kit.problems import Refusal
from connective.kit.sealing import Seal

_ASK_AGAIN_SECONDS = 0.2
Command = Callable[[GatewaySettings, Database, argparse.Namespace], Awaitable[str]]


async def _rotate(settings: GatewaySettings, database: Database, options: argparse.Namespace) -> str:
    places = [place.id for place in load_places(settings.places).places]
    kid = await rotate_keys(database, settings.key(KEY_USE), places, system_clock(), urgent=options.urgent)
    return f"Access tokens are signed by key {kid} from now on."


async def _seed(settings: GatewaySettings, database: Database, options: argparse.Namespace) -> str:
    seed = read_seed(options.file, load_places(settings.places))
    admission = Admission(read_texts(settings.prohibited_uses))
    passwords, seal = Passwords(settings.password_cost), Seal(settings.key(FACTOR_USE))
    deadline = asyncio.get_running_loop().time() + options.wait
    while True:
        try:
            accounts, clients = await load_seed(database, passwords, seal, seed, system_clock(), admission=admission)
            break
        except NoProcessingAgreement:
            if asyncio.get_running_loop().time() > deadline:
                raise
            await asyncio.sleep(_ASK_AGAIN_SECONDS)
    return f"{accounts} accounts and {clients} clients were new; the rest were there already."


async def _with_database(command: Command, options: argparse.Namespace) -> str:
    settings = GatewaySettings()
    database = Database("gateway", settings)
    try:
        return await command(settings, database, options)
    finally:
        await database.close()


def main() -> int:
    """Run one verb; answers the exit status."""
    top, verbs = parser("gateway")
    rotate = verbs.add_parser("rotate-keys", help="let the next key sign access tokens")
    rotate.add_argument("--urgent", action="store_true", help="a key has leaked: refuse its tokens at once")
    seed = verbs.add_parser("seed", help="load accounts and clients from a file; again changes nothing")
    seed.add_argument("file", type=Path)
    waits = "wait so many seconds for the facts of contracts that were just signed"
    seed.add_argument("--wait", type=float, default=0.0, metavar="SECONDS", help=waits)
    options = top.parse_args()
    if options.verb == "serve":
        served: int = load("connective.gateway.serving:serve")(options)
        return served
    own: dict[str, Command] = {"rotate-keys": _rotate, "seed": _seed}
    if options.verb not in own:
        return run("connective.gateway.app:SERVICE", options)
    logs.configure("gateway", "WARNING")
    try:
        print(asyncio.run(_with_database(own[options.verb], options)))
    except (Refusal, ValueError, KeyError, OSError) as error:
        sys.stderr.write(f"{options.verb}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
