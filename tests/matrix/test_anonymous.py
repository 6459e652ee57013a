"""Nobody gets anything: each operation through the gateway, without a token, with a false one, with forged headers."""

import base64
import json
from typing import Any

import httpx
from matrix_askers import Asker, Mint, Standing
from matrix_operations import Operation

from connective.kit.ids import new_id
from connective.kit.outcomes import MEDIA_TYPE as FHIR_TYPE
from connective.kit.policy import Access
from connective.kit.problems import MEDIA_TYPE
from connective.local.services import GATEWAY

_CLOSED = 401


def _filled(path: str) -> str:
    return "/".join(str(new_id()) if part.startswith("{") else part for part in path.split("/"))


async def _ask(door: httpx.AsyncClient, operation: Operation, headers: dict[str, str]) -> httpx.Response:
    body = {} if operation.body_schema is not None else None
    return await door.request(operation.method, _filled(operation.path), json=body, headers=headers)


def _is_closed(answer: httpx.Response) -> bool:
    if answer.request.method == "HEAD":
        return answer.status_code == _CLOSED
    if answer.request.url.path.startswith("/fhir/"):
        told = answer.headers["content-type"] == FHIR_TYPE and answer.json()["issue"][0]["code"] == "login"
    else:
        told = answer.headers["content-type"] == MEDIA_TYPE and answer.json()["type"] == "/problems/not-signed-in"
    return (
        told
        and answer.status_code == _CLOSED
        and answer.headers["www-authenticate"].startswith("Bearer")
        and answer.headers["cache-control"] == "no-store"
    )


def _unsigned_token() -> str:
    def part(value: dict[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    claims: dict[str, object] = {"sub": str(new_id()), "roles": ["place_admin"], "exp": 9_999_999_999}
    return f"{part({'alg': 'none', 'typ': 'at+jwt'})}.{part(claims)}."


async def _opened(door: httpx.AsyncClient, outside: list[Operation], headers: dict[str, str]) -> list[str]:
    closed = [each for each in outside if each.access != Access.PUBLIC]
    assert len(closed) > 60, "the sweep has found too few operations to mean anything"
    answers = [(each, await _ask(door, each, headers)) for each in closed]
    return [
        f"{each.name}: {answer.status_code} {answer.text[:120]}" for each, answer in answers if not _is_closed(answer)
    ]


async def test_nobody_gets_past_the_door(doors: dict[str, httpx.AsyncClient], outside: list[Operation]) -> None:
    assert await _opened(doors[GATEWAY], outside, {}) == []


async def test_a_token_without_a_signature_opens_nothing(
    doors: dict[str, httpx.AsyncClient], outside: list[Operation]
) -> None:
    assert await _opened(doors[GATEWAY], outside, {"Authorization": f"Bearer {_unsigned_token()}"}) == []


async def test_identity_headers_from_outside_are_not_believed(
    doors: dict[str, httpx.AsyncClient], outside: list[Operation], mint: Mint
) -> None:
    """Even a true identity is not taken from a client: only the gateway may say who asks."""
    standing = Standing(new_id(), new_id())
    for asker in (Asker("role", "support_worker"), Asker("role", "place_admin"), Asker("service", "referrals")):
        forged = mint.headers(asker, standing, "families")
        assert await _opened(doors[GATEWAY], outside, forged) == [], str(asker)


async def test_identity_headers_do_not_add_to_a_token(
    doors: dict[str, httpx.AsyncClient], loaded_hub: Any, mint: Mint
) -> None:
    """A signed-in worker stays who she is, whatever identity she sends along."""
    worker = await loaded_hub.world.person("worker")
    forged = mint.headers(Asker("role", "place_admin"), Standing(new_id(), new_id()), "families")
    headers = {"Authorization": f"Bearer {worker.token}", **forged}
    me = await doors[GATEWAY].get("/api/v1/me", headers=headers)
    assert me.status_code == 200
    assert me.json()["roles"] == ["support_worker"]
    refused = await doors[GATEWAY].get("/api/v1/accounts", headers=headers)
    assert refused.status_code == 403


async def test_internal_routes_do_not_exist_outside(
    doors: dict[str, httpx.AsyncClient], operations: list[Operation], loaded_hub: Any, mint: Mint
) -> None:
    worker = await loaded_hub.world.person("worker")
    internal = [each for each in operations if each.access == Access.INTERNAL]
    assert internal
    signed_in = {"Authorization": f"Bearer {worker.token}"}
    caller = mint.headers(Asker("service", "referrals"), Standing(new_id(), new_id()), "families")
    for each in internal:
        for prefix in ("", "/api/v1", "/api/v1/families", "/api/v1/families/.."):
            for headers in ({}, signed_in, {**signed_in, **caller}):
                answer = await doors[GATEWAY].request(each.method, prefix + each.path, json={}, headers=headers)
                assert answer.status_code in {400, 404, 405} or (not headers and answer.status_code == _CLOSED), (
                    prefix + each.path,
                    answer.status_code,
                )


async def test_services_do_not_believe_bare_headers(
    doors: dict[str, httpx.AsyncClient], operations: list[Operation]
) -> None:
    """At a service's own port, names without signatures are nothing, and a broken signature is refused."""
    bare = {"Hub-Actor": "service:referrals", "X-Forwarded-User": "admin", "X-User-Id": str(new_id())}
    for each in operations:
        if each.access == Access.PUBLIC:
            continue
        nobody = 404 if each.access == Access.INTERNAL else _CLOSED
        assert (await _ask(doors[each.service], each, bare)).status_code == nobody, each.name
        forged = await _ask(doors[each.service], each, {"Hub-Identity": _unsigned_token()})
        assert forged.status_code == _CLOSED, each.name
