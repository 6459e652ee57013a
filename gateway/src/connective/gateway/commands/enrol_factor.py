"""Set up a second factor: at the first sign-in, when nothing else is open yet, or later with a fresh one at hand.

An app's secret is shown before it is stored: until a code proves that the app has it, it travels sealed in the form.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from connective.contracts.gateway_events import GatewayAudited
from connective.gateway.commands.relying_party import RelyingParty
from connective.gateway.commands.second_factor import CHALLENGE_LIVES, Complete, NoSignIn, finish, new_challenge
from connective.gateway.commands.visitors import Visitor
from connective.gateway.domain.assurance import FRESH, KEY, ONE_TIME_CODE
from connective.gateway.domain.letters import Letter
from connective.gateway.domain.opaque import digest
from connective.gateway.domain.second_factors import (
    MOST_FACTORS,
    FactorKind,
    app_address,
    factor_name,
    is_app_code,
    matching_step,
    new_app_secret,
    new_recovery_codes,
    plain,
)
from connective.gateway.storage.factors import (
    NewFactor,
    SigningIn,
    find_signing_in,
    insert_factor,
    keep_recovery_codes,
    list_factors,
    list_passkeys,
    lock_account,
    recovery_codes_left,
    remove_factor,
    set_challenge,
    take_challenge,
)
from connective.gateway.storage.letters import write_letter
from connective.kit.actor import service_actor
from connective.kit.database import Database, Unit
from connective.kit.ids import new_id
from connective.kit.sealing import NotSealedHere, Seal

_ACTOR = service_actor("gateway")
_FORM_LIVES = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the page shows: an app's new secret, and what a browser makes a passkey with."""

    secret: str
    address: str
    sealed: str
    options: str


@dataclass(frozen=True, slots=True)
class ShownApp:
    """What comes back of an app whose secret was shown: the sealed secret, a code of it, and what to call it."""

    sealed: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """It is theirs now. `codes` are their recovery codes, where they had none: this is the one time they are shown."""

    complete: Complete
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotProved:
    """What was sent proves nothing: a wrong code, an old form, a passkey of another."""


