"""What is told of an account whose roles have changed: to the rooms that assign work, and to the ledger."""

from datetime import datetime

from connective.contracts.gateway_events import GatewayAudited, MembershipsSet
from connective.contracts.permissions import Role
from connective.gateway.domain.accounts import Account
from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.kit.ids import new_id


def memberships_set(account: Account) -> MembershipsSet:
    """For whom the account's holder works: other rooms assign work to members alone."""
    return MembershipsSet(account_id=account.id, organisation_ids=tuple(m.organisation_id for m in account.memberships))


def tell_of_account(
    unit: Unit, account: Account, act: str, now: datetime, *, by: Actor | None = None, roles: tuple[str, ...] = ()
) -> None:
    """Enter an act on an account in the ledger: by an administrator or, with nobody named, by its own holder."""
    told = GatewayAudited(
        act_id=new_id(),
        act=act,
        actor_id=str(account.id) if by is None else by.id,
        organisation_id=None if by is None else by.organisation_id,
        at=now,
        account_id=account.id,
        roles=tuple(Role(role) for role in roles),
    )
    unit.tell(told, version=1, place_id=account.place_id)
