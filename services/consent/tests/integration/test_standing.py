"""What is kept in memory of registers and agreements is never older than what is stored."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest
from consent_room import CHARITY, CHILD, COUNCIL, FOOD_BANK, NHS, PLACE, SALT, SCHOOL, Room, terms

_MARK = "SELECT mark FROM register_mark WHERE place_id = $1"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE agreement_flow SET state = 'suspended'", "agreement_suspended"),
        ("DELETE FROM agreement_flow", "no_agreement"),
        (f"UPDATE organisation SET state = 'suspended' WHERE id = '{SALT}'", "recipient_suspended"),
        (f"UPDATE organisation SET legal_entity_id = '{CHARITY}' WHERE id = '{SALT}'", "no_agreement"),
        (f"UPDATE legal_entity SET processing_signed_at = NULL WHERE id = '{NHS}'", "recipient_has_no_processing"),
    ],
)
async def test_a_change_by_anybody_is_seen_at_once(
    room: Room, owner: asyncpg.Connection, change: str, code: str
) -> None:
    """Another process, or a hand on the database: the next decision has read what it changed."""
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    assert (await room.decide())["outcome"] == (await room.decide())["outcome"] == "permit"
    before = await owner.fetchval(_MARK, PLACE)
    await owner.execute(change)
    assert await owner.fetchval(_MARK, PLACE) != before
    refused = await room.decide()
    assert refused["outcome"] == "deny"
    assert any(r["code"].startswith(code) for r in refused["refusals"])


async def test_the_same_register_is_read_once(room: Room, owner: asyncpg.Connection) -> None:
    """Its change undone leaves another mark, so a state is never taken for an earlier one."""
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    await room.decide()
    marks = {await owner.fetchval(_MARK, PLACE)}
    for state in ("suspended", "active"):
        await owner.execute("UPDATE organisation SET state = $1 WHERE id = $2", state, SALT)
        marks.add(await owner.fetchval(_MARK, PLACE))
    assert len(marks) == 3
    assert (await room.decide())["outcome"] == "permit"


async def test_a_processing_agreement_ends_with_its_day(room: Room, owner: asyncpg.Connection) -> None:
    """Whether one is in date depends on the day: nothing that is kept outlives it."""
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    await owner.execute("UPDATE legal_entity SET processing_ends_on = $1 WHERE id = $2", room.today, COUNCIL)
    assert (await room.decide())["outcome"] == "permit"
    room.clock.move(timedelta(days=1))
    assert "discloser_has_no_processing_agreement" in {r["code"] for r in (await room.decide())["refusals"]}


async def test_a_change_of_an_agreement_waits_for_decisions_under_way(room: Room, owner: asyncpg.Connection) -> None:
    """Deciding holds one lock for all agreements of the place; whoever suspends one of them waits for it."""
    version = await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    path = f"/agreements/{version['agreement_id']}/versions/1/suspend"
    async with owner.transaction():
        await owner.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended($1::text, 11))", str(PLACE))
        await owner.execute("SET LOCAL statement_timeout = '5s'")
        assert (await room.decide(recipient=FOOD_BANK, subjects=[str(CHILD)]))["outcome"] == "deny"
        waiting = asyncio.create_task(room.post(path, {"reason": "Checked."}, room.person(SCHOOL, "dpo")))
        await asyncio.sleep(0.3)
        assert not waiting.done()
    assert (await waiting).status_code == 200
