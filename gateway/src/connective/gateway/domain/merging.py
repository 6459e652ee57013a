"""One API description of many: the services' own documents, merged under the addresses that exist outside.

Schemas are named `<Service><Name>` unless every service means the same by a name; operation ids are
`<service>_<verb>_<noun>`, with the verb of the lifecycle where a path ends in one.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connective.gateway.domain.routes import BASES, GATEWAY, ROOTS

Document = dict[str, Any]
_METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
_VERBS = {"put": "replace", "post": "create", "delete": "delete", "patch": "change", "head": "check"}
_NOUNS = frozenset({"people", "team", "processing_agreement", "token"})
"""Last words of a path that name a thing, where most that are not plural name an act."""
_PLURALS = frozenset({"intake", "memoranda"})
_IRREGULAR = {"memoranda": "memorandum", "people": "person"}
_SCHEMA = "#/components/schemas/"


def merge(documents: Mapping[str, Document], *, issuer: str, version: str, sentences: Sequence[str]) -> Document:
    """The merged document. `sentences` are the places' own words about whom to phone."""
    names = _schema_names(documents)
    paths: Document = {}
    schemas: Document = {}
    taken: set[str] = set()
    for service in sorted(documents):
        document = _renamed(documents[service], names[service])
        for path, item in document.get("paths", {}).items():
            outside = _outside(service, path)
            operations = _operations(service, path, item, taken)
            if outside is not None and operations:
                paths.setdefault(outside, {}).update(operations)
        for name, schema in document.get("components", {}).get("schemas", {}).items():
            schemas[names[service].get(name, name)] = schema
    return {
        "openapi": "3.1.0",
        "info": _info(version, sentences, issuer),
        "servers": [{"url": issuer}],
        "security": [{"access_token": []}],
        "tags": [{"name": tag} for tag in sorted(_tags(paths))],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": _needed(schemas, paths), "securitySchemes": _security(issuer)},
        "x-problems": problems(documents.values()),
    }


def problems(documents: Iterable[Document]) -> Document:
    """Every kind of refusal that any service gives, by code: what `/problems/{code}` explains."""
    found: Document = {}
    for document in documents:
        found |= document.get("x-problems", {})
    return dict(sorted(found.items()))


def _info(version: str, sentences: Sequence[str], issuer: str) -> Document:
    words = "\n\n".join(dict.fromkeys(sentences))
    about = "One family's need goes to several agencies; each sees only what an agreement and the family allow."
    return {
        "title": "Connective",
        "version": version,
        "description": f"{about}\n\n{words}",
        "contact": {"name": "Whoever runs this Hub", "url": f"{issuer}/api/v1/docs"},
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    }


def _security(issuer: str) -> Document:
    flows = {
        "authorizationCode": {
            "authorizationUrl": f"{issuer}/oauth/authorize",
            "tokenUrl": f"{issuer}/oauth/token",
            "refreshUrl": f"{issuer}/oauth/token",
            "scopes": {"openid": "Sign in as a person"},
        },
        "clientCredentials": {"tokenUrl": f"{issuer}/oauth/token", "scopes": {}},
    }
    return {"access_token": {"type": "oauth2", "flows": flows}}


def _outside(service: str, path: str) -> str | None:
    """A service's path as clients know it; None for one that clients cannot reach."""
    root = path.strip("/").partition("/")[0]
    if root in ROOTS.get(service, ()):
        return f"/api/v1{path}"
    if root in BASES.get(service, ()):
        return path
    if service == GATEWAY and not path.startswith("/internal"):
        return path
    return None


def _operations(service: str, path: str, item: Document, taken: set[str]) -> Document:
    kept: Document = {}
    for method in _METHODS:
        operation = item.get(method)
        if operation is None or operation.get("x-policy", {}).get("access") == "internal":
            continue
        kept[method] = {**operation, "operationId": _operation_id(service, method, path, taken)}
        if operation.get("x-policy", {}).get("access") == "public":
            kept[method]["security"] = []
    if kept and "parameters" in item:
        kept["parameters"] = item["parameters"]
    return kept


def _operation_id(service: str, method: str, path: str, taken: set[str]) -> str:
    """`referrals_accept_request` for POST /requests/{id}/accept, `families_read_family` for GET /families/{id}."""
    parts = [part for part in path.strip("/").split("/") if part]
    words = [re.sub(r"[^a-z0-9]+", "_", part.lower()).strip("_") for part in parts if not part.startswith("{")]
    on_one = bool(parts) and parts[-1].startswith("{")
    noun = words[-1] if words else "root"
    plural = noun in _PLURALS or (noun.endswith("s") and not noun.endswith("ss"))
    several = plural or noun in _NOUNS
    verb = _VERBS.get(method, "list" if plural and not on_one else "read")
    if method == "post" and len(words) > 1 and (noun == "searches" or not several):
        verb, noun = ("search", words[-2]) if noun == "searches" else (noun, _one(words[-2]))
    elif verb != "list":
        noun = _one(noun)
    chosen = f"{service}_{verb}_{noun}"
    if chosen in taken:
        chosen = "_".join([service, verb, *words])
    taken.add(chosen)
    return chosen


def _one(noun: str) -> str:
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    if noun.endswith("sses"):
        return noun[:-2]
    return _IRREGULAR.get(noun, noun.removesuffix("s"))


def _schema_names(documents: Mapping[str, Document]) -> dict[str, dict[str, str]]:
    """For each service the new name of each of its schemas: its own, where two services mean different things."""
    meanings: dict[str, set[str]] = {}
    for document in documents.values():
        for name, schema in _expanded(document).items():
            meanings.setdefault(name, set()).add(schema)
    return {
        service: {
            name: name if len(meanings[name]) == 1 and _shared(name, documents) else f"{service.capitalize()}{name}"
            for name in document.get("components", {}).get("schemas", {})
        }
        for service, document in documents.items()
    }


def _shared(name: str, documents: Mapping[str, Document]) -> bool:
    return sum(name in each.get("components", {}).get("schemas", {}) for each in documents.values()) > 1


def _expanded(document: Document) -> dict[str, str]:
    """Each schema with everything it refers to, as text: two are the same only when their parts are."""
    schemas = document.get("components", {}).get("schemas", {})
    return {
        name: json.dumps({each: schemas.get(each) for each in sorted(_reached(schemas, {name}))}, sort_keys=True)
        for name in schemas
    }


def _reached(schemas: Document, names: set[str]) -> set[str]:
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(_references(schemas.get(name)))
    return seen


def _references(node: object) -> set[str]:
    return set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(node)))


def _needed(schemas: Document, paths: Document) -> Document:
    """The schemas that some operation of the merged document uses; what only internal routes speak of stays inside."""
    return {name: schemas[name] for name in sorted(_reached(schemas, _references(paths))) if name in schemas}


def _renamed(node: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    """The same JSON with every reference to a schema under its new name."""
    if isinstance(node, list):
        return [_renamed(each, names) for each in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    changed = {key: _renamed(value, names) for key, value in node.items()}
    if isinstance(reference, str) and reference.startswith(_SCHEMA):
        name = reference.removeprefix(_SCHEMA)
        changed["$ref"] = _SCHEMA + names.get(name, name)
    return changed


def _tags(paths: Document) -> set[str]:
    return {
        tag
        for item in paths.values()
        for method, operation in item.items()
        if method in _METHODS
        for tag in operation.get("tags", ())
    }
