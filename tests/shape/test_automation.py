"""The officer's statement of what is worked out without a person names code that exists, and decides about nobody."""

from importlib.util import find_spec

from connective.consent.domain.automation import STATEMENT


def test_each_line_names_the_code_that_does_it() -> None:
    assert [line.code for line in STATEMENT if find_spec(line.code) is None] == []


def test_nothing_decides_about_a_person() -> None:
    assert not any(line.decides_about_people for line in STATEMENT)
    assert all(line.decided_by for line in STATEMENT)
