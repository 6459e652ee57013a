"""A forgotten password: a letter with a way to a new one, and its use. The second factor stays what it was."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.contracts.gateway_events import GatewayAudited
from connective.gateway.commands.own_sessions import end_everything
from connective.gateway.commands.passwords import Passwords
from connective.gateway.commands.visitors import Visitor, counter
from connective.gateway.domain.accounts import sign_in_name
from connective.gateway.domain.letters import Letter
from connective.gateway.domain.opaque import digest
from connective.gateway.domain.password_rules import why_refused
from connective.gateway.storage.accounts import set_password
from connective.gateway.storage.attempts import begin_attempt
from connective.gateway.storage.letters import ask_new_password, letter_holder, spend_others, use_letter, write_letter
from connective.kit.actor import service_actor
from connective.kit.database import Database, Unit
from connective.kit.ids import new_id

_ACTOR = service_actor("gateway")


@dataclass(frozen=True, slots=True)
class Changed:
    """It is the password now; these ids are refused from now on."""

    ended: list[str]


@dataclass(frozen=True, slots=True)
class NotChanged:
    """Why not; `over` where the letter's secret opens nothing any more."""

    sentence: str
    over: bool = False


_OVER = NotChanged("This opens nothing. It may have been used, or have run out: ask for a new one", over=True)


class NewPasswords:
    """Asks for and uses ways to a new password."""

    def __init__(self, database: Database, passwords: Passwords, key: bytes) -> None:
        self._database = database
        self._passwords = passwords
        self._key = key

    async def ask(self, typed: str, visitor: Visitor, now: datetime) -> None:
        """Have one posted if an account signs in by this address. Nothing, not even the time, tells whether one does.

        Whoever it is, a row is counted and committed, and one statement looks and writes: nobody is hashed or posted to
        while somebody waits for the answer.
        """
        email = sign_in_name(typed)
        async with self._database.unit(_ACTOR) as unit:
            counted = counter(self._key, "forgotten", email, visitor.network())
            _, wait = await begin_attempt(unit.connection, counted, now)
            if not wait:
                await ask_new_password(unit, email, now)

    async def use(self, token: str, password: str, now: datetime) -> Changed | NotChanged:
        """Set it, and end whatever is open: who knew the old one is out. A password that is not taken uses nothing."""
        token_hash = digest(token)
        async with self._database.reading(_ACTOR) as connection:
            holder = await letter_holder(connection, token_hash, now)
        if holder is None:
            return _OVER
        if refused := why_refused(password, holder["email"], holder["name"]):
            return NotChanged(refused)
        stored = await self._passwords.hash(password)
        account_id: UUID = holder["account_id"]
        async with self._database.unit(_ACTOR) as unit:
            if not await use_letter(unit, token_hash, now):
                return _OVER
            await spend_others(unit, account_id, now)
            await set_password(unit, account_id, stored)
            ended = await end_everything(unit, account_id, now)
            await write_letter(unit, account_id, holder["place_id"], Letter.PASSWORD_CHANGED, now)
            _tell(unit, account_id, holder["place_id"], now)
            return Changed(ended)


def _tell(unit: Unit, account_id: UUID, place_id: UUID, now: datetime) -> None:
    told = GatewayAudited(
        act_id=new_id(),
        act="password.reset",
        actor_id=str(account_id),
        organisation_id=None,
        at=now,
        account_id=account_id,
    )
    unit.tell(told, version=1, place_id=place_id)
