from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from connective.consent.domain.canonical import canonical, plain
from connective.contracts.categories import Category

KEYS = st.text("abcdefghijklmnopqrstuvwxyz_-0123456789", min_size=1)
LEAVES: Any = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.text(st.characters(exclude_categories=("Cs",))),
    st.uuids(),
    st.sampled_from(Category),
    st.frozensets(st.sampled_from(Category)),
    st.datetimes(timezones=st.just(UTC)),
    st.binary(),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4) | st.tuples(inner, inner),
    max_leaves=12,
)
"""Small documents: depth and every kind of leaf are what can go wrong, and size only takes time."""


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_it_writes_rfc_8785(value: dict[str, Any]) -> None:
    assert canonical(value) == rfc8785.dumps(plain(value))


def test_the_order_of_sets_and_keys_does_not_matter() -> None:
    one = {"b": frozenset({Category.HEALTH, Category.ADDRESS}), "a": UUID(int=1), "c": datetime(2026, 1, 2, tzinfo=UTC)}
    assert canonical(one) == canonical(dict(reversed(one.items())))
