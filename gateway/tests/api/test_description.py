"""The API's description over HTTP, from running services, and its pages."""

import csv
import io
import json
from typing import Any

import pytest
from gateway_hub import ISSUER, Hub
from gateway_support import Seen, Service

DOCUMENT = {
    "openapi": "3.1.0",
    "paths": {
        "/families": {
            "get": {"x-policy": {"access": "signed_in", "permission": "p"}, "tags": ["families"], "responses": {}}
        }
    },
}


async def answer_document(_: Service, seen: Seen, __: Any, writer: Any) -> None:
    body = json.dumps(DOCUMENT if seen.line.startswith(b"GET /openapi.json ") else {}).encode()
    writer.write(f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)


async def test_the_merged_document_and_its_page(make_hub: Any) -> None:
    async with Service(answer_document).serve() as service:
        urls = dict.fromkeys(("families_url", "referrals_url", "partners_url", "consent_url"), service.url)
        async with make_hub(**urls) as hub:
            document = (await hub.browser.get("/api/v1/openapi.json")).json()
            page = await hub.browser.get("/api/v1/docs")
            table = await hub.browser.get("/api/v1/policies.csv")
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": ISSUER}]
    assert {"/api/v1/families", "/api/v1/me", "/api/v1/accounts", "/oauth/token"} <= document["paths"].keys()
    assert not any(path.startswith("/internal") for path in document["paths"])
    assert "phone Test front door on 01632 960101 now" in document["info"]["description"]
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    rows = {row["operation"]: row for row in csv.DictReader(io.StringIO(table.text))}
    assert rows.keys() >= {"GET /api/v1/families", "GET /api/v1/accounts"}
    assert rows["GET /api/v1/accounts"]["roles"] == "partner_admin; place_admin"
    assert page.status_code == 200
    assert "/api/v1/policies.csv" in page.text
    for words in ("families_list_families", "/api/v1/families", "phone Test front door on 01632 960101 now"):
        assert words in page.text
    assert "<script" not in page.text
    assert len(service.seen) == 4, "each service is asked once a minute, not once a reader"


async def test_an_incomplete_description_is_not_shown_as_if_it_were_whole(shared_hub: Hub) -> None:
    answer = await shared_hub.browser.get("/api/v1/openapi.json")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")


@pytest.mark.parametrize("code", ["not-found", "sign-in-name-taken", "report-concern-first"])
async def test_every_problem_type_leads_somewhere(shared_hub: Hub, code: str) -> None:
    page = await shared_hub.browser.get(f"/problems/{code}")
    assert page.status_code == 200
    assert code in page.text


async def test_what_is_no_code_leads_nowhere(shared_hub: Hub) -> None:
    assert (await shared_hub.browser.get("/problems/<x>")).status_code in {400, 404}
    assert (await shared_hub.browser.get("/problems/A")).status_code == 404
