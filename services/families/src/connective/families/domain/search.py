"""When somebody may be looked for, and what a look may show.

An abuser, or a friend on the staff, may search for a family that fled. So a search names somebody, one more fact and a
purpose; it answers at most five people; it never says where anybody is; people with a whereabouts restriction are not
in it at all (their card is taken out, so that neither answer nor time tells).
"""

from connective.contracts.categories import Purpose
from connective.families.domain.refusals import SearchTooWide
from connective.families.domain.tokens import Known

MOST_HITS = 5

PURPOSES = frozenset(
    {Purpose.DIRECT_CARE, Purpose.EARLY_HELP_COORDINATION, Purpose.REFERRAL, Purpose.SAFEGUARDING, Purpose.TRANSITION}
)
"""What people are looked up for. Planning, audit and research work with numbers, not with a named person."""


def check_search(known: Known, purpose: Purpose) -> None:
    """Refuse a search that names no more than a name, or that serves no purpose a person is looked up for."""
    if not (known.date_of_birth or known.postcode or known.nhs_number):
        raise SearchTooWide(
            "Give one more fact beside the name: a birth date, a postcode or an NHS number.", "date_of_birth"
        )
    if purpose not in PURPOSES:
        raise SearchTooWide("People are looked up only for help, care, transition or safeguarding.", "purpose")
