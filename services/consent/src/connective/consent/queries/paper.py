from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.agreement import AgreementVersion, State
from connective.consent.domain.agreement_text import terms_document
from connective.consent.domain.documents import as_text
from connective.consent.domain.printed import printed
from connective.consent.domain.refusals import NotNow
from connective.consent.storage.agreements import load_version
from connective.consent.storage.organisations import entity_of
from connective.consent.storage.registers import register_for
from connective.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class Paper:
    """One version as it is printed: as plain text, and as data for the typesetter."""

    version: AgreementVersion
    text: str
    data: dict[str, Any]


async def read_paper(
    connection: AsyncConnection, actor: Actor, agreement_id: UUID, number: int, *, today: date
) -> Paper:
    """A version's paper: its frozen words, or for a draft the words it would be frozen with.

    Raises NotFound, NotNow for words whose layout was not kept.
    """
    entity_id = await entity_of(connection, actor)
    version = await load_version(connection, entity_id, agreement_id, number)
    register = await register_for(connection, actor.place, version.lead_entity_id, version.terms, today)
    if version.document is None and version.state is not State.DRAFT:
        sentence = (
            "This version was frozen before the layout of its words was kept, and they cannot be printed as they were "
            "signed. Read them in the evidence pack."
        )
        raise NotNow("layout_not_kept", sentence)
    document = version.document or terms_document(version.reference, number, version.terms, register)
    return Paper(version, as_text(document), printed(version, document, register))
