"""What reaches a service and what comes back: nothing added, decoded, followed or believed on the way."""

import asyncio
import gzip
import json
import time

import pytest
from gateway_doors import Standing, standing
from gateway_support import ACCOUNT, CLIENT, ORGANISATION, PLACE, SESSION, Seen, Service, get, read_body, send_raw
from joserfc.jwk import ECKey

from connective.gateway.domain.routes import allowance, body_limit, body_seconds
from connective.kit.tokens import IDENTITY_TYPE, INTERNAL_AUDIENCE, KeyRing

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter


def post(path: str, token: str, body: bytes, *more: str) -> bytes:
    return get(path, token, f"Content-Length: {len(body)}", *more).replace(b"GET", b"POST", 1) + body


async def test_path_query_and_body_arrive_unchanged_but_for_the_prefix(door: Standing) -> None:
    target = "/api/v1/families/a%20b;c=1?limit=5&after=a%2Fb&x='"
    answer = await send_raw(door.port, post(target, door.token, b'{"a":1}', "Content-Type: application/json"))
    assert answer.status == 200
    seen = door.service.seen[0]
    assert seen.line == f"POST {target.removeprefix('/api/v1')[:-1]}%27 HTTP/1.1".encode()
    assert seen.header("hub-public-path") == ["/api/v1/families/a%20b;c=1"]
    assert seen.body == b'{"a":1}'
    assert seen.header("content-length") == ["7"]
    assert seen.header("content-type") == ["application/json"]


async def test_each_resource_root_has_one_service_and_the_rest_none(door: Standing) -> None:
    for root in (
        "families",
        "people",
        "referrals",
        "requests",
        "organisations",
        "services",
        "legal-entities",
        "joint-arrangements",
        "memoranda",
        "ledger",
    ):
        assert (await send_raw(door.port, get(f"/api/v1/{root}", door.token))).status == 200
    assert len(door.service.seen) == 10
    for path in ("/api/v1/internal", "/api/v1/internal/facts", "/internal/facts", "/api/v1/", "/api/v1//families"):
        answer = await send_raw(door.port, get(path, door.token))
        assert answer.status == 404, path
        assert json.loads(answer.body)["type"] == "/problems/not-found"
    assert len(door.service.seen) == 10
    assert door.inner_seen == []


async def test_what_only_the_gateway_may_say_is_dropped_from_outside(door: Standing) -> None:
    forged = (
        "Hub-Identity: forged",
        "hub-caller: forged",
        "HUB-Permit: forged",
        "X-Forwarded-For: 10.0.0.1",
        "X-Forwarded-Host: evil.example.org",
        "Forwarded: for=10.0.0.1",
        "X-Real-IP: 10.0.0.1",
        "Cookie: a=b",
        "Connection: keep-alive, X-Secret",
        "X-Secret: 1",
        "TE: trailers",
        "Upgrade: websocket",
        "Proxy-Authorization: Basic eDp5",
        "X-Kept: yes",
    )
    await send_raw(door.port, get("/api/v1/families", door.token, *forged))
    seen = door.service.seen[0]
    assert seen.header("hub-identity") != ["forged"]
    assert len(seen.header("hub-identity")) == 1
    for name in ("hub-caller", "hub-permit", "x-forwarded-for", "x-forwarded-host", "forwarded", "x-real-ip", "cookie"):
        assert seen.header(name) == [], name
    for name in ("x-secret", "te", "upgrade", "proxy-authorization", "authorization"):
        assert seen.header(name) == [], name
    assert seen.header("x-kept") == ["yes"]


async def test_the_identity_says_who_asks_and_is_signed_by_the_gateway(door: Standing) -> None:
    await send_raw(door.port, get("/api/v1/families", door.token))
    await send_raw(door.port, get("/api/v1/families", door.token))
    first, second = (seen.header("hub-identity")[0] for seen in door.service.seen)
    assert first == second, "minted once per token and minute"
    ring = KeyRing({"gateway-1": ("gateway", ECKey.import_key(door.own_key.as_dict(private=False)))})
    told = ring.verify(first, token_type=IDENTITY_TYPE, audience=INTERNAL_AUDIENCE, issuer="gateway")
    assert told["exp"] - told["iat"] <= 60
    assert (told["sub"], told["client_id"], told["sid"]) == (str(ACCOUNT), str(CLIENT), str(SESSION))
    assert (told["org"], told["place"], told["roles"]) == (str(ORGANISATION), str(PLACE), ["support_worker"])


