"""The shapes in which HSDS 3.0 data come: one record, a page, a list, lines of JSON, or tables; brought to one form."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connective.partners.domain.imports.report import UnreadableFileError

_MOST_BYTES = 50 * 1024 * 1024
_MOST_RECORDS = 50_000

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HsdsService:
    """One service record with everything that belongs to it nested inside, `organization` included when it is told."""

    path: str
    """Where it stands in the file, as a JSON Pointer."""
    record: Record


@dataclass(frozen=True, slots=True)
class HsdsFile:
    """The records of a file in one form. Every service's organisation is in `organisations` too, when it is told."""

    services: tuple[HsdsService, ...]
    organisations: tuple[Record, ...]


def open_hsds(content: bytes) -> HsdsFile:
    """Find the services and organisations in a file. Raises UnreadableFileError."""
    if len(content) > _MOST_BYTES:
        raise UnreadableFileError("The file is larger than 50 MB.", "Split it.")
    services: list[HsdsService] = []
    organisations: list[Record] = []
    for path, record in _records(_loaded(content)):
        if _is_organisation(record):
            organisations.append(record)
            nested = ((f"{path}/services/{at}", each) for at, each in enumerate(maps(record.get("services"))))
            services += [HsdsService(where, {**each, "organization": record}) for where, each in nested]
        else:
            services.append(HsdsService(path, record))
    if not services and not organisations:
        raise UnreadableFileError(
            "The file holds no service and no organisation.",
            "Give an HSDS 3.0 service or organization, a page of them, a list, or tables.",
        )
    if len(services) > _MOST_RECORDS:
        raise UnreadableFileError(f"The file holds more than {_MOST_RECORDS} services.", "Split it.")
    known = {each.get("id"): each for each in organisations}
    return HsdsFile(tuple(_with_owner(each, known) for each in services), tuple(organisations))


def _with_owner(service: HsdsService, known: Mapping[Any, Record]) -> HsdsService:
    """A service that names its organisation by id only gets the organisation's record, when the file holds it."""
    owner = known.get(service.record.get("organization_id"))
    if owner is None or isinstance(service.record.get("organization"), dict):
        return service
    return HsdsService(service.path, {**service.record, "organization": owner})


def maps(value: object) -> list[Record]:
    """The objects of a JSON list; nothing for anything else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _loaded(content: bytes) -> Any:  # noqa: ANN401 - any JSON
    try:
        text = content.decode("utf-8-sig")
        try:
            return json.loads(text)
        except json.JSONDecodeError:
            # `format=ndjson` of HSDS: one record a line.
            return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise UnreadableFileError("The file is not JSON.", "Save it as JSON in UTF-8.") from error


def _records(document: Any) -> Iterator[tuple[str, Record]]:  # noqa: ANN401 - any JSON
    if isinstance(document, list):
        yield from ((f"/{at}", each) for at, each in enumerate(document) if isinstance(each, dict))
    elif isinstance(document, dict) and _is_tables(document):
        yield from _from_tables({name.removesuffix(".csv"): maps(rows) for name, rows in document.items()})
    elif isinstance(document, dict) and isinstance(document.get("contents"), list):
        yield from ((f"/contents/{at}", each) for at, each in enumerate(document["contents"]) if isinstance(each, dict))
    elif isinstance(document, dict) and "name" in document:
        yield "", document


def _is_tables(document: Record) -> bool:
    tables = "name" not in document and ("services" in document or "organizations" in document)
    return tables or any(name.endswith(".csv") for name in document)


def _is_organisation(record: Record) -> bool:
    belongs_to_one = "organization" in record or "organization_id" in record
    return not belongs_to_one and ("services" in record or "status" not in record)


# Where a table's rows go in their parent, by the column that names the parent.
_CHILDREN = {
    "locations": (
        ("addresses", "location_id", "addresses"),
        ("accessibility", "location_id", "accessibility"),
    ),
    "organizations": (
        ("organization_identifiers", "organization_id", "organization_identifiers"),
        ("phones", "organization_id", "phones"),
    ),
    "services": (
        ("phones", "service_id", "phones"),
        ("schedules", "service_id", "schedules"),
        ("cost_options", "service_id", "cost_options"),
        ("languages", "service_id", "languages"),
        ("service_areas", "service_id", "service_areas"),
        ("service_capacities", "service_id", "capacities"),
    ),
}


def _from_tables(tables: Mapping[str, list[Record]]) -> Iterator[tuple[str, Record]]:
    locations = {each.get("id"): each for each in _with_children("locations", tables)}
    organisations = {each.get("id"): each for each in _with_children("organizations", tables)}
    terms = _terms_by_link(tables)
    at_locations = _grouped(tables.get("service_at_location", []), "service_id")
    for at, service in enumerate(_with_children("services", tables)):
        key = service.get("id")
        nested = {
            **service,
            "service_at_locations": [
                {**each, "location": locations[each.get("location_id")]}
                for each in at_locations[key]
                if each.get("location_id") in locations
            ],
            "attributes": [{"taxonomy_term": term} for term in terms[key]],
        }
        owner = organisations.get(service.get("organization_id"))
        yield f"/services.csv/{at}", {**nested, "organization": owner} if owner else nested
    used = {each.get("organization_id") for each in tables.get("services", [])}
    idle = (each for key, each in organisations.items() if key not in used)
    yield from ((f"/organizations.csv/{at}", {**each, "services": []}) for at, each in enumerate(idle))


def _with_children(name: str, tables: Mapping[str, list[Record]]) -> Iterator[dict[str, Any]]:
    children = [(into, _grouped(tables.get(table, []), column)) for table, column, into in _CHILDREN[name]]
    for record in tables.get(name, []):
        yield {**record, **{into: rows[record.get("id")] for into, rows in children}}


def _terms_by_link(tables: Mapping[str, list[Record]]) -> dict[Any, list[Record]]:
    terms = {each.get("id"): each for each in tables.get("taxonomy_terms", [])}
    linked: dict[Any, list[Record]] = defaultdict(list)
    for attribute in tables.get("attributes", []):
        if attribute.get("taxonomy_term_id") in terms:
            linked[attribute.get("link_id")].append(terms[attribute.get("taxonomy_term_id")])
    return linked


def _grouped(rows: list[Record], column: str) -> dict[Any, list[Record]]:
    groups: dict[Any, list[Record]] = defaultdict(list)
    for row in rows:
        groups[row.get(column)].append(row)
    return groups
