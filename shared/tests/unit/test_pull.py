"""One standing request brings many messages; its end is followed by another, and a refusal is raised."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.errors import APIError

from connective.kit import pull as pulling
from connective.kit.pull import AT_ONCE, Pull

Heard = Callable[[Any], Awaitable[None]]


class Broker:
    """A connection whose other end is the test."""

    def __init__(self) -> None:
        self.asked: list[dict[str, int]] = []
        self.heard: Heard | None = None
        self.left = False

    def new_inbox(self) -> str:
        return "_INBOX.one"

    async def subscribe(self, _: str, cb: Heard) -> "Broker":
        self.heard = cb
        return self

    async def unsubscribe(self) -> None:
        self.left = True

    async def publish(self, _: str, payload: bytes, __: str) -> None:
        self.asked.append(json.loads(payload))

    async def was_asked(self, times: int) -> None:
        while len(self.asked) < times:  # noqa: ASYNC110 - it is asked at one of the next turns of the loop
            await asyncio.sleep(0)

    async def deliver(self, *messages: Any) -> None:
        assert self.heard is not None
        for message in messages:
            await self.heard(message)


def _event(number: int, *, behind: int = 0) -> Any:
    return SimpleNamespace(headers=None, data=number, metadata=SimpleNamespace(num_pending=behind))


def _status(code: str) -> Msg:
    return Msg(cast("Client", None), headers={"Status": code, "Description": "of the test"})


async def _taken(pull: Pull) -> list[Any]:
    return [message.data for message in await asyncio.wait_for(pull.batch(), 30)]


async def test_many_batches_cost_one_request() -> None:
    broker = Broker()
    async with Pull(cast("Client", broker), "next") as pull:
        batch = asyncio.create_task(_taken(pull))
        await broker.was_asked(1)
        await broker.deliver(_event(1, behind=1))
        await asyncio.sleep(0)
        await broker.deliver(_event(2))
        assert await batch == [1, 2], "what is known to wait behind the first comes with it"
        await broker.deliver(_event(3), _event(4))
        assert await _taken(pull) == [3, 4]
        assert [each["batch"] for each in broker.asked] == [AT_ONCE]
    assert broker.left


@pytest.mark.parametrize("end", ["404", "408"])
async def test_a_request_that_ended_is_followed_by_another(end: str) -> None:
    broker = Broker()
    async with Pull(cast("Client", broker), "next") as pull:
        batch = asyncio.create_task(_taken(pull))
        await broker.was_asked(1)
        await broker.deliver(_status(end))
        await broker.was_asked(2)
        await broker.deliver(_event(1))
        assert await batch == [1]


async def test_one_whose_end_was_never_told_is_asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulling, "_STANDS_SECONDS", 0.001)
    monkeypatch.setattr(pulling, "_ANSWERED_WITHIN_SECONDS", 0.001)
    broker = Broker()
    async with Pull(cast("Client", broker), "next") as pull:
        batch = asyncio.create_task(_taken(pull))
        await broker.was_asked(2)
        await broker.deliver(_event(1))
        assert await batch == [1]


async def test_a_refusal_is_raised() -> None:
    broker = Broker()
    async with Pull(cast("Client", broker), "next") as pull:
        batch = asyncio.create_task(_taken(pull))
        await broker.was_asked(1)
        await broker.deliver(_status("409"))
        with pytest.raises(APIError):
            await batch
