"""Example bodies that close a record, after the matrix has asked everything of it: taken, or closed by it already."""

import httpx
from matrix_askers import Mint
from matrix_examples_sent import Examples, with_examples
from matrix_examples_told import CLOSING
from matrix_members import Members
from matrix_operations import Operation
from matrix_samples import Records


async def test_every_example_that_closes_a_record_is_read_and_answered(
    operations: list[Operation],
    outside: list[Operation],
    doors: dict[str, httpx.AsyncClient],
    mint: Mint,
    members: Members,
    records: Records,
) -> None:
    examples = Examples(doors, mint, members, records)
    answered = {}
    for operation in with_examples(operations, outside):
        if operation.name in CLOSING:
            answer = await examples.send(operation, operations)
            answered[operation.name] = (answer.status_code, answer.text[:300])
    wrong = {name: told for name, told in answered.items() if told[0] not in {200, 201, 204, 409}}
    assert (wrong, set(answered)) == ({}, CLOSING)
