"""`/agreements/{id}/compare`: what changed between two versions, in sentences an officer reads."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from connective.consent.api.deps import Answer, PartsDep
from connective.consent.domain.days import day_of
from connective.consent.domain.differences import Change
from connective.consent.queries.comparison import compare_versions
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.policy import operation

routes = router(tags=["agreements"])
OlderQuery = Annotated[int, Query(alias="from", ge=1, le=9999, description="The version to compare with.")]
NewerQuery = Annotated[int, Query(alias="to", ge=1, le=9999, description="The version that is compared.")]


class DifferenceOut(Answer):
    """One change: where, in which words, and what stood and stands there."""

    change: Change
    pointer: str
    sentence: str
    before: str | None
    after: str | None


class ComparisonOut(Answer):
    """Every difference between two versions, in the order of the text; empty when they say the same."""

    agreement_id: UUID
    from_version: int
    to_version: int
    differences: list[DifferenceOut]


@routes.get(
    "/agreements/{agreement_id}/compare",
    operation_id="consent_compare_agreement_versions",
    **operation(Permission.CONSENT_AGREEMENT_READ, relation="own_entity"),
)
async def compare(
    *, agreement_id: UUID, older: OlderQuery, newer: NewerQuery, actor: ActorDep, parts: PartsDep
) -> ComparisonOut:
    """What changed from one version to another: who, what is shared, on what basis, within which limits."""
    today = day_of(parts.clock())
    async with parts.database.reading(actor) as connection:
        found = await compare_versions(connection, actor, agreement_id, older=older, newer=newer, today=today)
    differences = [DifferenceOut.model_validate(each) for each in found]
    return ComparisonOut(agreement_id=agreement_id, from_version=older, to_version=newer, differences=differences)
