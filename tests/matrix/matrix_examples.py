"""A small value that fits a JSON schema: bodies that reach past validation, without writing each by hand."""

from typing import Any
from uuid import uuid4

_BY_FORMAT = {
    "date": "2020-05-17",
    "date-time": "2026-05-17T09:00:00Z",
    "email": "somebody@example.org",
    "time": "09:00:00",
    "uri": "https://example.org/",
}
_BY_PATTERN = {r"^[a-z][a-z0-9_]{1,59}$": "other", r"^[A-Za-z0-9_-]{1,40}$": "someone"}
_BY_TYPE: dict[str, Any] = {"boolean": False, "object": {}, "null": None}


def example(schema: dict[str, Any], document: Any) -> Any:
    """The smallest value that fits: required members only, the first of any choice."""
    if "$ref" in schema:
        found = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return example(found, document)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return example(schema[choice][0], document)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    return _of_type(schema, document)


def _of_type(schema: dict[str, Any], document: Any) -> Any:
    kind = schema.get("type", "object")
    if kind == "object":
        properties = schema.get("properties", {})
        return {name: example(properties[name], document) for name in schema.get("required", ())}
    if kind == "array":
        return [example(schema["items"], document) for _ in range(schema.get("minItems", 0))]
    if kind == "string":
        return _text(schema)
    if kind in {"integer", "number"}:
        return schema.get("minimum", 1)
    return _BY_TYPE[kind]


def _text(schema: dict[str, Any]) -> str:
    if schema.get("format") == "uuid":
        return str(uuid4())
    if schema.get("format") in _BY_FORMAT:
        return _BY_FORMAT[schema["format"]]
    if schema.get("pattern") in _BY_PATTERN:
        return _BY_PATTERN[schema["pattern"]]
    return "words that say something".ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength", 100)]
