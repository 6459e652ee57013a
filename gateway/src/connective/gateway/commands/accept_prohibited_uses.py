"""An organisation accepts the uses that are prohibited to everybody, in the version that is in force or announced."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.contracts.gateway_events import GatewayAudited
from connective.gateway.commands.admission import Admission, local_day
from connective.gateway.domain.prohibited_uses import Unaccepted
from connective.gateway.storage.prohibited_uses import accept_text, answers_for
from connective.gateway.storage.works import OFFICER
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.kit.problems import FieldError, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Accepting:
    """For which organisation, which version, and each of its uses by name."""

    organisation_id: UUID
    version: int
    uses: frozenset[str]


async def accept_prohibited_uses(
    database: Database, admission: Admission, actor: Actor, attempt: Attempt, accepting: Accepting, *, now: datetime
) -> Done:
    """Keep it for good, and have it entered into the ledger.

    Raises NotFound for an organisation of another legal entity, and Invalid for another version or other uses.
    """
    async with database.unit(actor, work=OFFICER) as unit:
        if done := await earlier(unit, attempt):
            return done
        if not await answers_for(unit, accepting.organisation_id):
            raise NotFound
        try:
            admission.texts.check(accepting.version, accepting.uses, local_day(now))
        except Unaccepted as error:
            raise Invalid(error.sentence, errors=(FieldError(error.pointer, "unfit", error.sentence),)) from error
        await accept_text(unit, accepting.organisation_id, accepting.version, now)
        act = GatewayAudited(
            act_id=new_id(),
            act="prohibited_uses.accepted",
            actor_id=actor.id,
            organisation_id=accepting.organisation_id,
            at=now,
            text_version=accepting.version,
        )
        unit.tell(act, version=1)
        return await remember(unit, attempt, Done(accepting.organisation_id, 201))
