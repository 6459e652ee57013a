"""Who is let in, how fast, and by which address."""

import asyncio
import json
from typing import Any
from uuid import uuid4

from gateway_doors import PLENTY, Standing, standing
from gateway_support import SESSION, Seen, Service, claims, get, say_ok, send_raw
from joserfc.jwk import ECKey

from connective.gateway.api.door import Door, Limits
from connective.gateway.domain.limits import Quota
from connective.gateway.tokens.access import Denials


async def test_without_a_token_the_api_is_closed(door: Standing) -> None:
    for request in (get("/api/v1/families"), get("/api/v1/families", "nonsense"), get("/api/v1/me", "a.b.c")):
        answer = await send_raw(door.port, request)
        assert (answer.status, json.loads(answer.body)["type"]) == (401, "/problems/not-signed-in")
        assert answer.header("www-authenticate") == ["Bearer"]
    basic = get("/api/v1/families", None, "Authorization: Basic eDp5")
    assert (await send_raw(door.port, basic)).status == 401
    assert door.service.seen == []


async def test_a_token_in_the_address_is_not_one(door: Standing) -> None:
    assert (await send_raw(door.port, get(f"/api/v1/families?access_token={door.token}"))).status == 401


async def test_the_gateways_own_resources_get_the_signed_identity_too(door: Standing) -> None:
    answer = await send_raw(door.port, get("/api/v1/me", door.token, "Hub-Identity: forged"))
    assert answer.body == b"inner"
    headers = dict(door.inner_seen[0]["headers"])
    assert headers[b"hub-identity"].count(b".") == 2


async def test_nothing_forged_reaches_the_sign_in(door: Standing) -> None:
    await send_raw(door.port, get("/oauth/jwks", None, "Hub-Identity: forged", "X-Forwarded-For: 10.9.9.9"))
    assert not any(name.startswith((b"hub-", b"x-forwarded-")) for name, _ in door.inner_seen[0]["headers"])


async def test_a_revoked_session_is_refused_at_once_although_its_token_was_cached(door: Standing) -> None:
    assert (await send_raw(door.port, get("/api/v1/families", door.token))).status == 200
    door.tokens.about_to_read()
    door.tokens.deny_also(str(SESSION))
    assert (await send_raw(door.port, get("/api/v1/families", door.token))).status == 401
    door.tokens.deny(Denials())
    refused = await send_raw(door.port, get("/api/v1/families", door.token))
    assert refused.status == 401, "a list that was being read while it was revoked lets nobody in again"
    door.tokens.about_to_read()
    door.tokens.deny(Denials())
    assert (await send_raw(door.port, get("/api/v1/families", door.token))).status == 200


async def test_a_caller_that_asks_too_much_waits(service: Service, own_key: ECKey) -> None:
    limits = Limits(Quota("caller", 3, 60), Quota("address", 100, 60))
    async with standing(service, own_key, limits, clock=lambda: 100.0) as door:
        for left in (2, 1, 0):
            answer = await send_raw(door.port, get("/api/v1/families", door.token))
            assert answer.header("ratelimit-policy") == ['"caller";q=3;w=60', '"organisation";q=1000000;w=60']
            assert answer.header("ratelimit")[0].startswith(f'"caller";r={left};')
        refused = await send_raw(door.port, get("/api/v1/families", door.token))
        assert (refused.status, json.loads(refused.body)["type"]) == (429, "/problems/too-many-requests")
        assert refused.header("retry-after") == ["20"]
        other = door.tokens.issue(claims(subject="somebody-else"))
        assert (await send_raw(door.port, get("/api/v1/families", other))).status == 200
    assert len(service.seen) == 4


async def test_an_organisation_shares_one_quota(service: Service, own_key: ECKey) -> None:
    limits = Limits(Quota("caller", 100, 60), Quota("address", 100, 60), Quota("organisation", 3, 60))
    async with standing(service, own_key, limits, clock=lambda: 100.0) as door:
        for number in range(3):
            one = door.tokens.issue(claims(subject=f"system-{number}"))
            assert (await send_raw(door.port, get("/api/v1/families", one))).status == 200
        refused = await send_raw(door.port, get("/api/v1/families", door.tokens.issue(claims(subject="another"))))
        assert (refused.status, refused.header("retry-after")) == (429, ["20"])
        assert refused.header("ratelimit")[1].startswith('"organisation";r=0;')
        elsewhere = door.tokens.issue(claims(organisation_id=uuid4()))
        assert (await send_raw(door.port, get("/api/v1/families", elsewhere))).status == 200