async def test_redirects_are_not_followed(door: Standing) -> None:
    async def redirect(_: Service, __: Seen, ___: Reader, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 303 See Other\r\nlocation: /api/v1/people\r\ncontent-length: 0\r\n\r\n")

    door.service.behave = redirect
    answer = await send_raw(door.port, get("/api/v1/families", door.token))
    assert (answer.status, answer.header("location")) == (303, ["/api/v1/people"])
    assert len(door.service.seen) == 1


async def test_bodies_are_not_decoded(door: Standing) -> None:
    packed = gzip.compress(b"x" * 5_000)

    async def compressed(_: Service, __: Seen, ___: Reader, writer: Writer) -> None:
        head = f"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {len(packed)}\r\n\r\n"
        writer.write(head.encode() + packed)

    door.service.behave = compressed
    answer = await send_raw(door.port, get("/api/v1/families", door.token, "Accept-Encoding: gzip"))
    assert answer.header("content-encoding") == ["gzip"]
    assert answer.body == packed


async def test_proxies_of_the_environment_are_ignored(
    monkeypatch: pytest.MonkeyPatch, service: Service, own_key: ECKey
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with standing(service, own_key) as door:
        assert (await send_raw(door.port, get("/api/v1/families", door.token))).status == 200


async def test_an_answer_passes_piece_by_piece(door: Standing) -> None:
    go_on = asyncio.Event()

    async def slowly(_: Service, __: Seen, ___: Reader, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n")
        await writer.drain()
        await go_on.wait()
        writer.write(b"4\r\nlast\r\n0\r\n\r\n")

    door.service.behave = slowly
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(get("/api/v1/families", door.token))
    seen = await asyncio.wait_for(reader.readuntil(b"first\r\n"), 2)
    assert b"last" not in seen
    go_on.set()
    assert b"last" in await asyncio.wait_for(reader.readuntil(b"0\r\n\r\n"), 2)
    writer.close()


async def test_a_body_passes_piece_by_piece(door: Standing) -> None:
    first_arrived = asyncio.Event()

    async def taking(_: Service, seen: Seen, reader: Reader, writer: Writer) -> None:
        await reader.readexactly(5)
        first_arrived.set()
        seen.body = await reader.readexactly(4)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

    door.service.behave = taking
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(get("/api/v1/families", door.token, "Content-Length: 9").replace(b"GET", b"POST", 1) + b"first")
    await asyncio.wait_for(first_arrived.wait(), 2)
    writer.write(b"last")
    assert b" 200 " in await asyncio.wait_for(reader.readline(), 2)
    assert door.service.seen[0].body == b"last"
    assert door.service.seen[0].header("content-length") == ["9"]
    writer.close()


async def test_a_declared_body_above_the_limit_is_refused_unread(door: Standing) -> None:
    request = get("/api/v1/families", door.token, "Content-Length: 1048577").replace(b"GET", b"POST", 1)
    answer = await send_raw(door.port, request)
    assert (answer.status, json.loads(answer.body)["type"]) == (413, "/problems/too-large")
    assert door.service.seen == []


async def test_a_file_on_its_own_route_may_be_larger_than_anything_else(door: Standing) -> None:
    content = "/api/v1/attachments/0190a5c0-0000-7000-8000-000000000001/content"
    for method, length, status in (("PUT", 20971521, 413), ("POST", 1048577, 413)):
        request = get(content, door.token, f"Content-Length: {length}").replace(b"GET", method.encode(), 1)
        assert (await send_raw(door.port, request)).status == status
    assert door.service.seen == []
    assert body_limit("PUT", content.encode()) == 20 << 20
    assert body_limit("PUT", content.encode() + b"/x") == 1 << 20


async def test_a_file_of_listings_may_be_larger_than_other_bodies_and_take_longer(door: Standing) -> None:
    path = "/api/v1/harvest-sources/files"
    request = get(path, door.token, f"Content-Length: {(4 << 20) + 1}").replace(b"GET", b"POST", 1)
    answer = await send_raw(door.port, request)
    assert (answer.status, json.loads(answer.body)["type"]) == (413, "/problems/too-large")
    assert door.service.seen == []
    assert (body_limit("POST", path.encode()), body_limit("PATCH", path.encode())) == (4 << 20, 1 << 20)
    assert body_seconds("POST", path.encode()) == allowance(path.encode()) == 300


async def test_a_chunked_body_above_the_limit_is_refused_when_it_passes_it(door: Standing) -> None:
    async def swallow(_: Service, seen: Seen, reader: Reader, writer: Writer) -> None:
        seen.body = await read_body(seen, reader)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

    door.service.behave = swallow
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    head = get("/api/v1/families", door.token, "Transfer-Encoding: chunked").replace(b"GET", b"POST", 1)
    answer = await send_raw(door.port, head + chunk * 17 + b"0\r\n\r\n")
    assert answer.status == 413
    assert door.service.seen == [] or door.service.seen[0].body == b"", "the service never saw it whole"


async def test_a_slow_service_is_504_with_retry_after(service: Service, own_key: ECKey) -> None:
    async def sleep(*_: object) -> None:
        await asyncio.sleep(30)

    service.behave = sleep
    async with standing(service, own_key, deadline=0.3) as door:
        began = time.monotonic()
        answer = await send_raw(door.port, get("/api/v1/families", door.token))
        assert time.monotonic() - began < 3
    assert (answer.status, json.loads(answer.body)["type"]) == (504, "/problems/too-slow")
    assert answer.header("retry-after")


async def test_a_service_that_is_down_is_503_with_retry_after(door: Standing) -> None:
    async def hang_up(_: Service, __: Seen, ___: Reader, writer: Writer) -> None:
        writer.close()

    door.service.behave = hang_up
    answer = await send_raw(door.port, get("/api/v1/families", door.token))
    assert (answer.status, json.loads(answer.body)["type"]) == (503, "/problems/unavailable")
    assert answer.header("retry-after")


async def test_an_unreachable_service_is_503(service: Service, own_key: ECKey) -> None:
    async with standing(service, own_key) as door:
        await service.stop()
        answer = await send_raw(door.port, get("/api/v1/families", door.token))
    assert (answer.status, json.loads(answer.body)["type"]) == (503, "/problems/unavailable")


async def test_an_answer_that_breaks_off_is_cut_not_shortened(door: Standing) -> None:
    async def half(_: Service, __: Seen, ___: Reader, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.close()

    door.service.behave = half
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(get("/api/v1/families", door.token))
    everything = await asyncio.wait_for(reader.read(), 5)
    assert b"half" in everything
    assert not everything.endswith(b"0\r\n\r\n"), "the end of the body must never be claimed"
    writer.close()


async def test_head_and_empty_answers_pass(door: Standing) -> None:
    async def empty(_: Service, seen: Seen, ___: Reader, writer: Writer) -> None:
        if seen.line.startswith(b"HEAD"):
            writer.write(b'HTTP/1.1 200 OK\r\netag: "3"\r\ncontent-length: 77\r\n\r\n')
        else:
            writer.write(b'HTTP/1.1 304 Not Modified\r\netag: "3"\r\n\r\n')

    door.service.behave = empty
    head = await send_raw(door.port, get("/api/v1/families/1", door.token).replace(b"GET", b"HEAD", 1))
    assert (head.status, head.header("etag"), head.header("content-length")) == (200, ['"3"'], ["77"])
    unchanged = await send_raw(door.port, get("/api/v1/families/1", door.token, 'If-None-Match: "3"'))
    assert (unchanged.status, unchanged.header("etag")) == (304, ['"3"'])


async def test_every_answer_has_a_request_id_and_is_not_stored(door: Standing) -> None:
    answer = await send_raw(door.port, get("/api/v1/families", door.token, "X-Request-Id: my-request-1"))
    assert answer.header("x-request-id") == ["my-request-1"]
    assert answer.header("cache-control") == ["no-store"]
    seen = door.service.seen[0]
    assert seen.header("x-request-id") == ["my-request-1"]
    assert len(seen.header("traceparent")) == 1


async def test_a_well_formed_traceparent_goes_on(door: Standing) -> None:
    parent = "00-" + "ab" * 16 + "-" + "cd" * 8 + "-01"
    await send_raw(door.port, get("/api/v1/families", door.token, f"traceparent: {parent}"))
    await send_raw(door.port, get("/api/v1/families", door.token, "traceparent: nonsense"))
    assert door.service.seen[0].header("traceparent") == [parent]
    assert door.service.seen[1].header("traceparent") != ["nonsense"]


async def test_what_concerns_one_connection_or_the_inside_does_not_come_back(door: Standing) -> None:
    async def talkative(_: Service, __: Seen, ___: Reader, writer: Writer) -> None:
        writer.write(
            b"HTTP/1.1 200 OK\r\nHub-Identity: x\r\nServer: inside\r\nSet-Cookie: a=b\r\nConnection: X-Gone\r\n"
            b"X-Gone: 1\r\nKeep-Alive: timeout=5\r\nX-Kept: 1\r\ncontent-length: 0\r\n\r\n"
        )

    door.service.behave = talkative
    answer = await send_raw(door.port, get("/api/v1/families", door.token))
    for name in ("hub-identity", "server", "set-cookie", "x-gone", "keep-alive"):
        assert answer.header(name) == [], name
    assert answer.header("x-kept") == ["1"]
    assert len(answer.header("date")) == 1


async def test_connections_to_a_service_are_used_again(door: Standing) -> None:
    for _ in range(5):
        assert (await send_raw(door.port, get("/api/v1/families", door.token))).body == b"{}"
    assert door.service.connections == 1


async def test_the_public_register_is_for_anybody_and_says_who_nobody_is(door: Standing) -> None:
    answer = await send_raw(door.port, b"GET /api/v1/transparency HTTP/1.1\r\nHost: x\r\nHub-Identity: forged\r\n\r\n")
    assert answer.status == 200
    assert door.service.seen[-1].header("hub-identity") == []
    assert (await send_raw(door.port, get("/api/v1/transparency", "not-a-token"))).status == 200
    assert (await send_raw(door.port, b"GET /api/v1/transparent HTTP/1.1\r\nHost: x\r\n\r\n")).status == 404


async def test_the_public_directory_is_for_anybody_under_its_whole_path(door: Standing) -> None:
    asked = b"GET /open-referral/v3/services?page=2 HTTP/1.1\r\nHost: x\r\nHub-Public-Base: https://forged\r\n\r\n"
    assert (await send_raw(door.port, asked)).status == 200
    seen = door.service.seen[-1]
    assert seen.line == b"GET /open-referral/v3/services?page=2 HTTP/1.1"
    assert (seen.header("hub-identity"), len(seen.header("hub-public-base"))) == ([], 1)
    assert "forged" not in seen.header("hub-public-base")[0]
    for path in (b"/open-referrals/v3", b"/open%2Dreferral/v3", b"/fhirs/Task"):
        assert (await send_raw(door.port, b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")).status == 404


async def test_fhir_is_told_its_base_and_refuses_as_an_operation_outcome(door: Standing) -> None:
    nobody = await send_raw(door.port, b"GET /fhir/Task HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (nobody.status, nobody.header("content-type")) == (401, ["application/fhir+json"])
    assert b'"resourceType": "OperationOutcome"' in nobody.body
    assert (await send_raw(door.port, b"GET /fhir/metadata HTTP/1.1\r\nHost: x\r\n\r\n")).status == 200
    assert (await send_raw(door.port, get("/fhir/Task?status=requested", door.token))).status == 200
    seen = door.service.seen[-1]
    assert seen.line == b"GET /fhir/Task?status=requested HTTP/1.1"
    assert (len(seen.header("hub-identity")), len(seen.header("hub-public-base"))) == (1, 1)
