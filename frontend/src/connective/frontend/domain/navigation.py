"""What stands in the navigation, by what somebody may do: the pages they need first, and no link that is refused."""

from dataclasses import dataclass

from connective.frontend.domain.sessions import Person


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the navigation; it is shown to whoever holds the permission."""

    text: str
    href: str
    permission: str | None = None


ENTRIES: tuple[Entry, ...] = (
    Entry("Home", "/home"),
    Entry("Families", "/families", "families:family:read"),
    Entry("Find help", "/services", "partners:directory:read"),
    Entry("Requests", "/requests", "referrals:referral:read"),
    Entry("Inbox", "/inbox", "referrals:request:work"),
    Entry("Today’s list", "/inbox/today", "referrals:today:read"),
    Entry("Audit", "/audit", "consent:audit:read"),
    Entry("Overrides", "/audit/overrides", "consent:override:review"),
    Entry("Our organisation", "/organisation", "partners:webhook:manage"),
    Entry("Our services", "/organisation/services", "referrals:request:work"),
    Entry("Access review", "/access-review", "gateway:account:review"),
    Entry("The place", "/admin", "gateway:place:write"),
    Entry("From outside", "/intake", "referrals:intake:work"),
    Entry("Hub board", "/board", "referrals:request:coordinate"),
    Entry("Agreements", "/agreements", "consent:agreement:read"),
)
"""In the order in which they stand. A new journey adds its own entry here, and its page to `pages/`."""


def entries_for(person: Person) -> list[Entry]:
    """The links that this person can use."""
    return [each for each in ENTRIES if each.permission is None or person.may(each.permission)]


def current(entries: list[Entry], path: str) -> Entry | None:
    """The entry under which a page stands: the longest whose address begins the page's."""
    fitting = [each for each in entries if path == each.href or path.startswith(f"{each.href}/")]
    return max(fitting, key=lambda each: len(each.href), default=None)
