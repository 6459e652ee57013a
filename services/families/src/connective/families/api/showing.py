"""A record as its reader may see it: the whole for its keeper, less what a restriction hides from this very reader."""

from datetime import date
from typing import Any
from uuid import UUID

from connective.families.api.answers import (
    FamilyOut,
    HouseholdOut,
    MemberOut,
    PersonOut,
    address_out,
    contact_out,
    person_out,
    relationship_out,
)
from connective.families.commands.read_family import Read
from connective.families.domain.families import Membership
from connective.families.domain.household import household_on
from connective.families.domain.people import notices_stop
from connective.families.storage.pictures import Loaded
from connective.families.storage.seeing import Standing
from connective.kit.actor import Actor

_TAKES_A_DECISION = ["addresses", "household", "name", "people", "relationships"]


def show_person(loaded: Loaded, person_id: UUID, actor: Actor, day: date) -> PersonOut:
    """One person, for this reader."""
    hidden = person_id in loaded.hidden_from(actor, day)
    open_now = [p for p in loaded.pregnancies if p.mother_id == person_id and p.open]
    expected = min(open_now, key=lambda p: (p.due_on, p.id), default=None)
    contacts = [] if hidden else [contact_out(c) for c in loaded.picture.contacts if c.person_id == person_id]
    more = {
        "contacts": contacts,
        "expects_child_on": expected and expected.due_on,
        "pregnancy_id": expected and expected.id,
        "notices_stopped": notices_stop(loaded.picture.people[person_id], loaded.pregnancies),
        "family_ids": [m.family_id for m in loaded.picture.memberships if m.person_id == person_id],
        "merged_ids": [],
        "same_person_ids": [],
        "whereabouts_restricted": person_id in loaded.must_not_be_found(),
    }
    return person_out(loaded.picture.people[person_id], hidden, day, more)


def show_family(read: Read, family_id: UUID, actor: Actor, day: date, *, notice: str) -> FamilyOut:
    """A family, for this reader."""
    family = read.loaded.families[family_id]
    shown: dict[str, Any] = {
        "people": [],
        "relationships": [],
        "addresses": [],
        "household": None,
        "name": None,
        "withheld": _TAKES_A_DECISION,
        "processing_restricted": [],
    }
    if read.standing is Standing.KEEPER:
        shown = _whole(read.loaded, family_id, actor, day)
    return FamilyOut(
        id=family.id,
        organisation_id=family.organisation_id,
        version=family.version,
        standing=read.standing,
        registered_on=family.registered_on,
        safeguarding_notice=notice,
        **shown,
    )


def _whole(loaded: Loaded, family_id: UUID, actor: Actor, day: date) -> dict[str, Any]:
    picture = loaded.picture
    memberships = [m for m in picture.memberships if m.family_id == family_id]
    household = household_on(day, picture.people.values(), memberships)
    at_home = {m.person_id for m in memberships if m.at_home_on(day)}
    stored = loaded.stored_only() & {m.person_id for m in memberships}
    hides_home = bool(loaded.hidden_from(actor, day) & at_home)
    present = {m.person_id for m in memberships if m.period.holds_on(day)}
    return {
        "name": None if present and present <= stored else loaded.families[family_id].name,
        "people": [_member(loaded, m, actor, day) for m in memberships if m.person_id not in stored],
        "relationships": [
            relationship_out(r) for r in picture.relationships if not {r.person_id, r.of_person_id} & stored
        ],
        "addresses": [] if hides_home else [address_out(a) for a in picture.addresses if a.family_id == family_id],
        "household": HouseholdOut(adults=household.adults, children_by_age_band=household.children_by_age_band),
        "withheld": ["addresses"] if hides_home else [],
        "processing_restricted": sorted(stored),
    }


def _member(loaded: Loaded, membership: Membership, actor: Actor, day: date) -> MemberOut:
    return MemberOut(
        person=show_person(loaded, membership.person_id, actor, day),
        residence=membership.residence,
        since=membership.period.since,
        until=membership.period.until,
    )
