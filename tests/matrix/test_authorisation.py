"""The authorisation matrix: every operation × every role, scope and service × own record, stranger's record, no record.

Without the permission the answer is 403. With it, a stranger's record and a missing one are answered alike: status,
body, headers. The whole matrix is written to build/authorisation.csv, for people who ask who may do what.
"""

import asyncio
import csv
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import matrix_owners as whose
import matrix_samples as samples
import pytest
from matrix_askers import NOBODY, Asker, Mint, Standing, askers
from matrix_members import ELSEWHERE, Members
from matrix_operations import Operation, SampleMissing
from matrix_order import in_order
from matrix_samples import Records

from connective.gateway.domain.routes import ROOTS
from connective.kit.policy import Access
from connective.local.services import GATEWAY

_TABLE = Path(__file__).resolve().parents[2] / "build" / "authorisation.csv"
_NOT_OPEN = {401, 403, 404}
_VOLATILE = {"date", "x-request-id", "server", "content-length"}


@dataclass(slots=True)
class Row:
    """One line of the table: what one asker meets at one operation."""

    operation: Operation
    asker: Asker
    own: list[int] = field(default_factory=list)
    stranger: list[int] = field(default_factory=list)
    elsewhere: int | None = None
    missing: int | None = None
    wrong: list[str] = field(default_factory=list)


class Matrix:
    """Asks every question, and notes what was answered."""

    def __init__(self, doors: dict[str, httpx.AsyncClient], mint: Mint, members: Members, records: Records) -> None:
        self._doors, self._mint, self._members, self._records = doors, mint, members, records
        self._place = UUID(records.ids["place"])

    async def rows(self, operation: Operation) -> list[Row]:
        """Every asker at one operation: those who only read at once, those who change something one after the other."""
        everyone = [Row(operation, asker) for asker in askers()]
        admitted = [row for row in everyone if self._may(operation, row.asker)]
        refused = [row for row in everyone if row not in admitted]
        await asyncio.gather(*(self._refused(row) for row in refused))
        probes = self._probes(operation, admitted)
        if operation.method in {"GET", "HEAD"}:
            await asyncio.gather(*(self._admitted(row, row in probes) for row in admitted))
        else:
            for row in admitted:
                await self._admitted(row, row in probes)
        return everyone

    async def _admitted(self, row: Row, probing: bool) -> None:
        await self._own(row)
        if probing:
            await self._strangers(row)

    @staticmethod
    def _probes(operation: Operation, admitted: list[Row]) -> list[Row]:
        """Who asks for what is not theirs: one person, one client and one service, and all who look after the place.

        What a record is to somebody depends on the organisation they act for, not on which of their roles let them in.
        """
        in_path = set(operation.path_parameters) - set(samples.WORDS)
        if not in_path and operation.name not in samples.NAMES_A_RECORD:
            return []
        wide = [row for row in admitted if row.asker.name in whose.PLACE_WIDE]
        others = {row.asker.kind: row for row in reversed(admitted) if row not in wide}
        return [*wide, *others.values()]

    def _may(self, operation: Operation, asker: Asker) -> bool:
        if asker is NOBODY or (operation.access == Access.INTERNAL) != (asker.kind == "service"):
            return False
        if operation.name in whose.NARROWER and asker.name not in whose.NARROWER[operation.name]:
            return False
        return operation.permission is None or operation.permission in asker.permissions

    async def _refused(self, row: Row) -> None:
        operation, asker = row.operation, row.asker
        status = (await self._ask(row, whose.owners(operation)[0])).status_code
        row.own.append(status)
        if operation.access == Access.INTERNAL:
            right = {403} if asker.kind == "service" else {404}
        elif asker.kind == "service":
            right = {401, 403}
        else:
            right = {401} if asker is NOBODY else {403}
        if status not in right:
            row.wrong.append(f"without permission: {status}, not {sorted(right)}")

    async def _own(self, row: Row) -> None:
        operation = row.operation
        for owner in whose.owners(operation):
            answer = await self._ask(row, owner)
            row.own.append(answer.status_code)
            if answer.status_code in _NOT_OPEN or answer.status_code >= 500:
                row.wrong.append(f"own, as {owner}: {answer.status_code} {answer.text[:160]}")

    async def _strangers(self, row: Row) -> None:
        """Whoever the record is nothing to meets exactly what they meet where there is none."""
        if row.asker.name not in whose.PLACE_WIDE:
            for stranger in whose.strangers(row.operation):
                row.stranger.append(await self._stranger(row, stranger, self._place))
        row.elsewhere = await self._stranger(row, whose.strangers(row.operation)[0], ELSEWHERE)

    async def _stranger(self, row: Row, stranger: str, place: UUID) -> int:
        unknown = await self._ask(row, stranger, place=place, missing=True)
        answer = await self._ask(row, stranger, place=place)
        known = place == self._place and whose.is_known_in_place(row.operation)
        if place == self._place:
            row.missing = unknown.status_code
            if unknown.status_code != 404:
                row.wrong.append(f"missing: {unknown.status_code}, not 404: {unknown.text[:160]}")
        changes = row.operation.method not in {"GET", "HEAD"} and row.operation.relation != "place"
        if known and changes and answer.status_code not in {403, 404}:
            row.wrong.append(f"stranger {stranger}: {answer.status_code}, not 403: {answer.text[:160]}")
        if not known and (_told(answer) != _told(unknown) or answer.is_success):
            row.wrong.append(
                f"stranger {stranger} of {place}: {answer.status_code} {answer.text[:160]}, "
                f"but where there is none {unknown.status_code} {unknown.text[:160]}"
            )
        return answer.status_code

    async def _ask(
        self, row: Row, organisation: str, *, missing: bool = False, place: UUID | None = None
    ) -> httpx.Response:
        operation = row.operation
        standing = Standing(place or self._place, UUID(self._records.organisations[organisation]))
        records = self._records.nowhere() if missing else self._records
        path = operation.path.format(**samples.values(operation, records))
        path = f"/api/v1{path}" if operation.service == GATEWAY else path
        more = samples.besides(operation, records, self._mint, standing)
        return await self._doors[operation.service].request(
            operation.method,
            path,
            json=samples.body(operation, self._records, missing=missing),
            params=more.query,
            headers={**samples.headers(operation), **more.headers, **await self._identity(row, standing)},
        )

    async def _identity(self, row: Row, standing: Standing) -> dict[str, str]:
        operation = row.operation
        if operation.service == GATEWAY:
            return await self._members.headers(row.asker, standing)
        if operation.access == Access.INTERNAL and row.asker.kind == "service":
            worker = Asker("role", samples.WORKER_OF.get(operation.name, "support_worker"))
            return self._mint.on_behalf(row.asker, worker, standing, operation.service)
        return self._mint.headers(row.asker, standing, operation.service)


