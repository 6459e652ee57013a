"""Each operation that takes a JSON body shows one, and the schema beside it takes that one."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parents[2]
METHODS = ("patch", "post", "put")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    return found


def bodies(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What is said of each JSON body, by method and path."""
    return {
        f"{method.upper()} {path.removeprefix('/api/v1')}": operation["requestBody"]["content"]["application/json"]
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS and "application/json" in operation.get("requestBody", {}).get("content", {})
    }


def test_every_body_has_an_example_that_fits(document: dict[str, Any]) -> None:
    described = bodies(document)
    assert len(described) > 130
    wrong = {}
    for name, body in described.items():
        if "example" not in body:
            wrong[name] = "add one to the service's api/examples.yaml, and make the description anew (make openapi)"
            continue
        checker = jsonschema.Draft202012Validator(
            {**body["schema"], "components": document["components"]},
            format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
        )
        if found := [f"{error.json_path}: {error.message[:200]}" for error in checker.iter_errors(body["example"])]:
            wrong[name] = " · ".join(found)
    assert wrong == {}


def test_no_example_is_of_an_operation_that_is_not_there(document: dict[str, Any]) -> None:
    kept = {
        name
        for path in ROOT.glob("*/**/connective/*/api/examples.yaml")
        for name in yaml.safe_load(path.read_text(encoding="utf-8"))
    }
    assert kept == set(bodies(document))


def test_every_field_that_a_partner_sends_says_what_it_is(document: dict[str, Any]) -> None:
    """Of the directory's and the requests' bodies; `api/fields.yaml` of each says what the models do not."""
    schemas = document["components"]["schemas"]
    reached: set[str] = set()

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            name = str(part.get("$ref", "")).rpartition("/")[-1]
            if name and name not in reached:
                reached.add(name)
                walk(schemas[name])
            part = list(part.values())
        if isinstance(part, list):
            for each in part:
                walk(each)

    for item in document["paths"].values():
        for operation in item.values():
            if operation["operationId"].startswith(("partners_", "referrals_")):
                walk(operation.get("requestBody", {}))
    silent = [
        f"{title}.{name}"
        for title in sorted(reached)
        for name, field in schemas[title].get("properties", {}).items()
        if not field.get("description")
    ]
    assert (silent, len(reached) > 60) == ([], True)
