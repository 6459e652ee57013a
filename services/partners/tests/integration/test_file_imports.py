"""Files of listings that an administrator sends: good rows kept, each other row named, and nothing twice or lost."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from partners_room import OTHER_PLACE, PLACE, Room

from connective.kit.ids import new_id
from connective.kit.testing import key_header
from connective.partners.api.harvest_files import MOST_BYTES
from connective.partners.commands import read_sent_files
from connective.partners.commands.import_file import MOST_WAITING
from connective.partners.domain.imports import parts
from connective.partners.storage.reference_data import own_file

PATH = "/harvest-sources/files"
SHEET = """name,postcode,telephone,service_kind,shelf
Chard Larder (invented),TA20 1AA,01632 960211,food_bank,4
,TA19 0AA,01632 960212,food_bank,
Crewkerne Kitchen (invented),TA18 7AA,call us,food_bank,
Chard Larder (invented),TA20 1AA,01632 960213,food_bank,
"""


async def send(
    room: Room, content: str | bytes, who: dict[str, str] | None = None, *, kind: str = "text/csv", **headers: str
) -> httpx.Response:
    body = content.encode() if isinstance(content, str) else content
    sent = (room.place_admin() if who is None else who) | key_header() | {"Content-Type": kind} | headers
    return await room.client.post(PATH, content=body, headers=sent)


async def work(room: Room) -> None:
    """What the worker does every other second."""
    await room.running.scheduler.run_once("sent-files")


async def reading(room: Room, answer: httpx.Response, who: dict[str, str] | None = None) -> dict[str, Any]:
    """The reading that a file was answered with, as it is now."""
    assert answer.status_code == 202, answer.text
    return dict((await room.get(answer.headers["location"], who or room.place_admin())).json())


async def read(room: Room, content: str | bytes, *, kind: str = "text/csv") -> dict[str, Any]:
    """Send a file, and let the worker read it."""
    answer = await send(room, content, kind=kind)
    await work(room)
    return await reading(room, answer)


async def left(room: Room, owner: asyncpg.Connection) -> int:
    """How many files are kept."""
    await owner.execute("SELECT set_config('app.place', $1, false)", str(PLACE))
    return int(await owner.fetchval("SELECT count(*) FROM sent_file"))


async def names(room: Room) -> set[str]:
    return {each["name"] for each in (await room.get("/organisations", room.worker())).json()["items"]}


def by_row(run: dict[str, Any]) -> dict[tuple[int, str], dict[str, Any]]:
    return {(each["row"], each["column"]): each for each in run["problems"]}


async def test_good_rows_are_kept_and_each_other_row_says_what_to_mend(room: Room) -> None:
    answer = await send(room, SHEET)
    asked = await reading(room, answer)
    assert (asked["state"], asked["rows"], asked["counts"]) == ("asked", 0, {})
    assert await names(room) == set(), "nothing is read while the sender waits"
    await work(room)
    run = await reading(room, answer)
    assert (run["state"], run["rows"], run["told_total"]) == ("whole", 4, 4)
    assert (run["counts"]["kept"], run["counts"]["refused"]) == (2, 2)
    assert await names(room) == {"Chard Larder (invented)", "Crewkerne Kitchen (invented)"}
    told = by_row(run)
    assert {key: each["effect"] for key, each in told.items()} == {
        (1, "shelf"): "noted",
        (3, "name"): "refused",
        (4, "telephone"): "value dropped",
        (5, "name"): "refused",
    }
    assert all(each["reason"].endswith(".") and each["fix"].endswith(".") for each in told.values())
    source = (await room.get(f"/harvest-sources/{run['source_id']}", room.place_admin())).json()
    assert (source["kind"], source["code"]) == ("file", "organisations")


async def test_the_same_file_again_changes_nothing_and_a_retry_makes_no_second_reading(room: Room) -> None:
    who, key = room.place_admin(), key_header()
    first = await send(room, SHEET, who, **key)
    again = await send(room, SHEET, who, **key)
    assert (again.status_code, again.headers["idempotent-replay"]) == (202, "true")
    assert again.json() == first.json()
    await work(room)
    assert (await send(room, SHEET + "Other,TA20 1AA,,,\n", who, **key)).json()["type"].endswith("key-reused")
    whole = await reading(room, first)
    second = await read(room, SHEET)
    made = {name: second["counts"][name] for name in ("new", "changed", "differs", "gone", "applied", "waiting")}
    assert set(made.values()) == {0}, made
    assert second["counts"]["unchanged"] == whole["counts"]["new"] > 0
    runs = await room.get(f"/harvest-sources/{second['source_id']}/runs", who)
    assert [each["id"] for each in runs.json()["items"]] == [second["id"], first.json()["id"]]


async def test_files_at_one_moment_are_read_one_after_the_other_as_they_came(room: Room) -> None:
    answers = await asyncio.gather(*(send(room, SHEET) for _ in range(3)))
    assert [each.status_code for each in answers] == [202] * 3
    # Two workers look at one moment: each file is read by one of them.
    await asyncio.gather(work(room), work(room))
    await work(room)
    counts = sorted([(await reading(room, each))["counts"] for each in answers], key=lambda each: -each["new"])
    assert [(each["new"], each["unchanged"]) for each in counts] == [(4, 0), (0, 4), (0, 4)]
    assert len((await room.get("/harvest-sources", room.place_admin())).json()["items"]) == 1


async def test_so_many_files_wait_and_no_more_until_one_is_read(room: Room) -> None:
    for _ in range(MOST_WAITING):
        await send(room, SHEET)
    answer = await send(room, SHEET)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/already-so")
    assert (await send(room, SHEET, room.place_admin(OTHER_PLACE))).status_code == 202, (
        "another place is not kept waiting"
    )
    await work(room)
    assert (await send(room, SHEET)).status_code == 202


MANY = "name,postcode,service_kind\n" + "".join(
    f"{'' if at == 2 else f'Pantry {at} (invented)'},TA20 1AA,food_bank\n" for at in range(7)
)


@pytest.fixture
def two_rows_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts so small that a short file has several."""
    monkeypatch.setattr(read_sent_files, "parts_of", lambda told: parts.parts_of(told, at_once=2))


