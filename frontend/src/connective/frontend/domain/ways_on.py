"""Where to go on from a page that cannot be shown: the records that its address names, and the list they stand in."""

import re
from collections.abc import Sequence

from connective.frontend.domain.navigation import Entry, current

_ID = "[0-9a-f-]{36}"
_RECORDS = tuple(
    (re.compile(f"/{pattern.replace('ID', _ID)}(?=/|$)"), words)
    for pattern, words in (
        ("families/ID/people/ID", "Go to the person"),
        ("families/ID/consents/ID", "Go to what they said"),
        ("families/ID", "Go to the family"),
        ("families/merges/ID", "Go to the two records"),
        ("families/differences", "Go to where people differ about a child"),
        ("families/new", "Register a family"),
        ("refer/ID", "Go to what you are asking for"),
        ("requests/ID", "Go to the request"),
        ("vouchers/ID", "Go to the voucher"),
        ("intake/ID", "Go to what came from outside"),
        ("cases/ID", "Go to the case"),
        ("services/ID", "Go to the service"),
        ("organisation/services/ID", "Go to the service"),
        ("organisation/webhooks/ID", "Go to the webhook"),
        ("organisation/members/ID", "Go to the account"),
        ("admin/organisations/ID", "Go to the organisation"),
        ("admin/accounts/ID", "Go to the account"),
        ("admin/proposals/ID", "Go to what was proposed"),
        ("admin/sources/ID", "Go to the source"),
        ("agreements/joint/ID", "Go to the arrangement"),
        ("agreements/ID/versions/[0-9]+", "Go to the agreement"),
        ("agreements/ID(?!/versions/[0-9])", "Go to the agreement"),
        ("memoranda/ID", "Go to the memorandum"),
        ("legal-entities/ID", "Go to the legal entity"),
        (f"audit/[a-z-]+/{_ID}", "Go to the record"),
        ("board/ID", "Go to the board"),
        ("ask-for-help", "Ask for help"),
        ("directory", "Look for a service"),
    )
)


def ways_on(path: str, entries: Sequence[Entry], *, sent: bool) -> list[tuple[str, str]]:
    """Links with their words, the nearest first. The page itself is one only where something was sent to it.

    They follow from the address alone, so that they say nothing of what there is.
    """
    found = {match[0]: words for pattern, words in _RECORDS if (match := pattern.match(path))}
    ways = [(words, href) for href, words in found.items() if sent or href != path]
    ways.sort(key=lambda way: -len(way[1]))
    section = current(list(entries), path)
    if section is not None and section.href not in {"/home", path, *found}:
        ways.append((section.text, section.href))
    return ways
