"""`GET /ledger/export`: the whole ledger of the place as one file, to be checked away from the Hub."""

from fastapi.responses import StreamingResponse

from connective.consent.api.deps import PartsDep
from connective.consent.commands.export_ledger import begin_export, export_lines
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.policy import operation

routes = router(tags=["ledger"])
MEDIA_TYPE = "application/jsonl"


@routes.get(
    "/ledger/export",
    operation_id="consent_export_ledger",
    response_class=StreamingResponse,
    **operation(Permission.CONSENT_LEDGER_READ, relation="place", step_up=True),
)
async def export(actor: ActorDep, parts: PartsDep) -> StreamingResponse:
    """Everything sealed so far with its checkpoints and public keys, as JSON lines; people appear as pseudonyms.

    Check it with `connective-ledger verify FILE`, or with a program of your own: the format is documented. Each
    export is itself entered in the ledger.
    """
    begun = await begin_export(parts.database, actor, parts.clock())
    name = f"ledger-{begun.header.exported_at:%Y%m%dT%H%M%SZ}.jsonl"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(export_lines(parts.database, begun), media_type=MEDIA_TYPE, headers=headers)
