"""From records of the domain to what is answered: allow-lists, and what others may not see of a sensitive service."""

from datetime import datetime

from connective.kit.actor import Actor
from connective.partners.api.schemas import (
    AreaBody,
    CapacityOut,
    HubOut,
    IdentifierBody,
    LeftOutOut,
    LocationBody,
    MatchOut,
    OrganisationOut,
    ReasonOut,
    ScheduleBody,
    SearchOut,
    ServiceOut,
)
from connective.partners.commands.authority import may_change, runs_the_place
from connective.partners.commands.search_services import Answer
from connective.partners.domain.capacity import Capacity, room
from connective.partners.domain.codes import OrganisationState
from connective.partners.domain.fit import Reason
from connective.partners.domain.hubs import Hub
from connective.partners.domain.matching import LeftOut, Match
from connective.partners.domain.organisations import Organisation
from connective.partners.domain.schedules import Schedule
from connective.partners.domain.services import Location, assured_until
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
        description=profile.description,
        website=profile.website,
        telephone=profile.telephone,
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
        locations=[] if hidden else [_location(each) for each in listing.locations],
        schedules=[_schedule(each) for each in listing.schedules],
        sensitive=listing.sensitive,
        confidential_to_young_person=listing.confidential_to_young_person,
        assured_on=listing.assured_on,
        assured_until=assured_until(listing),
        takes_requests=terms.takes_requests,
        acknowledge_within_days=terms.acknowledge_within_days,
        decide_within_days=terms.decide_within_days,
        contact_attempts_promised=terms.contact_attempts_promised,
        same_day=terms.same_day,
        room=room(service.capacity, sensitive=hidden, now=now),
        capacity=None if hidden else _capacity(service.capacity),
        source=service.source,
        version=service.version,
        changed_at=service.changed_at,
        allowed_actions=["capacity", "change"] if own else [],
    )


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


def show_answer(answer: Answer, limit: int) -> SearchOut:
    """The answer to a search, at most `limit` of each half."""
    return SearchOut(
        items=[_match(each) for each in answer.found.matches[:limit]],
        left_out=[_left_out(each) for each in answer.found.left_out[:limit]],
        postcode_known=answer.postcode_known,
    )


def _match(found: Match) -> MatchOut:
    service, owner = found.candidate.service, found.candidate.organisation
    listing = service.listing
    return MatchOut(
        service_id=service.id,
        organisation_id=owner.id,
        organisation_name=owner.profile.name,
        name=listing.name,
        kind=listing.kind,
        needs=list(found.needs),
        distance_km=_km(found.distance_metres),
        room=found.room,
        takes_requests=found.takes_requests,
        telephone=listing.telephone,
        url=listing.url,
        how_to_refer=listing.how_to_refer,
        sensitive=listing.sensitive,
        reasons=_reasons(found.reasons),
    )


def _left_out(left: LeftOut) -> LeftOutOut:
    listing = left.candidate.service.listing
    return LeftOutOut(
        service_id=left.candidate.service.id,
        organisation_name=left.candidate.organisation.profile.name,
        name=listing.name,
        kind=listing.kind,
        distance_km=_km(left.distance_metres),
        telephone=listing.telephone,
        reasons=_reasons(left.reasons),
    )


def _reasons(reasons: tuple[Reason, ...]) -> list[ReasonOut]:
    return [ReasonOut(code=each.code, sentence=each.sentence) for each in reasons]


def _km(metres: int | None) -> float | None:
    return None if metres is None else round(metres / 1000, 1)


def _organisation_actions(organisation: Organisation, actor: Actor) -> list[str]:
    actions = ["change"] if may_change(actor, organisation.id) else []
    if runs_the_place(actor):
        actions.append("reinstate" if organisation.state is OrganisationState.SUSPENDED else "suspend")
    return actions


def _location(location: Location) -> LocationBody:
    return LocationBody(
        kind=location.kind,
        name=location.name,
        address=list(location.address),
        postcode=location.postcode,
        latitude=location.latitude,
        longitude=location.longitude,
    )


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


def _capacity(capacity: Capacity | None) -> CapacityOut | None:
    if capacity is None:
        return None
    return CapacityOut(
        available=capacity.available,
        maximum=capacity.maximum,
        unit=capacity.unit,
        waiting_weeks=capacity.waiting_weeks,
        as_of=capacity.as_of,
    )
