"""`/open-referral/v3`: what it speaks, its taxonomies, and its own OpenAPI description."""

import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from connective.kit.policy import Access, operation
from connective.kit.problems import Invalid, NotFound
from connective.partners.api.open_referral import (
    BASE,
    PAGE,
    PROFILE,
    RECORD,
    VERSION,
    AboutOut,
    Format,
    OpenRoute,
    answer,
    public_base,
    with_lines,
)
from connective.partners.api.open_referral_asking import PageDep
from connective.partners.domain.open_referral.pages import PageOf, envelope
from connective.partners.domain.open_referral.taxonomies import Taxonomy, Term
from connective.partners.storage.published import public_taxonomies

routes = APIRouter(prefix=BASE, tags=["open-referral"], route_class=OpenRoute)
_PUBLIC = operation(access=Access.PUBLIC, refuses=(NotFound, Invalid))
_ABOUT = "The services, sites and organisations of this deployment's places that may be told to everybody."


@routes.get("", include_in_schema=False, response_model=AboutOut, **_PUBLIC)
@routes.get("/", operation_id="partners_read_open_referral", response_model=AboutOut, **_PUBLIC)
async def about(request: Request) -> Response:
    """What this surface speaks."""
    told = {
        "version": VERSION,
        "profile": PROFILE,
        "openapi_url": f"{public_base(request)}{BASE}/openapi.json",
        "description": _ABOUT,
    }
    return answer(request, json.dumps(told))


@routes.get("/openapi.json", operation_id="partners_describe_open_referral", **RECORD, **_PUBLIC)
async def description(request: Request) -> Response:
    """These endpoints as OpenAPI 3.1, with paths below the stub."""
    whole: dict[str, Any] = request.app.openapi()
    paths = {path.removeprefix(BASE): item for path, item in whole["paths"].items() if path.startswith(BASE)}
    document = {
        "openapi": whole["openapi"],
        "info": {"title": "Open Referral UK 3", "version": VERSION, "description": _ABOUT},
        "servers": [{"url": f"{public_base(request)}{BASE}"}],
        "security": [],
        "paths": paths,
        "components": {"schemas": _needed(whole["components"]["schemas"], json.dumps(paths))},
    }
    return answer(request, json.dumps(document))


def _needed(schemas: dict[str, Any], text: str) -> dict[str, Any]:
    """The schemas that the text refers to, and those that they do."""
    found: dict[str, Any] = {}
    size = -1
    while size != len(found):
        size = len(found)
        reading = text + json.dumps(found)
        found = {name: schema for name, schema in schemas.items() if f'"#/components/schemas/{name}"' in reading}
    return found


@routes.get("/taxonomies", operation_id="partners_list_open_taxonomies", **PAGE, **with_lines(_PUBLIC))
async def taxonomies(
    *,
    request: Request,
    page: PageDep,
    search: Annotated[str | None, Query(max_length=200)] = None,
    format: Format = None,  # noqa: A002 - the parameter's name is HSDS's
) -> Response:
    """The taxonomies whose terms services carry."""
    found = [each.document for each in public_taxonomies().all if _says(each, search)]
    return _page(request, found, page, format)


@routes.get("/taxonomies/{record_id}", operation_id="partners_read_open_taxonomy", **RECORD, **_PUBLIC)
async def taxonomy(request: Request, record_id: UUID) -> Response:
    """One taxonomy with its terms."""
    found = next((each for each in public_taxonomies().all if each.id == record_id), None)
    if found is None:
        raise NotFound
    return answer(request, json.dumps(found.document | {"taxonomy_terms": [each.document for each in found.terms]}))


@routes.get("/taxonomy_terms", operation_id="partners_list_open_terms", **PAGE, **with_lines(_PUBLIC))
async def terms(
    *,
    request: Request,
    page: PageDep,
    search: Annotated[str | None, Query(max_length=200)] = None,
    taxonomy_id: UUID | None = None,
    parent_id: UUID | None = None,
    top_only: Annotated[bool, Query(description="Only terms that are under no other.")] = False,
    format: Format = None,  # noqa: A002 - as above
) -> Response:
    """Terms of the taxonomies."""
    found = [
        each.document
        for each in public_taxonomies().terms
        if _says(each, search)
        and (taxonomy_id is None or each.taxonomy_id == taxonomy_id)
        and (parent_id is None or each.parent_id == parent_id)
        and not (top_only and each.parent_id is not None)
    ]
    return _page(request, found, page, format)


@routes.get("/taxonomy_terms/{record_id}", operation_id="partners_read_open_term", **RECORD, **_PUBLIC)
async def term(request: Request, record_id: UUID) -> Response:
    """One term with its taxonomy."""
    found = next((each for each in public_taxonomies().terms if each.id == record_id), None)
    if found is None:
        raise NotFound
    of = next(each for each in public_taxonomies().all if each.id == found.taxonomy_id)
    return answer(request, json.dumps(found.document | {"taxonomy_detail": of.document}))


def _says(each: Taxonomy | Term, search: str | None) -> bool:
    return search is None or search.casefold() in f"{each.name} {each.description}".casefold()


def _page(request: Request, found: list[dict[str, Any]], page: PageOf, form: str | None) -> Response:
    if form == "ndjson":
        return Response("".join(f"{json.dumps(each)}\n" for each in found), media_type="application/x-ndjson")
    shown = found[page.offset : page.offset + page.size]
    return answer(request, json.dumps(envelope(page, len(found), len(shown)) | {"contents": shown}))
