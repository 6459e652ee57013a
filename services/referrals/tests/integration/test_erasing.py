"""What referrals keeps of a family goes when families has erased it; another family's requests stay."""

import json
from base64 import b64decode
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import MetaData

from connective.contracts.erasure_events import FamilyErased, PersonErased
from connective.kit.ids import new_id
from connective.kit.migrations import kit_tables
from connective.kit.testing import key_header
from connective.referrals.storage import erasing

WORDS = "the pomegranate lanterns are cold"
EVERYTHING = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


async def everything(world: Any) -> dict[str, list[str]]:
    """Every row of every table but the outbox, whose events age out."""
    tables = [row["tablename"] for row in await world.rows(EVERYTHING)]
    return {
        table: [row["row"] for row in await world.rows(f'SELECT t::text AS row FROM "{table}" AS t')]
        for table in tables
        if table not in {"outbox", "alembic_version"}
    }


async def erase(world: Any, *, erasure: UUID | None = None) -> None:
    erasure = erasure or new_id()
    people = [str(world.mother), str(world.child)]
    family, at = str(world.families.family_id), "2026-03-02T10:00:00Z"
    document = {
        "id": str(new_id()),
        "source": "/services/families",
        "type": FamilyErased.type_name(),
        "subject": family,
        "time": at,
        "aggregateversion": 2,
        "placeid": str(world.place),
        "data": {"erasure_id": str(erasure), "family_id": family, "person_ids": people, "at": at},
    }
    await world.running.consumer.apply([(FamilyErased.subject, json.dumps(document).encode())])


async def a_file(world: Any, request: dict[str, Any]) -> None:
    """A letter goes with the request, and was looked at."""
    worker = world.worker()
    body = {"name": f"{WORDS}.txt", "categories": ["needs"]}
    made = (await world.post(f"/requests/{request['id']}/attachments", body, worker)).json()
    sent = await world.client.put(
        f"/attachments/{made['id']}/content", content=WORDS.encode(), headers=worker | {"If-Match": '"1"'}
    )
    assert sent.status_code == 200, sent.text
    await world.running.scheduler.run_once("files")
    assert any(kept_files(world))


def kept_files(world: Any) -> list[Path]:
    return list(world.running.settings.objects_folder.iterdir())


async def no_file_is_left(world: Any) -> None:
    """What was kept of files goes at the next tidying; until then nothing could open it."""
    world.clock.move(timedelta(hours=3))
    await world.running.scheduler.run_once("files-tidied")
    assert kept_files(world) == []


async def test_a_familys_requests_go_whole_and_anothers_stay(world: Any) -> None:
    service = world.service("food_bank")
    words = {"text": WORDS, "categories": ["needs"]}
    made = await world.make(world.ask(service, free_text=words), world.ask(world.service("housing_advice")))
    request = made["requests"][0]
    await world.act(request, "receive", world.partner(service))
    await world.act(request, "ask", world.partner(service), words)
    await a_file(world, request)
    ours = world.families.family_id
    world.families.family_id = other = new_id()
    kept = (await world.make(world.ask(service)))["requests"][0]
    world.families.family_id = ours
    caller = world.identities.caller("consent", "referrals") | key_header()
    whom = {"place_id": str(world.place), "family_id": str(ours), "person_ids": [str(world.mother), str(world.child)]}
    foreseen = await world.client.post("/internal/retention/family", json=whom, headers=caller)
    assert kept_files(world), "looking what would go takes nothing out"
    assert (await world.client.get(f"/requests/{request['id']}", headers=world.worker())).status_code == 200
    erasure = new_id()
    await erase(world, erasure=erasure)
    left = await everything(world)
    text = "\n".join(row for rows in left.values() for row in rows)
    for gone in (WORDS, str(ours), request["id"], made["id"]):
        assert gone not in text, [table for table, rows in left.items() if any(gone in row for row in rows)]
    assert str(other) in text
    await no_file_is_left(world)
    left = await everything(world)
    shown = await world.client.get(f"/requests/{kept['id']}", headers=world.worker())
    assert shown.status_code == 200
    told = await world.rows("SELECT data FROM outbox WHERE subject = 'hub.referrals.erasure.done'")
    assert [json.loads(each["data"])["removed"] for each in told] == [foreseen.json()["removed"]]
    await erase(world, erasure=erasure)
    assert {table: rows for table, rows in (await everything(world)).items() if table != "inbox"} == {
        table: rows for table, rows in left.items() if table != "inbox"
    }
    assert (await world.client.get(f"/requests/{request['id']}", headers=world.worker())).status_code == 404


async def test_which_families_are_still_worked_with(world: Any) -> None:
    service = world.service("food_bank")
    request = (await world.make(world.ask(service)))["requests"][0]
    caller = world.identities.caller("consent", "referrals") | key_header()
    body = {"place_id": str(world.place), "family_ids": [str(world.families.family_id), str(new_id())]}

    async def still_open() -> list[str]:
        answer = await world.client.post("/internal/retention/open", json=body, headers=caller)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["family_ids"])

    assert await still_open() == [str(world.families.family_id)]
    await world.act(request, "withdraw", world.worker(), {"reason": "no_longer_needed"})
    assert await still_open() == []


