"""The API's description: for programs, for people, and of each kind of refusal."""

import io
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from connective.contracts.policy_table import write_table
from connective.gateway.api.pages import page
from connective.gateway.api.parts import Parts, PartsDep
from connective.gateway.api.tokens import open_router
from connective.gateway.domain.merging import merge, problems
from connective.gateway.domain.problem_pages import ProblemType, described
from connective.kit.policy import Access, operation
from connective.kit.problems import NotFound

routes = open_router("description")
_FRESH = {"Cache-Control": "public, max-age=60"}


async def _merged(request: Request, parts: Parts) -> dict[str, Any]:
    documents = await parts.documents.all() | {"gateway": request.app.openapi()}
    sentences = [f"{place.name}: {place.safeguarding.sentence}" for place in parts.places.places]
    return merge(documents, issuer=parts.issuer, version=request.app.version, sentences=sentences)


@routes.get("/api/v1/openapi.json", **operation(access=Access.PUBLIC))
async def read_openapi(request: Request, parts: PartsDep) -> Response:
    """Every operation of the Hub in one document (OpenAPI 3.1)."""
    return JSONResponse(await _merged(request, parts), headers=_FRESH)


@routes.get("/api/v1/docs", include_in_schema=False, **operation(access=Access.PUBLIC))
async def read_docs(request: Request, parts: PartsDep) -> Response:
    """The same for people."""
    document = await _merged(request, parts)
    return page("docs.html", info=document["info"], sections=_sections(document), issuer=parts.issuer)


@routes.get("/api/v1/policies.csv", include_in_schema=False, **operation(access=Access.PUBLIC))
async def read_policies(request: Request, parts: PartsDep) -> Response:
    """Who may do what, a line for each operation, for an officer's files: read off the same document."""
    written = io.StringIO()
    write_table(await _merged(request, parts), written)
    headers = _FRESH | {"Content-Disposition": 'attachment; filename="policies.csv"'}
    return Response(written.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


@routes.get("/problems/{code}", include_in_schema=False, **operation(access=Access.PUBLIC))
async def read_problem(code: str, request: Request, parts: PartsDep) -> Response:
    """What one kind of refusal means."""
    documents = await parts.documents.reachable() | {"gateway": request.app.openapi()}
    known = {each: ProblemType(each, **about) for each, about in problems(documents.values()).items()}
    found = described(code, known)
    if found is None:
        raise NotFound
    return page("problem.html", problem=found)


def _sections(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Operations by tag, as the page shows them."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for path, item in document["paths"].items():
        for method, described_operation in item.items():
            if method == "parameters":
                continue
            for tag in described_operation.get("tags", ["other"]):
                sections.setdefault(tag, []).append(_shown(path, method, described_operation))
    return dict(sorted(sections.items()))


def _shown(path: str, method: str, operation_: dict[str, Any]) -> dict[str, Any]:
    policy = operation_.get("x-policy", {})
    return {
        "path": path,
        "method": method.upper(),
        "id": operation_["operationId"],
        "summary": operation_.get("summary", ""),
        "description": operation_.get("description", ""),
        "who": policy.get("permission") or ("anybody" if policy.get("access") == "public" else "anybody signed in"),
        "parameters": operation_.get("parameters", []),
        "body": _schema_name(operation_.get("requestBody", {})),
        "answers": {
            status: (answer.get("description", ""), _schema_name(answer))
            for status, answer in operation_.get("responses", {}).items()
        },
    }


def _schema_name(node: dict[str, Any]) -> str:
    for media in node.get("content", {}).values():
        return str(media.get("schema", {}).get("$ref", "")).rpartition("/")[2]
    return ""
