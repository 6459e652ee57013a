"""The other rooms over real HTTP: what is sent, what is read, and that every failure fails closed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from fastapi import FastAPI, Request, Response

from connective.contracts.categories import Category, Method, Purpose
from connective.contracts.sharing import Question
from connective.kit.actor import Actor, ActorKind
from connective.kit.http import Outgoing, Peer
from connective.kit.ids import new_id
from connective.kit.problems import NotFound, Unavailable
from connective.kit.testing import Identities, eventually
from connective.referrals.clients.rooms import ConsentRoom, DirectoryRoom, FamiliesRoom

ACTOR = Actor(ActorKind.PERSON, str(new_id()), place_id=new_id(), organisation_id=new_id(), token="identity")


class Neighbour:
    """Answers every path as told, and keeps what it was asked."""

    def __init__(self) -> None:
        self.status = 200
        self.body: Any = {}
        self.asked: list[Any] = []

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.api_route("/{path:path}", methods=["GET", "POST"])
        async def answer(path: str, request: Request, response: Response) -> Any:
            body = await request.json() if request.method == "POST" else None
            self.asked.append((f"/{path}", request.url.query, dict(request.headers), body))
            response.status_code = self.status
            return self.body

        return app


@pytest_asyncio.fixture
async def neighbour(tmp_path: Path) -> AsyncIterator[tuple[Neighbour, Peer]]:
    told = Neighbour()
    server = uvicorn.Server(uvicorn.Config(told.app(), port=0, log_level="error", lifespan="off"))
    task = asyncio.create_task(server.serve())
    await eventually("a server that has started", lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with Outgoing() as outgoing:
        signer = Identities(tmp_path).signer("referrals")
        yield told, Peer("consent", f"http://127.0.0.1:{port}/", outgoing, signer)
    server.should_exit = True
    await task


def a_question() -> Question:
    return Question(
        discloser_organisation_id=new_id(),
        recipient_organisation_id=new_id(),
        subjects=(new_id(),),
        categories=frozenset({Category.NEEDS}),
        purpose=Purpose.REFERRAL,
        method=Method.API,
    )


async def test_the_permit_travels_as_a_header_and_fields_in_the_query(neighbour: Any) -> None:
    told, peer = neighbour
    disclosure = new_id()
    told.body = {"disclosure_id": str(disclosure), "people": [], "withheld": []}
    shared = await FamiliesRoom(peer).shared(ACTOR, "the-permit", ["person.full_name", "contact.phone"])
    assert shared.disclosure_id == disclosure
    path, query, headers, _ = told.asked[0]
    assert (path, query) == ("/internal/shared", "field=person.full_name&field=contact.phone")
    assert (headers["hub-permit"], headers["hub-identity"]) == ("the-permit", "identity")
    assert headers["hub-caller"]


async def test_an_answer_short_of_a_decision_is_no_answer(neighbour: Any) -> None:
    told, peer = neighbour
    told.body = {"items": []}
    with pytest.raises(Unavailable):
        await ConsentRoom(peer).decide(ACTOR, [a_question()])
    assert told.asked[0][0] == "/internal/decisions"


async def test_unknown_services_are_left_out(neighbour: Any) -> None:
    told, peer = neighbour
    told.body = {"items": []}
    assert await DirectoryRoom(peer).service_facts(ACTOR, [new_id()]) == ()
    assert told.asked[0][0] == "/internal/service-facts"


@pytest.mark.parametrize(
    ("status", "refusal"), [(404, NotFound), (500, Unavailable), (401, Unavailable), (200, Unavailable)]
)
async def test_failures_fail_closed(neighbour: Any, status: int, refusal: type[Exception]) -> None:
    told, peer = neighbour
    told.status, told.body = status, {"unexpected": True}
    with pytest.raises(refusal):
        await FamiliesRoom(peer).essentials(ACTOR, new_id(), [new_id()])
