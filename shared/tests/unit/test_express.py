"""The express lane answers what is plain, and leaves the rest to the route as if it had never looked."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI, Request

from connective.kit.actor import Actor, ActorKind
from connective.kit.app import build_app, router
from connective.kit.express import Plain, Ready
from connective.kit.pages import plain_link, plain_query
from connective.kit.policy import Access, operation
from connective.kit.problems import Conflict, Unauthenticated

routes = router()
KNOWN = frozenset({"direction", "limit"})


@routes.get("/things", **operation("things.list"))
async def things(odd: int = 0) -> dict[str, str]:
    if odd == 666:
        raise ZeroDivisionError
    return {"by": "route"}


@routes.post("/things", **operation(access=Access.PUBLIC))
async def make(request: Request) -> dict[str, str]:
    return {"by": "route", "body": (await request.body()).decode()}


async def express_things(asked: Plain) -> Ready | None:
    if asked.query == b"fail=1":
        raise ZeroDivisionError
    if asked.query == b"refuse=1":
        raise Conflict("Not now.")
    return None if asked.query else Ready(b'{"by":"express"}', [(b"cache-control", b"no-store")])


async def express_make(asked: Plain) -> Ready | None:
    return None if asked.body == b"odd" else Ready(asked.body, [], 201)


def _identify(headers: Any) -> Actor:
    who = headers.get(b"who", b"").decode()
    if who == "forged":
        raise Unauthenticated("No.")
    if who == "unforeseen":
        raise ZeroDivisionError
    return Actor(ActorKind.PERSON, who, permissions=frozenset({"things.list"} if who == "member" else ()))


async def _ready() -> dict[str, Any]:
    return {}


@pytest_asyncio.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app: FastAPI = build_app(
        "Things",
        version="0",
        identify=_identify,
        routers=(routes,),
        ready=_ready,
        lifespan=None,  # type: ignore[arg-type]  # nothing to start
        express={("GET", "/things"): express_things, ("POST", "/things"): express_make},
    )
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://things") as client:
        yield client


async def test_what_is_plain_goes_the_short_way_and_looks_the_same(client: httpx.AsyncClient) -> None:
    answer = await client.get("/things", headers={"who": "member", "x-request-id": "quote-me-please"})
    assert answer.json() == {"by": "express"}
    assert answer.headers["content-type"] == "application/json"
    assert (answer.headers["cache-control"], answer.headers["x-request-id"]) == ("no-store", "quote-me-please")
    metrics = (await client.get("/metrics")).text
    assert 'http_requests_total{method="GET",route="/things",status="200"}' in metrics


async def test_whatever_else_goes_the_ordinary_way_with_its_body(client: httpx.AsyncClient) -> None:
    assert (await client.get("/things?odd=1", headers={"who": "member"})).json() == {"by": "route"}
    assert (await client.post("/things", content=b"odd")).json() == {"by": "route", "body": "odd"}
    made = await client.post("/things", content=b'"plain"')
    assert (made.status_code, made.json()) == (201, "plain")


async def test_a_reading_takes_no_parameter_that_it_does_not_document(client: httpx.AsyncClient) -> None:
    answer = await client.get("/things?odd=1&surname=Zephyrine", headers={"who": "member"})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (422, "/query")
    assert error["detail"] == "There is no such filter here; there is odd."
    assert "surname" not in answer.text
    assert "Zephyrine" not in answer.text
    unread = await client.get("/things?surname=Zephyrine", headers={"who": "stranger"})
    assert unread.status_code == 403


@pytest.mark.parametrize(
    ("who", "query", "status"),
    [
        ("stranger", "", 403),
        ("forged", "", 401),
        ("unforeseen", "", 500),
        ("member", "?refuse=1", 409),
        ("member", "?fail=1", 500),
        ("member", "?odd=666", 500),
    ],
)
async def test_it_refuses_as_the_ordinary_way_does(
    client: httpx.AsyncClient, who: str, query: str, status: int
) -> None:
    answer = await client.get(f"/things{query}", headers={"who": who, "x-request-id": "quote-me-please"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == "quote-me-please"


async def test_a_body_that_cannot_be_stored_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.post("/things", content=b'"\\u0000"')).status_code == 422
    assert (await client.post("/things", content=b"x" * (1024 * 1024 + 1))).status_code == 413


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (b"", {}),
        (b"direction=sent&limit=5", {"direction": "sent", "limit": "5"}),
        (b"limit=5&limit=6", None),
        (b"limit=", None),
        (b"limit=%35", None),
        (b"other=5", None),
        (b"limit", None),
        (b"limit=5&", None),
        (b"limit=5;direction=sent", None),
    ],
)
def test_only_a_plain_query_is_read(query: bytes, expected: dict[str, str] | None) -> None:
    assert plain_query(query, KNOWN) == expected


def test_the_link_to_the_next_page_replaces_the_cursor() -> None:
    asked = Plain(Actor(ActorKind.PERSON, "x"), "/things", {b"hub-public-path": b"/api/v1/things"}, b"", b"")
    assert plain_link(asked, {"limit": "5", "cursor": "old"}, "new") == [
        (b"link", b'</api/v1/things?limit=5&cursor=new>; rel="next"')
    ]
    assert plain_link(asked, {}, None) == []


async def test_a_lane_without_its_route_does_not_start() -> None:
    with pytest.raises(LookupError):
        build_app(
            "Things",
            version="0",
            identify=_identify,
            routers=(),
            ready=_ready,
            lifespan=None,  # type: ignore[arg-type]  # nothing to start
            express={("GET", "/things"): express_things},
        )