class PowerCutError(BaseException):
    """A worker ends in the middle of a part."""


@pytest.mark.usefixtures("two_rows_at_once")
@pytest.mark.parametrize("ends", [PowerCutError, RuntimeError])
async def test_a_worker_that_ends_in_the_middle_loses_nothing_and_repeats_nothing(
    room: Room, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch, ends: type[BaseException]
) -> None:
    answer, take_in, calls = await send(room, MANY), read_sent_files.take_in, []

    async def cut(*told: Any) -> Any:
        calls.append(1)
        taken = await take_in(*told)
        if len(calls) == 2:
            raise ends
        return taken

    monkeypatch.setattr(read_sent_files, "take_in", cut)
    if ends is PowerCutError:
        with pytest.raises(PowerCutError):
            await work(room)
    else:
        await work(room)
    half = await reading(room, answer)
    assert (half["state"], half["rows"], half["told_total"]) == ("running", 2, 7)
    assert (half["counts"]["kept"], half["counts"]["new"]) == (2, 4)
    assert [each["row"] for each in half["problems"]] == [4], "rows with something wrong are told before the end"
    assert len(await names(room)) == 2
    await work(room)
    assert len(calls) == 2, "whoever held it may still be at it"
    room.clock.move(timedelta(minutes=3))
    await work(room)
    whole = await reading(room, answer)
    assert (whole["state"], whole["rows"]) == ("whole", 7)
    assert {name: whole["counts"][name] for name in ("kept", "refused", "new", "unchanged")} == {
        "kept": 6, "refused": 1, "new": 12, "unchanged": 0,
    }  # fmt: skip
    assert len(await names(room)) == 6
    assert await left(room, owner) == 0, "the file is erased with its reading's end"


