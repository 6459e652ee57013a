"""`/transparency`: which organisations share what about families, and why; for anybody, without signing in."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.api.deps import Answer, PartsDep
from connective.consent.commands.refusals import Unacceptable
from connective.consent.domain.agreement_text import in_words, listed
from connective.consent.domain.days import day_of
from connective.consent.domain.retention import in_words as says
from connective.consent.queries.transparency import PublicAgreement, agreements_in_force, places_of_register
from connective.consent.storage.schedule import schedule_of
from connective.kit.actor import service_actor
from connective.kit.app import router
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import Access, operation
from connective.kit.problems import NotFound

routes = router(tags=["transparency"])
_FRESH = "public, max-age=300"
_REGISTER = service_actor("consent")
"""The register belongs to everybody, so no asker's place narrows it; the query shows agreements in force alone."""


class SharedOut(Answer):
    """One line of what is shared."""

    giver: str
    taker: str
    purpose: str
    what: str


class ReliedOnOut(Answer):
    """On what one party relies for one purpose: the article of UK GDPR, the legal power, the condition."""

    party: str
    purpose: str
    basis: str


class KeptOut(Answer):
    """How long something is kept."""

    what: str
    rule: str


class TransparencyOut(Answer):
    """An agreement in force, in plain English."""

    id: UUID
    place_id: UUID
    reference: str
    version: int
    title: str
    summary: str
    parties: list[str]
    about: str
    shared: list[SharedOut]
    relied_on: list[ReliedOnOut]
    why_necessary: str
    never_used_for: list[str]
    kept: list[KeptOut]
    rights_contact: str
    complaints_contact: str
    privacy_notice: str
    starts_on: date
    review_on: date
    ends_on: date


def _show(one: PublicAgreement) -> TransparencyOut:
    terms = one.terms
    return TransparencyOut(
        id=one.id,
        place_id=one.place_id,
        reference=one.reference,
        version=one.version,
        title=terms.title,
        summary=terms.summary,
        parties=list(one.parties),
        about=in_words(terms.people_covered),
        shared=[SharedOut.model_validate(flow) for flow in one.flows],
        relied_on=[ReliedOnOut.model_validate(basis) for basis in one.bases],
        why_necessary=terms.necessity,
        never_used_for=sorted(map(in_words, terms.prohibited_uses)),
        kept=[KeptOut(what=listed(each.categories), rule=each.rule) for each in terms.retention],
        rights_contact=terms.rights_contact,
        complaints_contact=terms.complaints_contact,
        privacy_notice=terms.privacy_notice,
        starts_on=terms.starts_on,
        review_on=terms.review_on,
        ends_on=terms.ends_on,
    )


@routes.get("/transparency", operation_id="consent_list_transparency", **operation(access=Access.PUBLIC))
async def list_all(
    *,
    request: Request,
    response: Response,
    parts: PartsDep,
    place_id: Annotated[UUID | None, Query(description="Agreements of this place only.")] = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[TransparencyOut]:
    """Every agreement in force: who shares what about families with whom, why, for how long, and whom to ask."""
    after, today = parts.cursors.after(cursor), day_of(parts.clock())
    async with parts.database.reading(_REGISTER) as connection:
        found = await agreements_in_force(connection, today, place_id=place_id, after=after, limit=limit + 1)
    response.headers["Cache-Control"] = _FRESH
    shown = [_show(one) for one in found]
    return page_of(request, response, parts.cursors, shown, limit=limit)


class KeptForOut(Answer):
    """How long a kind of record is kept, and why."""

    what: str
    rule: str
    reason: str


class RetentionOut(Answer):
    """What a place keeps, for how long."""

    place_id: UUID
    items: list[KeptForOut]


async def _only_place(connection: AsyncConnection) -> UUID:
    """The place that this Hub serves. Raises NotFound while there is none, and Unacceptable where there are several."""
    found = await places_of_register(connection)
    if not found:
        raise NotFound
    if len(found) > 1:
        raise Unacceptable("several_places", "This Hub serves several places: say which.", "/query/place_id")
    return found[0]


@routes.get(
    "/transparency/retention",
    operation_id="consent_read_public_retention",
    **operation(access=Access.PUBLIC, refuses=(Unacceptable,)),
)
async def kept_for(
    *,
    response: Response,
    parts: PartsDep,
    place_id: Annotated[UUID | None, Query(description="The place; needed only where the Hub serves several.")] = None,
) -> RetentionOut:
    """How long a place keeps each kind of record, in plain English; for anybody."""
    async with parts.database.reading(_REGISTER) as connection:
        place_id = place_id or await _only_place(connection)
        rules = await schedule_of(connection, place_id)
    response.headers["Cache-Control"] = _FRESH
    shown = [KeptForOut(what=rule.what, rule=says(rule), reason=rule.reason) for rule in rules]
    return RetentionOut(place_id=place_id, items=shown)
