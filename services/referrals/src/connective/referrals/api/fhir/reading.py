"""Reading through FHIR: the capability statement, ServiceRequest, Patient, Consent and Organization.

What `GET /requests/{id}` shows is read here in the same way: decided, recorded, live, and received.
"""

import re
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Request, Response

from connective.contracts.permissions import Permission
from connective.kit.app import MethodNotAllowed
from connective.kit.deps import ActorDep
from connective.kit.etags import matches
from connective.kit.policy import Access, operation
from connective.kit.problems import NotFound, Unavailable
from connective.referrals.api.deps import SAFEGUARDING_NOTICE, PartsDep
from connective.referrals.api.fhir.capability import capability_statement
from connective.referrals.api.fhir.organisations import organisation_resource
from connective.referrals.api.fhir.patients import bare_patient, patient
from connective.referrals.api.fhir.requests_out import Read, consent, service_request
from connective.referrals.api.fhir.terms import Terms
from connective.referrals.api.fhir.wire import (
    BASE,
    FhirRoute,
    described,
    fhir_response,
    outcome_response,
    public_base,
    weak_etag,
)
from connective.referrals.commands.open_request import Opened, Tombstone
from connective.referrals.commands.read_request import read_request
from connective.referrals.commands.refusals import SharingNotPermitted
from connective.referrals.queries.find_tasks import find_task

routes = APIRouter(prefix=BASE, tags=["fhir"], route_class=FhirRoute)
_EITHER = "own_organisation_or_recipient"
_READING = operation(Permission.REFERRALS_REQUEST_READ, relation=_EITHER, refuses=(SharingNotPermitted, Unavailable))
_PATIENT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[0-9a-f]{26}")
NoneMatch = Annotated[str | None, Header(alias="If-None-Match", description='The ETag that you hold: `W/"3"`.')]


async def terms_of(request: Request, parts: PartsDep) -> Terms:
    """The words of this deployment."""
    return Terms(public_base(request), parts.fhir_key)


TermsDep = Annotated[Terms, Depends(terms_of)]


@routes.get(
    "/metadata",
    operation_id="referrals_read_capability_statement",
    **described(operation(access=Access.PUBLIC), "A CapabilityStatement"),
)
async def metadata(request: Request) -> Response:
    """What can be done here: FHIR version, resources, search parameters."""
    statement = capability_statement(public_base(request), request.app.version, SAFEGUARDING_NOTICE)
    response = fhir_response(statement)
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


class _Reading:
    """What every reading of one request takes, gathered once."""

    def __init__(self, actor: ActorDep, parts: PartsDep, terms: TermsDep, held: NoneMatch = None) -> None:
        self.actor, self.parts, self.terms, self._held = actor, parts, terms, held

    async def unchanged(self, request_id: UUID) -> Response | None:
        """304 for whoever holds this version: that discloses nothing. Raises NotFound."""
        found = await find_task(self.parts.room.database, self.actor, request_id)
        version = found.request.version
        if not matches(self._held, version):
            return None
        return Response(status_code=304, headers={"ETag": weak_etag(version), "Cache-Control": "no-store"})

    async def read(self, request_id: UUID) -> Read:
        return await read_request(self.parts.room, self.actor, request_id)


ReadingDep = Annotated[_Reading, Depends()]


@routes.get(
    "/ServiceRequest/{request_id}",
    operation_id="referrals_read_service_request",
    **described(_READING, "A ServiceRequest"),
)
async def read_service_request(request_id: UUID, reading: ReadingDep) -> Response:
    """What is asked for; for its recipient the reading is decided and recorded first, and receives it."""
    unchanged = await reading.unchanged(request_id)
    if unchanged is not None:
        return unchanged
    read = await reading.read(request_id)
    now = await find_task(reading.parts.room.database, reading.actor, request_id)
    resource = service_request(reading.terms, read, now.updated_at)
    return fhir_response(resource, version=read.request.version, updated=now.updated_at)


@routes.get("/Consent/{request_id}", operation_id="referrals_read_request_consent", **described(_READING, "A Consent"))
async def read_consent(request_id: UUID, reading: ReadingDep) -> Response:
    """What may be shared of one request now, under which agreement, and which categories are refused."""
    unchanged = await reading.unchanged(request_id)
    if unchanged is not None:
        return unchanged
    read = await reading.read(request_id)
    resource = consent(reading.terms, read, reading.parts.room.clock())
    return fhir_response(resource, version=read.request.version)


@routes.get("/Patient/{patient_id}", operation_id="referrals_read_patient", **described(_READING, "A Patient"))
async def read_patient(
    patient_id: Annotated[str, Path(max_length=64, description="As a Task's `for` names it: an id within a request.")],
    reading: ReadingDep,
) -> Response:
    """One person of a request, in permitted categories; gone (404) once the request is final."""
    request_id = _request_of(patient_id)
    found = await find_task(reading.parts.room.database, reading.actor, request_id)
    person = reading.terms.person_of(patient_id, found.request.people.everyone, request_id)
    if person is None:
        raise NotFound
    unchanged = await reading.unchanged(request_id)
    if unchanged is not None:
        return unchanged
    read = await reading.read(request_id)
    if isinstance(read, Tombstone):
        raise NotFound
    resource = bare_patient(reading.terms, read.request, person)
    if isinstance(read, Opened):
        resource = patient(reading.terms, read, person)
    return fhir_response(resource, version=read.request.version)


def _request_of(patient_id: str) -> UUID:
    """The request that a person's id is of. Raises NotFound for what is no such id."""
    if not _PATIENT_ID.fullmatch(patient_id):
        raise NotFound
    return UUID(patient_id.partition(".")[0])


@routes.get(
    "/Organization/{organisation_id}",
    operation_id="referrals_read_organization",
    **described(
        operation(Permission.REFERRALS_REQUEST_LIST, relation="place", refuses=(Unavailable,)), "An Organization"
    ),
)
async def read_organisation(organisation_id: UUID, actor: ActorDep, parts: PartsDep) -> Response:
    """An organisation of the place, by name and registered numbers."""
    facts = await parts.room.others.directory.organisation(actor, organisation_id)
    return fhir_response(organisation_resource(facts), version=facts.version)


_RESOURCES = ("CapabilityStatement", "Consent", "Organization", "Patient", "ServiceRequest", "Task")
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
elsewhere = APIRouter(prefix=BASE, route_class=FhirRoute)
"""Whatever else is asked under `/fhir`: refused in FHIR's own format. It comes after every other route."""


@elsewhere.api_route("/{rest:path}", methods=_METHODS, include_in_schema=False, **operation())
async def refuse(rest: str, request: Request) -> Response:
    """Say that there is no such resource, or that it does not take this."""
    if rest.partition("/")[0] in _RESOURCES:
        refusal = MethodNotAllowed("See /fhir/metadata for what can be done with this resource.")
        return outcome_response(request, refusal)
    raise NotFound
