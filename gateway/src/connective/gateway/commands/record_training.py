"""Record that a person has completed training in data protection."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from connective.contracts.gateway_events import GatewayAudited
from connective.gateway.commands.refusals import days_checked
from connective.gateway.domain.access_review import Training, training_of
from connective.gateway.storage.access_reviews import add_training
from connective.gateway.storage.accounts import get_account
from connective.gateway.storage.works import ADMINISTERING
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class TrainingTold:
    """What an administrator says about somebody's training."""

    course: str
    completed_on: date
    valid_until: date | None


async def record_training(
    database: Database, actor: Actor, attempt: Attempt, account_id: UUID, told: TrainingTold, *, now: datetime
) -> tuple[Done, Training]:
    """Keep it beside what was recorded before, which stays.

    Raises NotFound for an account of another place, Invalid for days that cannot be.
    """
    with days_checked():
        training = training_of(told.course, told.completed_on, told.valid_until, now.date())
    async with database.unit(actor, work=ADMINISTERING) as unit:
        if done := await earlier(unit, attempt):
            return done, training
        account = await get_account(unit.connection, actor, account_id)
        record_id = new_id()
        await add_training(unit, record_id, account, training, now)
        act = GatewayAudited(
            act_id=new_id(),
            act="training.recorded",
            actor_id=actor.id,
            organisation_id=actor.organisation_id,
            at=now,
            account_id=account_id,
        )
        unit.tell(act, version=1)
        return await remember(unit, attempt, Done(record_id, 201)), training
