"""P5 in the whole Hub: where nothing can be recorded nothing is shown; where nobody seals, work goes on and is told.

The ledger is broken from outside, as a full disk or a lost grant would, and mended again for the next test.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import invariants
import pytest
from fault_load import a_family
from fault_reading import Reading

from connective.kit.testing import eventually
from connective.local.plain import NO_TLS

_FULL = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER no_room BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION no_room()
"""
_ROOM_AGAIN = "DROP TRIGGER no_room ON {table}; DROP FUNCTION no_room()"
_SEALERS_LOCK = 0x7365616C
_PENDING = "INSERT INTO ledger_pending SELECT $1, place_id, leaf_hash FROM ledger_leaf LIMIT 1"
_SECRETS = ("1990-04-02", "permit", "cooking_facilities", "given_names")


@asynccontextmanager
async def broken(stack: Any, service: str, breaking: str, mending: str) -> AsyncIterator[None]:
    """The service's database with something of it broken by its superuser, and mended afterwards."""
    connection = await stack.postgres.connect(service)
    try:
        await connection.execute(breaking)
        try:
            yield
        finally:
            await connection.execute(mending)
    finally:
        await connection.close()


async def everything_shown(reading: Reading, larder: UUID, request: str) -> dict[str, httpx.Response]:
    """One asking of each route by which somebody would be shown, or allowed to share, what is a family's."""
    school = reading.ground.school
    ask = reading.ask
    family = (await reading.worker.post("families", "/families", a_family())).json()
    mother = family["people"][0]["person"]["id"]
    question = {
        "discloser_organisation_id": str(school),
        "recipient_organisation_id": str(larder),
        "service_kind": "food_bank",
        "subjects": [mother],
        "categories": ["identity"],
        "purpose": "referral",
        "method": "hub_page",
    }
    return {
        "a request, by its recipient": await ask("partner_worker", larder, "referrals", "GET", f"/requests/{request}"),
        "a decision": await ask("support_worker", school, "consent", "POST", "/decisions", {"questions": [question]}),
        "a referral": await reading.worker.post("referrals", "/referrals", reading.worker.referral(family)),
        "disclosures": await ask("auditor", school, "consent", "GET", "/audit/disclosures"),
        "the ledger's file": await ask("auditor", school, "consent", "GET", "/ledger/export"),
    }


def assert_nothing_shown(answers: dict[str, httpx.Response]) -> None:
    for what, answer in answers.items():
        assert answer.status_code == 503, f"{what}: {answer.status_code} {answer.text[:300]}"
        assert answer.headers["content-type"] == "application/problem+json", what
        assert int(answer.headers["retry-after"]) > 0, what
        assert not [each for each in _SECRETS if each in answer.text], what


@pytest.mark.parametrize(
    ("breaking", "mending"),
    [
        (_FULL.format(table="ledger_entry"), _ROOM_AGAIN.format(table="ledger_entry")),
        ("REVOKE INSERT ON ledger_pending FROM consent_app", "GRANT INSERT ON ledger_pending TO consent_app"),
    ],
    ids=["no room for entries", "no right to the queue"],
)
async def test_where_the_ledger_cannot_be_written_nothing_is_shown(ground: Any, breaking: str, mending: str) -> None:
    reading = Reading(ground)
    larder, request = await reading.prepare()
    async with broken(reading.stack, "consent", breaking, mending):
        assert_nothing_shown(await everything_shown(reading, larder, request))
        status, shown, metrics = await told(reading)
        assert (status, shown["status"], shown["ledger_writing"]) == (200, "ready", "alarm")
        assert 'condition_alarm{condition="ledger_writing"} 1.0' in metrics
    assert (await told(reading))[1]["ledger_writing"] == "fine"
    again = await reading.ask("partner_worker", larder, "referrals", "GET", f"/requests/{request}")
    assert again.status_code == 200, again.text
    await invariants.settled(reading.stack)
    assert await invariants.broken(reading.stack) == []
    await reading.worker.close()


async def test_a_reading_that_families_cannot_announce_shows_nothing(ground: Any) -> None:
    """Families tells the ledger by its outbox: no row, no data."""
    reading = Reading(ground)
    family = (await reading.worker.post("families", "/families", a_family())).json()
    path = f"/families/{family['id']}"
    async with broken(reading.stack, "families", _FULL.format(table="outbox"), _ROOM_AGAIN.format(table="outbox")):
        assert_nothing_shown({path: await reading.worker.get("families", path)})
    assert (await reading.worker.get("families", path)).status_code == 200
    await reading.worker.close()


async def told(reading: Reading) -> tuple[int, dict[str, Any], str]:
    consent = reading.stack.addresses["consent"]
    async with httpx.AsyncClient(timeout=60, trust_env=False, verify=NO_TLS) as client:
        ready = await client.get(f"{consent}/readyz")
        return ready.status_code, ready.json(), (await client.get(f"{consent}/metrics")).text


async def test_where_nobody_seals_work_goes_on_and_an_alarm_rises(ground: Any) -> None:
    """The sealer's lock is held by another, and an entry has waited for ten minutes."""
    reading = Reading(ground)
    larder, request = await reading.prepare()
    await invariants.settled(reading.stack)
    waited = UUID(int=int((datetime.now(UTC) - timedelta(minutes=10)).timestamp() * 1000) << 80 | 7 << 76 | 2 << 62)
    connection = await reading.stack.postgres.connect("consent")
    try:
        await connection.execute(f"SELECT pg_advisory_lock({_SEALERS_LOCK})")
        await connection.execute("SET session_replication_role = replica")
        await connection.fetch(_PENDING, waited)
        status, shown, metrics = await told(reading)
        assert (status, shown["status"], shown["ledger_sealing"]) == (200, "ready", "alarm")
        assert 'condition_alarm{condition="ledger_sealing"} 1.0' in metrics
        opened = await reading.ask("partner_worker", larder, "referrals", "GET", f"/requests/{request}")
        assert opened.status_code == 200, opened.text
        assert await connection.fetchval("SELECT count(*) FROM ledger_pending") > 1
        await connection.fetch("DELETE FROM ledger_pending WHERE entry_id = $1", waited)
    finally:
        await connection.close()
    await invariants.settled(reading.stack)

    async def fine() -> bool:
        return (await told(reading))[1]["ledger_sealing"] == "fine"

    await eventually("a ledger whose sealing is fine", fine)
    assert await invariants.broken(reading.stack) == []
    await reading.worker.close()
