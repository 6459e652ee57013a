"""What of the directory anybody may read: the rule in one place, asked before anything is written for the public.

Never published: sensitive services, those confidential to a young person, withheld addresses, contacts that nobody
published on purpose, what has ended, and listings read from a source whose licence does not allow passing them on.
"""

from connective.partners.domain.codes import FINDABLE_STATUSES, OrganisationState
from connective.partners.domain.locations import Location
from connective.partners.domain.organisations import Organisation
from connective.partners.domain.particulars import Contact
from connective.partners.domain.services import Listing, Service

OPEN_LICENCES = frozenset({"CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0", "ODC-By-1.0", "OGL-UK-3.0", "PDDL-1.0"})
"""Licences (SPDX codes) under which a source lets others publish what it gave, naming it."""


def is_public(service: Service, organisation: Organisation) -> bool:
    """Whether the service stands in the public directory."""
    listing = service.listing
    secret = listing.sensitive or listing.confidential_to_young_person
    ours = service.source is None or service.licence in OPEN_LICENCES
    there = listing.status in FINDABLE_STATUSES and organisation.state is OrganisationState.ACTIVE
    return ours and there and not secret


def public_locations(listing: Listing) -> tuple[tuple[int, Location], ...]:
    """The sites whose address is not withheld, each with its place in the list."""
    return tuple((at, each) for at, each in enumerate(listing.locations) if not each.withheld)


def public_contacts(listing: Listing) -> tuple[Contact, ...]:
    """The contacts that were published on purpose."""
    return tuple(each for each in listing.contacts if each.published)