async def test_every_table_is_erased_or_says_why_not(world: Any) -> None:
    kit = MetaData()
    kit_tables(kit)
    declared = erasing.ERASED | erasing.NOT_OF_A_FAMILY | set(kit.tables) | {"alembic_version"}
    found = {row["tablename"] for row in await world.rows(EVERYTHING)}
    assert found == declared, "say in storage/erasing.py what becomes of it"


async def test_the_application_erases_nothing_without_an_erasure(world: Any) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await world.rows("SELECT erase_family($1, $2)", new_id(), world.families.family_id)


async def erase_one(world: Any, person: UUID) -> None:
    at = "2026-03-02T10:00:00Z"
    families = [str(world.families.family_id)]
    data = {"erasure_id": str(new_id()), "person_id": str(person), "person_ids": [str(person)], "family_ids": families}
    document = {
        "id": str(new_id()),
        "source": "/services/families",
        "type": PersonErased.type_name(),
        "subject": str(person),
        "time": at,
        "aggregateversion": 2,
        "placeid": str(world.place),
        "data": data | {"at": at},
    }
    await world.running.consumer.apply([(PersonErased.subject, json.dumps(document).encode())])


async def preview(world: Any, person: UUID) -> dict[str, Any]:
    caller = world.identities.caller("consent", "referrals") | key_header()
    whom = {"family_ids": [str(world.families.family_id)], "person_ids": [str(person)]}
    answer = await world.client.post(
        "/internal/retention/person", json={"place_id": str(world.place)} | whom, headers=caller
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_one_person_goes_from_requests_and_the_others_stay(world: Any) -> None:
    service, words = world.service("food_bank"), {"text": WORDS, "categories": ["needs"]}
    need = {"code": "child_0_5_speech_language", "severity": 3}
    both = {
        "subjects": [str(world.mother), str(world.child)],
        "needs": [need | {"person_id": str(world.child)}, need | {"person_id": str(world.mother)}],
        "free_text": words,
    }
    alone = {"subjects": [str(world.child)], "contact_person_id": str(world.child), "free_text": words}
    alone["needs"] = [need | {"person_id": str(world.child)}]
    shared = (await world.make(world.ask(service, **both)))["requests"][0]
    childs = (await world.make(world.ask(world.service("housing_advice"), **alone)))["requests"][0]
    await a_file(world, shared)
    foreseen = await preview(world, world.child)
    assert foreseen["against"] == ["open_request"]
    for request in (shared, childs):
        await world.act(request, "withdraw", world.worker(), {"reason": "no_longer_needed"})
    foreseen = await preview(world, world.child)
    assert foreseen["against"] == []
    assert kept_files(world), "looking what would go takes nothing out"
    await erase_one(world, world.child)
    left = await everything(world)
    text = "\n".join(row for rows in left.values() for row in rows)
    for gone in (WORDS, str(world.child), childs["id"]):
        assert gone not in text, [table for table, rows in left.items() if any(gone in row for row in rows)]
    shown = await world.client.get(f"/requests/{shared['id']}", headers=world.worker())
    assert shown.status_code == 200, shown.text
    assert str(world.mother) in shown.text
    await no_file_is_left(world)
    (told,) = await world.rows("SELECT data FROM outbox WHERE subject = 'hub.referrals.erasure.done'")
    done = json.loads(told["data"])
    assert (done["removed"] > 0, done["kept"] > 0) == (True, True)


async def test_what_is_held_of_one_person_is_told_for_their_copy(world: Any) -> None:
    words = {"text": WORDS, "categories": ["needs"]}
    made = (await world.make(world.ask(world.service("food_bank"), free_text=words)))["requests"][0]
    await a_file(world, made)
    caller = world.identities.caller("consent", "referrals") | key_header()
    whom = {"family_ids": [str(world.families.family_id)], "person_ids": [str(world.mother)], "organisation_ids": []}

    async def held(**more: Any) -> list[dict[str, Any]]:
        asked = {"place_id": str(world.place)} | whom | more
        answer = await world.client.post("/internal/holdings", json=asked, headers=caller)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    items = await held()
    (request,) = [item["data"] for item in items if item["section"] == "requests"]
    assert (request["reference"], request["service"]) == (made["reference"], "food_bank")
    (file,) = [item for item in items if item["section"] == "files"]
    assert (file["data"]["name"], file["review"]) == (f"{WORDS}.txt", True)
    asked = {"place_id": str(world.place)} | {name: whom[name] for name in ("family_ids", "person_ids")}
    opened = await world.client.post(
        "/internal/holdings/file", json=asked | {"file_id": file["file_id"]}, headers=caller
    )
    content = b64decode(opened.json()["content"])
    assert (opened.json()["name"], content) == (f"{WORDS}.txt", WORDS.encode())
    assert sha256(content).hexdigest() == file["data"]["sha256"]
    for others in ({"person_ids": [str(new_id())]}, {"family_ids": [str(new_id())]}, {"file_id": str(new_id())}):
        body = asked | {"file_id": file["file_id"]} | others
        assert (await world.client.post("/internal/holdings/file", json=body, headers=caller)).status_code == 404
    assert [item["file_id"] for item in await held(hidden=True) if item["section"] == "files"] == [None]
    (answers,) = [item for item in items if item["section"] == "answers"]
    assert (answers["data"]["in_words"], answers["review"]) == (WORDS, True)
    assert made["reference"] not in str(await held(hidden=True)), "by the service used somebody is found"
    assert await held(person_ids=[str(new_id())]) == []
