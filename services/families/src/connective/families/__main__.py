"""`python -m connective.families serve | work | migrate | openapi | seed`."""

import argparse
import asyncio
import sys
from uuid import UUID

from connective.contracts.places import Places, load_places
from connective.families.commands.means import Means
from connective.families.commands.seed_families import seed_families
from connective.families.settings import SEARCH_KEY, FamiliesSettings
from connective.families.storage.mapping import Keeper
from connective.kit.clock import system_clock
from connective.kit.command_line import parser, run
from connective.kit.database import Database


def main() -> int:
    """Run the verb of the command line."""
    top, verbs = parser("families")
    seed = verbs.add_parser("seed", help="write invented families; twice changes nothing")
    seed.add_argument("--families", type=int, default=300, help="how many")
    seed.add_argument("--place", required=True, help="code or id of the place")
    seed.add_argument("--organisation", type=UUID, required=True, help="who keeps their records")
    seed.add_argument("--seed", type=int, default=1, help="another seed invents other families")
    options = top.parse_args()
    if options.verb == "seed":
        return asyncio.run(_seed(FamiliesSettings(), options))
    return run("connective.families.app:SERVICE", options)


async def _seed(settings: FamiliesSettings, options: argparse.Namespace) -> int:
    if not settings.synthetic_people:
        sys.stderr.write("Real people may be recorded here: invented ones are refused (FAMILIES_SYNTHETIC_PEOPLE).\n")
        return 2
    database = Database("families", settings)
    try:
        keeper = Keeper(_place(load_places(settings.places), options.place), options.organisation)
        means = Means(database, settings.key(SEARCH_KEY))
        written = await seed_families(means, keeper, count=options.families, seed=options.seed, now=system_clock())
    finally:
        await database.close()
    print(f"{written} families written, {options.families - written} were there already.")
    return 0


def _place(places: Places, wanted: str) -> UUID:
    for place in places.places:
        if wanted in {place.code, str(place.id)}:
            return place.id
    raise SystemExit(f"The places file has no {wanted}.")


if __name__ == "__main__":
    sys.exit(main())
