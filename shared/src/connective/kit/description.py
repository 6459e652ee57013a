"""A service's own API description: its routes', and every kind of refusal that it knows."""

import asyncio
import inspect
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from connective.kit.problems import Problem, Refusal


def describe(app: FastAPI) -> None:
    """Serve `/openapi.json`, with the Problem schema, and without FastAPI's own error schema, which we never answer.

    It is made when first asked for, in a thread: a service with many routes takes seconds, and goes on answering.
    """
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generate()
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            schemas[Problem.__name__] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            for name, schema in schemas[Problem.__name__].pop("$defs", {}).items():
                schemas[name] = schema
            schemas.pop("HTTPValidationError", None)
            schemas.pop("ValidationError", None)
            document["x-problems"] = known_problems()
            app.openapi_schema = document
        return app.openapi_schema

    async def serve(_: Request) -> Response:
        return await asyncio.to_thread(lambda: JSONResponse(openapi()))

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI documents this as the way to extend the schema
    app.add_route("/openapi.json", serve, include_in_schema=False)


def known_problems() -> dict[str, dict[str, Any]]:
    """Every kind of refusal that this process knows, by code: its status, title, and what it means."""
    return {
        kind.code: {"status": kind.status, "title": kind.title, "meaning": inspect.getdoc(kind) or ""}
        for kind in sorted(_kinds(Refusal), key=lambda kind: kind.code)
    }


def _kinds(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _kinds(each)
