"""A service and its organisation as Open Referral UK 3 publishes them (a profile of HSDS 3; richer fields are kept).

Ids of nested things follow from the record's own id, so that they are the same at each reading.
"""

from dataclasses import dataclass
from uuid import UUID, uuid5

from connective.partners.domain.capacity import Capacity
from connective.partners.domain.geography import Point
from connective.partners.domain.identifiers import Identifier, Scheme
from connective.partners.domain.open_referral.places import (
    area_documents,
    location_document,
    location_id,
    schedule_documents,
    site_id,
)
from connective.partners.domain.open_referral.publishing import public_contacts, public_locations
from connective.partners.domain.open_referral.taxonomies import Taxonomies, Term, terms_of, words
from connective.partners.domain.open_referral.telling import Document, instant, told
from connective.partners.domain.organisations import Organisation
from connective.partners.domain.particulars import Contact, Cost, Language
from connective.partners.domain.services import Service

_REGISTERS = {
    Scheme.CHARITY: "Charity number",
    Scheme.CHARITY_NORTHERN_IRELAND: "Charity number (Northern Ireland)",
    Scheme.CHARITY_SCOTLAND: "Charity number (Scotland)",
    Scheme.COMPANY: "Company number",
    Scheme.ODS: "ODS code",
    Scheme.SCHOOL: "URN",
    Scheme.UKPRN: "UKPRN",
}


@dataclass(frozen=True, slots=True)
class Site:
    """A service at one site, and where that is."""

    id: UUID
    location: Document
    document: Document
    point: Point | None


@dataclass(frozen=True, slots=True)
class Published:
    """Everything the public may read of one service."""

    summary: Document
    document: Document
    sites: tuple[Site, ...]
    terms: tuple[Term, ...]


def organisation_summary(organisation: Organisation) -> Document:
    """An organisation's own fields. HSDS requires a description: one that has none is described by its kind."""
    profile = organisation.profile
    return told(
        {
            "id": str(organisation.id),
            "name": profile.name,
            "alternate_name": profile.alternate_name,
            "description": profile.description or f"{profile.name} ({words(str(profile.kind)).lower()}).",
            "email": profile.email,
            "website": profile.website,
        }
    )


def organisation_document(organisation: Organisation) -> Document:
    """An organisation with its identifiers and telephone; its sites are its services' and are added when it is read."""
    profile, own = organisation.profile, organisation.id
    identifiers = [_identifier(own, each) for each in profile.identifiers]
    return organisation_summary(organisation) | told(
        {"phones": _phones(own, profile.telephone), "organization_identifiers": identifiers}
    )


def published(service: Service, organisation: Organisation, taxonomies: Taxonomies) -> Published:
    """The service as the public may read it. Ask `is_public` first."""
    listing = service.listing
    terms = terms_of(taxonomies, listing.kind, listing.needs, listing.reach)
    fields = _fields(service)
    sites = tuple(_site(service, each.point, location_document(location_id(service.id, at, each), each))
                  for at, each in public_locations(listing))  # fmt: skip
    nested = told(
        {
            "phones": _phones(service.id, listing.telephone),
            "schedules": schedule_documents(service.id, listing.schedules),
            "service_areas": area_documents(service.id, listing.areas),
            "service_at_locations": [each.document for each in sites],
            "languages": [_language(service.id, each) for each in listing.languages],
            "cost_options": [_cost(service.id, at, each) for at, each in enumerate(listing.costs)],
            "contacts": [_contact(service.id, at, each) for at, each in enumerate(public_contacts(listing))],
            "capacities": [_capacity(service.id, each) for each in service.capacities],
            "attributes": [_attribute(service.id, each) for each in terms],
        }
    )
    return Published(
        summary=fields | {"organization": organisation_summary(organisation)},
        document=fields | {"organization": organisation_document(organisation)} | nested,
        sites=sites,
        terms=terms,
    )


