"""Reading files into the directory, by the command line as an operator does."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from partners_room import PLACE, Room

from connective.kit.ids import new_id
from connective.partners.__main__ import main

Import = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture
def environment(room: Room) -> dict[str, str]:
    """The environment that deployment would give the command."""
    settings = room.running.settings
    return {
        "PARTNERS_DATABASE_URL": settings.database_url,
        "PARTNERS_READER_URL": settings.reader_url,
        "PARTNERS_NATS_URL": settings.nats_url,
        "PARTNERS_TRUSTED_KEYS": str(settings.trusted_keys),
        "PARTNERS_SIGNING_KEY": str(settings.signing_key),
        "PARTNERS_SECRET": settings.secret.get_secret_value(),
        "PARTNERS_PLACES": str(settings.places),
    }


@pytest.fixture
def run(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Import:
    """Run a command in this process, for speed; answers exit status and output."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    async def once(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        # In a thread, because the command runs an event loop of its own.
        status = await asyncio.to_thread(main, arguments)
        captured = capsys.readouterr()
        return status, captured.out + captured.err

    return once


async def test_the_command_runs_as_a_program(environment: dict[str, str]) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "connective.partners", "import-organisations", "--place", "chard"),
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    assert b"Services:      4 added" in output


async def counts(owner: asyncpg.Connection) -> dict[str, int]:
    await owner.execute("SELECT set_config('app.place', $1, false)", str(PLACE))
    tables = ("organisation", "service", "directory_entry", "outbox")
    return {table: await owner.fetchval(f"SELECT count(*) FROM {table}") for table in tables}


async def test_our_own_files_are_read_once_however_often(run: Import, room: Room, owner: asyncpg.Connection) -> None:
    status, output = await run("import-hsds", "--place", "chard")
    assert status == 0, output
    assert "Services:      8 added, 0 changed, 0 unchanged" in output
    assert "row 9, status: skipped." in output
    status, output = await run("import-organisations", "--place", str(PLACE))
    assert status == 0, output
    assert "Organisations: 5 added" in output
    first = await counts(owner)
    assert (first["organisation"], first["service"]) == (10, 12)
    again = await run("import-hsds", "--place", "chard")
    assert "Services:      0 added, 0 changed, 8 unchanged, 0 left as they were changed here, 0 withdrawn" in again[1]
    await run("import-organisations", "--place", "chard")
    assert await counts(owner) == first


async def test_imported_listings_are_signposts_of_organisations_that_joined_nothing(run: Import, room: Room) -> None:
    await run("import-hsds", "--place", "chard")
    found = await room.search(needs=["food_or_fuel_poverty"])
    assert "Lantern Community Pantry" in [each["name"] for each in found["items"]]
    assert {each["takes_requests"] for each in found["items"]} == {False}
    listed = (await room.get("/organisations", room.worker())).json()["items"]
    assert all(each["listed_only"] and each["source"] == "hsds" for each in listed)


async def test_nothing_is_announced_of_organisations_that_are_only_listed(
    run: Import, room: Room, owner: asyncpg.Connection
) -> None:
    await run("import-organisations", "--place", "chard")
    rows = await owner.fetch("SELECT DISTINCT subject FROM outbox")
    assert [row["subject"] for row in rows] == ["hub.partners.service.published"]


async def test_organisations_of_one_entity_join_with_it(run: Import, room: Room, owner: asyncpg.Connection) -> None:
    entity = str(new_id())
    await run("import-organisations", "--place", "chard", "--organisation-entity", entity)
    listed = (await room.get("/organisations", room.worker())).json()["items"]
    assert {each["legal_entity_id"] for each in listed} == {entity}
    subject = "hub.partners.organisation.registered"
    assert await owner.fetchval("SELECT count(*) FROM outbox WHERE subject = $1", subject) == 5


SHEET = "reference,name,postcode,service_kind,closed\nlarder,{name},TA20 1QL,food_bank,{closed}\n"


def sheet(path: Path, **cells: str) -> str:
    path.write_text(SHEET.format(**{"name": "Larder", "closed": "no", **cells}), encoding="utf-8")
    return str(path)


async def only_service(room: Room, query: str = "") -> dict[str, Any]:
    (found,) = (await room.get(f"/services{query}", room.worker())).json()["items"]
    assert isinstance(found, dict)
    return found


async def test_a_corrected_row_changes_its_record_and_a_closed_one_withdraws_it(
    run: Import, room: Room, tmp_path: Path
) -> None:
    path = tmp_path / "sheet.csv"
    await run("import-organisations", sheet(path), "--place", "chard")
    before = await only_service(room)
    output = await run("import-organisations", sheet(path, name="New Larder"), "--place", "chard")
    assert "Services:      0 added, 1 changed" in output[1]
    after = await only_service(room)
    assert (after["id"], after["name"], after["version"]) == (before["id"], "New Larder", 2)
    output = await run("import-organisations", sheet(path, closed="yes"), "--place", "chard")
    assert "1 withdrawn" in output[1]
    assert (await only_service(room, "?status=defunct"))["id"] == before["id"]
    output = await run("import-organisations", sheet(path, closed="yes"), "--place", "chard")
    assert "0 withdrawn" in output[1]


