"""The AsyncAPI document is what the services send: current, whole, and true of a message as it is made."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from connective.contracts.asyncapi import document
from connective.contracts.events import EVENTS
from connective.kit.outbox import cloud_event
from connective.partners.commands.webhook_means import TYPES
from connective.partners.domain.webhooks import message

DOCUMENT = document()
_URI = "urn:asyncapi"


def refuses(name: str, payload: Any) -> list[str]:
    """What the schema of a message holds against a payload."""
    registry: Registry[Any] = Registry().with_resource(_URI, Resource(DOCUMENT, DRAFT202012))
    schema = {"$ref": f"{_URI}#/components/messages/{name}/payload"}
    return [error.message for error in Draft202012Validator(schema, registry=registry).iter_errors(payload)]


def a_message(**changes: Any) -> dict[str, Any]:
    voucher = {
        "voucher_id": str(uuid4()),
        "service_id": str(uuid4()),
        "issuer_organisation_id": str(uuid4()),
        "recipient_organisation_id": str(uuid4()),
        "reference": "VCH-7K3M-92QD",
        "expires_at": "2026-03-03T23:59:59Z",
        "at": "2026-03-03T10:00:00Z",
    }
    row = {
        "event_id": uuid4(),
        "type": "hub.referrals.voucher.issued.v1",
        "aggregate_id": voucher["voucher_id"],
        "aggregate_version": 1,
        "place_id": uuid4(),
        "occurred_at": datetime.now(UTC),
        "traceparent": "00-1-2-01",
        "data": json.dumps(voucher | changes),
    }
    return dict(json.loads(cloud_event(row, "/services/referrals")))


def test_the_document_is_up_to_date(root: Path) -> None:
    written = json.loads((root / "docs" / "asyncapi.json").read_text(encoding="utf-8"))
    assert written == DOCUMENT, "run: python -m connective.contracts.asyncapi > docs/asyncapi.json"


def test_every_event_has_its_subject_and_webhooks_have_theirs() -> None:
    addresses = {each["address"] for each in DOCUMENT["channels"].values()} - {"/"}
    assert addresses == EVENTS.keys()
    told = {m["name"] for name, m in DOCUMENT["components"]["messages"].items() if name.startswith("webhook_")}
    assert told == set(TYPES)


def _references(value: Any) -> Iterator[str]:
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _references(each)
    if isinstance(value, dict) and "$ref" in value:
        yield value["$ref"]


def _leads_somewhere(reference: str) -> bool:
    found: Any = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        found = found.get(part) if isinstance(found, dict) else None
    return found is not None


def test_every_reference_leads_somewhere() -> None:
    references = set(_references(DOCUMENT))
    assert references
    assert [each for each in references if not _leads_somewhere(each)] == []


def test_a_message_as_it_is_sent_fits() -> None:
    assert refuses("hub_referrals_voucher_issued", a_message()) == []


@pytest.mark.parametrize("wrong", [{"family_id": "x"}, {"reference": 7}])
def test_a_message_that_says_more_or_something_else_does_not(wrong: dict[str, Any]) -> None:
    assert refuses("hub_referrals_voucher_issued", a_message(**wrong))
    assert refuses("hub_referrals_voucher_used", a_message())


def test_a_webhooks_message_fits_too() -> None:
    kind = "hub.referrals.request.accepted"
    record = uuid4()
    told = message(
        event_id=uuid4(),
        event_type=f"{kind}.v1",
        service="referrals",
        record_id=record,
        version=2,
        at=datetime.now(UTC),
        data={"state": "accepted", "reference": "REQ-1"},
    )
    assert refuses(f"webhook_{kind.replace('.', '_')}", json.loads(told)) == []
