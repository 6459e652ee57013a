"""Bundles: as few messages as can be, every fact in one of them, and each record's facts in their order."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from connective.kit.bundle import MOST_BYTES, MOST_FACTS, bundles
from connective.kit.bus import BUNDLE_TYPE, CONTENT_TYPE, Outgoing
from connective.kit.ids import new_id

PLACE = uuid4()
RECORDS = [uuid4() for _ in range(4)]
SUBMITTED, HELD, MADE = (f"hub.referrals.{fact}" for fact in ("request.submitted", "request.held", "referral.made"))


def _row(subject: str, record: UUID, version: int = 1, data: str = '{"words":"£"}') -> dict[str, Any]:
    return {
        "event_id": new_id(),
        "subject": subject,
        "type": f"{subject}.v1",
        "aggregate_id": record,
        "aggregate_version": version,
        "place_id": PLACE,
        "data": data,
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "occurred_at": datetime(2026, 1, 1, tzinfo=UTC),
    }


def _facts(message: Outgoing) -> list[dict[str, Any]]:
    carried = json.loads(message.body)
    return carried if message.content_type == BUNDLE_TYPE else [carried]


def test_a_lone_fact_goes_as_it_always_did() -> None:
    row = _row(MADE, RECORDS[0])
    (message,) = bundles([row], "/services/referrals")
    assert (message.subject, message.id, message.content_type) == (MADE, str(row["event_id"]), CONTENT_TYPE)
    assert json.loads(message.body)["id"] == str(row["event_id"])


def test_what_a_referral_tells_goes_as_two_messages_and_so_does_what_ten_tell() -> None:
    for referrals in (1, 10):
        rows = [_row(subject, uuid4()) for _ in range(referrals) for subject in (MADE, *[SUBMITTED] * 4)]
        messages = bundles(rows, "/services/referrals")
        assert [each.subject for each in messages] == [MADE, SUBMITTED]
        assert len(_facts(messages[1])) == 4 * referrals
        assert {each["type"] for each in _facts(messages[1])} == {f"{SUBMITTED}.v1"}


@given(st.lists(st.tuples(st.sampled_from([SUBMITTED, HELD, MADE]), st.sampled_from(RECORDS)), max_size=150))
def test_every_fact_goes_once_and_each_records_in_order(told: list[tuple[str, UUID]]) -> None:
    rows = [_row(subject, record, version) for version, (subject, record) in enumerate(told)]
    messages = bundles(rows, "/services/referrals")
    sent = [fact for message in messages for fact in _facts(message)]
    assert sorted(fact["id"] for fact in sent) == sorted(str(row["event_id"]) for row in rows)
    assert all(fact["type"] == f"{message.subject}.v1" for message in messages for fact in _facts(message))
    for record in RECORDS:
        versions = [fact["aggregateversion"] for fact in sent if fact["subject"] == str(record)]
        assert versions == sorted(versions)
    assert all(len(_facts(message)) <= MOST_FACTS for message in messages)


def test_the_same_facts_with_one_more_are_another_message() -> None:
    """The broker counts a message whose id it knows as stored: under the former id the one more would be lost."""
    rows = [_row(SUBMITTED, record) for record in RECORDS]
    first, again = bundles(rows[:3], "/services/referrals"), bundles(rows[:3], "/services/referrals")
    assert first[0].id == again[0].id
    assert bundles(rows, "/services/referrals")[0].id != first[0].id


def test_large_facts_go_in_messages_that_the_broker_takes() -> None:
    rows = [_row(SUBMITTED, uuid4(), data=json.dumps("x" * (MOST_BYTES // 3))) for _ in range(5)]
    messages = bundles([*rows, _row(SUBMITTED, uuid4(), data=json.dumps("x" * MOST_BYTES))], "/services/referrals")
    assert [len(_facts(each)) for each in messages] == [2, 2, 1, 1]
    assert all(len(each.body) < MOST_BYTES + 1_000 for each in messages)
