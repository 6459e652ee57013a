"""`/open-referral/v3`: the directory as Open Referral UK 3 (HSDS-UK-3.0), for anybody and any origin, without key."""

import hashlib
from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from connective.kit.app import refusal_response
from connective.kit.policy import Access, PolicedRoute, operation
from connective.kit.problems import Invalid, NotFound, Refusal
from connective.partners.api.deps import PartsDep
from connective.partners.api.open_referral_asking import (
    Asked,
    AskedDep,
    PageDep,
    SitesAskedDep,
    narrowed,
    narrowed_sites,
)
from connective.partners.api.validation import as_invalid
from connective.partners.queries import open_referral as public

BASE = "/open-referral/v3"
VERSION = "HSDS-UK-3.0"
PROFILE = "https://docs.openreferraluk.org/en/latest/"
_FRESH = "public, max-age=300, stale-while-revalidate=600"
_OPEN = {"Access-Control-Allow-Origin": "*"}
_PREFLIGHT = _OPEN | {
    "Access-Control-Allow-Methods": "GET, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
_LINES = "application/x-ndjson"


class OpenRoute(PolicedRoute):
    """A route whose every answer, refusals included, any page may read, and any cache may keep for a while."""

    ignores_unknown_parameters = True

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler in the headers of the open surface."""
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                response = await inner(request)
            except Refusal as refusal:
                response = refusal_response(refusal)
            except RequestValidationError as error:
                response = refusal_response(as_invalid(error))
            response.headers.update(_OPEN)
            return response

        return handle


routes = APIRouter(prefix=BASE, tags=["open-referral"], route_class=OpenRoute)
_PUBLIC = operation(access=Access.PUBLIC)
_ONE = operation(access=Access.PUBLIC, refuses=(NotFound, Invalid))
Format = Annotated[str | None, Query(pattern="^(json|ndjson)$", description="`ndjson`: everything, a record a line.")]
Full = Annotated[bool, Query(description="Fully nested records.")]


class PageOut(BaseModel):
    """A page of HSDS records. What is not known is left out; nothing is null."""

    total_items: int
    total_pages: int
    page_number: int
    size: int
    first_page: bool
    last_page: bool
    empty: bool
    contents: list[dict[str, Any]]


class AboutOut(BaseModel):
    """What this surface speaks."""

    version: str = Field(examples=[VERSION])
    profile: str
    openapi_url: str
    description: str


RECORD: dict[str, Any] = {"response_model": dict[str, Any]}
_AS_LINES = {"description": "A page; with `format=ndjson` every record on a line of its own.", "content": {_LINES: {}}}
PAGE: dict[str, Any] = {"response_model": PageOut}


def with_lines(described: dict[str, Any]) -> dict[str, Any]:
    """What describes a list that can also be had as lines."""
    return described | {"responses": described["responses"] | {200: _AS_LINES}}


def answer(request: Request, text: str) -> Response:
    """JSON text that may be kept, with its entity tag; 304 for whoever holds it already."""
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": _FRESH}
    held = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if tag in held:
        return Response(status_code=304, headers=headers)
    return Response(text, media_type="application/json", headers=headers)


async def listed(request: Request, parts: PartsDep, of: public.List, which: public.Narrowed, page: PageDep) -> Response:
    """A page of a list, or all of it as lines."""
    if request.query_params.get("format") == "ndjson":
        lines = public.lines_of(parts.means.database, of, which)
        return StreamingResponse(lines, media_type=_LINES, headers={"Cache-Control": _FRESH})
    return answer(request, await public.page_of(parts.means.database, of, which, page))


def public_base(request: Request) -> str:
    """The address of the whole deployment, as the gateway tells it; without a gateway, our own."""
    told: Mapping[str, str] = request.headers
    return told.get("hub-public-base") or str(request.base_url).rstrip("/")


@routes.get("/services", operation_id="partners_list_open_services", **PAGE, **with_lines(_ONE))
async def services(
    *,
    request: Request,
    parts: PartsDep,
    asked: AskedDep,
    page: PageDep,
    full: Full = False,
    minimal: Annotated[bool, Query(description="Only `id` and `last_modified`, all on one page.")] = False,
    format: Format = None,  # noqa: A002, ARG001 - the parameter's name is HSDS's; `listed` reads it
) -> Response:
    """Services, narrowed by words, taxonomy, organisation, change, age, and when they are open."""
    wide = public.SERVICES_IN_FULL if full else public.SERVICES
    of = public.SERVICES_MINIMAL if minimal else wide
    return await listed(request, parts, of, narrowed(asked), page)


@routes.get("/services/{record_id}", operation_id="partners_read_open_service", **RECORD, **_ONE)
async def service(request: Request, parts: PartsDep, record_id: UUID) -> Response:
    """One service, fully nested."""
    return answer(request, await public.one_of(parts.means.database, public.SERVICES_IN_FULL, record_id))


@routes.get("/service_at_locations", operation_id="partners_list_open_sites", **PAGE, **with_lines(_ONE))
async def sites(
    *,
    request: Request,
    parts: PartsDep,
    asked: SitesAskedDep,
    page: PageDep,
    full: Full = False,
    format: Format = None,  # noqa: A002, ARG001 - as above
) -> Response:
    """Services at their sites, narrowed as services are, and by where somebody lives."""
    of = public.SITES_IN_FULL if full else public.SITES
    return await listed(request, parts, of, await narrowed_sites(asked, parts.means.postcodes), page)


@routes.get("/service_at_locations/{record_id}", operation_id="partners_read_open_site", **RECORD, **_ONE)
async def site(request: Request, parts: PartsDep, record_id: UUID) -> Response:
    """One service at one site, with the service in full."""
    return answer(request, await public.one_of(parts.means.database, public.SITES_IN_FULL, record_id))


@routes.get("/organizations", operation_id="partners_list_open_organisations", **PAGE, **with_lines(_ONE))
async def organisations(
    *,
    request: Request,
    parts: PartsDep,
    page: PageDep,
    search: Annotated[str | None, Query(max_length=200)] = None,
    full: Full = False,
    full_service: Annotated[bool, Query(description="With all their services, fully nested.")] = False,
    format: Format = None,  # noqa: A002, ARG001 - as above
) -> Response:
    """Organisations that offer a published service."""
    wide = public.ORGANISATIONS_IN_FULL if full else public.ORGANISATIONS
    of = public.ORGANISATIONS_WITH_SERVICES if full_service else wide
    return await listed(request, parts, of, narrowed(Asked(search=search)), page)


@routes.get("/organizations/{record_id}", operation_id="partners_read_open_organisation", **RECORD, **_ONE)
async def organisation(request: Request, parts: PartsDep, record_id: UUID) -> Response:
    """One organisation with its identifiers and sites."""
    return answer(request, await public.one_of(parts.means.database, public.ORGANISATIONS_IN_FULL, record_id))


@routes.get("/{path:path}", include_in_schema=False, **_ONE)
async def nothing(path: str) -> Response:  # noqa: ARG001 - the same for every path
    """An address that this surface has not."""
    raise NotFound


@routes.options("/{path:path}", include_in_schema=False, **_PUBLIC)
async def preflight(path: str) -> Response:  # noqa: ARG001 - the same for every path
    """What a browser asks before a page of another origin may send `If-None-Match`."""
    return Response(status_code=204, headers=_PREFLIGHT)