async def test_who_floods_waits_behind_themselves_alone(service: Service, own_key: ECKey) -> None:
    held, quiet = asyncio.Event(), uuid4()

    async def hold(served: Service, seen: Seen, reader: Any, writer: Any) -> None:
        if b"/families/loud" in seen.line:
            await held.wait()
        await say_ok(served, seen, reader, writer)

    service.behave = hold
    limits = Limits(Quota("caller", 1_000, 60), Quota("address", 1_000, 60), inside=2, waiting=20)
    async with standing(service, own_key, limits) as door:
        loud = [asyncio.create_task(send_raw(door.port, get("/api/v1/families/loud", door.token))) for _ in range(30)]
        done, _ = await asyncio.wait(loud, return_when=asyncio.FIRST_COMPLETED)
        refused = next(iter(done)).result()
        assert (refused.status, refused.header("retry-after")) == (429, ["1"])
        other = door.tokens.issue(claims(organisation_id=quiet))
        assert (await send_raw(door.port, get("/api/v1/families", other))).status == 200
        assert sum(b"/families/loud" in seen.line for seen in service.seen) <= 2, "so many inside, and no more"
        held.set()
        answers = [answer.status for answer in await asyncio.gather(*loud)]
    assert (answers.count(200), answers.count(429)) == (22, 8)


async def test_an_address_that_guesses_tokens_waits_and_known_callers_from_it_do_not(
    service: Service, own_key: ECKey
) -> None:
    limits = Limits(Quota("caller", 100, 60), Quota("address", 3, 60))
    async with standing(service, own_key, limits, clock=lambda: 100.0) as door:
        assert (await send_raw(door.port, get("/api/v1/families", door.token))).status == 200
        statuses = [(await send_raw(door.port, get("/api/v1/families", "guess"))).status for _ in range(4)]
        assert statuses == [401, 401, 429, 429]
        assert (await send_raw(door.port, get("/api/v1/families", door.token))).status == 200


async def test_only_a_proxy_of_ours_is_believed_about_addresses(service: Service, own_key: ECKey) -> None:
    limits = Limits(Quota("caller", 100, 60), Quota("address", 1, 60))
    for trusted, last in ((frozenset[str](), 429), (frozenset({"127.0.0.1"}), 401)):
        async with standing(service, own_key, limits, trusted_proxies=trusted, clock=lambda: 1.0) as door:
            for address, expected in (("192.0.2.1", 401), ("192.0.2.2", last)):
                request = get("/api/v1/families", None, f"X-Forwarded-For: 203.0.113.9, {address}")
                assert (await send_raw(door.port, request)).status == expected


async def test_health_is_for_the_neighbourhood_alone(service: Service, own_key: ECKey) -> None:
    async with standing(service, own_key, trusted_proxies=frozenset({"127.0.0.1"})) as door:
        for path in ("/livez", "/readyz", "/metrics"):
            assert (await send_raw(door.port, get(path))).status == 200
            outside = get(path, None, "X-Forwarded-For: 8.8.8.8")
            assert (await send_raw(door.port, outside)).status == 404


async def test_the_gateways_own_resources_are_not_reachable_beside_the_api(door: Standing) -> None:
    for path in ("/me", "/accounts", "/openapi.json", "/docs", "/"):
        assert (await send_raw(door.port, get(path, door.token))).status == 404
    assert door.inner_seen == []


async def test_who_waits_when_the_gateway_stops_is_told_and_not_cut_off(door: Standing) -> None:
    reached, sent = asyncio.Event(), []

    async def inner(*_: Any) -> None:
        reached.set()
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    stopping = Door(inner, door.proxy, door.tokens, door.identities, PLENTY)
    scope = {"type": "http", "method": "GET", "path": "/oauth/jwks", "raw_path": b"/oauth/jwks", "query_string": b""}
    scope |= {"headers": [(b"host", b"hub.example.org")], "client": ("192.0.2.1", 1)}
    waiting = asyncio.create_task(stopping(scope, asyncio.Queue().get, send))
    await asyncio.wait_for(reached.wait(), 10)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert waiting.cancelled()
    assert (sent[0]["status"], json.loads(sent[1]["body"])["type"]) == (504, "/problems/too-slow")
