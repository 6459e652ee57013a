"""Sends the example bodies of the API's description as somebody who may, about the sample records.

Ids in an example stand for records of the reader's own, so they are put in by the name of their field; its days are
moved on, so that what lies ahead in it lies ahead.
"""

import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx
import matrix_owners as whose
import matrix_samples as samples
from matrix_askers import Asker, Mint, Standing, askers
from matrix_examples_told import BEFORE, BY, IDS, IDS_OF, PATHS
from matrix_members import Members
from matrix_operations import Operation
from matrix_order import in_order
from matrix_samples import Records

from connective.gateway.domain.routes import ROOTS
from connective.kit.policy import Access
from connective.local.services import GATEWAY

_WRITTEN = date(2026, 3, 2)
"""The day on which the examples' days are as they were meant."""
_ID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_DAY = re.compile(r"^\d{4}-\d\d-\d\d")
_TRIES = 2
"""The sample's version is learnt from the refusal of the first."""


def example_of(operation: Operation) -> Any:
    """Its example body; None where it has none."""
    content = operation.described.get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("example")


def with_examples(operations: list[Operation], outside: list[Operation]) -> list[Operation]:
    """Every operation with an example: the services' own, and the gateway's as its document shows them."""
    own = [
        Operation(GATEWAY, each.method, each.path.removeprefix("/api/v1"), each.policy, each.described, each.document)
        for each in outside
        if each.path.split("/")[3:4] and each.path.split("/")[3] in ROOTS[GATEWAY]
    ]
    return in_order([each for each in (*operations, *own) if example_of(each) is not None])


class Examples:
    """Sends each once, on a request of its own where it is a step of one."""

    def __init__(self, doors: dict[str, httpx.AsyncClient], mint: Mint, members: Members, known: Records) -> None:
        self._doors, self._mint, self._members, self._records = doors, mint, members, known
        self._steps: dict[str, Operation] = {}

    async def send(self, operation: Operation, steps: list[Operation]) -> httpx.Response:
        """The example of one operation, after the steps that lead to where it can be taken."""
        self._steps = self._steps or {each.name: each for each in steps}
        if operation.name not in BEFORE:
            return await self._sent(operation, {})
        made = await self._sent(self._steps["POST /referrals"], {})
        request = {"request_id": made.json()["requests"][0]["id"]}
        for verb in BEFORE[operation.name]:
            done = await self._sent(self._steps[f"POST /requests/{{request_id}}/{verb}"], request)
            if not done.is_success:
                return done
        return await self._sent(operation, request)

    async def _sent(self, operation: Operation, ids: dict[str, str]) -> httpx.Response:
        public = operation.access == Access.PUBLIC
        owner = "larder" if public else whose.owners(operation)[0]
        standing = Standing(UUID(self._records.ids["place"]), UUID(self._records.organisations[owner]))
        path = operation.path.format(**samples.values(operation, self._records) | PATHS.get(operation.name, {}) | ids)
        path = f"/api/v1{path}" if operation.service == GATEWAY else path
        headers = samples.headers(operation) | ({} if public else await self._identity(operation, standing))
        body = _filled(example_of(operation), self._ids(operation) | {"id": ids.get("request_id", "")})
        door = self._doors[operation.service]
        for _ in range(_TRIES):
            answer = await door.request(operation.method, path, json=body, headers=headers)
            if answer.status_code != 412:
                break
            headers |= samples.headers(operation) | {"If-Match": _current(answer)}
        return answer

    async def _identity(self, operation: Operation, standing: Standing) -> dict[str, str]:
        who = _who(operation)
        if operation.service == GATEWAY:
            return await self._members.headers(who, standing)
        return self._mint.headers(who, standing, operation.service)

    def _ids(self, operation: Operation) -> dict[str, str]:
        """Field → the sample record, or the organisation, whose id it takes."""
        organisations = {f"{key}_organisation": value for key, value in self._records.organisations.items()}
        people = {f"person_{at}": value for at, value in enumerate(self._records.person_ids)}
        known = organisations | people | self._records.ids
        told = {**IDS, **IDS_OF.get(operation.name, {})}
        return {field: known.get(record, record) for field, record in told.items()}


def _current(stale: httpx.Response) -> str:
    """The version that a record has, as the refusal of another tells it."""
    return str(stale.json().get("current", '"2"'))


def _who(operation: Operation) -> Asker:
    """The first role, or else scope, that the operation's permission opens for."""
    if operation.name in BY:
        kind, _, name = BY[operation.name].partition(" ")
        return Asker(kind, name)
    narrower = whose.NARROWER.get(operation.name)
    return next(
        each
        for each in askers()
        if each.kind in {"role", "scope"}
        and (operation.permission is None or operation.permission in each.permissions)
        and (narrower is None or each.name in narrower)
    )


def _filled(value: Any, ids: dict[str, str], key: str = "") -> Any:
    """The example about the sample records, from today on."""
    if isinstance(value, dict):
        return {name: _filled(each, ids, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, ids, f"{key}/{at}" if f"{key}/{at}" in ids else key) for at, each in enumerate(value)]
    if isinstance(value, str) and _ID.match(value):
        return ids[key]
    if isinstance(value, str) and _DAY.match(value) and key != "date_of_birth":
        moved = date.fromisoformat(value[:10]) + (datetime.now(UTC).date() - _WRITTEN)
        return f"{moved}{value[10:]}"
    return value
