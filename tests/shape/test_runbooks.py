"""The SQL of the runbooks does what they say, on real servers: republish after a loss, replay what was parked."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import asyncpg
import pytest_asyncio

from connective.contracts.people_events import PersonMerged
from connective.kit.actor import service_actor
from connective.kit.bus import Bus
from connective.kit.command_line import parser
from connective.kit.database import Database, Unit
from connective.kit.inbox import Consumer, Handler, Received
from connective.kit.migrations import migrate
from connective.kit.pull import Pull
from connective.kit.relay import Relay
from connective.kit.replay import Replayed, replay_parked
from connective.kit.settings import ServiceSettings

RUNBOOKS = Path(__file__).resolve().parents[2] / "docs" / "runbooks"
MERGED = "hub.families.person.merged"


def sql_of(page: str) -> list[str]:
    """The SQL blocks of a runbook, in order; `:record` becomes a parameter."""
    text = (RUNBOOKS / page).read_text(encoding="utf-8")
    return [block.replace(":record", "$1") for block in re.findall(r"```sql\n(.*?)```", text, flags=re.DOTALL)]


class Side:
    """One service's database and place at the broker, as far as these tests need them."""

    def __init__(self, service: str, database: Any, nats: Any) -> None:
        settings = SimpleNamespace(database_url=database.app_url, reader_url=database.reader_url, pool_size=2)
        self.database = Database(service, cast("ServiceSettings", settings))
        self.bus = Bus(service, nats.url(service))
        self.urls = database

    @asynccontextmanager
    async def owner(self) -> AsyncIterator[Any]:
        connection = await asyncpg.connect(self.urls.owner_url)
        try:
            yield connection
        finally:
            await connection.close()

    async def relay(self) -> int:
        """Publish what waits; answers how many facts."""
        connection = await asyncpg.connect(self.urls.app_url)
        try:
            return await Relay("families", self.urls.app_url, self.bus).drain(connection)
        finally:
            await connection.close()

    async def close(self) -> None:
        await self.bus.close()
        await self.database.close()


@pytest_asyncio.fixture(loop_scope="session")
async def sides(service_database: Any, fresh_nats: Any) -> AsyncIterator[tuple[Side, Side]]:
    """Families, which announces, and referrals, which listens."""
    async with AsyncExitStack() as stack:
        made = []
        for service in ("families", "referrals"):

            async def newest(url: str, service: str = service) -> None:
                await migrate(service, url)

            made.append(Side(service, await service_database(service, newest), fresh_nats))
            stack.push_async_callback(made[-1].close)
        yield made[0], made[1]


async def announce(side: Side, person: UUID | None = None, version: int = 1) -> UUID:
    """Tell of a merge; answers the person it is about."""
    person = person or uuid4()
    async with side.database.unit(service_actor("families")) as unit:
        unit.tell(PersonMerged(person_id=person, merged_person_id=uuid4()), version=version, place_id=uuid4())
    return person


class Listener:
    """A consumer whose handler can be broken, and which notes what took effect."""

    def __init__(self, side: Side) -> None:
        self.broken = False
        self.seen: list[UUID] = []
        self.versions: list[int] = []
        self._database = side.database
        self._consumer = Consumer("referrals", side.bus, side.database, {MERGED: Handler(self._apply)})

    async def _apply(self, _: Unit, event: Received, __: object) -> None:
        if self.broken:
            raise ZeroDivisionError
        self.seen.append(event.aggregate_id)
        self.versions.append(event.aggregate_version)

    async def replay(self, event_id: UUID | None = None) -> Replayed:
        """As the command does."""
        return await replay_parked("referrals", self._database, self._consumer, event_id)

    async def take(self, pull: Pull) -> None:
        """Take what the durable has now."""
        async with asyncio.timeout(60):
            await self._consumer._take(await pull.batch())


async def test_after_the_brokers_loss_facts_are_sent_again(sides: tuple[Side, Side], fresh_nats: Any) -> None:
    families, referrals = sides
    person = await announce(families)
    assert await families.relay() == 1
    await fresh_nats.reset_stream()
    assert await families.relay() == 0
    republish, waiting = sql_of("broker-lost.md")
    async with families.owner() as owner:
        assert await owner.execute(republish) == "UPDATE 1"
        assert (await owner.fetchrow(waiting))["waiting"] == 1
    assert await families.relay() == 1
    listener = Listener(referrals)
    async with await referrals.bus.durable() as pull:
        await listener.take(pull)
    assert listener.seen == [person]


async def test_a_parked_event_is_seen_and_replayed(sides: tuple[Side, Side]) -> None:
    """With what came behind it of the same record, in order; a replay that fails leaves them parked."""
    families, referrals = sides
    person = await announce(families)
    await announce(families, person, version=2)
    other = await announce(families)
    await families.relay()
    listener = Listener(referrals)
    listener.broken = True
    (see,) = sql_of("parked-event.md")
    async with referrals.owner() as owner:
        async with await referrals.bus.durable() as pull:
            while len(parked := await owner.fetch(see)) < 3:
                await listener.take(pull)
        assert {row["aggregate_id"] for row in parked} == {person, other}
        assert "ZeroDivisionError" in {row["reason"] for row in parked}
        assert await listener.replay() == Replayed(0, records_failed=2)
        assert len(await owner.fetch(see)) == 3
        listener.broken = False
        last_of_the_person = [row["event_id"] for row in parked if row["aggregate_id"] == person][-1]
        assert await listener.replay(last_of_the_person) == Replayed(2, records_failed=0)
        assert listener.seen == [person, person]
        assert listener.versions == [1, 2]
        several = await asyncio.gather(listener.replay(), listener.replay())
        assert sum(each.events for each in several) == 1
        assert listener.seen == [person, person, other]
        assert not await owner.fetch(see)


def test_every_service_can_replay() -> None:
    top, _ = parser("families")
    event = uuid4()
    assert top.parse_args(["replay-parked", "--event", str(event)]).event == event
    assert top.parse_args(["replay-parked"]).event is None


def test_the_ledgers_runbook_knows_every_fault() -> None:
    source = RUNBOOKS.parents[1] / "services/consent/src/connective/consent/queries/ledger.py"
    codes = set(re.findall(r'Fault\([^,]+, [^,]+, "([a-z_]+)"', source.read_text(encoding="utf-8")))
    assert codes
    text = (RUNBOOKS / "ledger-alarm.md").read_text(encoding="utf-8")
    assert codes == set(re.findall(r"^\s+\| `([a-z_]+)` \|", text, flags=re.MULTILINE))
