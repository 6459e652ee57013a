"""`/consents/{id}/export` and `/receipt`: a record for another system, and for the family."""

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from connective.consent.api.deps import PartsDep
from connective.consent.api.receipt_page import POLICY, as_page, as_text
from connective.consent.commands.recorded_reading import people_of, recorded_reading
from connective.consent.domain.consent_export import export
from connective.consent.domain.receipt import Receipt, Recipient, make_receipt
from connective.consent.domain.receipt_words import WORDS
from connective.consent.queries.controllers import controllers
from connective.consent.queries.statements import Record, read_consent
from connective.consent.storage.entities import load_entity
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.policy import operation
from connective.kit.problems import NotAllowed

routes = router(tags=["consents"])
JSON_LD = "application/ld+json"
_PRIVATE = {"Cache-Control": "no-store"}


class Form(StrEnum):
    """As what a receipt is given."""

    PAGE = "page"
    TEXT = "text"


class Language(StrEnum):
    """In which language a receipt is given."""

    ENGLISH = "en"


def _answers(*media: str) -> dict[str, Any]:
    policy = operation(Permission.CONSENT_CONSENT_READ, relation="own_organisation")
    content = {kind: {"schema": {"type": "object" if kind == JSON_LD else "string"}} for kind in media}
    policy["responses"][200] = {"description": "The record", "content": content}
    return policy


async def _read(
    consent_id: UUID, actor: ActorDep, parts: PartsDep, act: str
) -> tuple[Record, Recipient, dict[UUID, Recipient]]:
    asked = {"consent_id": consent_id}
    async with recorded_reading(parts.database, actor, act, parts.clock(), asked) as reading:
        connection = reading.connection
        row = await read_consent(connection, actor, consent_id)
        reading.people = people_of(row)
        known = await controllers(connection, actor, [actor.organisation, *row["recipient_organisation_ids"]])
        if row["giver_kind"] == "body":
            row["body"] = (await load_entity(connection, actor, row["giver_id"])).name
    own = known.get(actor.organisation)
    if own is None:
        raise NotAllowed("Your organisation is not on the register yet; try again in a moment.")
    return row, own, known


@routes.get(
    "/consents/{consent_id}/export",
    operation_id="consent_export_consent",
    response_class=Response,
    **_answers(JSON_LD),
)
async def export_one(consent_id: UUID, actor: ActorDep, parts: PartsDep) -> Response:
    """The record as ISO/IEC TS 27560:2023, in DPV's terms (JSON-LD, its context inside)."""
    row, own, known = await _read(consent_id, actor, parts, "consent.exported")
    recipients = {o: known[o].controller for o in row["recipient_organisation_ids"] if o in known}
    document = export(row, own.controller, recipients)
    return JSONResponse(document, media_type=JSON_LD, headers=_PRIVATE)


@routes.get(
    "/consents/{consent_id}/receipt",
    operation_id="consent_print_receipt",
    response_class=Response,
    **_answers("text/html", "text/plain"),
)
async def receipt(
    *,
    consent_id: UUID,
    actor: ActorDep,
    parts: PartsDep,
    form: Annotated[Form, Query(description="A page to print, or plain text.")] = Form.PAGE,
    large_print: Annotated[bool, Query(description="20 point type.")] = False,
    language: Annotated[Language, Query()] = Language.ENGLISH,
) -> Response:
    """A receipt in plain words to give to the family; it carries no names."""
    row, own, known = await _read(consent_id, actor, parts, "consent.receipt_printed")
    made: Receipt = make_receipt(
        row,
        own.controller,
        known,
        WORDS[language.value],
        language=language.value,
        body=row.get("body", ""),
        now=parts.clock(),
    )
    if form is Form.TEXT:
        return PlainTextResponse(as_text(made), headers=_PRIVATE)
    page = as_page(made, large=large_print)
    return HTMLResponse(page, headers={**_PRIVATE, "Content-Security-Policy": POLICY})