@pytest.mark.usefixtures("two_rows_at_once")
async def test_whoever_lost_a_file_to_another_worker_keeps_nothing_more_of_it(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, take_in, calls = await send(room, MANY), read_sent_files.take_in, []

    async def slow(*told: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            # It stood still for so long that another took the file up, and read all of it.
            room.clock.move(timedelta(minutes=3))
        return await take_in(*told)

    monkeypatch.setattr(read_sent_files, "take_in", slow)
    await asyncio.gather(work(room), work(room))
    await work(room)
    whole = await reading(room, answer)
    assert (whole["state"], whole["counts"]["new"], whole["counts"]["kept"]) == ("whole", 12, 6)


async def test_a_file_that_cannot_be_taken_in_is_given_up_and_erased(
    room: Room, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> Any:
        raise RuntimeError

    answer = await send(room, SHEET)
    with monkeypatch.context() as patched:
        patched.setattr(read_sent_files, "take_in", broken)
        for _ in range(4):
            await work(room)
            room.clock.move(timedelta(minutes=1))
    assert (await reading(room, answer))["failure"] == "not_taken_in"
    assert await left(room, owner) == 0
    # And one that nobody could read for a day, as where no worker ran.
    answer = await send(room, SHEET)
    kept = await owner.fetchval("SELECT content FROM sent_file")
    assert b"Chard Larder" not in kept, "it is sealed"
    room.clock.move(timedelta(hours=25))
    await work(room)
    given_up = await reading(room, answer)
    assert (given_up["state"], given_up["failure"]) == ("failed", "not_read_in_time")
    assert (await left(room, owner), await names(room)) == (0, set())
    assert (await read(room, SHEET))["state"] == "whole"


async def test_a_file_may_be_mended_and_sent_again(room: Room) -> None:
    await read(room, SHEET)
    run = await read(
        room, SHEET.replace("\n,TA19", "\nIlminster Pantry (invented),TA19").replace("call us", "01632 960214")
    )
    assert run["counts"]["refused"] == 1
    assert "Ilminster Pantry (invented)" in await names(room)


async def test_an_open_referral_file_is_read_as_the_command_reads_it(room: Room) -> None:
    content = own_file("directory.hsds.json")
    answer = await room.client.post(
        f"{PATH}?licence=CC0-1.0",
        content=content,
        headers=room.place_admin() | key_header() | {"Content-Type": "application/json; charset=utf-8"},
    )
    await work(room)
    assert (await reading(room, answer))["counts"]["kept"] == 8
    assert len((await room.get("/services", room.worker())).json()["items"]) == 8
    public = (await room.client.get("/open-referral/v3/services")).json()["contents"]
    assert {each["x_hub_licence"] for each in public} == {"CC0-1.0"}
    assert by_row(await reading(room, answer))[(9, "status")]["effect"] == "skipped"


async def test_a_file_of_which_nothing_can_be_used_says_why_and_leaves_nothing(room: Room) -> None:
    unfit: list[tuple[str | bytes, str, str]] = [
        ("", "text/csv", "empty"),
        (" \n\n", "application/json", "empty"),
        ("colour,size\nred,4\n", "text/csv", "these columns too: name, postcode, service_kind"),
        ('name,postcode,service_kind\n"never closed,TA20 1AA\n', "text/csv", "quotation mark"),
        (SHEET.encode("utf-16"), "text/csv", "not text in UTF-8"),
        (b'{"name": "\xff"}', "application/json", "not JSON"),
        (SHEET, "application/json", "not JSON"),
        (json.dumps({"colour": "red"}), "application/json", "no service and no organisation"),
        ("[" * 100_000, "application/json", "nested too deeply"),
        ('[{"name": "\\u0000"}]', "application/json", "NUL"),
        (SHEET, "application/vnd.ms-excel", "text/csv or application/json"),
    ]
    for content, kind, words in unfit:
        answer = await send(room, content, kind=kind)
        assert answer.status_code == 422, (kind, answer.text)
        assert words in answer.json()["detail"], answer.text
    assert await names(room) == set()
    assert (await room.get("/harvest-sources", room.place_admin())).json()["items"] == []


async def test_too_large_a_file_is_refused_and_a_larger_body_than_others_is_not(room: Room) -> None:
    pad = "name,postcode,service_kind\n" + "\n" * (MOST_BYTES // 2)
    assert (await send(room, pad)).status_code == 202
    answer = await send(room, pad + "\n" * MOST_BYTES)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")


async def test_only_who_runs_the_place_sends_files_and_to_their_own_place(room: Room) -> None:
    for who in (room.worker(), room.partner_admin(new_id()), room.headers("hub_coordinator")):
        assert (await send(room, SHEET, who)).status_code == 403
    assert (await room.client.post(PATH, content=SHEET, headers={"Content-Type": "text/csv"})).status_code == 401
    assert await names(room) == set()
    run = (await send(room, SHEET, room.place_admin(OTHER_PLACE))).json()
    await work(room)
    assert await names(room) == set()
    elsewhere = await room.get("/organisations", room.worker(OTHER_PLACE))
    assert len(elsewhere.json()["items"]) == 2
    assert (await room.get(f"/harvest-sources/{run['source_id']}", room.place_admin())).status_code == 404
