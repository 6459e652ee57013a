"""Harvesting: feeds that are honest, feeds that lie, and what a person has to say about either."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from feed_server import Feed, feeding, listed
from partners_room import OTHER_PLACE, PLACE, Room

from connective.kit.actor import service_actor
from connective.kit.outward import Outside
from connective.partners.clients.feeds import Feeds
from connective.partners.commands.harvest import HarvestMeans, harvest_due
from connective.partners.commands.look_after_harvests import forget_old_readings
from connective.partners.storage.postcodes import packaged_directory

DAY = timedelta(hours=24)


async def _at_once(_: float) -> None:
    """Nobody waits in a test."""


class County:
    """A partners room that reads one feed."""

    def __init__(self, room: Room, feed: Feed) -> None:
        self.room, self.feed, self.id = room, feed, ""

    async def add(self, **told: Any) -> "County":
        body = {"code": "county", "name": "County directory", "url": self.feed.url, "licence": "OGL-UK-3.0"}
        answer = await self.room.post("/harvest-sources", body | told, self.room.place_admin())
        assert answer.status_code == 201, answer.text
        self.id = answer.json()["id"]
        return self

    async def harvest(self, after: timedelta = timedelta()) -> dict[str, Any]:
        """Let the clock move on and the feeds that are due be read; answers the newest reading."""
        self.room.clock.move(after)
        feeds = Feeds(Outside(self.room.running.settings.reach), _at_once)
        means = HarvestMeans(self.room.running.database, feeds, packaged_directory(), self.room.clock)
        await harvest_due(means, [PLACE], self.room.clock())
        return await self.run()

    async def run(self) -> dict[str, Any]:
        who = self.room.place_admin()
        newest = (await self.room.get(f"/harvest-sources/{self.id}/runs", who)).json()["items"][0]
        return dict((await self.room.get(f"/harvest-sources/{self.id}/runs/{newest['id']}", who)).json())

    async def changes(self, query: str = "?state=waiting") -> list[dict[str, Any]]:
        answer = await self.room.get(f"/harvest-changes{query}", self.room.place_admin())
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    async def decide(self, decision: str, ids: list[str], **told: Any) -> list[str | None]:
        body = {"decision": decision, "change_ids": ids} | told
        answer = await self.room.post("/harvest-changes/decisions", body, self.room.place_admin())
        assert answer.status_code == 200, answer.text
        return [each["state"] for each in answer.json()["items"]]

    async def services(self, query: str = "") -> dict[str, dict[str, Any]]:
        items = (await self.room.get(f"/services{query}", self.room.worker())).json()["items"]
        return {each["name"]: each for each in items}


async def test_a_feed_is_read_page_by_page_and_listed_when_somebody_approves(room: Room) -> None:
    async with feeding(*(listed(at) for at in range(5))) as feed:
        county = await County(room, feed).add()
        run = await county.harvest()
        assert (run["state"], run["pages"], run["rows"], run["told_total"]) == ("whole", 3, 5, 5)
        assert (run["counts"]["new"], run["counts"]["waiting"], run["counts"]["applied"]) == (6, 6, 0)
        assert await county.services() == {}
        waiting = await county.changes()
        services = [each["id"] for each in waiting if each["record"] == "service"]
        await only_whose_it_is_sees_it(room, waiting)
        # One is enough to list its organisation too.
        assert await county.decide("approve", services[:1]) == ["applied"]
        assert len(await county.services()) == 1
        assert await county.decide("reject", services[1:2]) == ["rejected"]
        assert await county.decide("approve", [*services[:3], str(UUID(int=5))]) == [
            "applied", "rejected", "applied", None,
        ]  # fmt: skip
        # What was said and decided is not proposed again; what waits, waits still, once.
        run = await county.harvest(DAY)
        assert (run["counts"]["new"], run["counts"]["unchanged"], run["counts"]["waiting"]) == (0, 4, 2)
        assert len(await county.changes()) == 2
        (one, *_) = (await county.services()).values()
        assert (one["source"], one["takes_requests"]) == ("feed:county", False)
        await who_decides_is_told(county)
        await what_is_long_over_is_forgotten(county)
        shown = (await room.client.get(f"/open-referral/v3/services/{one['id']}")).json()
        assert (shown["x_hub_source"], shown["x_hub_licence"]) == ("feed:county", "OGL-UK-3.0")


async def who_decides_is_told(county: County) -> None:
    """After the reading that brought changes, not after the next, and again when they wait for a week."""
    assert [each["changes"] for each in await told_to_decide(county.room)] == [6]
    for _ in range(8):
        await county.harvest(DAY)
    assert [each["changes"] for each in await told_to_decide(county.room)] == [6, 2]


async def rows(room: Room, sql: str) -> list[Any]:
    """What the service itself finds, in the place of the test."""
    async with room.running.database.unit(service_actor("partners", PLACE)) as unit:
        return await unit.fetch(sql)


async def told_to_decide(room: Room) -> list[dict[str, Any]]:
    found = await rows(room, "SELECT data FROM outbox WHERE subject = 'hub.partners.harvest.waiting' ORDER BY id")
    return [json.loads(row.data) for row in found]


async def what_is_long_over_is_forgotten(county: County) -> None:
    """Decided changes and readings go after 400 days; what waits stays, its reading too, and each source's last."""
    room, forget = county.room, forget_old_readings
    await forget(room.running.database, [PLACE], room.clock())
    before = await rows(room, "SELECT state FROM harvest_change")
    assert len(before) == 6
    await forget(room.running.database, [PLACE], room.clock() + timedelta(days=401))
    assert {row.state for row in await rows(room, "SELECT state FROM harvest_change")} == {"waiting"}
    # The first reading, whose changes wait, and the last.
    assert len(await rows(room, "SELECT FROM harvest_run")) == 2