async def test_a_service_that_opens_again_is_listed_again(run: Import, room: Room, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    for closed in ("no", "yes", "no"):
        await run("import-organisations", sheet(path, closed=closed), "--place", "chard")
    assert (await only_service(room))["status"] == "active"
    assert len((await room.search())["items"]) == 1


async def test_a_file_never_overwrites_what_was_changed_here(run: Import, room: Room, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    await run("import-organisations", sheet(path), "--place", "chard")
    made = await only_service(room)
    changed = await room.patch(f"/services/{made['id']}", {"name": "Corrected here"}, room.place_admin(), 1)
    assert changed.status_code == 200
    output = await run("import-organisations", sheet(path, name="Larder again"), "--place", "chard")
    assert "1 left as they were changed here" in output[1]
    assert (await only_service(room))["name"] == "Corrected here"


async def test_fields_follow_the_file_beside_one_that_was_changed_here(
    run: Import, room: Room, tmp_path: Path, owner: asyncpg.Connection
) -> None:
    path = tmp_path / "sheet.csv"
    told = "reference,name,postcode,service_kind,telephone\nlarder,{},TA20 1QL,food_bank,{}\n"
    path.write_text(told.format("Larder", "01632 960130"), encoding="utf-8")
    await run("import-organisations", str(path), "--place", "chard", "--licence", "OGL-UK-3.0")
    made = await only_service(room)
    await room.patch(f"/services/{made['id']}", {"name": "Corrected here"}, room.place_admin(), 1)
    path.write_text(told.format("Larder again", "01632 960139"), encoding="utf-8")
    output = await run("import-organisations", str(path), "--place", "chard", "--licence", "OGL-UK-3.0")
    assert "Services:      0 added, 1 changed" in output[1]
    after = await only_service(room)
    assert (after["name"], after["telephone"]) == ("Corrected here", "01632 960139")
    await counts(owner)
    kept = await owner.fetchval("SELECT fields FROM listing_origin WHERE record_id = $1", made["id"])
    name = json.loads(kept)["name"]
    assert (name["value"], name["licence"], bool(name["at"])) == ("Larder again", "OGL-UK-3.0", True)
    # Nothing is said twice: a third reading finds nothing new, though the name differs still.
    output = await run("import-organisations", str(path), "--place", "chard", "--licence", "OGL-UK-3.0")
    assert "0 changed, 1 unchanged, 0 left" in output[1]


async def test_what_was_read_before_fields_were_kept_goes_on_following_its_file(
    run: Import, room: Room, tmp_path: Path, owner: asyncpg.Connection
) -> None:
    path = tmp_path / "sheet.csv"
    await run("import-organisations", sheet(path), "--place", "chard")
    await counts(owner)
    await owner.execute("DELETE FROM listing_origin")
    output = await run("import-organisations", sheet(path, name="New Larder"), "--place", "chard")
    assert "Services:      0 added, 1 changed" in output[1]
    await owner.execute("DELETE FROM listing_origin")
    await room.patch(f"/services/{(await only_service(room))['id']}", {"name": "Ours"}, room.place_admin(), 2)
    output = await run("import-organisations", sheet(path, name="Newer Larder"), "--place", "chard")
    assert "1 left as they were changed here" in output[1]
    assert (await only_service(room))["name"] == "Ours"


@pytest.mark.parametrize(
    ("content", "place", "words"),
    [
        (b"colour\nred\n", "chard", "The headings in the first row"),
        (SHEET.encode(), "atlantis", "There is no place atlantis. Use one of: chard, yeovil."),
        (None, "chard", "No such file"),
    ],
)
async def test_a_file_that_cannot_be_read_changes_nothing(
    run: Import, tmp_path: Path, content: bytes | None, place: str, words: str
) -> None:
    path = tmp_path / "sheet.csv"
    if content is not None:
        path.write_bytes(content)
    status, output = await run("import-organisations", str(path), "--place", place)
    assert status == 2
    assert words in output
    assert "Traceback" not in output


async def test_the_published_food_banks_reach_the_directory(
    run: Import, room: Room, reference_data: Path, owner: asyncpg.Connection
) -> None:
    status, output = await run(
        "import-organisations", str(reference_data / "directory" / "food-banks.csv"), "--place", "chard"
    )
    assert status == 0
    assert "row 6, name: noted. It looks like a slip for Ilminster; kept as written." in output
    assert (await counts(owner))["service"] == 17
    found = await room.search(postcode="TA19 0DU")
    assert [each["name"] for each in found["items"]] == ["Illminster food bank"]


async def test_a_published_hsds_example_reaches_the_directory(run: Import, room: Room, reference_data: Path) -> None:
    example = reference_data / "open-referral" / "hsds-3.0" / "examples" / "service_full.json"
    status, output = await run("import-hsds", str(example), "--place", "chard")
    assert (status, "Services:      1 added" in output) == (0, True)
    assert (await only_service(room))["name"] == "Community Counselling"
