"""Files of listings that an administrator sends: good rows kept, each other row named, and nothing twice."""

import asyncio
import json
from typing import Any

import httpx
from partners_room import OTHER_PLACE, Room

from connective.kit.ids import new_id
from connective.kit.testing import key_header
from connective.partners.api.harvest_files import MOST_BYTES
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


async def names(room: Room) -> set[str]:
    return {each["name"] for each in (await room.get("/organisations", room.worker())).json()["items"]}


def by_row(run: dict[str, Any]) -> dict[tuple[int, str], dict[str, Any]]:
    return {(each["row"], each["column"]): each for each in run["problems"]}


async def test_good_rows_are_kept_and_each_other_row_says_what_to_mend(room: Room) -> None:
    answer = await send(room, SHEET)
    assert answer.status_code == 201, answer.text
    run = answer.json()
    assert (run["state"], run["rows"], run["counts"]["refused"]) == ("whole", 4, 2)
    assert await names(room) == {"Chard Larder (invented)", "Crewkerne Kitchen (invented)"}
    told = by_row(run)
    assert {key: each["effect"] for key, each in told.items()} == {
        (1, "shelf"): "noted",
        (3, "name"): "refused",
        (4, "telephone"): "value dropped",
        (5, "name"): "refused",
    }
    assert all(each["reason"].endswith(".") and each["fix"].endswith(".") for each in told.values())
    # It stands among the readings of its source, for whoever looks later, with the same rows.
    kept = await room.get(answer.headers["location"], room.place_admin())
    assert kept.json() == run
    source = (await room.get(f"/harvest-sources/{run['source_id']}", room.place_admin())).json()
    assert (source["kind"], source["code"]) == ("file", "organisations")


async def test_the_same_file_again_changes_nothing_and_a_retry_makes_no_second_reading(room: Room) -> None:
    who, key = room.place_admin(), key_header()
    first = await send(room, SHEET, who, **key)
    again = await send(room, SHEET, who, **key)
    assert (again.status_code, again.headers["idempotent-replay"]) == (201, "true")
    assert again.json() == first.json()
    assert (await send(room, SHEET + "Other,TA20 1AA,,,\n", who, **key)).json()["type"].endswith("key-reused")
    second = (await send(room, SHEET, who)).json()
    made = {name: second["counts"][name] for name in ("new", "changed", "differs", "gone", "applied", "waiting")}
    assert set(made.values()) == {0}, made
    assert second["counts"]["unchanged"] == first.json()["counts"]["new"] > 0
    runs = await room.get(f"/harvest-sources/{second['source_id']}/runs", who)
    assert [each["id"] for each in runs.json()["items"]] == [second["id"], first.json()["id"]]


async def test_two_files_at_one_moment_are_read_one_after_the_other(room: Room) -> None:
    first = await asyncio.gather(*(send(room, SHEET) for _ in range(3)))
    codes = [each.status_code for each in first]
    assert 201 in codes, "one of the first of their kind is read"
    assert set(codes) <= {201, 409}, "and who came at the same moment may send theirs again"
    second = [each.json()["counts"] for each in await asyncio.gather(*(send(room, SHEET) for _ in range(3)))]
    assert [(each["new"], each["changed"], each["unchanged"]) for each in second] == [(0, 0, 4)] * 3
    assert len((await room.get("/harvest-sources", room.place_admin())).json()["items"]) == 1


async def test_a_file_may_be_mended_and_sent_again(room: Room) -> None:
    await send(room, SHEET)
    run = (
        await send(
            room, SHEET.replace("\n,TA19", "\nIlminster Pantry (invented),TA19").replace("call us", "01632 960214")
        )
    ).json()
    assert run["counts"]["refused"] == 1
    assert "Ilminster Pantry (invented)" in await names(room)


async def test_an_open_referral_file_is_read_as_the_command_reads_it(room: Room) -> None:
    content = own_file("directory.hsds.json")
    answer = await room.client.post(
        f"{PATH}?licence=CC0-1.0",
        content=content,
        headers=room.place_admin() | key_header() | {"Content-Type": "application/json; charset=utf-8"},
    )
    assert answer.status_code == 201, answer.text
    assert len((await room.get("/services", room.worker())).json()["items"]) == 8
    public = (await room.client.get("/open-referral/v3/services")).json()["contents"]
    assert {each["x_hub_licence"] for each in public} == {"CC0-1.0"}
    assert by_row(answer.json())[(9, "status")]["effect"] == "skipped"


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
    assert (await send(room, pad)).status_code == 201
    answer = await send(room, pad + "\n" * MOST_BYTES)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")


async def test_only_who_runs_the_place_sends_files_and_to_their_own_place(room: Room) -> None:
    for who in (room.worker(), room.partner_admin(new_id()), room.headers("hub_coordinator")):
        assert (await send(room, SHEET, who)).status_code == 403
    assert (await room.client.post(PATH, content=SHEET, headers={"Content-Type": "text/csv"})).status_code == 401
    assert await names(room) == set()
    run = (await send(room, SHEET, room.place_admin(OTHER_PLACE))).json()
    assert await names(room) == set()
    assert (await room.get(f"/harvest-sources/{run['source_id']}", room.place_admin())).status_code == 404