async def only_whose_it_is_sees_it(room: Room, waiting: list[dict[str, Any]]) -> None:
    """An organisation's administrator sees and decides what concerns its own listings; a stranger's find nothing."""
    stranger = room.partner_admin(room.administration)
    seen = [
        len((await room.get("/harvest-changes?state=waiting", who)).json()["items"])
        for who in (room.partner_admin(waiting[0]["organisation_id"]), stranger)
    ]
    assert seen == [len(waiting), 0]
    body = {"decision": "approve", "change_ids": [waiting[0]["id"]]}
    assert (await room.post("/harvest-changes/decisions", body, stranger)).json()["items"][0]["state"] is None


async def test_fields_follow_the_feed_unless_somebody_changed_them_here(room: Room) -> None:
    async with feeding(listed(1)) as feed:
        county = await County(room, feed).add(approves_itself=True)
        await county.harvest()
        made = (await county.services())["Pantry 1"]
        await room.patch(f"/services/{made['id']}", {"name": "Ours"}, room.place_admin(), 1)
        feed.services = [listed(1, name="Theirs", phones=[{"number": "01632 960201"}], description="New")]
        run = await county.harvest(DAY)
        assert (run["counts"]["changed"], run["counts"]["applied"]) == (1, 1)
        after = (await county.services())["Ours"]
        assert (after["telephone"], after["description"], after["version"]) == ("01632 960201", "New", 3)
        origin = (await room.get(f"/services/{made['id']}/origin", room.worker())).json()
        by_field = {each["field"]: each for each in origin["fields"]}
        assert [name for name, each in by_field.items() if each["changed_here"]] == ["name"]
        assert (by_field["name"]["theirs"], by_field["name"]["licence"]) == ("Theirs", "OGL-UK-3.0")
        assert by_field["kind"]["since"] < by_field["telephone"]["since"]
        # A difference alone waits for a person, who may find the source right.
        feed.services = [listed(1, name="Theirs again", phones=[{"number": "01632 960201"}], description="New")]
        run = await county.harvest(DAY)
        (change,) = await county.changes()
        assert (run["counts"]["differs"], change["kind"]) == (1, "differs")
        assert change["differences"] == [{"field": "name", "ours": "Ours", "theirs": "Theirs again", "kept": True}]
        assert await county.decide("approve", [change["id"]], overwrite=True) == ["applied"]
        assert list(await county.services()) == ["Theirs again"]


