"""What becomes of an agreement's own record when its time is over: an officer looks at each, and decides.

The schedule says for how long it is kept after its end (six years as shipped: Limitation Act 1980 s5). Then it is kept
on with a reason and a day on which somebody looks again (UK GDPR Article 5(1)(e)), or destroyed. Destroyed is the text
with its terms, names, notes and comments; hashes, days and signatures stay (Article 5(2)), so that any copy that a
party still holds can be proved to be what was signed.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from connective.consent.domain.refusals import NotNow, Unacceptable
from connective.consent.domain.retention import Span

LOOK_AGAIN_WITHIN = Span(years=6)
"""An agreement is kept on for as long as it was kept at first, at the most; then somebody looks again."""


class Fate(StrEnum):
    """What an officer decides about an agreement that has come to the end of its time."""

    DESTROYED = "destroyed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Ended:
    """An agreement at the end of its time, and what may stand against its going."""

    ended_on: date | None
    """The day on which its last version ended; None while one has not."""
    text_hash: str
    """Of its last version; empty where that never left draft."""
    held: bool
    """Whether a legal hold names it."""
    resting: int
    """Disclosures under it about somebody whose record is still kept: it proves that they were lawful."""
    unconfirmed: int
    """Recipients that still owe a confirmation that data were returned or deleted."""


def check_reviewable(ended: Ended, cutoff: date, hash_seen: str | None) -> None:
    """May an officer decide about it now? Raises NotNow before its time is over, Unacceptable for another text."""
    if ended.ended_on is None:
        raise NotNow("not_ended", "A version of it has not ended: a draft counts, and is terminated first.")
    if ended.ended_on > cutoff:
        raise NotNow("not_due", "Its time after its end is not over: see the schedule.")
    if (hash_seen or "") != ended.text_hash:
        raise Unacceptable("other_text", "The hash is not that of its last version: read that again.", "/text_hash")


def check_kept(review_on: date | None, today: date) -> None:
    """Is the day on which somebody looks again a day ahead, and not too far? Raises Unacceptable."""
    if review_on is None:
        raise Unacceptable("review_needed", "Say on which day somebody looks at it again.", "/review_on")
    if not today < review_on <= LOOK_AGAIN_WITHIN.after(today):
        raise Unacceptable("review_day", "A day ahead, within six years.", "/review_on")


def check_may_go(ended: Ended, review_on: date | None) -> None:
    """May it be destroyed? Raises NotNow with what stands against it, and Unacceptable for a day to look again."""
    if review_on is not None:
        raise Unacceptable("no_review", "What is destroyed is not looked at again.", "/review_on")
    if ended.held:
        raise NotNow("legal_hold", "A legal hold names it.", (Fate.KEPT,))
    if ended.resting:
        sentence = f"{ended.resting} disclosures about people whose records are kept rest on it: keep it as long."
        raise NotNow("disclosures_rest_on_it", sentence, (Fate.KEPT,))
    if ended.unconfirmed:
        sentence = "Not every recipient has confirmed what became of the data: see `/retention/deletions`."
        raise NotNow("confirmations_outstanding", sentence, (Fate.KEPT,))
