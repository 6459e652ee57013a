"""Sign in with a password."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from connective.contracts.gateway_events import SigninFailedRepeatedly
from connective.gateway.commands.passwords import Passwords
from connective.gateway.commands.visitors import Visitor, counter
from connective.gateway.domain.accounts import sign_in_name
from connective.gateway.domain.attempts import ALARM_AT
from connective.gateway.domain.opaque import digest, new_secret
from connective.gateway.storage.accounts import Password, find_password
from connective.gateway.storage.attempts import begin_attempt, forget_attempts
from connective.gateway.storage.sessions import SignIn, insert_sign_in
from connective.kit.actor import service_actor
from connective.kit.database import Database
from connective.kit.ids import new_id

SIGN_IN_LIFE = timedelta(hours=8)
_ACTOR = service_actor("gateway")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The browser's new secret, for the second step: a sign-in never continues the one that was there before it."""

    token: str


@dataclass(frozen=True, slots=True)
class NotSignedIn:
    """Wrong name or wrong password: which of the two is not said. `wait_seconds` when it was not even tried."""

    wait_seconds: int


class PasswordSignIn:
    """Checks a name and a password, slowly for whoever guesses."""

    def __init__(self, database: Database, passwords: Passwords, key: bytes) -> None:
        self._database = database
        self._passwords = passwords
        self._key = key

    async def __call__(self, name: str, password: str, visitor: Visitor, now: datetime) -> SignedIn | NotSignedIn:
        """Try once, and remember the browser for the second step when the password is right."""
        tried = await self._try(sign_in_name(name), password, visitor, now)
        return tried if isinstance(tried, NotSignedIn) else await self._remember(*tried, now)

    async def knows(self, name: str, password: str, visitor: Visitor, now: datetime) -> bool:
        """Whether this is their password, tried and counted as at the sign-in page; nobody is signed in by it."""
        tried = await self._try(sign_in_name(name), password, visitor, now)
        if isinstance(tried, NotSignedIn):
            return False
        async with self._database.unit(_ACTOR) as unit:
            await forget_attempts(unit.connection, tried[1])
        return True

    async def _try(
        self, name: str, password: str, visitor: Visitor, now: datetime
    ) -> tuple[Password, bytes] | NotSignedIn:
        """Try once. The try is counted as failed before the password is looked at, so that none goes uncounted."""
        async with self._database.unit(_ACTOR) as unit:
            found = await find_password(unit.connection, name, visitor.device_hash)
            known = found is not None and found.known_device
            where = visitor.device_hash.hex() if known else visitor.network()
            counted = counter(self._key, "password", name, where)
            failures, wait = await begin_attempt(unit.connection, counted, now)
            if found is not None and failures == ALARM_AT and not wait:
                told = SigninFailedRepeatedly(account_id=found.account_id)
                unit.tell(told, version=1, place_id=found.place_id)
        if wait:
            return NotSignedIn(wait)
        right = await self._passwords.check(password, found.password_hash if found else None)
        if not right or found is None or found.disabled:
            return NotSignedIn(0)
        return found, counted

    async def _remember(self, found: Password, counted: bytes, now: datetime) -> SignedIn:
        token = new_secret()
        new = SignIn(new_id(), found.account_id, found.place_id, now)
        async with self._database.unit(_ACTOR) as unit:
            await forget_attempts(unit.connection, counted)
            await insert_sign_in(unit.connection, new, digest(token), now + SIGN_IN_LIFE)
        return SignedIn(token)
