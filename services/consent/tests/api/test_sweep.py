"""Every operation: closed to strangers, and answering nonsense with a problem document, never a fault."""

import itertools
from collections.abc import Iterator
from typing import Any

from consent_room import SCHOOL, Room

from connective.contracts.permissions import ROLE_PERMISSIONS, Role
from connective.kit.ids import new_id
from connective.kit.testing import key_header

NONSENSE: tuple[Any, ...] = (None, {}, [], "x", {"unknown": 1}, {"questions": []}, {"terms": {}, "reference": "\u202e"})
HEALTH = {"/livez", "/readyz", "/metrics", "/openapi.json"}


def operations(room: Room) -> Iterator[tuple[str, str, dict[str, Any]]]:
    document = room.running.app().openapi()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def addressed(path: str, values: Iterator[str]) -> str:
    while "{" in path:
        start, rest = path.split("{", 1)
        path = start + next(values) + rest.split("}", 1)[1]
    return path


async def test_every_operation_is_closed_to_strangers(room: Room) -> None:
    seen = 0
    for method, path, operation in operations(room):
        address = addressed(path, itertools.repeat(str(new_id())))
        response = await room.client.request(method, address, json={})
        if operation["x-policy"]["access"] == "public":
            continue
        expected = 404 if operation["x-policy"]["access"] == "internal" else 401
        assert response.status_code == expected, (method, path)
        assert response.headers["content-type"] == "application/problem+json"
        seen += 1
    assert seen > 35


async def test_every_operation_is_closed_to_roles_without_its_permission(room: Room) -> None:
    people = {role: room.person(SCHOOL, role.value) for role in Role}
    for method, path, operation in operations(room):
        policy = operation["x-policy"]
        if policy["access"] in {"internal", "public"}:
            continue
        address = addressed(path, itertools.repeat("1"))
        for role in Role:
            held = {str(p) for p in ROLE_PERMISSIONS[role]}
            if policy["permission"] not in held:
                response = await room.client.request(method, address, json={}, headers=people[role])
                assert response.status_code == 403, (method, path, role)


async def test_nonsense_is_refused_and_never_a_fault(room: Room) -> None:
    everybody = room.person(SCHOOL, *(role.value for role in Role))
    headers = room.on_behalf(everybody) | {"If-Match": '"1"'}
    addresses = ("not-an-id", str(new_id()), "1", "0", "%C3%A9", "9" * 30)
    for method, path, _ in operations(room):
        bodies = NONSENSE if method != "get" else (None,)
        values = addresses if "{" in path else addresses[:1]
        # Every address with one body, every body with the addresses that could be right: path and body are read apart.
        wrong_addresses = [(bodies[0], value) for value in values]
        wrong_bodies = itertools.product(bodies[1:], values[1:3] or values)
        for body, value in (*wrong_addresses, *wrong_bodies):
            address = addressed(path, itertools.repeat(value))
            response = await room.client.request(method, address, json=body, headers=headers | key_header())
            assert response.status_code < 500, (method, address, body, response.text)
    for query in (
        "?limit=0",
        "?limit=x",
        "?cursor=AAAA",
        "?seq=-1",
        "?from=yesterday",
        "?person_id=1",
        "?state=odd",
        "?%00=1",
    ):
        for path in ("/agreements", "/consents", "/disclosures", "/ledger/entries", "/ledger/proofs/consistency"):
            response = await room.client.get(path + query, headers=headers)
            assert 400 <= response.status_code < 500, (path, query)
