"""For tests of one rule: what an asker's list shows is exactly what answers them when it is read alone."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

Drawn = TypeVar("Drawn")
_NO_SUCH_THING = 404


@dataclass(frozen=True, slots=True)
class Collection:
    """Records that are both listed and read one by one, at the same address."""

    path: str
    queries: tuple[str, ...] = ("",)
    """How the list is to be asked so that all of it is shown, where it shows a part unless it is told otherwise."""
    key: str = "id"
    """By which of its fields a listed record is read."""
    method: str = "GET"
    """How one is read; `HEAD` where reading one does something."""

    async def shown(self, client: httpx.AsyncClient, headers: Mapping[str, str]) -> set[str]:
        """Everything that the list shows to this asker, a page at a time."""
        found: set[str] = set()
        for query in self.queries:
            cursor: str | None = ""
            while cursor is not None:
                asked = "&".join(filter(None, (query, f"cursor={cursor}" if cursor else "")))
                answer = await client.get(f"{self.path}?{asked}" if asked else self.path, headers=headers)
                assert answer.status_code == 200, f"{self.path}: {answer.text}"  # noqa: S101 - a help for tests
                page: dict[str, Any] = answer.json()
                found |= {str(item[self.key]) for item in page["items"]}
                cursor = page.get("next_cursor")
        return found


@dataclass(slots=True)
class Comparison:
    """Holds lists against single readings, and remembers which answers came: a test that saw one kind shows nothing."""

    client: httpx.AsyncClient
    answers: set[tuple[str, bool]] = field(default_factory=set)

    async def holds(
        self, collection: Collection, headers: Mapping[str, str], records: Iterable[str], *, who: object = ""
    ) -> set[str]:
        """Each of these records answers this asker exactly if their list shows it; answers those that do."""
        shown = await collection.shown(self.client, headers)
        answered = set()
        for each in records:
            answer = await self.client.request(collection.method, f"{collection.path}/{each}", headers=headers)
            assert answer.status_code in {200, _NO_SUCH_THING}, f"{collection.path}: {answer.text}"  # noqa: S101 - as above
            may = answer.status_code != _NO_SUCH_THING
            assert may is (each in shown), f"{collection.path} {who}: listed {each in shown}, read {may}"  # noqa: S101 - as above
            self.answers.add((collection.path, may))
            answered |= {each} if may else set()
        return answered

    def saw_both(self, *collections: Collection) -> None:
        """Of each of these, somebody was shown a record and somebody was not."""
        missing = {(each.path, may) for each in collections for may in (True, False)} - self.answers
        assert not missing, f"never seen: {sorted(missing)}"  # noqa: S101 - a help for tests


async def always(drawn: SearchStrategy[Drawn], holds: Callable[[Drawn], Awaitable[None]], *, examples: int) -> None:
    """A property over what is drawn that is a coroutine of the running loop, where the database's connections are."""
    loop = asyncio.get_running_loop()

    async def once(one: Drawn) -> None:
        await holds(one)

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(drawn)
    def property_holds(one: Drawn) -> None:
        asyncio.run_coroutine_threadsafe(once(one), loop).result(timeout=60)

    await asyncio.to_thread(property_holds)
