from datetime import UTC, datetime
from uuid import UUID

import pytest

from connective.contracts.referral_events import REQUEST_FACTS
from connective.families.domain.chronology import Entry, may_see, sentence
from connective.families.domain.refusals import AlreadyEnded, BadName, NotTheSecondPerson, within
from connective.families.domain.restrictions import Restriction, RestrictionKind, hides_whereabouts, lift, shuts_out

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
HERE, THERE = UUID(int=1), UUID(int=2)


def restriction(kind: RestrictionKind = RestrictionKind.WHEREABOUTS) -> Restriction:
    return Restriction(UUID(int=9), UUID(int=8), kind, "ann", NOW, frozenset({THERE}), frozenset({"ann"}))


def test_whereabouts_are_hidden_from_all_who_are_not_named_colleagues_too() -> None:
    held = [restriction()]
    assert hides_whereabouts(held, "ben", HERE)
    assert hides_whereabouts(held, "ben", None)
    assert not hides_whereabouts(held, "ann", HERE)
    assert not hides_whereabouts(held, "ben", THERE)


def test_every_active_restriction_has_to_name_the_reader() -> None:
    second = Restriction(UUID(int=10), UUID(int=8), RestrictionKind.WHEREABOUTS, "cat", NOW)
    assert hides_whereabouts([restriction(), second], "ann", HERE)


def test_lifting_takes_two_people() -> None:
    asked = lift(restriction(), "ann", NOW)
    assert asked.active
    with pytest.raises(NotTheSecondPerson):
        lift(asked, "ann", NOW)
    lifted = lift(asked, "ben", NOW)
    assert not lifted.active
    assert not hides_whereabouts([lifted], "eve", HERE)
    with pytest.raises(AlreadyEnded):
        lift(lifted, "cat", NOW)


def test_own_record_and_conflict_shut_the_named_worker_out() -> None:
    for kind in (RestrictionKind.OWN_RECORD, RestrictionKind.CONFLICT):
        assert shuts_out([restriction(kind)], "ann")
        assert not shuts_out([restriction(kind)], "ben")
        assert not hides_whereabouts([restriction(kind)], "ben", HERE)
    assert not shuts_out([restriction()], "ann")


def entry(code: str, *, sensitive: bool = False) -> Entry:
    return Entry(UUID(int=1), UUID(int=2), NOW, code, HERE, HERE, 1, service_kind="food_bank", sensitive=sensitive)


@pytest.mark.parametrize("fact", sorted(REQUEST_FACTS))
def test_every_fact_of_a_request_has_a_sentence(fact: str) -> None:
    words = sentence(entry(f"request.{fact}"))
    assert words.endswith(".")
    assert words[0].isupper()


def test_a_sensitive_services_entries_are_the_referrers_alone() -> None:
    assert may_see(entry("request.accepted", sensitive=True), HERE)
    assert not may_see(entry("request.accepted", sensitive=True), THERE)
    assert may_see(entry("request.accepted"), THERE)


def test_a_refusal_points_to_where_its_value_stood() -> None:
    with pytest.raises(BadName) as refused, within("/people/2"):
        raise BadName("No.", "given_names")
    assert refused.value.pointer == "/people/2/given_names"
