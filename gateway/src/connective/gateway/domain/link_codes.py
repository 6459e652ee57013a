"""A code by text message, the second way beside the PIN: to the registered telephone, for minutes, for one link.

The link comes by e-mail, the code by telephone: who reads the one mailbox holds only half. Whoever holds a link may ask
for a code, so how many go out is counted; what is asked for is answered alike whether one goes out or not.
"""

import re
import secrets
from datetime import timedelta

CODE_LIVES = timedelta(minutes=10)
"""Long enough to fetch the telephone; the tries at a link are counted anyway (`links.WRONG_AT_MOST`)."""
CODES_A_LINK = 3
CODES_A_WEEK = 15
"""For one organisation, over the links that still live: nobody's telephone is flooded, and no bill is run up, by who
holds some of its links."""
_DIGITS = 6
_MOBILE = re.compile(r"(?:\+44|0044|0)7[0-9]{9}")
_BETWEEN = str.maketrans("", "", " ()-.")


def mobile(text: str) -> str | None:
    """A British mobile number in international form (E.164); None for what cannot get a text message."""
    plain = text.translate(_BETWEEN)
    return f"+44{plain[-10:]}" if _MOBILE.fullmatch(plain) else None


def new_code() -> str:
    """Six digits from the machine's own randomness."""
    return f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"


def values(code: str) -> dict[str, str]:
    """What the gateway's template is given: the code and until when it works; nobody, no service and no reference."""
    return {"code": code, "minutes": str(int(CODE_LIVES.total_seconds() // 60))}
