"""Letters that tell people of the Hub to look: nobody's name, no kind of service, nothing that was said."""

from datetime import timedelta
from enum import StrEnum

AT_MOST_EVERY = timedelta(days=1)
"""One letter of a kind in a day, however much happened: what is new stands in the Hub's own list."""
ASKED_AGAIN_AFTER = timedelta(days=7)
"""Whoever is to accept a text is reminded each week until it is accepted."""
KEPT = timedelta(days=90)
"""How long it is kept that somebody was written to: as long as a question about it is likely."""


ALARMED_AT_MOST_EVERY = timedelta(hours=1)
"""Of what a safeguarding lead is to see, sooner: the next letter need not wait for tomorrow."""


class Notice(StrEnum):
    """What a letter is about; each may be written to those whom it concerns."""

    ACCESS_REMOVAL = "access_removal"
    """An officer said that somebody's access is to be taken away, and it is still open."""
    ACCESS_REVIEW = "access_review"
    """Access in the officer's legal entity waits to be confirmed, or was confirmed half a year ago."""
    ESCALATED = "escalated"
    """Something is past its time at a member of the hub that the person coordinates."""
    OWN_LISTINGS = "own_listings"
    """Another directory proposes changes of listings of the person's own organisation, which wait for it."""
    PROHIBITED_USES = "prohibited_uses"
    """A version of the prohibited uses waits to be accepted."""
    PROPOSAL_WAITS = "proposal_waits"
    """A change of roles or keys waits for a second administrator."""
    PROPOSED_LISTINGS = "proposed_listings"
    """Another directory proposes changes of listings, which wait for a coordinator."""
    STATUTORY_HELP = "statutory_help"
    """A request that the person's organisation had sent was declined because the family needs statutory help."""
    WATCHED_LISTING = "watched_listing"
    """Something happened to a listing that the person watches."""


_SUBJECTS = {
    Notice.ACCESS_REMOVAL: "Access waits for you to take it away",
    Notice.ACCESS_REVIEW: "Who has access waits for you to confirm it",
    Notice.ESCALATED: "Something waits too long in the hub that you coordinate",
    Notice.OWN_LISTINGS: "Changes to your organisation's listings wait for a decision",
    Notice.PROHIBITED_USES: "A text waits for your organisation to accept it",
    Notice.PROPOSAL_WAITS: "A change of roles or keys waits for a second administrator",
    Notice.PROPOSED_LISTINGS: "Changes to the directory wait for a decision",
    Notice.STATUTORY_HELP: "A family may need statutory help: look today",
    Notice.WATCHED_LISTING: "Something you watch in the directory has news",
}
_TEXTS = {
    Notice.ACCESS_REMOVAL: (
        "An officer has said that somebody's access is to be taken away, and it is still open. Nothing is taken away "
        "by itself. Sign in, see {address}/api/v1/accounts, and end the membership or disable the account."
    ),
    Notice.ACCESS_REVIEW: (
        "There are accounts of your organisations whose access nobody has confirmed for half a year, or ever, or whose "
        "roles have changed since. Sign in and say of each that it goes on or is to end: "
        "{address}/api/v1/accounts/access-review?due=true lists them."
    ),
    Notice.ESCALATED: (
        "A member of a hub that you coordinate has not answered in time. Sign in to see what waits: "
        "{address}/api/v1/requests/stuck?mine=true and {address}/api/v1/intake/overdue?mine=true list it."
    ),
    Notice.OWN_LISTINGS: (
        "Another directory tells something new of what your organisation offers, and nothing of it is taken over "
        "before you or a hub's coordinator say so. Sign in to decide: {address}/api/v1/harvest-changes?state=waiting "
        "lists what waits, each with what differs."
    ),
    Notice.PROHIBITED_USES: (
        "The uses that are prohibited to everybody have a version that your organisation has not accepted. Until "
        "somebody who signs for it does, and the days of grace are over, nobody of yours gets a new account. Read and "
        "accept it at {address}/api/v1/accounts/prohibited-uses."
    ),
    Notice.PROPOSAL_WAITS: (
        "Somebody proposed a change of who may do what, or of how somebody gets in. It takes effect only if another "
        "administrator agrees within a week, and lapses otherwise. Sign in to decide: "
        "{address}/api/v1/proposals?waiting=true lists what waits for you."
    ),
    Notice.PROPOSED_LISTINGS: (
        "Another directory has new or changed listings for your area, and nothing is taken over before somebody who "
        "coordinates says so. Sign in to decide: {address}/api/v1/harvest-changes?state=waiting lists them."
    ),
    Notice.STATUTORY_HELP: (
        "Somebody whom your organisation asked to help a family said no, because the family needs statutory help. Sign "
        "in to see who phones the front door: {address}/api/v1/requests?direction=sent&state=declined "
        "lists them, and each says in its decline whether the front door was phoned. If someone is in danger now, call "
        "999. Nobody at the Hub is watching for it."
    ),
    Notice.WATCHED_LISTING: (
        "A listing that you watch in the directory was changed, reported wrong or answered for, or something about it "
        "has lapsed. Sign in to see which: {address}/api/v1/services/watched lists them. To hear no more of one, stop "
        "watching it."
    ),
}


def at_most_every(notice: Notice) -> timedelta:
    """How long the next letter of a kind waits after the last one."""
    return ALARMED_AT_MOST_EVERY if notice is Notice.STATUTORY_HELP else AT_MOST_EVERY


def words(notice: Notice, address: str) -> tuple[str, str]:
    """Subject and text of a letter, with the address of the Hub."""
    often = "an hour" if at_most_every(notice) == ALARMED_AT_MOST_EVERY else "a day"
    return _SUBJECTS[notice], f"{_TEXTS[notice].format(address=address)}\n\nYou get one such letter {often} at most."
