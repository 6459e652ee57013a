"""Letters to people about their own access: a way to a new password, and what has changed, in case it was not them.

No letter names a family, a service, an organisation or what somebody does here; none holds more than it must to be
acted on, since a mailbox may be read by others.
"""

from datetime import timedelta
from enum import StrEnum

NEW_PASSWORD_LIVES = timedelta(hours=1)
NEW_PASSWORDS_A_DAY = 3
"""Ways to a new password that one account is sent in a day: more would be somebody else's game."""
KEPT = timedelta(days=90)
PREFIX = "hubreset_"
"""Says what it is, for scanners that look for leaked secrets."""


class Letter(StrEnum):
    """What a letter is about."""

    NEW_PASSWORD = "new_password"  # noqa: S105 - the name of a letter, no password
    ACCOUNT_OPENED = "account_opened"
    CODES_MADE = "codes_made"
    CODE_USED = "code_used"
    FACTORS_RESET = "factors_reset"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    PROVIDER_JOINED = "provider_joined"
    PROVIDER_PARTED = "provider_parted"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a letter, no password
    SESSIONS_ENDED = "sessions_ended"


_CHANGED = {
    Letter.ACCOUNT_OPENED: "Your account, which was closed, is open again.",
    Letter.CODES_MADE: "New recovery codes were made for your account; the old ones no longer work.",
    Letter.CODE_USED: "One of your recovery codes was used to sign in. It works no more.",
    Letter.FACTORS_RESET: (
        "The ways in which you confirm that it is you were taken from your account by your administrators, and you "
        "were signed out everywhere. Set up a new one when you next sign in."
    ),
    Letter.FACTOR_ADDED: "A way to confirm that it is you was added to your account.",
    Letter.FACTOR_REMOVED: "A way to confirm that it is you was taken away from your account.",
    Letter.PASSWORD_CHANGED: "The password of your account was changed, and you were signed out everywhere else.",
    Letter.PROVIDER_JOINED: "Your account can now be opened by signing in with an outside provider.",
    Letter.PROVIDER_PARTED: "An outside provider no longer opens your account.",
    Letter.SESSIONS_ENDED: "An administrator has signed you out everywhere.",
}


def new_password_words(address: str, token: str) -> tuple[str, str]:
    """Subject and text of a way to a new password."""
    text = (
        "Somebody, we hope you, asked for a new password.\n\n"
        f"Open this address in your browser: {address}#{token}\n\n"
        f"If the page asks for a code, this is it: {token}\n\n"
        "It works once, within an hour, and your second step is asked for as always. "
        "If it was not you, do nothing: your password stays as it is.\n"
    )
    return "A new password", text


def change_words(letter: Letter, address: str) -> tuple[str, str]:
    """Subject and text of a letter that tells of a change."""
    ending = f"If you did not expect this, tell your administrator at once, and look here: {address}"
    return "Your account was changed", f"{_CHANGED[letter]}\n\n{ending}\n"
