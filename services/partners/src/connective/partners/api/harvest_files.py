"""`/harvest-sources/files`: a file of listings, kept until a worker has read it."""

from typing import Annotated

from fastapi import Query, Request, Response

from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning, TooLarge
from connective.partners.api.deps import PartsDep
from connective.partners.api.harvest_schemas import Licence, RunOut
from connective.partners.api.showing_harvests import show_run
from connective.partners.commands.import_file import FileKind, SentFile, import_file
from connective.partners.commands.refusals import AlreadySo, NotYours, UnreadableFile
from connective.partners.queries import harvests as queries

routes = router(tags=["harvests"], takes_files=True)
PATH = "/harvest-sources/files"
MOST_BYTES = 4 * 1024 * 1024
"""Some twenty thousand rows. What is larger is split, or read by the command."""
_LicenceQuery = Annotated[
    Licence | None,
    Query(description="The licence it is given under (SPDX code); only listings under an open one are made public."),
]
_SENDING = operation(
    Permission.PARTNERS_SOURCE_WRITE,
    relation="place_admin",
    refuses=(KeyMissing, StillRunning, NotYours, AlreadySo, TooLarge, UnreadableFile),
)
_SENDING["openapi_extra"]["requestBody"] = {
    "required": True,
    "content": {
        str(FileKind.HSDS): {
            "schema": {
                "type": "object",
                "description": "HSDS 3.0: a service, an organization, a page of them, or tables; a list is read too.",
            }
        },
        str(FileKind.SHEET): {
            "schema": {"type": "string", "description": "A sheet of organisations, its headings in the first row."},
            "example": "name,postcode,service_kind\nLantern Community Pantry,TA20 1AA,food_bank\n",
        },
    },
}


@routes.post(
    PATH,
    status_code=202,
    operation_id="partners_import_file",
    description=(
        "Have a file of listings read in: an organisations sheet (`text/csv`) or an Open Referral file "
        "(`application/json`), of 4 MiB at most. A file of which nothing can be used is refused at once. Any other is "
        "answered with its reading, which `Location` names: it begins within seconds, says how many rows are read, "
        "kept and refused so far, and names each row with something wrong, with column, reason and remedy. Good rows "
        "are kept part by part. The same file again changes nothing, and what was changed here is not overwritten. "
        "Files of a place are read in the order they came; five at most may wait. A file is kept sealed, and erased "
        "when its reading ends, or after a day."
    ),
    **_SENDING,
)
async def send_file(
    *,
    request: Request,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
    licence: _LicenceQuery = None,
) -> RunOut:
    """Taken whole: a sheet is understood only from its headings on."""
    sent = SentFile(await request.body(), _kind(request), licence)
    done = await import_file(parts.files, actor, attempt, sent, parts.clock())
    show_done(response, done)
    run = await queries.run_alone(parts.means.database, actor, done.resource_id)
    response.headers["Location"] = f"/harvest-sources/{run.source_id}/runs/{run.id}"
    return show_run(run)


def _kind(request: Request) -> FileKind:
    named = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    try:
        return FileKind(named)
    except ValueError as error:
        raise UnreadableFile(
            "The file is said to be neither a sheet nor JSON. Send it as text/csv or application/json."
        ) from error


def takes_files(method: str, path: str) -> int | None:
    """How large a body may be: a file of listings is larger than any other body here."""
    return MOST_BYTES if method == "POST" and path == PATH else None
