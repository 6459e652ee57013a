"""How a family that asked by itself, without an account, finds out how its asking goes.

It was told a reference and a code, once. The code is a keyed digest of the reference: nothing is stored of it, nobody
who knows or guesses a reference alone learns whether there is such a one, and a wrong code asks no database.
"""

import hashlib
import hmac
from base64 import b32encode

from connective.referrals.domain.intake import IntakeState

_LENGTH = 12
"""Sixty bits: what a stranger tries within the limits of the gateway finds nothing in a lifetime."""
_HEARD_AS = str.maketrans({"0": "O", "1": "I", "8": "B"})
"""Digits that base 32 has not, as the letters for which people take them."""
SENTENCES = {
    IntakeState.WAITING: "Nobody has answered yet. They will, by the day that you see here.",
    IntakeState.MATCHED: "Somebody has read it and works on it. They get in touch in the way that you said is safe.",
    IntakeState.CLOSED: "They have answered it, and closed it. Telephone them if you have not heard from them.",
    IntakeState.LAPSED: "Nobody answered in time, and what you sent is gone. That should not happen: telephone them.",
    IntakeState.WITHDRAWN: "It was taken back.",
}


def progress_code(key: bytes, reference: str) -> str:
    """The code that goes with a reference, as it is told and read aloud: three times four letters and digits."""
    text = b32encode(hmac.new(key, reference.encode(), hashlib.sha256).digest()).decode()[:_LENGTH]
    return "-".join(text[at : at + 4] for at in range(0, _LENGTH, 4))


def is_code_of(key: bytes, reference: str, typed: str) -> bool:
    """Whether a code as somebody typed it goes with the reference; spaces, dashes and small letters do no harm."""
    said = "".join(typed.upper().split()).replace("-", "").translate(_HEARD_AS)
    expected = progress_code(key, reference).replace("-", "")
    return hmac.compare_digest(expected.encode(), said.encode("utf-8", "replace"))