def _told(answer: httpx.Response) -> tuple[int, Any, dict[str, str]]:
    """All that an answer tells, but for the ids and the time that differ in any two answers."""
    body: Any = answer.text
    if answer.content and "json" in answer.headers.get("content-type", ""):
        body = answer.json()
        if isinstance(body, dict):
            body.pop("instance", None)
    return answer.status_code, body, {k: v for k, v in answer.headers.items() if k not in _VOLATILE}


@pytest.fixture(scope="module")
def asked(operations: list[Operation], outside: list[Operation]) -> list[Operation]:
    """Every operation that is not open to anybody: the services' own, and the gateway's as its document shows them."""
    own = [
        replace(each, path=each.path.removeprefix("/api/v1"))
        for each in outside
        if each.path.split("/")[3:4] and each.path.split("/")[3] in ROOTS[GATEWAY]
    ]
    return in_order([each for each in (*operations, *own) if each.policy and each.access != Access.PUBLIC])


async def test_each_may_do_what_the_table_says_and_a_stranger_learns_nothing(
    asked: list[Operation], doors: dict[str, httpx.AsyncClient], mint: Mint, members: Members, records: Records
) -> None:
    matrix = Matrix(doors, mint, members, records)
    rows, unknown = [], []
    for operation in asked:
        try:
            rows += await matrix.rows(operation)
        except SampleMissing as missing:
            unknown.append(str(missing))
    _write(rows)
    wrong = [f"{row.operation.name} as {row.asker}: {words}" for row in rows for words in row.wrong]
    assert not unknown, "\n".join(["The matrix does not know how to ask:", *unknown])
    assert not wrong, "\n".join([f"{len(wrong)} cells differ from the policy:", *wrong])


async def test_no_list_shows_a_stranger_anything(
    asked: list[Operation], doors: dict[str, httpx.AsyncClient], mint: Mint, records: Records
) -> None:
    """A list is made by the same rule as a single reading: whoever may not read a record does not find it listed."""
    place = UUID(records.ids["place"])
    secret = {key: value for key, value in records.ids.items() if key in _SECRET}
    shown, read = [], 0
    for operation in asked:
        if operation.method != "GET" or operation.path_parameters or operation.service == GATEWAY:
            continue
        if operation.access == Access.INTERNAL or operation.relation == "place":
            continue
        for asker in askers():
            if operation.permission not in asker.permissions or asker.kind == "service":
                continue
            for organisation, where in (("crossroads", place), ("larder", ELSEWHERE)):
                standing = Standing(where, UUID(records.organisations[organisation]))
                headers = mint.headers(asker, standing, operation.service)
                for words in samples.LIST_QUERIES.get(operation.name, ({},)):
                    query = {name: records.ids.get(word, word) for name, word in words.items()}
                    answer = await doors[operation.service].get(operation.path, params=query, headers=headers)
                    read += answer.is_success
                    found = [key for key, value in secret.items() if value in answer.text]
                    if found and asker.name not in whose.PLACE_WIDE:
                        shown.append(f"{operation.name} {query} shows {asker} of {organisation} in {where}: {found}")
    assert read > 50, "too few lists were read to mean anything"
    assert not shown, "\n".join(shown)


_SECRET = frozenset(
    {
        *("agreement", "case", "consent", "decision", "disclosure", "family", "notice", "objection", "override"),
        *("person", "referral", "request", "restriction", "voucher"),
    }
)
"""Kinds of record that a stranger may not know of."""


def _write(rows: Iterable[Row]) -> None:
    _TABLE.parent.mkdir(exist_ok=True)
    with _TABLE.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(_HEAD)
        for row in rows:
            each = row.operation
            policy = (each.access, each.permission or "", each.relation)
            told = (_words(row.own), _words(row.stranger), row.elsewhere or "", row.missing or "")
            table.writerow((each.service, each.name, *policy, row.asker, "yes" if _open(row.own) else "no", *told))


_HEAD = (
    *("service", "operation", "access", "permission", "relation", "asker", "permitted"),
    *("own", "stranger", "another place", "missing"),
)


def _open(statuses: list[int]) -> bool:
    return any(status not in _NOT_OPEN for status in statuses)


def _words(statuses: list[int]) -> str:
    return " ".join(map(str, dict.fromkeys(statuses)))
