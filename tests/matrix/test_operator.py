"""Whoever runs the platform can run it and sees no family: they sign in and try every operation there is outside."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

import httpx
import matrix_samples as samples
from matrix_askers import Asker, Mint, Standing
from matrix_members import Members
from matrix_operations import Operation
from matrix_order import LAST, in_order
from matrix_records import canary_words
from matrix_samples import Records

from connective.contracts.permissions import Role
from connective.kit.policy import Access
from connective.local.services import GATEWAY

OPERATOR = Asker("role", str(Role.PLACE_ADMIN))
_AT_ONCE = 8
_REACHED = frozenset({404, 409, 412, 422, 428})
"""What an operation answers whose door was open, but whose sample did not fit."""
_REVOKED = "This access token was revoked"
_FOUR_EYES = "/problems/not-yours-to-verify"
"""Evidence of an organisation is not verified by somebody who acts for that organisation, as the operator does here."""


class Trial:
    """The operator at one operation after the other, and what came back."""

    def __init__(self, door: httpx.AsyncClient, mint: Mint, members: Members, records: Records) -> None:
        self._door, self._mint, self._members, self._records = door, mint, members, records
        self._standing = Standing(UUID(records.ids["place"]), UUID(records.organisations["larder"]))
        self._secret = [
            *(word.lower() for word in canary_words()),
            *records.person_ids,
            *(records.ids[kind] for kind in ("family", "person", "case", "need", "referral")),
        ]
        self.opened: list[str] = []
        self.wrong: list[str] = []

    async def ask(self, operation: Operation) -> None:
        """Ask it as the matrix does, with an id of a real record in every place that takes one."""
        answer = await self._answer(operation)
        if _REVOKED in answer.text:
            # An earlier test changed their roles: the next token says the new ones.
            self._members.forget()
            answer = await self._answer(operation)
        words = f"{operation.name}: {answer.status_code} {answer.text[:200]}"
        if operation.permission in {None, *OPERATOR.permissions}:
            if answer.is_success or answer.status_code in _REACHED or _FOUR_EYES in answer.text:
                self.opened.append(operation.name)
            else:
                self.wrong.append(words)
        elif answer.status_code not in {401, 403}:
            self.wrong.append(words)
        told = (answer.text + str(answer.headers)).lower()
        self.wrong += [f"{operation.name} tells {each!r}" for each in self._secret if each in told]

    async def _answer(self, operation: Operation) -> httpx.Response:
        inside = replace(operation, path=operation.path.removeprefix("/api/v1"))
        more = samples.besides(inside, self._records, self._mint, self._standing)
        return await self._door.request(
            operation.method,
            operation.path.format(**samples.values(inside, self._records)),
            json=samples.body(inside, self._records),
            params=more.query,
            headers={
                **samples.headers(inside),
                **more.headers,
                **await self._members.headers(OPERATOR, self._standing),
            },
        )


def _one_after_the_other(operations: Iterable[Operation]) -> list[Operation]:
    """What the operator may change, but for what ends a record that other tests still need."""
    return [each for each in operations if each.path.rsplit("/", 1)[-1] not in LAST]


async def test_the_operator_tries_everything_and_sees_no_family(
    outside: list[Operation], doors: dict[str, httpx.AsyncClient], mint: Mint, members: Members, records: Records
) -> None:
    closed = in_order([each for each in outside if each.access != Access.PUBLIC])
    theirs = [each for each in closed if each.permission in {None, *OPERATOR.permissions}]
    assert len(closed) > 300, "the sweep has found too few operations to mean anything"
    assert len(theirs) > 40, "the operator can do too little for this to prove anything"
    members.forget()
    trial = Trial(doors[GATEWAY], mint, members, records)
    for each in _one_after_the_other(theirs):
        await trial.ask(each)
    some = asyncio.Semaphore(_AT_ONCE)

    async def refused(operation: Operation) -> None:
        async with some:
            await trial.ask(operation)

    await asyncio.gather(*(refused(each) for each in closed if each not in theirs))
    assert not trial.wrong, "\n".join(trial.wrong)
    assert len(trial.opened) > 40
