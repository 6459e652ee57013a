"""Change one's own password: the old one, a fresh second factor, and a new one that nobody tries first."""

from dataclasses import dataclass
from datetime import datetime

from connective.contracts.gateway_events import GatewayAudited
from connective.gateway.commands.own_sessions import end_everything
from connective.gateway.commands.passwords import Passwords
from connective.gateway.commands.sign_in import PasswordSignIn
from connective.gateway.commands.visitors import Visitor
from connective.gateway.domain.letters import Letter
from connective.gateway.domain.password_rules import why_refused
from connective.gateway.storage.accounts import set_password
from connective.gateway.storage.factors import SigningIn
from connective.gateway.storage.letters import write_letter
from connective.kit.actor import service_actor
from connective.kit.database import Database
from connective.kit.ids import new_id

_ACTOR = service_actor("gateway")


@dataclass(frozen=True, slots=True)
class ChangeOfPassword:
    """What somebody typed, and in which browser."""

    old: str
    new: str
    visitor: Visitor


async def change_password(
    database: Database,
    passwords: Passwords,
    sign_in: PasswordSignIn,
    who: SigningIn,
    wanted: ChangeOfPassword,
    *,
    now: datetime,
) -> list[str] | str:
    """Change it, and end every other sign-in; answers the ids refused from now on, or why it was not done.

    The old password is tried as at the sign-in page, and counted there: a stolen session is no way to guess it.
    """
    if refused := why_refused(wanted.new, who.email, who.name):
        return refused
    if not await sign_in.knows(who.email, wanted.old, wanted.visitor, now):
        return "Your present password is not right, or was tried too often: wait a little, then try again."
    stored = await passwords.hash(wanted.new)
    async with database.unit(_ACTOR) as unit:
        await set_password(unit, who.account_id, stored)
        await write_letter(unit, who.account_id, who.place_id, Letter.PASSWORD_CHANGED, now)
        told = GatewayAudited(
            act_id=new_id(),
            act="password.changed",
            actor_id=str(who.account_id),
            organisation_id=None,
            at=now,
            account_id=who.account_id,
        )
        unit.tell(told, version=1, place_id=who.place_id)
        return await end_everything(unit, who.account_id, now, but=who.id)
