"""`/legal-entities`: the controllers in law, and the host's contract with each."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field

from connective.consent.api.deps import Answer, Body, PartsDep, show_version
from connective.consent.api.words import Line, Name, Reference
from connective.consent.commands.change_entity import renew_entity
from connective.consent.commands.refusals import NotYours, Unacceptable
from connective.consent.commands.register_entity import AlreadyRegistered, NewEntity, register_entity
from connective.consent.commands.sign_processing_agreement import sign_processing_agreement
from connective.consent.domain.agreement_terms import ProhibitedUse
from connective.consent.domain.legal_entities import EntityKind, LegalEntity
from connective.consent.storage.entities import list_entities, load_entity
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, VersionDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, MatchRequired, Stale, StillRunning

routes = router(tags=["legal entities"])
_ACTING = (KeyMissing, StillRunning)
IcoNumber = Annotated[str, Field(pattern=r"^[A-Z]{1,2}[0-9]{6,7}$|^[A-Z][0-9]{7}$", examples=["ZA123456"])]


class RegisterEntity(Body):
    """A new entry of the register; `id` may be chosen by whoever sets up a place from its own records."""

    id: UUID | None = None
    name: Name
    kind: EntityKind
    ico_registration: IcoNumber
    ico_registered_until: date
    training_valid_until: date
    dpo_contact: Line


class RenewEntity(Body):
    """The dates that sharing depends on, and whom to reach."""

    ico_registered_until: date
    training_valid_until: date
    dpo_contact: Line


class SignProcessingAgreement(Body):
    """A signatory confirms each part of the host's contract (UK GDPR Article 28), and each prohibited use."""

    document_reference: Reference
    confirms: Annotated[frozenset[str], Field(max_length=20)]
    refrains_from: frozenset[ProhibitedUse] = frozenset()
    """The uses that are prohibited to everybody in the Hub: each must be named."""
    ends_on: date | None = None


class LegalEntityOut(Answer):
    """A legal entity."""

    id: UUID
    name: str
    kind: EntityKind
    public_authority: bool
    ico_registration: str
    ico_registered_until: date
    training_valid_until: date
    dpo_contact: str
    processing_agreement_signed_at: datetime | None
    processing_agreement_ends_on: date | None
    version: int


def show_entity(entity: LegalEntity) -> LegalEntityOut:
    """The entity as it is answered."""
    return LegalEntityOut(
        id=entity.id,
        name=entity.name,
        kind=entity.kind,
        public_authority=entity.is_public_authority,
        ico_registration=entity.ico_registration,
        ico_registered_until=entity.ico_registered_until,
        training_valid_until=entity.training_valid_until,
        dpo_contact=entity.dpo_contact,
        processing_agreement_signed_at=entity.processing_agreement_signed_at,
        processing_agreement_ends_on=entity.processing_agreement_ends_on,
        version=entity.version,
    )


async def _answer(entity_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> LegalEntityOut:
    async with parts.database.reading(actor) as connection:
        entity = await load_entity(connection, actor, entity_id)
    show_version(response, entity.version)
    return show_entity(entity)


@routes.post(
    "/legal-entities",
    status_code=201,
    operation_id="consent_register_legal_entity",
    **operation(Permission.CONSENT_ENTITY_WRITE, relation="place", refuses=(*_ACTING, AlreadyRegistered)),
)
async def register(
    body: RegisterEntity, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> LegalEntityOut:
    """Put a legal entity on the register."""
    new = NewEntity(**body.model_dump())
    done = await register_entity(parts.database, actor, attempt, new, parts.clock())
    show_done(response, done)
    response.headers["Location"] = f"/legal-entities/{done.resource_id}"
    return await _answer(done.resource_id, actor, parts, response)


@routes.get(
    "/legal-entities",
    operation_id="consent_list_legal_entities",
    **operation(Permission.CONSENT_ENTITY_READ, relation="place"),
)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[LegalEntityOut]:
    """The place's register, in the order of entry."""
    after = parts.cursors.after(cursor)
    async with parts.database.reading(actor) as connection:
        found = await list_entities(connection, actor, after, limit + 1)
    shown = [show_entity(entity) for entity in found]
    return page_of(request, response, parts.cursors, shown, limit=limit)


@routes.get(
    "/legal-entities/{entity_id}",
    operation_id="consent_read_legal_entity",
    **operation(Permission.CONSENT_ENTITY_READ, relation="place"),
)
async def read(entity_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> LegalEntityOut:
    """One legal entity."""
    return await _answer(entity_id, actor, parts, response)


@routes.put(
    "/legal-entities/{entity_id}/dates",
    operation_id="consent_renew_legal_entity",
    **operation(Permission.CONSENT_ENTITY_WRITE, relation="own_entity", refuses=(NotYours, Stale, MatchRequired)),
)
async def renew(
    *,
    entity_id: UUID,
    body: RenewEntity,
    actor: ActorDep,
    version: VersionDep,
    parts: PartsDep,
    response: Response,
) -> LegalEntityOut:
    """Renew the dates that sharing depends on, for your own legal entity."""
    await renew_entity(parts.database, actor, entity_id, version, **body.model_dump(), now=parts.clock())
    return await _answer(entity_id, actor, parts, response)


@routes.post(
    "/legal-entities/{entity_id}/processing-agreement",
    operation_id="consent_sign_processing_agreement",
    **operation(
        Permission.CONSENT_AGREEMENT_SIGN,
        relation="own_entity",
        refuses=(*_ACTING, NotYours, Unacceptable),
        step_up=True,
    ),
)
async def sign(
    *,
    entity_id: UUID,
    body: SignProcessingAgreement,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> LegalEntityOut:
    """Sign the host's contract for your legal entity: before, it has no accounts, and nothing is shared with it."""
    done = await sign_processing_agreement(
        parts.database, actor, attempt, entity_id, **body.model_dump(), now=parts.clock()
    )
    show_done(response, done)
    return await _answer(entity_id, actor, parts, response)
