"""Routes for the other services alone: facts to apply rules by, and the one way data leave to a recipient."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Header, Query, Response
from pydantic import BaseModel

from connective.contracts.fields import SHARED_FIELDS
from connective.contracts.holdings import Holdings, HoldingsAsked
from connective.contracts.permissions import Permission
from connective.contracts.retention import DueAnswered, DueAsked, FamilyAsked, PersonAsked, PersonStands
from connective.contracts.sharing import EssentialsAnswered, FactsAnswered, FactsAsked, SharedFields
from connective.families.api.deps import Parts, PartsDep
from connective.families.commands.erase_family import preview_family
from connective.families.commands.erase_person import preview_person
from connective.families.queries.answer_facts import answer_essentials, answer_facts
from connective.families.queries.find_due import find_due
from connective.families.queries.find_holdings import find_holdings
from connective.families.queries.share_fields import PermitForAnother, permit_of, share_fields
from connective.kit.actor import Actor, service_actor
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.express import Plain, Ready, plain_body
from connective.kit.policy import Access, operation
from connective.kit.problems import FieldError, Invalid

_PERMIT_LENGTH = 8000
_FIELDS_ASKED = 40
routes = router(prefix="/internal", tags=["internal"])


@routes.post(
    "/facts",
    response_model=FactsAnswered,
    operation_id="families_answer_facts",
    **operation(Permission.FAMILIES_FACTS_READ, access=Access.INTERNAL, relation="worker_of_keeper_or_consent"),
)
async def facts(body: FactsAsked, actor: ActorDep, parts: PartsDep) -> Response:
    """Ages, standing and ids of people, to apply a rule by; never a name."""
    return _answer(await answer_facts(parts.means.database, actor, body, parts.today))


@routes.post(
    "/essentials",
    response_model=EssentialsAnswered,
    operation_id="families_answer_essentials",
    **operation(Permission.FAMILIES_FACTS_READ, access=Access.INTERNAL, relation="worker_of_keeper_or_consent"),
)
async def essentials(body: FactsAsked, actor: ActorDep, parts: PartsDep) -> Response:
    """What is looked at of people before a request about them is sent; less of them than their facts."""
    return _answer(await answer_essentials(parts.means.database, actor, body, parts.today))


async def essentials_plainly(parts: Parts, asked: Plain) -> Ready | None:
    """The same on the express lane: every referral asks it."""
    body = plain_body(asked, FactsAsked)
    if body is None:
        return None
    answer = await answer_essentials(parts.means.database, asked.actor, body, parts.today)
    return Ready(answer.model_dump_json().encode(), [])


@routes.post(
    "/retention/due",
    response_model=DueAnswered,
    operation_id="families_find_due_records",
    **operation(Permission.FAMILIES_RETENTION_READ, access=Access.INTERNAL, relation="none"),
)
async def due(body: DueAsked, parts: PartsDep) -> Response:
    """Which records of these organisations have come to their end; ids and codes, no day of anybody's life."""
    return _answer(await find_due(parts.means.database, service_actor("families"), body))


@routes.post(
    "/retention/person",
    response_model=PersonStands,
    operation_id="families_preview_person_erasure",
    **operation(Permission.FAMILIES_RETENTION_READ, access=Access.INTERNAL, relation="none"),
)
async def person(body: PersonAsked, parts: PartsDep) -> Response:
    """What erasing one person would take out, and what stands against it; nothing is changed."""
    return _answer(await preview_person(parts.means.database, body))


@routes.post(
    "/retention/family",
    response_model=PersonStands,
    operation_id="families_preview_family_erasure",
    **operation(Permission.FAMILIES_RETENTION_READ, access=Access.INTERNAL, relation="none"),
)
async def family(body: FamilyAsked, parts: PartsDep) -> Response:
    """What erasing a whole record would take out, and what stands against it; nothing is changed."""
    return _answer(await preview_family(parts.means.database, body))


@routes.post(
    "/holdings",
    response_model=Holdings,
    operation_id="families_find_holdings",
    **operation(Permission.FAMILIES_HOLDINGS_READ, access=Access.INTERNAL, relation="none"),
)
async def holdings(body: HoldingsAsked, parts: PartsDep) -> Response:
    """What is held about one person, for the copy they ask for (consent, on an officer's order, which it records)."""
    return _answer(
        await find_holdings(parts.means.database, service_actor("families"), body), {"Cache-Control": "no-store"}
    )


@routes.get(
    "/shared",
    response_model=SharedFields,
    operation_id="families_share_fields",
    **operation(
        Permission.FAMILIES_SHARED_READ,
        access=Access.INTERNAL,
        relation="holder_of_permit",
        refuses=(PermitForAnother,),
    ),
)
async def shared(
    actor: ActorDep,
    parts: PartsDep,
    hub_permit: Annotated[str, Header(description="The permit that consent signed.", max_length=_PERMIT_LENGTH)],
    field: Annotated[
        list[str], Query(min_length=1, max_length=_FIELDS_ASKED, description="Names of shareable fields.")
    ],
) -> Response:
    """The permitted fields of the permit's subjects, live."""
    unknown = [name for name in field if name not in SHARED_FIELDS]
    if unknown:
        errors = (FieldError("/query/field", "unknown", "No such field may be shared."),)
        raise Invalid("A field is not one that may be shared.", errors=errors)
    return _answer(await _share(parts, actor, hub_permit, field), {"Cache-Control": "no-store"})


async def shared_plainly(parts: Parts, asked: Plain) -> Ready | None:
    """The same on the express lane: every reading of a request asks it."""
    permit = asked.headers.get(b"hub-permit", b"")
    named = parse_qsl(asked.query, keep_blank_values=True)
    fields = [value.decode() for name, value in named if name == b"field" and value.isascii()]
    plain = 0 < len(permit) <= _PERMIT_LENGTH and 0 < len(fields) == len(named) <= _FIELDS_ASKED
    if not plain or not SHARED_FIELDS.keys() >= set(fields):
        return None
    given = await _share(parts, asked.actor, permit.decode("latin-1"), fields)
    return Ready(given.model_dump_json().encode(), [(b"cache-control", b"no-store")])


async def _share(parts: Parts, actor: Actor, hub_permit: str, fields: Sequence[str]) -> SharedFields:
    permit = permit_of(parts.keys, hub_permit)
    return await share_fields(parts.means.database, actor, permit, fields, day=parts.today, known=parts.known_needs)


def _answer(answer: BaseModel, headers: Mapping[str, str] | None = None) -> Response:
    """A checked answer as it goes out: checking it a second time would cost as much as making it."""
    return Response(answer.model_dump_json(), media_type="application/json", headers=headers)
