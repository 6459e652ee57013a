"""Each organisation has a line of its own, and places inside that nobody else takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from connective.gateway.domain.fairness import COMPANY_SECONDS, LONG_SECONDS, Begin, QueueFull, Turns


class Crowd:
    """Requests of several organisations, numbered in the order they came."""

    def __init__(self, turns: Turns) -> None:
        self.turns, self.now = turns, 100.0
        self.inside: dict[str, list[Begin]] = {}
        self.begun: list[int] = []
        self._count = 0

    def enter(self, who: str, times: int = 1) -> None:
        for _ in range(times):
            begin = self._request(who)
            if self.turns.enter(who, begin, self.now):
                begin()

    def _request(self, who: str) -> Begin:
        number, self._count = self._count, self._count + 1

        def begin() -> None:
            self.begun.append(number)
            self.inside.setdefault(who, []).append(begin)

        return begin

    def leave(self, who: str) -> None:
        self.turns.leave(who, self.inside[who].pop(0), self.now)

    def many(self, who: str) -> int:
        return len(self.inside.get(who, []))


def test_who_sends_fifty_times_as_much_waits_in_its_own_line() -> None:
    crowd = Crowd(Turns(inside=4, waiting=100))
    crowd.enter("loud", 50)
    assert crowd.begun == [0, 1, 2, 3]
    crowd.enter("quiet")
    assert crowd.many("quiet") == 1, "nobody waits for another organisation"
    for _ in range(46):
        crowd.leave("loud")
    assert crowd.begun == [0, 1, 2, 3, 50, *range(4, 50)], "in the order they came"


def test_who_is_alone_has_all_places_and_beside_others_a_few() -> None:
    crowd = Crowd(Turns(inside=8, waiting=100, beside=2))
    crowd.enter("loud", 20)
    assert crowd.many("loud") == 8
    crowd.enter("quiet")
    for _ in range(6):
        crowd.leave("loud")
    assert crowd.many("loud") == 2, "no other begins until few are left"
    crowd.leave("loud")
    assert (crowd.many("loud"), crowd.begun[-1]) == (2, 8)
    crowd.now += COMPANY_SECONDS + 0.1
    crowd.leave("loud")
    assert crowd.many("loud") == 8, "the others have gone"


def test_a_third_one_does_not_make_two_forget_each_other() -> None:
    crowd = Crowd(Turns(inside=8, waiting=100, beside=2))
    for who in ("a", "b", "a", "b", "c", "c"):
        crowd.enter(who)
    crowd.enter("a", 9)
    crowd.enter("c", 9)
    assert [crowd.many(who) for who in "abc"] == [2, 2, 2]


def test_nobody_waits_for_a_colleagues_long_request() -> None:
    crowd = Crowd(Turns(inside=4, waiting=100, beside=2))
    crowd.enter("quiet")
    crowd.enter("export", 3)
    assert crowd.many("export") == 2
    crowd.now += LONG_SECONDS
    crowd.turns.look("export", crowd.now)
    assert crowd.many("export") == 3
    crowd.enter("export", 3)
    assert crowd.many("export") == 4, "yet never more than the services work on for one"


def test_a_line_is_bounded() -> None:
    crowd = Crowd(Turns(inside=1, waiting=2))
    crowd.enter("loud", 3)
    with pytest.raises(QueueFull):
        crowd.enter("loud")


def test_who_gives_up_leaves_no_gap() -> None:
    turns, begun = Turns(inside=1, waiting=5), []
    first, one, two = (lambda number=number: begun.append(number) for number in range(3))
    turns.enter("a", first, 0.0)
    turns.enter("a", one, 0.0)
    turns.enter("a", two, 0.0)
    assert turns.give_up("a", one)
    turns.leave("a", first, 0.0)
    assert begun == [2]
    assert not turns.give_up("a", two), "it is inside, and must leave"
    turns.leave("a", two, 0.0)
    assert not turns._inside
    assert not turns._waiting


@given(some.lists(some.tuples(some.sampled_from("abc"), some.booleans(), some.floats(0, 2)), max_size=80))
def test_never_more_inside_than_may_be_and_nobody_forgotten(steps: list[tuple[str, bool, float]]) -> None:
    crowd = Crowd(Turns(inside=3, waiting=1_000, beside=2))
    for who, enters, seconds in steps:
        crowd.now += seconds
        if enters:
            crowd.enter(who)
        elif crowd.many(who):
            crowd.leave(who)
        assert crowd.many(who) <= 3
        assert not crowd.turns._waiting.get(who) or crowd.many(who) >= 2
    for who in "abc":
        while crowd.many(who):
            crowd.leave(who)
    assert sorted(crowd.begun) == list(range(crowd._count))
    assert not crowd.turns._waiting
    assert not crowd.turns._inside
