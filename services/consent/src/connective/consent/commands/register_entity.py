from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from connective.consent.commands.ledger_entries import note
from connective.consent.commands.refusals import ruled_unit
from connective.consent.domain.ledger import EntryKind
from connective.consent.domain.legal_entities import EntityKind, LegalEntity
from connective.consent.storage.entities import add_entity
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.kit.problems import Conflict


class AlreadyRegistered(Conflict):
    """A legal entity of this id or name is on the register."""

    code, title = "already-registered", "This legal entity is on the register already"


@dataclass(frozen=True, slots=True)
class NewEntity:
    """What is put on the register; the id may be chosen by whoever sets up a place from its own records."""

    id: UUID | None
    name: str
    kind: EntityKind
    ico_registration: str
    ico_registered_until: date
    training_valid_until: date
    dpo_contact: str


async def register_entity(database: Database, actor: Actor, attempt: Attempt, new: NewEntity, now: datetime) -> Done:
    """Put a legal entity on the place's register. Raises AlreadyRegistered."""
    entity = LegalEntity(
        id=new.id or new_id(),
        name=new.name,
        kind=new.kind,
        ico_registration=new.ico_registration,
        ico_registered_until=new.ico_registered_until,
        training_valid_until=new.training_valid_until,
        dpo_contact=new.dpo_contact,
        processing_agreement_signed_at=None,
        processing_agreement_ends_on=None,
        version=1,
    )
    try:
        async with ruled_unit(database, actor) as unit:
            if done := await earlier(unit, attempt):
                return done
            await add_entity(unit.connection, actor, entity, now)
            await note(unit, EntryKind.ENTITY, "registered", now, {"legal_entity_id": entity.id})
            return await remember(unit, attempt, Done(entity.id, 201))
    except IntegrityError as error:
        raise AlreadyRegistered("A legal entity with this id or name is on the register already.") from error
