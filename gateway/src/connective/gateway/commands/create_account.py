"""Create an account: a person who may sign in, and what they are in organisations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from connective.contracts.gateway_events import AccountCreated, GatewayAudited, MembershipsSet
from connective.contracts.permissions import Role
from connective.gateway.commands.admission import Admission
from connective.gateway.commands.passwords import Passwords
from connective.gateway.commands.refusals import NameTaken
from connective.gateway.domain.accounts import Account, Membership, sign_in_name
from connective.gateway.domain.admission import need_a_contract
from connective.gateway.domain.opaque import new_secret
from connective.gateway.storage.accounts import insert_account
from connective.gateway.storage.works import ADMINISTERING
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id

_PASSWORD_CHARACTERS = 20


def memberships_set(account: Account) -> MembershipsSet:
    """For whom the account's holder works: other rooms assign work to members alone."""
    return MembershipsSet(account_id=account.id, organisation_ids=tuple(m.organisation_id for m in account.memberships))


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an administrator says about a person."""

    email: str
    name: str
    memberships: Sequence[Membership]


async def create_account(
    database: Database,
    passwords: Passwords,
    actor: Actor,
    attempt: Attempt,
    new: NewAccount,
    *,
    admission: Admission,
    now: datetime,
) -> tuple[Done, str | None]:
    """Create it in the actor's place; answers its first password too, once: a replay cannot show it again.

    Raises NameTaken, NoProcessingAgreement, ProhibitedUsesNotAccepted.
    """
    password = new_secret()[:_PASSWORD_CHARACTERS]
    password_hash = await passwords.hash(password)
    account = Account(
        id=new_id(),
        place_id=actor.place,
        email=sign_in_name(new.email),
        name=new.name,
        memberships=tuple(new.memberships),
        disabled_at=None,
        version=1,
    )
    async with database.unit(actor, work=ADMINISTERING) as unit:
        if done := await earlier(unit, attempt):
            return done, None
        await admission.refuse_unready(unit.connection, need_a_contract(account.memberships), now)
        if not await insert_account(unit.connection, account, password_hash):
            raise NameTaken("Somebody signs in by this e-mail address already. Each person has one account.")
        unit.tell(AccountCreated(account_id=account.id), version=1)
        unit.tell(memberships_set(account), version=1)
        act = GatewayAudited(
            act_id=new_id(),
            act="account.created",
            actor_id=actor.id,
            organisation_id=actor.organisation_id,
            at=now,
            account_id=account.id,
            roles=tuple(sorted({Role(role) for held in account.memberships for role in held.roles})),
        )
        unit.tell(act, version=1)
        return await remember(unit, attempt, Done(account.id, 201)), password
