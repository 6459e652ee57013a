"""A service's own API description: its routes', and every kind of refusal that it knows."""

import asyncio
import inspect
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from typing import Any

import yaml
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from connective.kit.problems import Problem, Refusal

Examples = Callable[[], Mapping[str, Any]]
Fields = Callable[[], Mapping[str, str]]


def describe(app: FastAPI, examples: Examples = dict, fields: Fields = dict) -> None:
    """Serve `/openapi.json`, with the Problem schema, and without FastAPI's own error schema, which we never answer.

    `examples` gives a body for each operation that takes one, by method and path; `fields` says what a field is.
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
            show_examples(document, examples())
            show_fields(schemas, fields())
            app.openapi_schema = document
        return app.openapi_schema

    async def serve(_: Request) -> Response:
        return await asyncio.to_thread(lambda: JSONResponse(openapi()))

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI documents this as the way to extend the schema
    app.add_route("/openapi.json", serve, include_in_schema=False)


def examples_of(package: str) -> dict[str, Any]:
    """The bodies that a package of routes keeps in `examples.yaml`, by method and path; none where it keeps none."""
    return _kept(package, "examples.yaml")


def fields_of(package: str) -> dict[str, str]:
    """What fields are, as a package of routes keeps it in `fields.yaml`, by name or by schema and name."""
    return _kept(package, "fields.yaml")


def _kept(package: str, name: str) -> dict[str, Any]:
    path = files(package).joinpath(name)
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def show_fields(schemas: Mapping[str, Any], fields: Mapping[str, str]) -> None:
    """Say of each field what it is, where it does not say so itself."""
    for title, schema in schemas.items():
        for name, described in schema.get("properties", {}).items():
            sentence = fields.get(f"{title}.{name}") or fields.get(name)
            if sentence is not None:
                described.setdefault("description", sentence)


def show_examples(document: dict[str, Any], examples: Mapping[str, Any]) -> None:
    """Put each body beside the schema that it fits, unless that has one of its own.

    What names no operation is left out, and a test finds it.
    """
    for path, item in document["paths"].items():
        for method, operation in item.items():
            example = examples.get(f"{method.upper()} {path}")
            for described in operation.get("requestBody", {}).get("content", {}).values() if example else ():
                described.setdefault("example", example)


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
