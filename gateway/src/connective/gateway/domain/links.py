"""A link for partners without a system of their own: one request, one browser, a quarter of an hour (design, issue 4).

The link comes by e-mail and says nothing of anybody. It opens only together with the organisation's PIN, which was set
when it joined and never travels with the link, or with a code by text message (`link_codes`), and with the name of
whoever opens it.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

LINK_LIVES = timedelta(days=7)
"""As long as a small charity that opens twice a week needs; the request's own clocks run meanwhile."""
SESSION_LIVES = timedelta(minutes=15)
WRONG_AT_MOST = 5
"""Wrong PINs after which one link is spent. Only who holds the link can spend it, so nobody locks another out."""
MAILS_A_DAY = 5
"""How many links for one request are posted in a day: guessing a PIN over many links takes centuries."""
PIN = re.compile(r"[0-9]{6,12}")
NAME_AT_MOST = 100
LONGEST_TOKEN = 100
KEPT = timedelta(days=90)
"""How long it is kept who opened a link: as long as a question about it is likely."""

ACTIONS = ("accept", "ask", "complete", "decline", "start")
"""What may be done through a link; the rest needs an account."""


@dataclass(frozen=True, slots=True)
class LinkContact:
    """Where links for one organisation go."""

    organisation_id: UUID
    place_id: UUID
    email: str
    version: int
    changed_at: datetime
    pin_hash: str = field(repr=False, default="")
    telephone: str | None = field(repr=False, default=None)
    """Where codes go, as the second way beside the PIN; None for the PIN alone."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link: made when something waits, posted once, opened once."""

    id: UUID
    place_id: UUID
    organisation_id: UUID
    request_id: UUID
    expires_at: datetime | None
    """None until it was posted."""
    used_at: datetime | None
    wrong: int
    code_hash: str | None = field(repr=False, default=None)
    code_expires_at: datetime | None = None

    def fresh_code(self, at: datetime) -> str | None:
        """The digest of the code that was sent for it, while that works."""
        return self.code_hash if self.code_expires_at is not None and at < self.code_expires_at else None


@dataclass(frozen=True, slots=True)
class LinkSession:
    """One browser that opened a link, and the name its user gave."""

    id: UUID
    place_id: UUID
    organisation_id: UUID
    request_id: UUID
    named: str
    expires_at: datetime


def may_open(link: Link, at: datetime) -> bool:
    """Whether a link can still be opened by who knows the PIN."""
    fresh = link.expires_at is not None and at < link.expires_at
    return fresh and link.used_at is None and link.wrong < WRONG_AT_MOST


def weak_pin(pin: str) -> str | None:
    """What is wrong with a PIN, as a sentence; None for one that may be set."""
    if not PIN.fullmatch(pin):
        return "A PIN is 6 to 12 digits."
    steps = {int(b) - int(a) for a, b in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, -1}:
        return "Choose digits that do not just repeat or count."
    return None


def clean_name(text: str) -> str | None:
    """A name as somebody typed it, in one line; None where there is none."""
    name = " ".join(text.split())
    return name if 1 < len(name) <= NAME_AT_MOST and any(map(str.isalpha, name)) else None


def words(address: str, at: datetime) -> tuple[str, str]:
    """Subject and text of the message: nobody's name, no kind of service, no reference."""
    until = at + LINK_LIVES
    text = (
        f"Something waits for your organisation. Open it here:\n\n{address}\n\n"
        "You need your organisation's PIN, or a code by text to its registered telephone, and you will be asked for "
        "your own name. The link works once, until "
        f"{until.day} {until:%B %Y}, and then for {int(SESSION_LIVES.total_seconds() // 60)} minutes in one browser.\n"
        "Nobody from Connective ever asks for your PIN. If you did not expect this message, you can leave it."
    )
    return "Something waits for your organisation", text