class Enrolling:
    """Adds, lists and removes second factors."""

    def __init__(self, database: Database, seal: Seal, forms: Seal, party: RelyingParty) -> None:
        self._database = database
        self._seal = seal
        self._forms = forms
        self._party = party

    async def begin(self, token: str, now: datetime) -> Enrolment | NoSignIn:
        """Offer a new secret and a new challenge."""
        async with self._database.unit(_ACTOR) as unit:
            who = await self._who(unit, token, now)
            if who is None:
                return NoSignIn()
            held = await list_passkeys(unit.connection, who.account_id)
            challenge = new_challenge()
            await set_challenge(unit, who.id, challenge, now + CHALLENGE_LIVES)
        secret = new_app_secret()
        until = int((now + _FORM_LIVES).timestamp())
        sealed = self._forms.close(f"{until} {secret}".encode(), who.account_id.bytes).hex()
        options = self._party.creation(who.email, who.account_id.bytes, who.name, challenge, held)
        return Enrolment(secret, app_address(secret, who.email, "Connective"), sealed, options)

    async def add_app(
        self, token: str, shown: ShownApp, visitor: Visitor, now: datetime
    ) -> Enrolled | NotProved | NoSignIn:
        """Keep an app whose secret was shown, once a code proves that it has it. That code signs nobody in again."""
        async with self._database.unit(_ACTOR) as unit:
            who = await self._who(unit, token, now)
            if who is None:
                return NoSignIn()
            secret = self._opened(shown.sealed, who.account_id, now)
            typed = plain(shown.code)
            step = matching_step(secret, typed, now) if secret and is_app_code(typed) else None
            if secret is None or step is None:
                return NotProved()
            named, factor_id = factor_name(shown.name, FactorKind.APP), new_id()
            kept = self._seal.close(secret.encode(), factor_id.bytes)
            new = NewFactor(factor_id, FactorKind.APP, named, sealed=kept, last_step=step)
            return await self._keep(unit, who, new, visitor, now)

    async def add_passkey(
        self, token: str, posted: str, name: str, visitor: Visitor, now: datetime
    ) -> Enrolled | NotProved | NoSignIn:
        """Keep a passkey that answers this sign-in's challenge."""
        async with self._database.unit(_ACTOR) as unit:
            who = await self._who(unit, token, now)
            if who is None:
                return NoSignIn()
            challenge = await take_challenge(unit, who.id, now)
            made = self._party.registered(posted, challenge) if challenge else None
            if made is None:
                return NotProved()
            new = NewFactor(
                new_id(),
                FactorKind.PASSKEY,
                factor_name(name, FactorKind.PASSKEY),
                credential_id=made.credential_id,
                public_key=made.public_key,
                sign_count=made.sign_count,
            )
            return await self._keep(unit, who, new, visitor, now)

    async def remove(self, token: str, factor_id: UUID, now: datetime) -> bool:
        """Take one away, with a fresh second factor at hand; never the last one. False when it was not done."""
        async with self._database.unit(_ACTOR) as unit:
            who = await self._who(unit, token, now)
            if who is None or not who.enrolled:
                return False
            held = await list_factors(unit.connection, who.account_id)
            if len(held) < 2 or not await remove_factor(unit, who.account_id, factor_id, now):
                return False
            await _told(unit, who, "second_factor.removed", Letter.FACTOR_REMOVED, now)
            return True

    async def renew_codes(self, token: str, now: datetime) -> tuple[str, ...]:
        """New recovery codes instead of the old; none without a fresh second factor at hand."""
        async with self._database.unit(_ACTOR) as unit:
            who = await self._who(unit, token, now)
            if who is None or not who.enrolled:
                return ()
            return await self._new_codes(unit, who, now)

    async def _who(self, unit: Unit, token: str, now: datetime) -> SigningIn | None:
        """Whoever may change what they hold: at the first sign-in, or by a second factor of the last five minutes."""
        who = await find_signing_in(unit.connection, digest(token), now)
        if who is None:
            return None
        await lock_account(unit, who.account_id)
        # Read again behind the lock: of two first enrolments at once, the second finds somebody enrolled.
        who = await find_signing_in(unit.connection, digest(token), now)
        if who is None or (who.enrolled and not FRESH.met(who.factor_at, now)):
            return None
        return who

    async def _keep(
        self, unit: Unit, who: SigningIn, new: NewFactor, visitor: Visitor, now: datetime
    ) -> Enrolled | NotProved | NoSignIn:
        if len(await list_factors(unit.connection, who.account_id)) >= MOST_FACTORS:
            return NotProved()
        if not await insert_factor(unit, who.account_id, who.place_id, new, now):
            return NotProved()
        await _told(unit, who, "second_factor.added", Letter.FACTOR_ADDED, now)
        left = await recovery_codes_left(unit.connection, who.account_id)
        codes = () if left else await self._new_codes(unit, who, now)
        second = KEY if new.kind is FactorKind.PASSKEY else ONE_TIME_CODE
        complete = await finish(unit, who, visitor, second, now)
        return complete if isinstance(complete, NoSignIn) else Enrolled(complete, codes)

    async def _new_codes(self, unit: Unit, who: SigningIn, now: datetime) -> tuple[str, ...]:
        codes = new_recovery_codes()
        await keep_recovery_codes(unit, who, [digest(plain(code)) for code in codes], now)
        await _told(unit, who, "recovery_codes.made", Letter.CODES_MADE, now)
        return tuple(codes)

    def _opened(self, sealed: str, account_id: UUID, now: datetime) -> str | None:
        try:
            until, _, secret = self._forms.open(bytes.fromhex(sealed), account_id.bytes).decode().partition(" ")
        except (NotSealedHere, ValueError):
            return None
        return secret if now.timestamp() < int(until) else None


async def _told(unit: Unit, who: SigningIn, act: str, letter: Letter, now: datetime) -> None:
    """Enter it in the ledger, and write to its holder: it may not have been them."""
    await write_letter(unit, who.account_id, who.place_id, letter, now)
    told = GatewayAudited(
        act_id=new_id(), act=act, actor_id=str(who.account_id), organisation_id=None, at=now, account_id=who.account_id
    )
    unit.tell(told, version=1, place_id=who.place_id)
