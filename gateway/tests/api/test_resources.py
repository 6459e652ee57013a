"""Accounts, clients, places and oneself: who may, what they get, and what they never get."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from gateway_calls import approve, call, token
from gateway_hub import Hub
from joserfc.jwk import ECKey

from connective.kit.ids import new_id


async def test_a_disabled_account_is_refused_at_once(hub: Hub) -> None:
    tokens = await hub.person_tokens()
    admin = token(hub, "place_admin")
    path = f"/accounts/{hub.worker}"
    assert (await call(hub, "POST", f"{path}/disable", admin)).status_code == 428
    assert (await call(hub, "POST", f"{path}/disable", admin, If_Match='"9"')).status_code == 412
    answer = await call(hub, "POST", f"{path}/disable", admin, If_Match='"1"')
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    assert (await hub.me(tokens["access_token"])).status_code == 401
    hub.browser.cookies.clear()
    assert (await hub.sign_in()).status_code == 422


async def test_accounts_of_another_place_do_not_exist(hub: Hub) -> None:
    stranger = token(hub, "place_admin", place_id=uuid4())
    assert (await call(hub, "GET", f"/accounts/{hub.worker}", stranger)).status_code == 404
    assert (await call(hub, "GET", "/accounts", stranger)).json()["items"] == []


async def test_accounts_are_listed_in_pages(hub: Hub) -> None:
    admin = token(hub, "place_admin")
    first = await call(hub, "GET", "/accounts?limit=1", admin)
    assert [each["id"] for each in first.json()["items"]] == [str(hub.worker)]
    assert first.headers["link"].startswith("</api/v1/accounts?limit=1&cursor=")
    rest = await call(hub, "GET", f"/accounts?limit=1&cursor={first.json()['next_cursor']}", admin)
    assert [each["id"] for each in rest.json()["items"]] == [str(hub.two_hats)]
    assert rest.json()["next_cursor"] is None
    assert (await call(hub, "GET", "/accounts?naem=x", admin)).status_code == 422


async def test_none_signed_no_accounts(hub: Hub) -> None:
    admin, charity, entity = token(hub, "place_admin"), new_id(), new_id()

    async def opened(path: str = "/invitations", **changes: Any) -> httpx.Response:
        member = {"organisation_id": str(charity), "organisation_name": "Charity", "roles": ["partner_worker"]}
        person = {"email": f"{uuid4().hex}@charity.example.org", "name": "New", **(member | changes)}
        body = person if path == "/invitations" else system(hub, organisation_id=str(charity))
        return await call(hub, "POST", path, admin, body)

    refused = await opened()
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/processing-agreement-unsigned")
    assert refused.json()["organisation_ids"] == [str(charity)]
    await hub.organisation(charity, entity)
    assert (await opened()).status_code == 409
    assert (await opened("/clients")).status_code == 409
    assert (await opened(roles=["dpo", "partner_worker"])).status_code == 409
    assert (await opened(roles=["dpo", "signatory"])).status_code == 201, "who signs it comes before it"
    await hub.contract(entity, ends_on="2026-01-31")
    assert (await opened()).status_code == 409, "a contract that has ended is none"
    await hub.contract(entity, version=2)
    await hub.contract(entity, ends_on="2026-01-31")
    unaccepted = await opened()
    assert (unaccepted.status_code, unaccepted.json()["type"]) == (409, "/problems/prohibited-uses-not-accepted")
    assert unaccepted.json()["organisation_ids"] == [str(charity)]
    await hub.accepted(charity)
    assert (await opened()).status_code == 201, "an older fact that comes late changes nothing"
    assert (await opened("/clients")).status_code == 201


@pytest.mark.parametrize("role", ["support_worker", "dpo", "partner_volunteer"])
async def test_only_administrators_see_accounts(shared_hub: Hub, role: str) -> None:
    for method, path in (("GET", "/accounts"), ("GET", f"/accounts/{shared_hub.worker}")):
        answer = await call(shared_hub, method, path, token(shared_hub, role), {})
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-allowed")


def system(hub: Hub, **changes: Any) -> dict[str, Any]:
    return {
        "name": "Our system",
        "organisation_id": str(hub.school),
        "authentication": "client_secret_basic",
        "scopes": ["requests:read"],
    } | changes


async def test_a_partner_registers_a_system_by_secret(hub: Hub) -> None:
    admin = token(hub, "partner_admin")
    answer = await call(hub, "POST", "/clients", admin, system(hub))
    assert answer.status_code == 201, answer.text
    created = answer.json()
    assert created["client_secret"].startswith("hubs_")
    assert created["client_secret"].isascii()
    assert created["client_secret"].replace("_", "").isalnum()
    form, auth = {"grant_type": "client_credentials"}, (created["client_id"], created["client_secret"])
    early = await hub.browser.post("/oauth/token", data=form, auth=auth)
    assert (early.status_code, early.json()["error"]) == (400, "invalid_scope"), "nobody lets a system in alone"
    own = await call(hub, "POST", f"/proposals/{created['proposal_id']}/approve", admin, If_Match='"1"')
    assert (own.status_code, own.json()["type"]) == (409, "/problems/own-proposal")
    await approve(hub, answer)
    got = await hub.browser.post("/oauth/token", data=form, auth=auth)
    assert got.json()["scope"] == "requests:read"
    shown = (await call(hub, "GET", f"/clients/{created['id']}", admin)).json()
    assert "client_secret" not in shown
    assert shown["credentials"][0]["last_used_at"] is not None


async def test_a_partner_registers_a_system_by_key(hub: Hub) -> None:
    admin = token(hub, "partner_admin")
    public = hub.key.as_dict(private=False)
    answer = await call(hub, "POST", "/clients", admin, system(hub, authentication="private_key_jwt", keys=[public]))
    assert answer.status_code == 201, answer.text
    client_id = (await approve(hub, answer)).json()["client_id"]
    assert answer.json()["client_secret"] is None
    got = await hub.by_assertion(hub.assertion(iss=client_id, sub=client_id))
    assert got.status_code == 200, got.text


@pytest.mark.parametrize(
    "changes",
    [
        {"authentication": "private_key_jwt"},
        {
            "authentication": "private_key_jwt",
            "keys": [ECKey.generate_key("P-256", {"kid": "x"}).as_dict(private=True)],
        },
        {"authentication": "private_key_jwt", "keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "x"}]},
        {"authentication": "private_key_jwt", "keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "x"}]},
        {
            "authentication": "private_key_jwt",
            "keys": [ECKey.generate_key("P-384", {"kid": "x"}).as_dict(private=False)],
        },
        {"scopes": ["families:family:read"]},
        {"scopes": ["openid"]},
        {"authentication": "none"},
        {"more": 1},
    ],
)
async def test_an_unsafe_client_is_not_registered(shared_hub: Hub, changes: dict[str, Any]) -> None:
    answer = await call(
        shared_hub, "POST", "/clients", token(shared_hub, "partner_admin"), system(shared_hub, **changes)
    )
    assert answer.status_code == 422, answer.text


async def test_a_partner_sees_its_own_systems_alone(hub: Hub) -> None:
    partner, admin = token(hub, "partner_admin"), token(hub, "place_admin")
    assert (await call(hub, "GET", "/clients", partner)).json()["items"] == []
    assert len((await call(hub, "GET", "/clients", admin)).json()["items"]) == 2
    path = f"/clients/{hub.secret_client}"
    assert (await call(hub, "GET", path, partner)).status_code == 404
    assert (await call(hub, "POST", f"{path}/revoke", partner, If_Match='"1"')).status_code == 404
    foreign = system(hub, organisation_id=str(hub.charity))
    assert (await call(hub, "POST", "/clients", partner, foreign)).status_code == 404
    assert (await call(hub, "POST", "/clients", admin, foreign)).status_code == 201


async def test_a_revoked_system_gets_no_token_and_keeps_none(hub: Hub) -> None:
    old = (await hub.by_secret()).json()["access_token"]
    answer = await call(hub, "POST", f"/clients/{hub.secret_client}/revoke", token(hub, "place_admin"), If_Match='"1"')
    assert answer.status_code == 200, answer.text
    assert (await hub.by_secret()).status_code == 401
    assert (await hub.me(old)).status_code == 401
    told = [row["subject"] for row in await hub.rows("SELECT subject FROM outbox")]
    assert "hub.gateway.credential.revoked" in told


async def test_every_operation_is_closed_to_the_anonymous_unless_declared_open(shared_hub: Hub) -> None:
    app: Any = shared_hub.door._inner
    for path, item in app.openapi()["paths"].items():
        for method, described in item.items():
            if described["x-policy"]["access"] == "public":
                continue
            address = path.replace("{account_id}", str(UUID(int=1))).replace("{client_id}", str(UUID(int=1)))
            address = address.replace("{place_id}", str(UUID(int=1)))
            answer = await shared_hub.browser.request(method, f"/api/v1{address}")
            assert answer.status_code == 401, (method, path)
