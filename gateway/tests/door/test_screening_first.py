"""Dangerous requests are refused with 400 before the service sees a byte; each trap over a raw socket."""

import json

import pytest
from gateway_doors import Standing
from gateway_support import get, send_raw

TARGETS = {
    "dot segment": "/api/v1/families/../internal/facts",
    "dot segment at the end": "/api/v1/families/..",
    "single dot segment": "/api/v1/families/./x",
    "encoded dot segment": "/api/v1/families/%2e%2e/internal",
    "half encoded dot segment": "/api/v1/families/.%2E/internal",
    "dot segment before a parameter": "/api/v1/families/..;/internal",
    "encoded slash": "/api/v1/families%2f..%2finternal",
    "encoded slash, upper case": "/api/v1/families/a%2Fb",
    "encoded backslash": "/api/v1/families/a%5cb",
    "raw backslash": "/api/v1/families\\x",
    "encoded NUL": "/api/v1/families/a%00b",
    "encoded NUL in the query": "/api/v1/families?x=%00",
    "encoded line feed": "/api/v1/families/a%0ab",
    "broken escape": "/api/v1/families/%zz",
    "quote": '/api/v1/families/"x"',
    "overlong": "/api/v1/families/" + "x" * 9_000,
}


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS.keys())
async def test_a_doubtful_target_is_refused_before_forwarding(door: Standing, target: str) -> None:
    answer = await send_raw(door.port, get(target, door.token))
    assert answer.status == 400
    assert json.loads(answer.body)["type"] == "/problems/bad-request"
    assert door.service.seen == []


@pytest.mark.parametrize("target", ["/api/v1/families/\xe9", "/api/v1/families/a\x00b"])
async def test_bytes_that_no_target_may_hold_are_refused(door: Standing, target: str) -> None:
    answer = await send_raw(door.port, get(target, door.token))
    assert answer.status == 400
    assert door.service.seen == []


HEADERS = {
    "non-ASCII value": "X-Name: Zo\xeb",
    "control character": "X-Name: a\x01b",
    "Content-Length and Transfer-Encoding": "Content-Length: 3\r\nTransfer-Encoding: chunked",
    "two Content-Lengths": "Content-Length: 3\r\nContent-Length: 4",
    "two equal Content-Lengths": "Content-Length: 3\r\nContent-Length: 3",
    "list of lengths": "Content-Length: 3, 3",
    "signed length": "Content-Length: +3",
    "two Transfer-Encodings": "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    "unknown Transfer-Encoding": "Transfer-Encoding: gzip, chunked",
    "second Host": "Host: other.example.org",
    "second Authorization": "Authorization: Bearer a",
    "NUL": "X-Name: a\x00b",
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
async def test_doubtful_headers_are_refused_before_forwarding(door: Standing, header: str) -> None:
    request = get("/api/v1/families", door.token, header).replace(b"GET", b"POST", 1) + b"abc"
    answer = await send_raw(door.port, request)
    assert answer.status == 400
    assert door.service.seen == []


async def test_the_refusal_carries_a_request_id_and_repeats_nothing_of_the_request(door: Standing) -> None:
    answer = await send_raw(door.port, get("/api/v1/families/%2e%2e/Mary%00", door.token, "X-Request-Id: req-12345678"))
    document = json.loads(answer.body)
    assert document["instance"] == "req-12345678"
    assert answer.header("x-request-id") == ["req-12345678"]
    assert answer.header("content-type") == ["application/problem+json"]
    assert "Mary" not in answer.body.decode()