async def test_what_is_gone_ends_after_several_whole_readings_or_by_a_person(room: Room) -> None:
    eight = [listed(at) for at in range(8)]
    async with feeding(*eight, size=8) as feed:
        county = await County(room, feed).add(approves_itself=True, withdraws_after=3)
        await county.harvest()
        feed.services = eight[1:]
        for _ in range(2):
            await county.harvest(DAY)
        (gone,) = await county.changes()
        assert (gone["kind"], gone["gone"], gone["name"]) == ("gone", "missing", "Pantry 0")
        assert len(await county.services()) == 8
        await county.harvest(DAY)
        assert len(await county.services()) == 7
        assert await county.changes() == []
        # It is back: listed again. Two are gone: one is withdrawn by a person, one stays by a person's word.
        feed.services = [eight[0], *eight[3:]]
        await county.harvest(DAY)
        assert len(await county.services()) == 8
        first, second = await county.changes()
        assert await county.decide("approve", [first["id"]]) == ["applied"]
        assert await county.decide("reject", [second["id"]]) == ["rejected"]
        for _ in range(3):
            await county.harvest(DAY)
        assert second["name"] in await county.services()
        assert first["name"] not in await county.services()
        # A feed that lost most of its listings is likely ill: nothing ends by itself. One that says so is believed.
        feed.services = [listed(0, status="defunct")]
        for _ in range(3):
            await county.harvest(DAY)
        assert set(await county.services()) == {each["name"] for each in (*eight[3:], second)}
        assert len(await county.changes()) == 5


def _second(page: int, changes: dict[str, Any], of: dict[str, Any]) -> dict[str, Any]:
    return of | changes if page == 2 else of


NEVER_WHOLE: dict[str, dict[str, Any]] = {
    "answered_500": {"instead": lambda _, asked: (500, b"oops") if asked.get("page") == "2" else None},
    "redirected": {"instead": lambda _, asked: (302, b"") if asked.get("page") == "2" else None},
    "not_json": {"instead": lambda _, asked: (200, b"[" * 100_000) if asked.get("page") == "2" else None},
    "not_a_page": {"instead": lambda _, asked: (200, b'{"contents": 4}') if asked.get("page") == "2" else None},
    "too_large": {"instead": lambda _, asked: (200, b" " * 9_000_000) if asked.get("page") == "2" else None},
    "changed_while_read": {"lie": lambda at, page: _second(at, {"total_items": 6}, page)},
    "fewer_than_told": {"lie": lambda _, page: page | {"total_items": 99}},
    "empty": {"lie": lambda _, page: page | {"contents": [], "total_items": 0}},
}


async def test_nothing_is_used_of_a_reading_that_is_not_whole(room: Room) -> None:
    five = [listed(at) for at in range(5)]
    async with feeding(*five) as feed:
        county = await County(room, feed).add(approves_itself=True, withdraws_after=1)
        await county.harvest()
        before = await county.services()
        honest = Feed()
        for failure, told in NEVER_WHOLE.items():
            feed.services = [listed(9), *five[1:]]
            feed.lie, feed.instead = told.get("lie", honest.lie), told.get("instead", honest.instead)
            run = await county.harvest(DAY)
            assert (run["state"], run["failure"], run["counts"]) == ("failed", failure, {})
            assert await county.services() == before
            assert await county.changes() == []
        # The same page over and over is fewer than told; the source is asked less often meanwhile.
        feed.lie, feed.instead = (lambda _, page: page | {"contents": five[:2]}), honest.instead
        assert (await county.harvest(DAY))["failure"] == "fewer_than_told"
        source = (await room.get(f"/harvest-sources/{county.id}", room.place_admin())).json()
        assert source["failures"] == len(NEVER_WHOLE) + 1
        feed.services, feed.lie = five, honest.lie
        assert (await county.harvest(DAY))["state"] == "whole"
        assert await county.services() == before


