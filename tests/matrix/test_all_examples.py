"""Each example body of the API's description is sent once, by somebody who may, and does what it says."""

from typing import Any

import httpx
from matrix_askers import Mint
from matrix_examples_sent import Examples, with_examples
from matrix_examples_told import BEFORE, BY, CLOSING, IDS_OF, JUSTIFIED, PATHS
from matrix_members import Members
from matrix_operations import Operation
from matrix_samples import Records


async def test_every_example_is_taken_by_its_operation(
    loaded_hub: Any,
    operations: list[Operation],
    outside: list[Operation],
    doors: dict[str, httpx.AsyncClient],
    mint: Mint,
    members: Members,
    records: Records,
) -> None:
    cast = loaded_hub.world.cast
    named = {f"{key}_account": str(account) for key, account in cast.accounts.items()}
    named |= {f"{key}_service": service for key, service in cast.services.items()}
    known = Records(records.ids | named, records.organisations, records.person_ids)
    examples, sent = Examples(doors, mint, members, known), with_examples(operations, outside)
    wrong = []
    for operation in sent:
        if operation.name in CLOSING:
            continue
        answer = await examples.send(operation, operations)
        expected = JUSTIFIED.get(operation.name, (answer.is_success and answer.status_code, ""))[0]
        if answer.status_code != expected:
            wrong.append(f"{operation.name}: {answer.status_code}, not {expected or 2}: {answer.text[:400]}")
    assert not wrong, "\n".join([f"{len(wrong)} of {len(sent)} examples are not taken:", *wrong])
    assert len(sent) > 130
    told = {*JUSTIFIED, *CLOSING, *IDS_OF, *BY, *PATHS, *BEFORE}
    assert told <= {each.name for each in sent}, "the tables name what is there"
