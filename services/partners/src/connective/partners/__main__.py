"""`python -m connective.partners`: serve, work, migrate, openapi; and reading files into the directory."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from connective.contracts.places import Place, Places, load_places
from connective.kit.actor import service_actor
from connective.kit.clock import system_clock
from connective.kit.command_line import parser, run
from connective.kit.database import Database
from connective.kit.problems import Refusal
from connective.partners.commands.import_listings import Imported, import_listings
from connective.partners.domain.imports.hsds import read_hsds
from connective.partners.domain.imports.hsds_shapes import open_hsds
from connective.partners.domain.imports.listed_rows import read_sheet
from connective.partners.domain.imports.report import Reading, UnreadableFileError
from connective.partners.domain.imports.sheets import open_sheet
from connective.partners.settings import PartnersSettings
from connective.partners.storage.postcodes import packaged_directory
from connective.partners.storage.reference_data import own_file, sheet_kinds, vocabulary

_HSDS, _SHEET = "import-hsds", "import-organisations"
_OWN_LICENCE = "CC0-1.0"
"""The product's own files are invented: anybody may pass them on."""
_OWN_FILES = {_HSDS: "directory.hsds.json", _SHEET: "organisations.csv"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; answers the exit status."""
    top, verbs = parser("partners")
    for verb, help_text in (
        (_HSDS, "read services from an Open Referral (HSDS 3.0) file, as signposts"),
        (_SHEET, "read organisations, and the services they offer, from a CSV sheet, as signposts"),
    ):
        reads = verbs.add_parser(verb, help=help_text)
        reads.add_argument("file", nargs="?", type=Path, help="the file; without one, the product's own invented one")
        reads.add_argument("--place", required=True, help="the place's code, or its id")
        reads.add_argument(
            "--organisation-entity",
            type=UUID,
            default=None,
            help="the legal entity that every organisation of the file belongs to; without it they are only listed",
        )
        reads.add_argument(
            "--licence",
            default=None,
            help="the licence (SPDX code, such as OGL-UK-3.0) its source gives it under; only listings under an open "
            "one stand in the public directory",
        )
    options = top.parse_args(arguments)
    return _import(options) if options.verb in _OWN_FILES else run("connective.partners.app:SERVICE", options)


def _import(options: argparse.Namespace) -> int:
    settings = PartnersSettings()
    try:
        place = _place(load_places(settings.places), options.place)
        content = options.file.read_bytes() if options.file else own_file(_OWN_FILES[options.verb])
        reading = _read(options.verb, content)
        licence = options.licence if options.file else _OWN_LICENCE
        organisations, services = asyncio.run(_keep(settings, place, reading, options.organisation_entity, licence))
    except (UnreadableFileError, LookupError, OSError, Refusal) as error:
        sys.stderr.write(f"Nothing was imported. {error}\n")
        return 2
    _report(options.file or Path(_OWN_FILES[options.verb]), place, reading, organisations, services)
    return 0


def _place(places: Places, wanted: str) -> Place:
    for place in places.places:
        if wanted in {place.code, str(place.id)}:
            return place
    known = ", ".join(place.code for place in places.places)
    message = f"There is no place {wanted}. Use one of: {known}."
    raise LookupError(message)


def _read(verb: str, content: bytes) -> Reading:
    locate = packaged_directory().find
    if verb == _HSDS:
        return read_hsds(open_hsds(content), vocabulary(), locate, system_clock().date())
    return read_sheet(open_sheet(content, sheet_kinds()), vocabulary(), locate)


async def _keep(
    settings: PartnersSettings, place: Place, reading: Reading, entity: UUID | None, licence: str | None
) -> tuple[Imported, Imported]:
    database = Database("partners", settings)
    try:
        actor = service_actor("partners", place.id)
        return await import_listings(
            database, actor, reading, legal_entity_id=entity, now=system_clock(), licence=licence
        )
    finally:
        await database.close()


def _report(path: Path, place: Place, reading: Reading, organisations: Imported, services: Imported) -> None:
    """Print what became of every row that was not simply kept, then the counts."""
    print(f"{path.name}: {reading.rows} rows read as {reading.source}, for {place.name}.")
    for error in sorted(reading.errors, key=lambda each: (each.row, each.column)):
        print(f"  row {error.row}, {error.column}: {error.effect}. {error.reason} {error.fix}")
    print(f"Organisations: {_counted(organisations)}.")
    print(f"Services:      {_counted(services)}.")


def _counted(counts: Imported) -> str:
    words = [
        f"{counts.added} added",
        f"{counts.changed} changed",
        f"{counts.unchanged} unchanged",
        f"{counts.changed_here} left as they were changed here",
        f"{counts.withdrawn} withdrawn",
    ]
    return ", ".join(words)


if __name__ == "__main__":
    sys.exit(main())
