"""How surely somebody is who they say: which factors they gave, when, and how tokens tell it.

Nobody gets a token on a password alone. `amr` names the methods (RFC 8176), `acr` the level reached, `auth_time` when
the second factor was given: what asks for a fresh one (RFC 9470) counts from there, not from when a token was issued.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

TWO_FACTORS = "urn:connective:acr:two-factors"
"""Something known and something held: the only level there is, and every token of a person has it."""
STEP_UP_AGE = timedelta(minutes=5)
"""How old a second factor may be for what asks for a fresh one."""
_LEAST_AGE = timedelta(seconds=30)
"""However young a sign-in a program asks for: less could run out on the way back through the redirects, in a circle."""

PASSWORD = "pwd"  # noqa: S105 - the name of a method, no secret
ONE_TIME_CODE = "otp"
"""A code of an app: RFC 8176 means those of RFC 4226 and RFC 6238 by it."""
RECOVERY_CODE = "urn:connective:amr:recovery-code"
"""A code from the list that was shown once. RFC 8176 registers no name for such look-up secrets, and `otp` would say
that an app is at hand where there is none; so it has a name of our own, which clashes with nobody's."""
KEY = "pop"
"""Proof of possession of a key, which is all that a passkey shows: whether hardware keeps it, it does not say."""
_USER_VERIFIED = "user"
_SEVERAL = "mfa"


def methods_of(second: str, *, outside: bool = False) -> tuple[str, ...]:
    """The methods of a sign-in by password, or by an outside provider, and this second factor, as `amr` lists them."""
    verified = (_USER_VERIFIED,) if second == KEY else ()
    return (*(() if outside else (PASSWORD,)), second, *verified, _SEVERAL)


def methods_outside() -> tuple[str, ...]:
    """The methods of a sign-in whose second factor an outside provider asked for: which, only the provider knows."""
    return (_SEVERAL,)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How fresh a sign-in a program asks for; None for any."""

    max_age: timedelta | None = None

    def met(self, factor_at: datetime | None, now: datetime) -> bool:
        """Whether a second factor given then will do."""
        if factor_at is None:
            return False
        return self.max_age is None or now - factor_at <= self.max_age


ANY = Wanted()
FRESH = Wanted(STEP_UP_AGE)


def wanted(max_age: str | None, prompt: str | None) -> Wanted:
    """What `max_age` and `prompt` (OpenID Connect Core, section 3.1.2.1) ask for. Raises ValueError."""
    if max_age is not None and not (max_age.isascii() and max_age.isdigit() and len(max_age) < 10):
        raise ValueError("max_age must be a number of seconds.")
    again = "login" in (prompt or "").split()
    if max_age is None and not again:
        return ANY
    asked = timedelta(seconds=0 if again else int(max_age or 0))
    return Wanted(max(asked, _LEAST_AGE))