def _fields(service: Service) -> Document:
    listing = service.listing
    waits = [each.waiting_weeks for each in service.capacities if each.waiting_weeks is not None]
    return told(
        {
            "id": str(service.id),
            "organization_id": str(service.organisation_id),
            "name": listing.name,
            "alternate_name": listing.alternate_name,
            "description": listing.description,
            "url": listing.url,
            "email": listing.email,
            "status": str(listing.status),
            "interpretation_services": listing.interpretation,
            "application_process": listing.how_to_refer,
            "fees_description": listing.fees,
            "wait_time": f"{min(waits)} weeks" if waits else None,
            "eligibility_description": listing.eligibility,
            "minimum_age": listing.minimum_age,
            "maximum_age": listing.maximum_age,
            "assured_date": listing.assured_on and listing.assured_on.isoformat(),
            "alert": listing.alert,
            "last_modified": instant(service.changed_at),
            # Extensions of ours, by their prefix: whoever passes the record on must be able to name its source.
            "x_hub_source": service.source,
            "x_hub_licence": service.licence,
        }
    )


def _site(service: Service, point: Point | None, location: Document) -> Site:
    identifier = site_id(service.id, UUID(location["id"]))
    document = {
        "id": str(identifier),
        "service_id": str(service.id),
        "location_id": location["id"],
        "location": location,
    }
    return Site(identifier, location, document, point)


def _identifier(owner: UUID, identifier: Identifier) -> Document:
    return {
        "id": str(uuid5(owner, identifier.org_id)),
        "organization_id": str(owner),
        "identifier_scheme": str(identifier.scheme),
        "identifier_type": _REGISTERS[identifier.scheme],
        "identifier": identifier.value,
    }


def _phones(owner: UUID, number: str | None, key: str = "phone") -> list[Document]:
    return [] if number is None else [{"id": str(uuid5(owner, key)), "number": number, "type": "voice"}]


def _language(owner: UUID, language: Language) -> Document:
    name = language.name or language.code
    identifier = str(uuid5(owner, f"language:{language.code}"))
    return told({"id": identifier, "name": name, "code": language.code, "note": language.note})


def _cost(owner: UUID, at: int, cost: Cost) -> Document:
    return told(
        {
            "id": str(uuid5(owner, f"cost:{at}")),
            "service_id": str(owner),
            "option": cost.option,
            "currency": cost.currency if cost.amount is not None else None,
            "amount": None if cost.amount is None else float(cost.amount),
            "amount_description": cost.description,
            "valid_from": cost.valid_from and cost.valid_from.isoformat(),
            "valid_to": cost.valid_to and cost.valid_to.isoformat(),
        }
    )


def _contact(owner: UUID, at: int, contact: Contact) -> Document:
    return told(
        {
            "id": str(uuid5(owner, f"contact:{at}")),
            "service_id": str(owner),
            "name": contact.name,
            "title": contact.title,
            "department": contact.department,
            "email": contact.email,
            "phones": _phones(owner, contact.telephone, f"contact-phone:{at}"),
        }
    )


def _capacity(owner: UUID, capacity: Capacity) -> Document:
    """HSDS 3.1 `service_capacity`; for whom stands in its description."""
    return told(
        {
            "id": str(uuid5(owner, f"capacity:{capacity.unit}:{capacity.audience}")),
            "service_id": str(owner),
            "unit": {"id": str(uuid5(owner, f"unit:{capacity.unit}")), "name": capacity.unit},
            "available": capacity.available,
            "maximum": capacity.maximum,
            "description": capacity.audience and f"For {capacity.audience}",
            "updated": instant(capacity.as_of),
        }
    )


def _attribute(owner: UUID, term: Term) -> Document:
    return {
        "id": str(uuid5(owner, f"attribute:{term.id}")),
        "link_id": str(owner),
        "link_entity": "service",
        "taxonomy_term_id": str(term.id),
        "taxonomy_term": term.document,
    }
