"""Each organisation has a line of its own, and places inside that nobody else takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from connective.gateway.domain.fairness import QueueFull, Turns


def test_who_sends_fifty_times_as_much_waits_in_its_own_line() -> None:
    turns, begun = Turns(inside=4, waiting=100), []
    for number in range(50):
        if turns.enter("loud", lambda number=number: begun.append(number)):
            begun.append(number)
    assert begun == [0, 1, 2, 3]
    assert turns.enter("quiet", lambda: None), "nobody waits for another organisation"
    for _ in range(46):
        turns.leave("loud")
    assert begun == list(range(50)), "in the order they came"


def test_a_line_is_bounded() -> None:
    turns = Turns(inside=1, waiting=2)
    assert turns.enter("loud", lambda: None)
    assert not turns.enter("loud", lambda: None)
    assert not turns.enter("loud", lambda: None)
    with pytest.raises(QueueFull):
        turns.enter("loud", lambda: None)


def test_who_gives_up_leaves_no_gap() -> None:
    turns, begun = Turns(inside=1, waiting=5), []
    one, two = lambda: begun.append(1), lambda: begun.append(2)
    turns.enter("a", lambda: None)
    turns.enter("a", one)
    turns.enter("a", two)
    assert turns.give_up("a", one)
    turns.leave("a")
    assert begun == [2]
    assert not turns.give_up("a", two), "it is inside, and must leave"
    turns.leave("a")
    assert not turns._inside
    assert not turns._waiting


@given(some.lists(some.tuples(some.sampled_from("abc"), some.booleans()), max_size=80))
def test_never_more_inside_than_may_be_and_nobody_forgotten(steps: list[tuple[str, bool]]) -> None:
    turns, inside, waiting = Turns(inside=2, waiting=1_000), dict.fromkeys("abc", 0), dict.fromkeys("abc", 0)

    def begin(who: str) -> None:
        inside[who] += 1
        waiting[who] -= 1

    for who, enters in steps:
        if enters:
            waiting[who] += 1
            if turns.enter(who, lambda who=who: begin(who)):
                begin(who)
        elif inside[who]:
            inside[who] -= 1
            turns.leave(who)
        assert inside[who] <= 2
        assert waiting[who] == 0 or inside[who] == 2
