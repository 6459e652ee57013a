"""The second step of signing in: a code of an app, a recovery code, or a passkey. Nobody gets a token without one.

A try is counted as failed before it is looked at, under the account and the browser: in a browser its holder knows
nobody else's failures count. Strangers to an account share one count there, because who gets that far has its password.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from connective.contracts.gateway_events import SigninFailedRepeatedly
from connective.gateway.commands.relying_party import RelyingParty
from connective.gateway.commands.visitors import Visitor, counter
from connective.gateway.domain.assurance import KEY, ONE_TIME_CODE, RECOVERY_CODE, methods_of
from connective.gateway.domain.attempts import ALARM_AT
from connective.gateway.domain.letters import Letter
from connective.gateway.domain.opaque import digest, new_secret
from connective.gateway.domain.second_factors import is_app_code, matching_step, plain
from connective.gateway.storage.attempts import begin_attempt, forget_attempts
from connective.gateway.storage.devices import is_known, note_device
from connective.gateway.storage.factors import (
    Completed,
    SigningIn,
    complete_sign_in,
    find_signing_in,
    list_passkeys,
    sealed_apps,
    set_challenge,
    take_challenge,
    take_count,
    take_recovery_code,
    take_step,
)
from connective.gateway.storage.letters import write_letter
from connective.kit.actor import service_actor
from connective.kit.database import Database, Unit
from connective.kit.sealing import Seal

CHALLENGE_LIVES = timedelta(minutes=10)
_ACTOR = service_actor("gateway")


@dataclass(frozen=True, slots=True)
class Offer:
    """What the page may ask for: a code always, a passkey where there is one (`options`, as browsers take them)."""

    options: str | None


@dataclass(frozen=True, slots=True)
class Complete:
    """The second factor was right: the browser's new secrets."""

    token: str
    device_token: str


@dataclass(frozen=True, slots=True)
class WrongFactor:
    """It was not; `wait_seconds` when it was not even tried."""

    wait_seconds: int = 0


@dataclass(frozen=True, slots=True)
class NoSignIn:
    """There is no sign-in in this browser to complete."""


Result = Complete | WrongFactor | NoSignIn


def new_challenge() -> bytes:
    """What a passkey is asked to sign: 256 random bits."""
    return digest(new_secret())


async def finish(unit: Unit, who: SigningIn, visitor: Visitor, second: str, now: datetime) -> Complete | NoSignIn:
    """Complete the sign-in under a new secret, in a browser that is known from now on."""
    device_token, device = visitor.device()
    device_id = await note_device(unit, who.account_id, who.place_id, device, now)
    if device_id is None:
        device_token, device = Visitor(visitor.address, None, visitor.user_agent).device()
        device_id = await note_device(unit, who.account_id, who.place_id, device, now)
    token = new_secret()
    if device_id is None:
        return NoSignIn()
    whole = Completed(digest(token), methods_of(second, outside=who.outside), device_id, now)
    if not await complete_sign_in(unit, who.id, whole):
        return NoSignIn()
    return Complete(token, device_token)


class SecondFactors:
    """Checks second factors."""

    def __init__(self, database: Database, seal: Seal, attempts_key: bytes, party: RelyingParty) -> None:
        self._database = database
        self._seal = seal
        self._key = attempts_key
        self._party = party

    async def offer(self, token: str, now: datetime) -> Offer | None:
        """Ask for one; a passkey is given a new challenge. None where there is no sign-in, or nothing to give."""
        async with self._database.unit(_ACTOR) as unit:
            who = await find_signing_in(unit.connection, digest(token), now)
            if who is None or not who.enrolled:
                return None
            held = await list_passkeys(unit.connection, who.account_id)
            if not held:
                return Offer(None)
            challenge = new_challenge()
            await set_challenge(unit, who.id, challenge, now + CHALLENGE_LIVES)
            return Offer(self._party.request(challenge, held))

    async def by_code(self, token: str, typed: str, visitor: Visitor, now: datetime) -> Result:
        """Try a code of an app, or a recovery code: each is worth something once."""
        begun = await self._begin(token, visitor, now)
        if isinstance(begun, WrongFactor | NoSignIn):
            return begun
        who, counted = begun
        async with self._database.unit(_ACTOR) as unit:
            second = await self._take_code(unit, who, plain(typed), now)
            if second is None:
                return WrongFactor()
            await forget_attempts(unit.connection, counted)
            return await finish(unit, who, visitor, second, now)

    async def by_passkey(self, token: str, posted: str, visitor: Visitor, now: datetime) -> Result:
        """Try a passkey's answer to the challenge of this sign-in; the challenge is spent by it."""
        begun = await self._begin(token, visitor, now)
        if isinstance(begun, WrongFactor | NoSignIn):
            return begun
        who, counted = begun
        async with self._database.unit(_ACTOR) as unit:
            challenge = await take_challenge(unit, who.id, now)
            held = await list_passkeys(unit.connection, who.account_id)
            answered = challenge and self._party.answered(posted, challenge, held)
            if not answered or not await take_count(unit, answered[0].id, answered[1], now):
                return WrongFactor()
            await forget_attempts(unit.connection, counted)
            return await finish(unit, who, visitor, KEY, now)

    async def _begin(
        self, token: str, visitor: Visitor, now: datetime
    ) -> tuple[SigningIn, bytes] | WrongFactor | NoSignIn:
        async with self._database.unit(_ACTOR) as unit:
            who = await find_signing_in(unit.connection, digest(token), now)
            if who is None or not who.enrolled:
                return NoSignIn()
            known = await is_known(unit, who.account_id, visitor.device_hash)
            where = visitor.device_hash.hex() if known else "strangers"
            counted = counter(self._key, "factor", str(who.account_id), where)
            failures, wait = await begin_attempt(unit.connection, counted, now)
            if failures == ALARM_AT and not wait:
                told = SigninFailedRepeatedly(account_id=who.account_id)
                unit.tell(told, version=1, place_id=who.place_id)
        return WrongFactor(wait) if wait else (who, counted)

    async def _take_code(self, unit: Unit, who: SigningIn, typed: str, now: datetime) -> str | None:
        """The method that this code is, once it is taken; None for a wrong one."""
        if not is_app_code(typed):
            if not await take_recovery_code(unit, who.account_id, digest(typed), now):
                return None
            await write_letter(unit, who.account_id, who.place_id, Letter.CODE_USED, now)
            return RECOVERY_CODE
        for factor_id, sealed in await sealed_apps(unit, who.account_id):
            secret = self._seal.open(sealed, factor_id.bytes).decode()
            step = matching_step(secret, typed, now)
            if step is not None:
                return ONE_TIME_CODE if await take_step(unit, factor_id, step, now) else None
        return None
