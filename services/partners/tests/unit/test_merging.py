"""What of a source's words becomes ours: never over a person's work, and never twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from connective.partners.domain.harvests.changes import may_end_by_itself
from connective.partners.domain.harvests.merging import ChangeKind, Origin, digests, edited_here, merge, overwritten
from connective.partners.domain.harvests.sources import (
    Source,
    SourceKind,
    SourceState,
    after_failure,
    after_whole,
    broken_source,
)

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
SAID = {"name": "Larder", "telephone": "01632 960130", "assured_on": "2026-01-01"}
SOURCE = Source(
    id=uuid4(), place_id=UUID(int=1), code="county", name="County", kind=SourceKind.HSDS,
    url="https://county.example.org", licence="OGL-UK-3.0", every_hours=24, approves_itself=True, withdraws_after=3,
    state=SourceState.ACTIVE, next_run_at=NOW, last_whole_at=None, failures=0, version=1, changed_at=NOW,
)  # fmt: skip


def origin(**changes: Any) -> Origin:
    return Origin(digests(SAID | changes))


@pytest.mark.parametrize(
    ("ours", "told", "kind", "becomes"),
    [
        # The field holds the source's last words: it follows.
        ({}, {"name": "New Larder"}, ChangeKind.CHANGED, {"name": "New Larder"}),
        # It was changed here: it stays, and the difference is shown once.
        ({"name": "Ours"}, {"name": "New Larder"}, ChangeKind.DIFFERS, {"name": "Ours"}),
        ({"name": "Ours"}, {}, None, {"name": "Ours"}),
        # Field by field: one follows, the other stays.
        (
            {"name": "Ours"},
            {"name": "Theirs", "telephone": "01632 960131"},
            ChangeKind.CHANGED,
            {"name": "Ours", "telephone": "01632 960131"},
        ),
        # What the source takes back goes, unless somebody here wrote it.
        ({}, {"telephone": None}, ChangeKind.CHANGED, {"telephone": None}),
        ({"url": "https://ours.example.org"}, {}, None, {"url": "https://ours.example.org"}),
        # The source comes to say what somebody here had said already.
        ({"name": "Ours"}, {"name": "Ours"}, None, {"name": "Ours"}),
        # The later look counts, whoever looked.
        ({"assured_on": "2026-02-01"}, {}, None, {"assured_on": "2026-02-01"}),
        ({"assured_on": "2026-02-01"}, {"assured_on": "2026-01-15"}, None, {"assured_on": "2026-02-01"}),
        ({"assured_on": "2026-02-01"}, {"assured_on": "2026-03-01"}, ChangeKind.CHANGED, {"assured_on": "2026-03-01"}),
    ],
)
def test_a_field_follows_its_source_until_somebody_changes_it_here(
    ours: dict[str, Any], told: dict[str, Any], kind: ChangeKind | None, becomes: dict[str, Any]
) -> None:
    now = {name: value for name, value in (SAID | told).items() if value is not None}
    found = merge(SAID | ours, now, origin())
    assert found.kind is kind
    wanted = {name: value for name, value in (SAID | ours | becomes).items() if value is not None}
    assert (found.fields if found.kind else SAID | ours) == wanted


def test_a_record_is_new_once_and_after_a_no_only_when_the_source_says_something_else() -> None:
    assert merge(None, SAID, None).kind is ChangeKind.NEW
    assert merge(None, SAID, origin()).kind is None
    assert merge(None, SAID | {"name": "Another"}, origin()).kind is ChangeKind.NEW


def test_whoever_decides_that_the_source_is_right_gets_all_of_its_words_but_an_older_look() -> None:
    ours = SAID | {"name": "Ours", "url": "https://ours.example.org", "assured_on": "2026-02-01"}
    assert overwritten(ours, SAID) == SAID | {"assured_on": "2026-02-01"}


def test_looking_at_a_listing_is_no_edit() -> None:
    assert not edited_here(SAID | {"assured_on": "2026-02-01"}, digests(SAID))
    assert edited_here(SAID | {"url": "https://ours.example.org"}, digests(SAID))
    assert edited_here({"name": "Larder"}, digests(SAID))


@pytest.mark.parametrize(
    ("missed", "after", "gone", "known", "ends"),
    [
        (2, 3, 1, 10, False),
        (3, 3, 1, 10, True),
        (3, None, 1, 10, False),
        (9, 3, 6, 10, False),
        (3, 3, 3, 3, True),
    ],
)
def test_a_listing_ends_by_itself_only_after_several_readings_and_never_with_most_of_its_feed(
    missed: int, after: int | None, gone: int, known: int, *, ends: bool
) -> None:
    assert may_end_by_itself(missed, after, gone, known) is ends


def test_a_failing_source_is_asked_less_and_less_often_and_never_less_than_at_its_own_pace() -> None:
    waits, source = [], SOURCE
    for _ in range(7):
        source = after_failure(source, NOW)
        assert source.next_run_at is not None
        waits.append((source.next_run_at - NOW) / timedelta(hours=1))
    assert waits == [1, 2, 4, 8, 16, 24, 24]
    assert (after_whole(source, NOW).failures, after_whole(source, NOW).next_run_at) == (0, NOW + timedelta(hours=24))


def test_nothing_is_taken_over_unseen_from_a_source_without_a_licence() -> None:
    assert [each.pointer for each in broken_source(replace(SOURCE, licence=None))] == ["/licence"]
    assert broken_source(SOURCE) == broken_source(replace(SOURCE, licence=None, approves_itself=False)) == ()
