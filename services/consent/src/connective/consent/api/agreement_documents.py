"""`/agreements/{id}/versions/{number}/document`: the agreement on paper, with its signatures."""

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from connective.consent.api.agreements import VersionNumber
from connective.consent.api.deps import PartsDep
from connective.consent.clients.printing import print_pdf
from connective.consent.commands.refusals import NotNow, translated
from connective.consent.domain.days import day_of
from connective.consent.queries.paper import read_paper
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.etags import etag
from connective.kit.policy import operation
from connective.kit.problems import Unavailable

routes = router(tags=["agreements"])


class PaperFormat(StrEnum):
    """In what form the paper is answered."""

    PDF = "pdf"
    TEXT = "text"


def _described() -> dict[str, Any]:
    declared = operation(Permission.CONSENT_AGREEMENT_READ, relation="own_entity", refuses=(Unavailable, NotNow))
    content = {
        "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        "text/plain": {"schema": {"type": "string"}},
    }
    declared["responses"][200] = {"description": "The document.", "content": content}
    return declared


@routes.get(
    "/agreements/{agreement_id}/versions/{number}/document",
    operation_id="consent_read_agreement_document",
    response_class=Response,
    **_described(),
)
async def read_document(
    *,
    agreement_id: UUID,
    number: VersionNumber,
    actor: ActorDep,
    parts: PartsDep,
    shape: Annotated[PaperFormat, Query(alias="format", description="`pdf` (PDF/UA-1) or `text`.")] = PaperFormat.PDF,
) -> Response:
    """The agreement as a council files it: accessible, with its signatures, and the same bytes each time."""
    with translated():
        async with parts.database.reading(actor) as connection:
            paper = await read_paper(connection, actor, agreement_id, number, today=day_of(parts.clock()))
    headers = {"ETag": etag(paper.version.revision), "Cache-Control": "no-store"}
    if shape is PaperFormat.TEXT:
        return Response(paper.text, media_type="text/plain", headers=headers)
    made = await print_pdf(paper.data, paper.version.changed_at)
    headers["Content-Disposition"] = f'inline; filename="agreement-{agreement_id}-{number}.pdf"'
    return Response(made, media_type="application/pdf", headers=headers)
