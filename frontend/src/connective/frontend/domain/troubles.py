"""What a page says when the API refuses: what happened, in words, and what somebody can do now."""

from dataclasses import dataclass

from connective.frontend.domain.answers import Refused


@dataclass(frozen=True, slots=True)
class Trouble:
    """A refusal as a person reads it."""

    status: int
    heading: str
    paragraphs: tuple[str, ...]
    try_again: bool = False
    """Whether asking once more may help; then the page offers it."""


_NOT_THERE = Trouble(
    404,
    "We cannot show you this",
    (
        "It may have been removed, the address may be wrong, or it may not be yours to see.",
        "For families and requests both look the same, so that nobody can find out who is known to whom.",
    ),
)
_BY_STATUS: dict[int, Trouble] = {
    400: Trouble(400, "We could not understand that", ("Nothing was sent. Go back, and try again.",)),
    403: Trouble(
        403,
        "Your role does not allow this",
        ("Somebody with another role in your organisation can do it. Ask whoever looks after accounts there.",),
    ),
    404: _NOT_THERE,
    409: Trouble(
        409,
        "This is no longer possible",
        ("Things have changed since you opened the page. Go back and look at it as it is now; nothing was changed.",),
    ),
    412: Trouble(
        412,
        "Somebody changed this while you had it open",
        ("Nothing of yours was saved over it. Open it again to see what they changed, then make your change.",),
    ),
    413: Trouble(413, "That is too large", ("Send less text, or a smaller file.",)),
    422: Trouble(422, "Some of this cannot be saved as it is", ("Nothing was saved. Go back and look through it.",)),
    428: Trouble(
        428,
        "Open this again before you change it",
        ("We could not tell which version you were looking at, so nothing was changed.",),
    ),
    429: Trouble(
        429,
        "Too much was asked for at once",
        ("Nothing was lost. Wait a moment, then try again.",),
        try_again=True,
    ),
    503: Trouble(
        503,
        "This part of the Hub is not answering",
        (
            "Nothing is lost: what was saved before is safe, and nothing was shown or changed just now.",
            "Try again in a minute. If a family needs help today, telephone the service itself.",
        ),
        try_again=True,
    ),
    504: Trouble(
        504,
        "This is taking too long",
        (
            "We stopped waiting. If you were sending something, it may have arrived: look before you send it again. "
            "Sending the same page twice is safe.",
        ),
        try_again=True,
    ),
}
_UNEXPECTED = Trouble(
    500,
    "Something went wrong, and it is our fault",
    ("Nothing you did caused this. Try again; if it happens again, tell whoever looks after the Hub the code below.",),
    try_again=True,
)
ANSWERS_GONE = "answers-gone"
MOVED_ON = "moved-on"
_BY_CODE = {
    ANSWERS_GONE: Trouble(
        404,
        "These answers are not kept any more",
        (
            "What was typed here was sent or thrown away, or it lay too long. "
            "It may also be somebody else’s: answers are kept for whoever typed them alone.",
        ),
    ),
    MOVED_ON: Trouble(
        404,
        "This is not to be done any more",
        (
            "It was done already, or things have changed since the page that led here, or it is somebody else’s to do. "
            "Look at it as it is now; nothing was changed.",
        ),
    ),
    "form-over": Trouble(
        400,
        "This page was open for too long",
        (
            "Nothing was sent, and what you had typed is not kept, so that nobody else reads it. Start again.",
            "If it happens at once, your browser may refuse cookies: these pages need one until you are done.",
        ),
    ),
}
_SAID_BETTER = frozenset({403, 409, 422})
"""Statuses whose own sentence says more than ours."""


def trouble_of(problem: Refused) -> Trouble:
    """The words for a refusal; where the API's own sentence was written for this case it stands first."""
    found = _BY_CODE.get(problem.code) or _BY_STATUS.get(problem.status, _UNEXPECTED)
    if problem.status in _SAID_BETTER and problem.detail:
        return Trouble(found.status, found.heading, (problem.detail, *found.paragraphs), found.try_again)
    return found
