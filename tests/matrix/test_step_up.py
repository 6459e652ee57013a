"""What asks for a fresh second factor refuses every person without one, whatever their role, before it reads more."""

import asyncio
import re
from typing import Any
from uuid import uuid4

import httpx
from matrix_askers import Asker, Mint, Standing
from matrix_operations import Operation

from connective.contracts.permissions import ROLE_PERMISSIONS, SCOPE_PERMISSIONS

EXPORTS_SIGNATURES_AND_KEYS = {
    "GET /audit/access-copies/{access_copy_id}/file",
    "GET /audit/access-copies/{access_copy_id}/items/{item_key}/file",
    "GET /audit/agreements/{agreement_id}/evidence",
    "GET /ledger/export",
    "POST /agreements/{agreement_id}/versions/{number}/sign",
    "POST /legal-entities/{entity_id}/processing-agreement",
    "POST /memoranda/{memorandum_id}/sign",
    "POST /overrides",
    "POST /webhooks",
    "POST /webhooks/{webhook_id}/rotate-secret",
}
CHALLENGE = 'Bearer error="insufficient_user_authentication", max_age="300"'


def holders(table: Any, operation: Operation, kind: str) -> list[Asker]:
    return [Asker(kind, str(name)) for name, held in table.items() if operation.permission in {str(p) for p in held}]


async def test_break_glass_exports_signatures_and_keys_ask_for_a_fresh_second_factor(
    operations: list[Operation], doors: dict[str, httpx.AsyncClient], mint: Mint
) -> None:
    stepping_up = [each for each in operations if each.step_up]
    assert {each.name for each in stepping_up} == EXPORTS_SIGNATURES_AND_KEYS
    place, organisation = uuid4(), uuid4()

    async def ask(operation: Operation, asker: Asker, factor_age: int | None) -> httpx.Response:
        standing = Standing(place, organisation, factor_age=factor_age)
        headers = mint.headers(asker, standing, operation.service)
        path = re.sub(r"\{number\}", "1", operation.path)
        path = re.sub(r"\{[^}]+\}", str(uuid4()), path)
        return await doors[operation.service].request(operation.method, path, headers=headers)

    async def check(operation: Operation) -> None:
        for asker in holders(ROLE_PERMISSIONS, operation, "role"):
            for age in (301, None):
                refused = await ask(operation, asker, age)
                assert refused.status_code == 401, (operation.name, asker)
                assert refused.headers["www-authenticate"] == CHALLENGE
                problem = refused.json()
                assert (problem["type"], problem["max_age"]) == ("/problems/fresh-second-factor-needed", 300)
            assert (await ask(operation, asker, 240)).status_code != 401, (operation.name, asker)
        for asker in holders(SCOPE_PERMISSIONS, operation, "scope"):
            assert (await ask(operation, asker, None)).status_code != 401, "a system proves itself for each token"
        nobody = await ask(operation, Asker("role", "partner_volunteer"), 301)
        assert nobody.status_code == 403, "who may not do it is told that first"

    await asyncio.gather(*map(check, stepping_up))


async def test_the_description_says_which_operations_ask_for_it(operations: list[Operation]) -> None:
    for each in operations:
        if each.step_up:
            assert "Confirm once more that it is you" in each.described["responses"]["401"]["description"]
