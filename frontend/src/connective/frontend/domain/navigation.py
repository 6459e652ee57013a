"""What stands in the navigation, by what somebody may do: the pages they need first, and no link that is refused."""

from collections.abc import Sequence
from dataclasses import dataclass

from connective.frontend.domain.sessions import Person


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the navigation; it is shown to whoever holds the permission."""

    text: str
    href: str
    permission: str | None = None
    also: tuple[str, ...] = ()
    """Other addresses of the same work: it is marked on their pages too."""


ENTRIES: tuple[Entry, ...] = (
    Entry("Home", "/home"),
    Entry("Families", "/families", "families:family:read", ("/refer", "/consents", "/one-offs")),
    Entry("Find help", "/services", "partners:directory:read"),
    Entry("Requests", "/requests", "referrals:referral:read"),
    Entry("Inbox", "/inbox", "referrals:request:work", ("/vouchers",)),
    Entry("Today’s list", "/inbox/today", "referrals:today:read"),
    Entry("Audit", "/audit", "consent:audit:read"),
    Entry("Overrides", "/audit/overrides", "consent:override:review"),
    Entry("Our organisation", "/organisation", "partners:webhook:manage"),
    Entry("Our services", "/organisation/services", "referrals:request:work"),
    Entry("Access review", "/access-review", "gateway:account:review"),
    Entry("The place", "/admin", "gateway:place:write"),
    Entry("From outside", "/intake", "referrals:intake:work"),
    Entry("Hub board", "/board", "referrals:request:coordinate"),
    Entry("Agreements", "/agreements", "consent:agreement:read", ("/memoranda", "/legal-entities", "/flows")),
)
"""In the order in which they stand. A new journey adds its own entry here, and its page to `pages/`."""


def entries_for(person: Person) -> list[Entry]:
    """The links that this person can use."""
    return [each for each in ENTRIES if each.permission is None or person.may(each.permission)]


def as_shown(entries: Sequence[Entry], here: Entry | None, path: str) -> str:
    """What tells this navigation from every other: who shows the same links, of which the same is marked."""
    return " ".join(("navigation", *(each.href for each in entries), here.href if here else "", _marked(here, path)))


def _marked(here: Entry | None, path: str) -> str:
    """Whether the page is the very one that its link leads to, or one below it."""
    return "page" if here and here.href == path else "below"


def current(entries: list[Entry], path: str) -> Entry | None:
    """The entry under which a page stands: the one with the longest address that begins the page's."""
    fitting = [
        (len(start), each)
        for each in entries
        for start in (each.href, *each.also)
        if f"{path}/".startswith(f"{start}/")
    ]
    return max(fitting, key=lambda found: found[0], default=(0, None))[1]