async def test_a_feed_that_miscounts_is_read_to_its_end_and_rubbish_in_it_is_named(room: Room) -> None:
    odd = [
        listed(1),
        "rubbish",
        {"name": "No id"},
        listed(2, name="Half a character \ud83d and \x00 nothing"),
        listed(3, organization="Lantern"),
        listed(4, minimum_age=-5, cost_options=[{"amount": 1e300}], phones=[{"number": {"a": 1}}]),
        listed(5, status="sleepy"),
        listed(6, service_at_locations=[{"location": {"latitude": 1e999, "longitude": "x"}}]),
    ]
    async with feeding(
        *odd, lie=lambda _, page: page | {"total_items": 3, "total_pages": 1, "last_page": True}
    ) as feed:
        run = await (await County(room, feed).add(approves_itself=True)).harvest()
        assert (run["state"], run["rows"], run["told_total"]) == ("whole", 6, 3)
        assert (run["counts"]["new"], run["counts"]["refused"]) == (5, 2)
        assert {"total_items", "id", "organization", "minimum_age", "amount", "status"} <= {
            each["column"] for each in run["problems"]
        }
        assert all(each["reason"] and each["fix"] for each in run["problems"])


async def test_summaries_are_followed_to_their_records(room: Room) -> None:
    full = [listed(at) for at in range(3)]
    bare = [{name: each[name] for name in ("id", "name", "status", "organization")} for each in full]

    def summary(number: int, page: dict[str, Any]) -> dict[str, Any]:
        return page | {"contents": bare[(number - 1) * 2 : number * 2]}

    def refuses(path: str, asked: dict[str, str]) -> tuple[int, bytes] | None:
        return (422, b"{}") if "full" in asked else None

    async with feeding(*full, lie=summary, instead=refuses) as feed:
        county = await County(room, feed).add(approves_itself=True)
        assert (await county.harvest())["state"] == "whole"
        assert [each["telephone"] for each in (await county.services()).values()] == ["01632 960200"] * 3
        assert f"/v3/services/{full[0]['id']}" in feed.asked
        # A record that is gone between the page and its own reading: the feed changed while it was read.
        feed.services = full[:2]
        feed.lie = lambda at, page: summary(at, page) | {"total_items": 3}
        assert (await county.harvest(DAY))["failure"] == "changed_while_read"


async def test_only_the_places_administrator_sets_sources_up_and_never_one_inside(room: Room) -> None:
    body = {"code": "county", "name": "County", "url": "https://directory.example.org/v3"}
    assert (await room.post("/harvest-sources", body, room.partner_admin(room.administration))).status_code == 403
    refused = await room.post("/harvest-sources", body | {"approves_itself": True}, room.place_admin())
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/licence"]
    made = await room.post("/harvest-sources", body, room.place_admin())
    assert made.status_code == 201, made.text
    again = await room.post("/harvest-sources", body, room.place_admin())
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "already-so")
    path = f"/harvest-sources/{made.json()['id']}"
    assert (await room.patch(path, {"name": "Shire"}, room.place_admin(), None)).status_code == 428
    assert (await room.patch(path, {"name": "Shire"}, room.place_admin(), 9)).status_code == 412
    paused = await room.patch(path, {"state": "paused"}, room.place_admin(), 1)
    assert (paused.json()["state"], paused.headers["etag"]) == ("paused", '"2"')
    assert (await room.post(f"{path}/runs", None, room.place_admin())).status_code == 409
    await room.patch(path, {"state": "active"}, room.place_admin(), 2)
    asked = [(await room.post(f"{path}/runs", None, room.place_admin())) for _ in range(2)]
    assert [each.status_code for each in asked] == [202, 202]
    assert asked[0].json() == asked[1].json()
    assert (await room.get(path, room.place_admin(OTHER_PLACE))).status_code == 404
    assert (await room.get("/harvest-sources", room.place_admin(OTHER_PLACE))).json()["items"] == []
