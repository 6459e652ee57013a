"""A family may ask that a no be looked at again: once, while nothing replaces the request (domain rules, section 4).

The request is closed to its recipient, who no longer reads what the referrer wrote: why it is asked is a code. A final
request keeps its state. Whoever looks again keeps to the no, or says that a new request is welcome.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from connective.referrals.domain.refusals import DetailsRefused, FieldError, IllegalAction
from connective.referrals.domain.request import By, Fact, Request, Words
from connective.referrals.domain.states import State

ASKED, ANSWERED = "second_look_asked", "second_look_answered"
ANSWERS = frozenset({"ask_again", "upheld"})
REASONS = frozenset(
    {"circumstances_changed", "family_disagrees", "information_was_missing", "professional_disagreement"}
)


def ask_second_look(request: Request, noted: Sequence[str], by: By, at: datetime, reason: str) -> tuple[Request, Fact]:
    """The referrer asks on the family's behalf. `noted` are the kinds of notes so far, in order.

    Raises IllegalAction unless the request was declined and nobody asked before, DetailsRefused for another reason.
    """
    if request.state is not State.DECLINED or ASKED in noted:
        raise IllegalAction("second-look", request.state, ())
    _refuse_unknown("/reason", reason, REASONS)
    return _noted(request, ASKED, by, at, (reason, None))


def answer_second_look(
    request: Request, noted: Sequence[str], by: By, at: datetime, said: tuple[str, Words | None]
) -> tuple[Request, Fact]:
    """The recipient looked again: `upheld`, or `ask_again` for a new request that replaces this one; with its words.

    Raises IllegalAction unless somebody waits for it, and DetailsRefused for another answer.
    """
    if ASKED not in noted or ANSWERED in noted:
        raise IllegalAction("answer-second-look", request.state, ())
    _refuse_unknown("/answer", said[0], ANSWERS)
    return _noted(request, ANSWERED, by, at, said)


def _refuse_unknown(pointer: str, code: str, known: frozenset[str]) -> None:
    if code not in known:
        raise DetailsRefused([FieldError(pointer, "unknown-code", f"Use one of: {', '.join(sorted(known))}.")])


def _noted(request: Request, name: str, by: By, at: datetime, said: tuple[str, Words | None]) -> tuple[Request, Fact]:
    after = replace(request, version=request.version + 1)
    return after, Fact(name, None, request.state, request.state, after.version, at, by, *said)
