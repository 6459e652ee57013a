"""A family that was erased is nowhere: in no table of any service, no event and no log; the ledger is whole offline.

Families' part is held back by a lock while referrals is stopped, so that the order falls on a service that is down: it
erases when it is back. Another family is as it was.
"""

import asyncio
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

from matrix_samples import Records

from connective.consent.ledger_tool import run as check_export
from connective.local.stack import Stack
from connective.local.story.loading import World
from connective.local.story.narrator import expect
from connective.local.story.signing_in import Asker, system_with_key

NAMES = ("Wilhelmina", "Ottoline", "Pettigrew-Lark")
STREET, WORDS = "7 Turmeric Steps", "the walrus counts sheep"
TELEPHONE = "01632 960619"  # invented families have mobile telephones, so that nobody else has this number
_SECONDS = 60.0
_OF_ERASURES = {"outbox"}
"""Where ids may stay for a while: events sent, which hold ids alone, are removed after 35 days."""
_SENT = _OF_ERASURES | {"link", "webhook_delivery"}
"""Those, and what told a recipient of a request by its id, which goes with age too."""
_WHO = ("family", "mother", "child")
"""Ids of people. A request's id stays in consent: by it a recipient knows what it is to delete."""


def the_family() -> dict[str, Any]:
    mother, child, family_name = NAMES
    contact = {"kind": "phone", "value": TELEPHONE, "safe_contact": "text_only"}
    return {
        "people": [
            {
                "key": "mother",
                "given_names": mother,
                "family_name": family_name,
                "date_of_birth": "1990-07-07",
                "contacts": [contact],
            },
            {"key": "child", "given_names": child, "family_name": family_name, "date_of_birth": "2019-09-09"},
        ],
        "relationships": [
            {"person": "mother", "of": "child", "kind": "parent", "responsibility": "birth_mother"},
        ],
        "address": {"kind": "home", "lines": [STREET], "town": "Chard", "postcode": "TA20 1BP"},
    }


async def lived(world: World) -> dict[str, str]:
    """The family is registered, says yes, is referred, read by the food bank and withdrawn; answers its ids."""
    worker = await world.person("worker")
    family = expect(await worker.post("/families", the_family()), 201)
    mother, child = (
        next(m["person"]["id"] for m in family["people"] if m["person"]["given_names"] == name) for name in NAMES[:2]
    )
    told = {"person_ids": [mother, child], "how": "in_person", "told_on": str(world.today)}
    expect(await worker.post("/notices", told), 201)
    about = [{"person_id": mother, "authority": "own"}, {"person_id": child, "authority": "parental_responsibility"}]
    said = {"kind": "agreement_to_engage", "state": "given", "given_by": mother, "about": about, "how": "in_person"}
    expect(await worker.post("/consents", {**said, "family_id": family["id"], "note": WORDS}), 201)
    referral = expect(await worker.post("/referrals", _referral(world, family["id"], mother)), 201)
    (request,) = referral["requests"]
    larder = world.cast.systems["larder"]
    assert larder.private_key is not None
    system = await system_with_key(world.base, larder.name, str(larder.client_id), larder.private_key)
    opened = await system.get(f"/requests/{request['id']}")
    assert NAMES[0] in opened.text, "the food bank is shown whom to expect, or nothing is proved"
    await system.client.aclose()
    read = await worker.get(f"/requests/{request['id']}")
    withdrawn = {"reason": "no_longer_needed"}
    expect(await worker.post(f"/requests/{request['id']}/withdraw", withdrawn, If_Match=read.headers["etag"]), 200)
    return {
        "family": family["id"],
        "mother": mother,
        "child": child,
        "referral": referral["id"],
        "request": request["id"],
    }


def _referral(world: World, family_id: str, mother: str) -> dict[str, Any]:
    return {
        "family_id": family_id,
        "safeguarding_check": {"answer": "no_concern"},
        "requests": [
            {
                "service_id": world.cast.services["parcel"],
                "subjects": [mother],
                "contact_person_id": mother,
                "needs": [{"person_id": mother, "code": "food_or_fuel_poverty", "severity": 3}],
                "answers": {"how": "collect_today", "crisis_reason": "benefit_delay", "cooking_facilities": "full"},
                "free_text": {"text": WORDS, "categories": ["needs"]},
            }
        ],
    }


@asynccontextmanager
async def held(stack: Stack, family_id: str) -> AsyncIterator[None]:
    """Families' record, locked by another transaction."""
    connection: Any = await stack.postgres.connect("families")
    try:
        async with connection.transaction():
            await connection.fetchval("SELECT id FROM family WHERE id = $1 FOR UPDATE", UUID(family_id))
            yield
    finally:
        await connection.close()


