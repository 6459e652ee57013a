from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connective.kit.ids import first_id_at, new_id, new_reference, read_reference, spelled_id


def test_ids_are_version_seven_and_grow() -> None:
    first, second = new_id(), new_id()
    assert first.version == 7
    assert first < second


def test_a_new_id_comes_with_its_text() -> None:
    made, text = spelled_id()
    assert (made.version, str(made)) == (7, text)


def test_a_reference_can_be_read_back_as_spoken() -> None:
    reference = new_reference("REF")
    assert read_reference("REF", reference) == reference
    assert read_reference("REF", reference.lower().replace("-", " ")) == reference
    assert read_reference("REF", reference.replace("0", "O").replace("1", "l")) == reference


@given(position=st.integers(0, 7), replacement=st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_every_single_slip_is_found(position: int, replacement: str) -> None:
    text = new_reference("REF").removeprefix("REF-").replace("-", "")
    if text[position] == replacement:
        return
    slipped = text[:position] + replacement + text[position + 1 :]
    with pytest.raises(ValueError, match="wrong"):
        read_reference("REF", slipped)


def test_a_reference_said_without_its_prefix_may_begin_with_the_same_letters() -> None:
    readable = []
    for last in "0123456789ABCDEFGHJKMNPQRSTVWXYZ":
        with suppress(ValueError):
            readable.append(read_reference("REF", f"REFA-BCD{last}"))
    assert len(readable) == 1
    assert read_reference("REF", readable[0]) == readable[0]


@pytest.mark.parametrize("text", ["", "REF-", "REF-7K3M", "REF-7K3M-92Q!", "REF-7K3M-92QDD"])
def test_what_cannot_be_a_reference_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="looks like"):
        read_reference("REF", text)


def test_ids_lie_between_the_first_of_their_time_and_the_first_of_a_later_one() -> None:
    before = datetime.now(UTC)
    made = new_id()
    assert first_id_at(before) <= made < first_id_at(before + timedelta(minutes=1))
