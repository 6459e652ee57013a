"""What every act of an officer has in common: one transaction, an earlier attempt under the same key, the entity."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from connective.consent.commands.refusals import ruled_unit
from connective.consent.storage.audit_look import Look
from connective.consent.storage.organisations import entity_of
from connective.consent.storage.works import OFFICER
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember


@dataclass(slots=True)
class Acting(Look):
    """One act of an officer; `done` is what an earlier attempt did, and then there is nothing left to do."""

    attempt: Attempt | None = None
    done: Done | None = None

    async def finish(self, done: Done) -> Done:
        """Remember what this attempt did."""
        if self.attempt is not None:
            await remember(self.unit, self.attempt, done)
        self.done = done
        return done


@asynccontextmanager
async def acting(database: Database, actor: Actor, attempt: Attempt | None) -> AsyncIterator[Acting]:
    """The transaction of an officer's act, which the rules may refuse; a change under If-Match makes no attempt.

    Raises NotAllowed while the organisation is not on the register.
    """
    async with ruled_unit(database, actor, work=OFFICER) as unit:
        entity_id = await entity_of(unit.connection, actor)
        done = await earlier(unit, attempt) if attempt else None
        yield Acting(unit, entity_id, attempt=attempt, done=done)
