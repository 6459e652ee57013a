"""The check before sending: does the family have this service already, as far as the organisation itself knows?"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel

from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.policy import operation
from connective.kit.problems import Unavailable
from connective.referrals.api.deps import PartsDep, guard
from connective.referrals.commands.directory import know_services
from connective.referrals.domain.receiving import SENTENCES, Receiving
from connective.referrals.queries.find_receiving import Asked, Had, find_receiving

routes = router(tags=["requests"])


class HadOut(BaseModel):
    """What your organisation's own open requests say; `none_shown` is answered for a sensitive service too."""

    service_id: UUID
    answer: Receiving
    references: list[str]
    sentence: str


class ReceivingOut(BaseModel):
    """One answer for each service, in the order asked."""

    items: list[HadOut]


@routes.get(
    "/requests/already-receiving",
    operation_id="referrals_find_already_receiving",
    **operation(Permission.REFERRALS_REFERRAL_READ, relation="own_organisation", refuses=(Unavailable,)),
)
async def already_receiving(
    *,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    family_id: Annotated[UUID, Query(description="The family thought of.")],
    service_ids: Annotated[
        list[UUID], Query(alias="service_id", min_length=1, max_length=20, description="The services; repeatable.")
    ],
    person_ids: Annotated[
        list[UUID], Query(alias="person_id", max_length=20, description="Only about these people; repeatable.")
    ] = [],  # noqa: B006 - FastAPI reads the default, and nothing changes it
) -> ReceivingOut:
    """Shown before a request is made, and blocks nothing: only your own organisation's knowledge is told."""
    known = await know_services(parts.room.database, parts.room.others.directory, actor, service_ids)
    sensitive = frozenset(each for each in service_ids if each not in known.services or known.services[each].sensitive)
    asked = Asked(family_id, tuple(person_ids), tuple(service_ids))
    found = await find_receiving(parts.room.database, actor, asked, sensitive)
    guard(response)
    return ReceivingOut(items=[_had(each) for each in found])


def _had(had: Had) -> HadOut:
    return HadOut(
        service_id=had.service_id,
        answer=had.answer,
        references=list(had.references),
        sentence=SENTENCES[had.answer],
    )
