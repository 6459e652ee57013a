"""What others' programs make of our documents and messages: AsyncAPI's parser, Spectral, the webhooks' own library.

The versions are pinned and installed once for a lock file; nothing here is told what to find.
"""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from checkers import check

from connective.contracts.events import EVENTS
from connective.partners.commands.webhook_means import TYPES
from connective.partners.domain.signatures import signed_headers

_ALLOWED = {
    # Open Referral UK names its first endpoint so (its specification, "/").
    "path-keys-no-trailing-slash at paths//open-referral/v3/",
}


def test_the_asyncapi_document_is_parsed_without_a_word(root: Path) -> None:
    found = check("asyncapi", root / "docs" / "asyncapi.json")
    assert found["found"] == []
    assert (found["version"], found["messages"]) == ("3.0.0", len(EVENTS) + len(TYPES))


def test_the_openapi_document_is_linted_without_a_word(root: Path) -> None:
    found = check("openapi", root / "docs" / "openapi.json")["found"]
    assert [each for each in found if each.partition(": ")[0] not in _ALLOWED] == []


def test_webhooks_are_verified_by_the_library_for_node(tmp_path: Path) -> None:
    """The library for Python verifies every message that the tests of partners send; this is the other one."""
    new, old, stranger = (bytes([n]) * 32 for n in (1, 2, 3))
    body, now = json.dumps({"type": "hub.referrals.request.submitted.v1", "data": {"id": "r1"}}), datetime.now(UTC)

    def message(secret: bytes, headers: Mapping[str, str], text: str = body) -> dict[str, Any]:
        return {"secret": "whsec_" + base64.b64encode(secret).decode(), "headers": dict(headers), "body": text}

    rotating = signed_headers([new, old], "msg_1", now, body.encode())
    late = signed_headers([new], "msg_1", now - timedelta(minutes=6), body.encode())
    early = signed_headers([new], "msg_1", now + timedelta(minutes=6), body.encode())
    messages = [
        message(new, rotating),
        message(old, rotating),
        message(stranger, rotating),
        message(new, rotating, body + " "),
        message(new, rotating | {"webhook-id": "msg_2"}),
        message(new, late),
        message(new, early),
        message(new, {}),
    ]
    file = tmp_path / "messages.json"
    file.write_text(json.dumps(messages), encoding="utf-8")
    found = check("webhooks", file)
    assert ["verified" in each for each in found] == [True, True, *[False] * 6], found
    assert found[0]["verified"]["data"]["id"] == "r1"
