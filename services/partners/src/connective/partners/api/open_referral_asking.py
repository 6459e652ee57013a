"""The query parameters of Open Referral UK 3, read into what a list is narrowed to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from connective.kit.problems import FieldError, Invalid
from connective.partners.domain.areas import Home
from connective.partners.domain.geography import MalformedPostcodeError, parse_postcode
from connective.partners.domain.open_referral.pages import LARGEST_SIZE, USUAL_SIZE, PageOf
from connective.partners.domain.schedules import WEEKDAYS
from connective.partners.queries.open_referral import Narrowed, Near, Opening
from connective.partners.storage.postcodes import PostcodeDirectory
from connective.partners.storage.published import public_taxonomies

_MOST_MINIMAL = 50_000
_FARTHEST_METRES = 200_000
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
Clock = Annotated[str | None, Query(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$", examples=["09:30"])]
AgeQuery = Annotated[int | None, Query(ge=0, le=150)]
TermsQuery = Annotated[
    list[UUID], Query(max_length=50, description="Which carry this term; repeated, which carry one of them.")
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of services is asked for."""

    search: str | None = None
    taxonomy_term_ids: tuple[UUID, ...] = ()
    taxonomy_id: UUID | None = None
    organization_id: UUID | None = None
    modified_after: datetime | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None
    day: str | None = None
    start_time: str | None = None
    end_time: str | None = None
    kept_here: bool = False


@dataclass(frozen=True, slots=True)
class SitesAsked:
    """The same of services at their sites, with where somebody lives."""

    services: Asked
    postcode: str | None
    proximity: int | None


async def asked_of(
    *,
    search: Annotated[str | None, Query(max_length=200, description="Words, as in a search engine.")] = None,
    taxonomy_term_id: TermsQuery = [],  # noqa: B006 - FastAPI reads the default, and nothing changes it
    taxonomy_id: UUID | None = None,
    organization_id: UUID | None = None,
    modified_after: Annotated[datetime | None, Query(description="Changed at or after this RFC 3339 time.")] = None,
    minimum_age: Annotated[AgeQuery, Query(description="For somebody of this age or older.")] = None,
    maximum_age: Annotated[AgeQuery, Query(description="For somebody of this age or younger.")] = None,
    day: Annotated[str | None, Query(max_length=60, description="MO to SU, or names; several with commas.")] = None,
    start_time: Clock = None,
    end_time: Clock = None,
    x_hub_kept_here: Annotated[
        bool, Query(description="Only what its organisation keeps here itself, and nothing from another directory.")
    ] = False,
) -> Asked:
    """The parameters that services and services at sites have in common."""
    return Asked(
        search, tuple(taxonomy_term_id), taxonomy_id, organization_id, modified_after, minimum_age, maximum_age, day,
        start_time, end_time, x_hub_kept_here,
    )  # fmt: skip


AskedDep = Annotated[Asked, Depends(asked_of)]


async def sites_asked_of(
    asked: AskedDep,
    postcode: Annotated[str | None, Query(max_length=12, description="Only what serves people living here.")] = None,
    proximity: Annotated[int | None, Query(ge=0, le=_FARTHEST_METRES, description="Metres from the postcode.")] = None,
) -> SitesAsked:
    """The parameters of services at their sites."""
    return SitesAsked(asked, postcode, proximity)


SitesAskedDep = Annotated[SitesAsked, Depends(sites_asked_of)]


async def page_asked(
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    per_page: Annotated[
        int | None,
        Query(ge=1, description=f"{USUAL_SIZE} when left out; {LARGEST_SIZE} at the most, also when more is asked."),
    ] = None,
    minimal: Annotated[bool, Query(include_in_schema=False)] = False,
) -> PageOf:
    """Which page. One of minimal records holds everything unless it is asked otherwise."""
    most = _MOST_MINIMAL if minimal else LARGEST_SIZE
    usual = _MOST_MINIMAL if minimal else USUAL_SIZE
    return PageOf(page, min(per_page or usual, most))


PageDep = Annotated[PageOf, Depends(page_asked)]


def narrowed(asked: Asked) -> Narrowed:
    """What a list is narrowed to. Raises Invalid for a day that is none."""
    since = asked.modified_after
    return Narrowed(
        search=asked.search,
        any_term=_terms(asked.taxonomy_term_ids, asked.taxonomy_id),
        organisation_id=asked.organization_id,
        changed_since=since if since is None or since.tzinfo else since.replace(tzinfo=UTC),
        minimum_age=asked.minimum_age,
        maximum_age=asked.maximum_age,
        kept_here=asked.kept_here,
        opening=Opening(_weekdays(asked.day), _clock(asked.start_time), _clock(asked.end_time)),
    )


async def narrowed_sites(asked: SitesAsked, postcodes: PostcodeDirectory) -> Narrowed:
    """The same with where somebody lives. Raises Invalid for a postcode nobody knows, or a distance from nowhere."""
    services = narrowed(asked.services)
    if asked.postcode is None:
        if asked.proximity is not None:
            raise _wrong("proximity", "A distance needs a postcode to start from.")
        return services
    try:
        known = await postcodes.find_soon(parse_postcode(asked.postcode))
    except MalformedPostcodeError as error:
        raise _wrong("postcode", "It is not shaped like a British postcode, such as TA20 1QL.") from error
    if known is None:
        raise _wrong("postcode", "The postcode directory does not hold it.")
    near = Near(Home(known.postcode.outward, known.district, known.point), asked.proximity)
    return Narrowed(**{name: getattr(services, name) for name in _BUT_NEAR}, near=near)


_BUT_NEAR = tuple(name for name in Narrowed.__dataclass_fields__ if name != "near")


def _terms(term_ids: Collection[UUID], taxonomy_id: UUID | None) -> tuple[UUID, ...] | None:
    """The terms one of which a service must carry; a headline stands for the needs under it."""
    if not term_ids and taxonomy_id is None:
        return None
    every = public_taxonomies().terms
    wanted = [each for each in every if taxonomy_id is None or each.taxonomy_id == taxonomy_id]
    return tuple(each.id for each in wanted if not term_ids or each.id in term_ids)


def _weekdays(text: str | None) -> tuple[int, ...]:
    if text is None:
        return ()
    found = []
    for part in text.split(","):
        told = part.strip().upper()
        days = [at for at, name in enumerate(WEEKDAYS, 1) if told in {_DAYS[at - 1], name[:3].upper(), name.upper()}]
        if not days:
            raise _wrong("day", "A day is MO, TU, WE, TH, FR, SA or SU.")
        found += days
    return tuple(found)


def _clock(text: str | None) -> time | None:
    return None if text is None else time.fromisoformat(text)


def _wrong(parameter: str, sentence: str) -> Invalid:
    return Invalid(sentence, errors=(FieldError(f"/query/{parameter}", parameter, sentence),))
