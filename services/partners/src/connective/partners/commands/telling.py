"""What is announced about organisations, services and hubs, and in which words."""

from connective.contracts.partner_events import (
    HubChanged,
    OrganisationChanged,
    OrganisationEvent,
    OrganisationRegistered,
    OrganisationReinstated,
    OrganisationSuspended,
    PartnersAudited,
    ServiceCapacityChanged,
    ServiceChanged,
    ServiceEvent,
    ServicePublished,
    ServiceWithdrawn,
)
from connective.kit.database import Unit
from connective.kit.ids import new_id
from connective.partners.domain.codes import ServiceStatus
from connective.partners.domain.hubs import Hub
from connective.partners.domain.organisations import Organisation
from connective.partners.domain.services import Service


def tell_registered(unit: Unit, organisation: Organisation) -> None:
    """Announce that an organisation joined; one that is only listed is nobody's news."""
    _tell_organisation(unit, organisation, OrganisationRegistered)


def tell_organisation_changed(unit: Unit, before: Organisation, after: Organisation) -> None:
    """Announce a change of an organisation; one that was only listed joins by it."""
    _tell_organisation(unit, after, OrganisationChanged if before.is_member else OrganisationRegistered)


def tell_suspended(unit: Unit, organisation: Organisation) -> None:
    """Announce that nothing goes to or from an organisation until it is reinstated."""
    _tell_organisation(unit, organisation, OrganisationSuspended)


def tell_reinstated(unit: Unit, organisation: Organisation) -> None:
    """Announce that an organisation takes part again."""
    _tell_organisation(unit, organisation, OrganisationReinstated)


def tell_act(unit: Unit, act: str, organisation: Organisation, changed: tuple[str, ...] = ()) -> None:
    """Have the ledger keep who did this to an organisation, at the instant it was changed."""
    event = PartnersAudited(
        act_id=new_id(),
        act=f"organisation.{act}",
        actor_id=unit.actor.id,
        organisation_id=unit.actor.organisation_id,
        subject_organisation_id=organisation.id,
        changed=changed,
        at=organisation.changed_at,
    )
    unit.tell(event, version=1, place_id=organisation.place_id)


def tell_published(unit: Unit, service: Service) -> None:
    """Announce that a service is in the directory."""
    _tell_service(unit, service, ServicePublished)


def tell_service_changed(unit: Unit, before: Service, after: Service) -> None:
    """Announce what a change amounts to: it ended, it is back, or it is different."""
    ended = after.listing.status is ServiceStatus.DEFUNCT
    was_ended = before.listing.status is ServiceStatus.DEFUNCT
    if ended and not was_ended:
        _tell_service(unit, after, ServiceWithdrawn)
    elif was_ended and not ended:
        _tell_service(unit, after, ServicePublished)
    else:
        _tell_service(unit, after, ServiceChanged)


def tell_capacity(unit: Unit, service: Service) -> None:
    """Announce that a service told how much room it has; how much is asked for, never announced."""
    _tell_service(unit, service, ServiceCapacityChanged)


def tell_hub_changed(unit: Unit, hub: Hub) -> None:
    """Announce who coordinates a hub now, and for which organisations."""
    event = HubChanged(
        hub_id=hub.id,
        coordinator_account_id=hub.coordinator_account_id,
        member_organisation_ids=hub.member_organisation_ids,
    )
    unit.tell(event, version=hub.version, place_id=hub.place_id)


def _tell_organisation(unit: Unit, organisation: Organisation, kind: type[OrganisationEvent]) -> None:
    if organisation.legal_entity_id is None:
        return
    event = kind(
        organisation_id=organisation.id,
        legal_entity_id=organisation.legal_entity_id,
        kind=str(organisation.profile.kind),
        state=str(organisation.state),
        assurance_level=organisation.assurance_level,
    )
    unit.tell(event, version=organisation.version, place_id=organisation.place_id)


def _tell_service(unit: Unit, service: Service, kind: type[ServiceEvent]) -> None:
    event = kind(service_id=service.id, organisation_id=service.organisation_id)
    unit.tell(event, version=service.version, place_id=service.place_id)
