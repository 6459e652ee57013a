"""Handing on everything that somebody still has to do, as when they leave."""

from collections.abc import Sequence
from urllib.parse import urlencode

from connective.frontend.domain.fields import Field, Options
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.sheets import Facts, Link, Links, Sheet, Words

MOVE = "referrals:assignment:move"
PAGE = "/requests/hand-on"
DONE = "/requests/handed-on"


def hand_on_view(colleagues: Sequence[tuple[str, str]], leaver: str = "") -> FormView:
    """Whose work becomes whose. A leaver who is no colleague any more can be handed on from their account's page."""
    people: Options = tuple(colleagues)
    left = bool(leaver) and leaver not in {each[0] for each in people}
    whose: Options = ((leaver, "Whoever you came from: they left"), *people) if left else people
    return FormView(
        title="Hand on all of somebody’s work",
        fields=(
            Field(name="from_account_id", label="Whose work is handed on?", kind="select", of_people=True,
                  options=whose, required="Choose whose work is handed on"),
            Field(name="to_account_id", label="Who takes it on?", kind="select", of_people=True,
                  options=people, required="Choose who takes it on"),
        ),
        back=("Back to your home page", "/home"),
        button="Hand it on",
        words=(
            "Every open request that is theirs, sent or received, and every family they have to tell of a no, becomes "
            "the other’s at once. Nobody outside your organisation is told.",
        ),
    )  # fmt: skip


def done_address(to: str, sent: int, received: int) -> str:
    """Where to go on: the page that says whose it is, and how much work it is now."""
    return f"{DONE}?{urlencode({'to': to, 'sent': sent, 'received': received})}"


def handed_on_sheet(name: str, sent: int, received: int) -> Sheet:
    """How much whoever took it on has to do now; `name` is empty where it is not known."""
    who = name or "Whoever took it on"
    shown = (
        ("Requests your organisation sent, for them to follow up", str(sent)),
        ("Requests sent to your organisation, for them to work on", str(received)),
    )
    links = Links((Link("See the requests your organisation sent", "/requests"), Link("Hand on somebody else’s", PAGE)))
    return Sheet(
        "The work was handed on",
        [Words((f"{who} now looks after this, with what they had before:",)), Facts(shown), links],
        heading=f"The work was handed on to {name}" if name else "The work was handed on",
        back=("Back to your home page", "/home"),
    )
