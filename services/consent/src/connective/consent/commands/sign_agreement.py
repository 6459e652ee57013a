from datetime import datetime
from uuid import UUID

from connective.consent.commands.agreement_changes import keep
from connective.consent.commands.refusals import ruled_unit
from connective.consent.domain.agreement import Signature, sign
from connective.consent.domain.days import day_of
from connective.consent.storage.agreements import Act, load_version
from connective.consent.storage.locks import lock_agreement
from connective.consent.storage.organisations import entity_of
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember


async def sign_agreement(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    agreement_id: UUID,
    number: int,
    *,
    text_hash: str,
    name: str,
    position: str,
    now: datetime,
) -> Done:
    """Sign for the actor's legal entity; the last founding party's signature puts the version in force when due."""
    async with ruled_unit(database, actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        await lock_agreement(unit, agreement_id, actor.place)
        entity_id = await entity_of(unit.connection, actor)
        version = await load_version(unit.connection, entity_id, agreement_id, number, lock=True)
        signature = Signature(entity_id, actor.id, text_hash, now, name, position)
        act = Act("signed", entity_id, actor.id, now, text_hash=text_hash, signer_name=name, signer_position=position)
        await keep(unit, version, sign(version, signature, day_of(now)), act, actor.place)
        return await remember(unit, attempt, Done(agreement_id, 200))
