"""From records of the domain to what is answered: allow-lists, and what others may not see of a sensitive service."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from connective.kit.actor import Actor
from connective.partners.api.parts import (
    AccessibilityBody,
    AreaBody,
    ContactBody,
    CostBody,
    IdentifierBody,
    LanguageBody,
    LocationBody,
    ScheduleBody,
)
from connective.partners.api.schemas import CapacityOut, HubOut, OrganisationOut, RoomOut, ServiceOut
from connective.partners.api.showing_assurance import show_lapsed
from connective.partners.commands.authority import may_change, runs_the_place
from connective.partners.domain.capacity import Capacity, room
from connective.partners.domain.codes import OrganisationState
from connective.partners.domain.hubs import Hub
from connective.partners.domain.locations import Location
from connective.partners.domain.organisations import Organisation
from connective.partners.domain.schedules import Schedule
from connective.partners.domain.services import assured_until
from connective.partners.storage.services import Owned


def show_organisation(organisation: Organisation, actor: Actor) -> OrganisationOut:
    """An organisation as this actor may see it."""
    profile = organisation.profile
    return OrganisationOut(
        id=organisation.id,
        name=profile.name,
        kind=profile.kind,
        legal_entity_id=organisation.legal_entity_id,
        identifiers=[IdentifierBody(scheme=each.scheme, value=each.value) for each in profile.identifiers],
        org_ids=[each.org_id for each in profile.identifiers],
        description=profile.description,
        website=profile.website,
        telephone=profile.telephone,
        alternate_name=profile.alternate_name,
        email=profile.email,
        state=organisation.state,
        assurance_level=organisation.assurance_level,
        listed_only=not organisation.is_member,
        reporting_route=organisation.is_reporting_route,
        source=organisation.source,
        version=organisation.version,
        changed_at=organisation.changed_at,
        allowed_actions=_organisation_actions(organisation, actor),
    )


def show_service(owned: Owned, actor: Actor, now: datetime) -> ServiceOut:
    """A service as this actor may see it."""
    service, owner = owned.service, owned.organisation
    listing, terms = service.listing, service.terms
    own = may_change(actor, owner.id)
    hidden = listing.sensitive and not own
    return ServiceOut(
        id=service.id,
        organisation_id=owner.id,
        organisation_name=owner.profile.name,
        organisation_active=owner.is_active,
        name=listing.name,
        kind=listing.kind,
        needs=sorted(listing.needs),
        status=listing.status,
        description=listing.description,
        url=listing.url,
        telephone=listing.telephone,
        how_to_refer=listing.how_to_refer,
        minimum_age=listing.minimum_age,
        maximum_age=listing.maximum_age,
        areas=[AreaBody(kind=each.kind, code=each.code, metres=each.metres) for each in listing.areas],
        locations=[_location(each) for each in listing.locations if own or not (hidden or each.withheld)],
        schedules=[_schedule(each) for each in listing.schedules],
        sensitive=listing.sensitive,
        confidential_to_young_person=listing.confidential_to_young_person,
        assured_on=listing.assured_on,
        assured_until=assured_until(listing),
        lapsed=show_lapsed(owner, now),
        takes_requests=terms.takes_requests,
        acknowledge_within_days=terms.acknowledge_within_days,
        decide_within_days=terms.decide_within_days,
        contact_attempts_promised=terms.contact_attempts_promised,
        same_day=terms.same_day,
        room=room(service.capacities, sensitive=hidden, now=now),
        capacity=None if hidden or not service.capacities else _capacity(service.capacities[0]),
        capacities=[] if hidden else [_capacity(each) for each in service.capacities],
        alternate_name=listing.alternate_name,
        email=listing.email,
        eligibility=listing.eligibility,
        fees=listing.fees,
        interpretation=listing.interpretation,
        alert=listing.alert,
        reach=sorted(listing.reach),
        costs=[CostBody(**_values(each)) for each in listing.costs],
        languages=[LanguageBody(**_values(each)) for each in listing.languages],
        contacts=[ContactBody(**_values(each)) for each in listing.contacts],
        source=service.source,
        licence=service.licence,
        version=service.version,
        changed_at=service.changed_at,
        allowed_actions=["capacity", "change"] if own else [],
    )


def show_room(owned: Owned, actor: Actor, now: datetime) -> RoomOut:
    """How much room a service says it has, as this actor may see it."""
    service = owned.service
    hidden = service.listing.sensitive and not may_change(actor, owned.organisation.id)
    rows = [] if hidden else [_capacity(each) for each in service.capacities]
    return RoomOut(service_id=service.id, room=room(service.capacities, sensitive=hidden, now=now), rows=rows)


def show_hub(hub: Hub, actor: Actor) -> HubOut:
    """A hub as this actor may see it."""
    coordinates = hub.coordinator_account_id is not None and actor.account_id == hub.coordinator_account_id
    return HubOut(
        id=hub.id,
        name=hub.name,
        outward_postcodes=list(hub.outward_postcodes),
        coordinator_account_id=hub.coordinator_account_id,
        member_organisation_ids=list(hub.member_organisation_ids),
        version=hub.version,
        changed_at=hub.changed_at,
        allowed_actions=["change"] if coordinates or runs_the_place(actor) else [],
    )


def _organisation_actions(organisation: Organisation, actor: Actor) -> list[str]:
    actions = ["change"] if may_change(actor, organisation.id) else []
    if runs_the_place(actor):
        actions.append("reinstate" if organisation.state is OrganisationState.SUSPENDED else "suspend")
    return actions


def _location(location: Location) -> LocationBody:
    told = {name: value for name, value in _values(location).items() if name not in {"district", "point"}}
    told["address"] = list(location.address)
    told["accessibility"] = [AccessibilityBody(**_values(each)) for each in location.accessibility]
    return LocationBody(**told)


def _values(record: Any) -> dict[str, Any]:  # noqa: ANN401 - any record of the domain
    return {each.name: getattr(record, each.name) for each in fields(record)}


def _schedule(schedule: Schedule) -> ScheduleBody:
    return ScheduleBody(
        weekdays=sorted(schedule.weekdays),
        opens_at=schedule.opens_at,
        closes_at=schedule.closes_at,
        valid_from=schedule.valid_from,
        valid_to=schedule.valid_to,
        weekly=schedule.weekly,
        description=schedule.description,
    )


def _capacity(capacity: Capacity) -> CapacityOut:
    return CapacityOut(**_values(capacity))
