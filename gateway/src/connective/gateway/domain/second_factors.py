"""Second factors: codes of an app (RFC 6238), passkeys, and recovery codes for when both are lost."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pyotp import TOTP, random_base32

STEP_SECONDS = 30
DIGITS = 6
_NEIGHBOURS = (0, -1, 1)
"""A code of the step before or after is taken too (RFC 6238, section 5.2): telephones' clocks differ."""
RECOVERY_CODES = 10
_RECOVERY_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_RECOVERY_LENGTH = 16
"""31 ** 16 is about 2 ** 79: nobody guesses one, so a plain digest is stored."""
MOST_FACTORS = 10
LONGEST_NAME = 60


class FactorKind(StrEnum):
    """What somebody holds."""

    APP = "app"
    PASSKEY = "passkey"


@dataclass(frozen=True, slots=True)
class Factor:
    """A second factor as its holder sees it."""

    id: UUID
    kind: FactorKind
    name: str
    added_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class App:
    """An authenticator app: its secret (base32), and the step of the last code that was taken."""

    id: UUID
    secret: str


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey: its public key (COSE), and how often it said it had signed."""

    id: UUID
    credential_id: bytes
    public_key: bytes
    sign_count: int


def new_app_secret() -> str:
    """A new secret of 160 bits, in base32."""
    return random_base32()


def app_address(secret: str, email: str, issuer: str) -> str:
    """The `otpauth:` address that an app reads from a picture."""
    return TOTP(secret, digits=DIGITS, interval=STEP_SECONDS).provisioning_uri(name=email, issuer_name=issuer)


def code_at(secret: str, moment: datetime) -> str:
    """The code an app shows at a moment."""
    return TOTP(secret, digits=DIGITS, interval=STEP_SECONDS).generate_otp(step_of(moment))


def step_of(moment: datetime) -> int:
    """The number of the half minute."""
    return int(moment.timestamp()) // STEP_SECONDS


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The step whose code this is, of now and its two neighbours; None for none. Every step is compared, always."""
    app = TOTP(secret, digits=DIGITS, interval=STEP_SECONDS)
    steps = [step_of(now) + offset for offset in _NEIGHBOURS]
    fitting = [step for step in steps if hmac.compare_digest(app.generate_otp(step).encode(), code.encode())]
    return fitting[0] if fitting else None


def is_app_code(typed: str) -> bool:
    """Whether what was typed has the shape of an app's code."""
    return len(typed) == DIGITS and typed.isascii() and typed.isdigit()


def plain(typed: str) -> str:
    """A code as it is compared: people type spaces and dashes as they were shown them."""
    return typed.replace(" ", "").replace("-", "").lower()


def new_recovery_codes() -> list[str]:
    """Ten new recovery codes, in groups of four."""
    made = ("".join(secrets.choice(_RECOVERY_LETTERS) for _ in range(_RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES))
    return ["-".join(code[start : start + 4] for start in range(0, _RECOVERY_LENGTH, 4)) for code in made]


def factor_name(typed: str, kind: FactorKind) -> str:
    """What its holder calls it, in printable characters; the kind's own name when they say nothing."""
    said = " ".join("".join(letter for letter in typed if letter.isprintable()).split())[:LONGEST_NAME]
    return said or {FactorKind.APP: "Authenticator app", FactorKind.PASSKEY: "Passkey"}[kind]
