"""An organisation of the directory as a FHIR Organization."""

from connective.contracts.sharing import OrganisationFacts
from connective.referrals.api.fhir.wire import Resource

_ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
"""By which FHIR peers know the numbers of the NHS's own register; the others go by their org-id code."""


def organisation_resource(facts: OrganisationFacts) -> Resource:
    """Its name and registered numbers; nobody's personal data is in the directory."""
    resource: Resource = {
        "resourceType": "Organization",
        "id": str(facts.organisation_id),
        "meta": {"versionId": str(facts.version)},
        "active": facts.active,
        "name": facts.name,
    }
    identifiers = [
        {"system": _ODS if scheme == "GB-NHS" else f"http://org-id.guide/list/{scheme}", "value": number}
        for scheme, number in sorted(facts.identifiers.items())
    ]
    return resource | ({"identifier": identifiers} if identifiers else {})
