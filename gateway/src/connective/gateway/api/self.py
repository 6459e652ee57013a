"""Who asks, and for whom they act."""

from fastapi import Response

from connective.gateway.api.parts import Parts, PartsDep
from connective.gateway.api.schemas import MeOut, TrainingOut, memberships_out
from connective.gateway.domain.access_review import Training
from connective.gateway.domain.accounts import Account
from connective.gateway.storage.access_reviews import training_of_accounts
from connective.gateway.storage.accounts import get_account
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.policy import operation

routes = router(tags=["sign-in"])


@routes.get("/me", **operation(relation="self"))
async def read_me(actor: ActorDep, parts: PartsDep, response: Response) -> MeOut:
    """The account or client that asks, for whom it acts, and what it may do."""
    account, training = await _account(parts, actor)
    membership = account.membership(actor.organisation) if account else None
    response.headers["Cache-Control"] = "no-store"
    return MeOut(
        kind=str(actor.kind),
        id=actor.id,
        name=account.name if account else actor.id,
        place_id=actor.place,
        organisation_id=actor.organisation_id,
        organisation_name=membership.organisation_name if membership else None,
        roles=sorted(actor.roles),
        permissions=sorted(actor.permissions),
        memberships=memberships_out(account) if account else [],
        training=TrainingOut.of(training) if training else None,
        safeguarding=parts.places.get(actor.place).safeguarding.sentence,
    )


async def _account(parts: Parts, actor: Actor) -> tuple[Account | None, Training | None]:
    if actor.account_id is None:
        return None, None
    async with parts.database.reading(actor) as connection:
        account = await get_account(connection, actor, actor.account_id)
        trained = await training_of_accounts(connection, [account.id])
    return account, trained.get(account.id)