async def until(officer: Asker, path: str, **wanted: Any) -> dict[str, Any]:
    """What is at a path, as soon as it is as wanted."""
    deadline = asyncio.get_running_loop().time() + _SECONDS
    while True:
        answer = await officer.get(path)
        found: dict[str, Any] = answer.json()
        if answer.is_success and all(found.get(name) == value for name, value in wanted.items()):
            return found
        assert asyncio.get_running_loop().time() < deadline, answer.text
        await asyncio.sleep(0.2)


async def rows_of(stack: Stack) -> list[tuple[str, str, str]]:
    """Every row of every table of every service, as text."""
    found = []
    for service in stack.services:
        connection: Any = await stack.postgres.connect(service)
        try:
            for each in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
                table = each["tablename"]
                rows = await connection.fetch(f'SELECT t::text AS row FROM "{table}" AS t')
                found += [(service, table, row["row"]) for row in rows]
        finally:
            await connection.close()
    return found


async def events_of(stack: Stack) -> list[str]:
    """Every message of the stream."""
    async with stack.nats.admin() as client:
        jetstream = client.jetstream()
        state = (await jetstream.stream_info("EVENTS")).state
        reader = await jetstream.subscribe("hub.>", ordered_consumer=True)
        return [m.subject + m.data.decode() for m in [await reader.next_msg(timeout=60) for _ in range(state.messages)]]


async def verified_offline(officer: Asker, folder: Path) -> tuple[int, str]:
    """The exit code and words of `connective-ledger verify` on the place's export."""
    export = folder / "ledger.jsonl"
    answer = await officer.client.get("/api/v1/ledger/export", headers={"Authorization": f"Bearer {officer.token}"})
    assert answer.status_code == 200, answer.text
    export.write_bytes(answer.content)
    out, err = StringIO(), StringIO()
    code = check_export(Namespace(file=export, checkpoint=[], key=[], json=False), out, err)
    return code, out.getvalue() + err.getvalue()


async def test_an_erased_family_is_nowhere_and_another_is_untouched(
    hub: Stack, loaded_hub: Any, records: Records, tmp_path: Path
) -> None:
    world: World = loaded_hub.world
    ids = await lived(world)
    officer, dpo = await world.person("officer"), await world.person("trust_dpo")
    words = [*NAMES, STREET, TELEPHONE.replace(" ", ""), WORDS]
    before = await rows_of(hub)
    for word in words:
        assert any(word in row for _, _, row in before), f"{word} was kept, or its absence proves nothing"
    kept = _of_another(before, records)
    async with held(hub, ids["family"]):
        asked = {"family_id": ids["family"], "asked_on": str(world.today), "ground": "not_necessary"}
        decided = {"granted": True, "reasons": "No purpose remains."}
        request = expect(await dpo.post("/retention/requests", asked | decided), 201)
        await hub.stop_service("referrals")
    one = f"/retention/erasures/{request['erasure_id']}"
    await until(dpo, one, outstanding=["referrals"])
    await hub.start_service("referrals")
    await hub.wait_until_ready("referrals")
    done = await until(dpo, one, state="complete")
    assert {part["service"] for part in done["parts"]} == {"consent", "families", "referrals"}
    after = await rows_of(hub)
    assert not [(s, t, word) for s, t, row in after for word in words if word in row]
    assert not [(s, t) for s, t, row in after if t not in _OF_ERASURES and any(ids[who] in row for who in _WHO)]
    assert not [(s, t) for s, t, row in after if s != "consent" and t not in _SENT and ids["request"] in row]
    assert not [word for event in await events_of(hub) for word in words if word in event]
    assert not [word for word in words if word in hub.state.log.read_text(encoding="utf-8")]
    assert kept
    assert _of_another(after, records) >= kept
    certificate = await until(dpo, f"{one}/certificate")
    assert [each["legal_entity_id"] for each in certificate["recipients"]] == [world.cast.entities["larder"]]
    assert len(certificate["entries"]) == 3
    code, said = await verified_offline(officer, tmp_path)
    assert code == 0, said


_SETTLED = frozenset(
    {"address", "contact_point", "membership", "need", "person", "relationship", "request_content", "request_history"}
)
"""Tables in which no event that is still on its way changes a row."""


def _of_another(rows: list[tuple[str, str, str]], records: Records) -> set[tuple[str, str, str]]:
    """What families and referrals keep of the records' own family."""
    known = (records.ids["family"], records.ids["person"], records.ids["request"])
    return {each for each in rows if each[1] in _SETTLED and any(one in each[2] for one in known)}
