"""A black-box client of an Open Referral UK 3 surface: walks it as the validator does, and says what is wrong with it.

The five page rules are those of the validator's release for 3.0; required fields are those of HSDS-UK 3.0.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from jsonschema import Draft202012Validator, FormatChecker

STUB = "/open-referral/v3"
LISTS = ("services", "taxonomies", "taxonomy_terms", "service_at_locations", "organizations")
SCHEMAS = {
    "services": ("service_list.json", "service.json"),
    "service_at_locations": ("service_at_location_list.json", "service_at_location.json"),
    "organizations": ("organization_list.json", "organization.json"),
    "taxonomies": ("taxonomy_list.json", "taxonomy.json"),
    "taxonomy_terms": ("taxonomy_term_list.json", "taxonomy_term.json"),
}
"""The validator's schema of a list's contents, and of one record."""
REQUIRED = {
    "services": ("id", "name", "status"),
    "service_at_locations": ("id",),
    "organizations": ("id", "name", "description"),
    "taxonomies": ("id", "name", "description"),
    "taxonomy_terms": ("id", "name", "description"),
    "addresses": ("id", "address_1", "city", "state_province", "postal_code", "country", "address_type"),
    "phones": ("id", "number"),
    "organization_identifiers": ("id", "identifier_type", "identifier"),
    "location": ("id", "location_type"),
    "taxonomy_term": ("id", "name", "description"),
}
_INTEGERS = ("total_items", "total_pages", "page_number", "size")
_FLAGS = ("first_page", "last_page", "empty")


class Client:
    """Asks as anybody, without a key, and notes every fault."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def get(self, path: str, **query: Any) -> Any:
        answer = await self._http.get(f"{STUB}/{path}", params=query)
        assert answer.status_code == 200, (path, answer.text[:300])
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["content-type"].startswith("application/json")
        return answer.json()

    async def pages(self, name: str, per_page: int, **query: Any) -> list[dict[str, Any]]:
        """Every page of a list, having held each against the five rules."""
        first = await self.get(name, page=1, per_page=per_page, **query)
        numbers = range(2, first["total_pages"] + 1)
        found = [first, *[await self.get(name, page=number, per_page=per_page, **query) for number in numbers]]
        for number, page in enumerate(found, 1):
            assert faults_of_page(page, number, per_page) == [], (name, number)
        assert sum(page["size"] for page in found) == first["total_items"]
        return found

    async def records(self, name: str, per_page: int = 5, **query: Any) -> list[dict[str, Any]]:
        """Everything of a list; every id leads to its record and back."""
        found = [each for page in await self.pages(name, per_page, **query) for each in page["contents"]]
        assert len({each["id"] for each in found}) == len(found)
        for each in found:
            assert (await self.get(f"{name}/{each['id']}"))["id"] == each["id"]
        return found


def faults_of_page(page: dict[str, Any], number: int, per_page: int) -> list[str]:
    """What is wrong with an envelope."""
    last = page["total_pages"]
    size = len(page["contents"])
    rules = {
        "integers": all(type(page[name]) is int for name in _INTEGERS),
        "booleans": all(type(page[name]) is bool for name in _FLAGS),
        "first page": page["first_page"] is (number == 1),
        "last page": page["last_page"] is (number == max(last, 1)),
        "empty": page["empty"] is (size == 0),
        "full pages": number >= last or size == per_page,
        "size": page["size"] == size,
        "number": page["page_number"] == number,
    }
    return [rule for rule, holds in rules.items() if not holds]


def faults_of(record: Any, at: str) -> list[str]:
    """What is wrong with a record, all the way down: nulls, missing fields, ids that are none, times that are none."""
    return list(_faults(record, at))


def _faults(value: Any, at: str) -> Iterator[str]:
    if value is None:
        yield f"{at} is null"
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _faults(each, f"{at}/{number}" if not isinstance(each, dict) else at)
    elif isinstance(value, dict):
        yield from _faults_of_fields(value, at)


def _faults_of_fields(value: dict[str, Any], at: str) -> Iterator[str]:
    kind = at.rsplit("/", 1)[-1]
    for name in REQUIRED.get(kind, ()):
        if name not in value:
            yield f"{at} has no {name}"
    for name, each in value.items():
        if isinstance(each, str) and (name == "id" or name.endswith("_id")):
            try:
                UUID(each)
            except ValueError:
                yield f"{at}/{name} is no UUID"
        if name == "last_modified" and datetime.fromisoformat(each).tzinfo is None:
            yield f"{at}/{name} has no offset"
        yield from _faults(each, f"{at}/{name}")


def schema_faults(folder: Path, name: str, records: list[dict[str, Any]], *, of_list: bool) -> list[str]:
    """What the validator's own schema finds wrong."""
    schema = json.loads((folder / SCHEMAS[name][0 if of_list else 1]).read_text(encoding="utf-8"))
    if of_list and "properties" in schema and "contents" in schema["properties"]:
        schema = schema["properties"]["contents"]["items"]
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    return [
        f"{name} {'/'.join(map(str, error.path))}: {error.message}"
        for record in records
        for error in validator.iter_errors(record)
    ]
