from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Select, Table, Text, bindparam, select

from connective.kit import prepared
from connective.kit.answers import json_answer
from connective.kit.prepared import Prepared

NOTE = Table("note", MetaData(), Column("id", Integer), Column("words", Text), Column("kind", Text))


def _mine() -> Select[Any]:
    written = bindparam("written", type_=Text)
    return select(NOTE.c.id).where(NOTE.c.kind == "said", (NOTE.c.words == written) | (NOTE.c.kind == written))


async def test_values_go_in_the_order_of_the_text_and_constants_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, list[Any]]] = []

    async def fetch(_: Any, text: str, values: Sequence[Any]) -> list[Any]:
        sent.append((text, list(values)))
        return []

    monkeypatch.setattr(prepared, "fetch", fetch)
    statement = Prepared(_mine())
    connection: Any = object()
    assert await statement.fetch_one(connection, written="x") is None
    ((text, values),) = sent
    assert [values[int(text.split(f"{place} = $")[1][0]) - 1] for place in ("note.words", "note.kind")] == ["x", "said"]
    assert len(values) == 2
    with pytest.raises(TypeError, match="writen"):
        await statement.fetch(connection, writen="x")


def test_a_statement_whose_text_depends_on_its_values_is_refused() -> None:
    with pytest.raises(ValueError, match="any_"):
        Prepared(_mine().where(NOTE.c.id.in_([1, 2])))


def test_plain_values_are_answered_as_they_are() -> None:
    answer = json_answer({"items": [], "next_cursor": None})
    assert (answer.body, answer.media_type) == (b'{"items":[],"next_cursor":null}', "application/json")
