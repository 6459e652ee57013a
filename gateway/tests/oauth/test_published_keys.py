"""A partner publishes its keys at an address of its own, changes them there, and is asked with care."""

import json
from typing import Any

from gateway_calls import approve, call, token
from gateway_hub import Hub
from gateway_support import Seen, Service, read_body
from joserfc.jwk import ECKey


def key(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid}, private=True)


def publishing(*keys: ECKey) -> Any:
    async def answer(service: Service, seen: Seen, reader: Any, writer: Any) -> None:
        await read_body(seen, reader)
        body = json.dumps({"keys": [each.as_dict(private=False) for each in keys]}).encode()
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
        writer.write(head % len(body) + body)

    return answer


async def test_a_system_proves_itself_by_keys_it_publishes_and_changes(make_hub: Any) -> None:
    one, two = key("one"), key("two")
    async with Service(publishing(one)).serve() as partner, make_hub(key_sets_anywhere=True) as hub:
        system = await registered(hub, f"{partner.url}/keys")

        def ask(by: ECKey, kid: str) -> Any:
            return hub.by_assertion(hub.assertion(by, {"kid": kid}, iss=system, sub=system))

        for _ in range(3):
            answer = await ask(one, "one")
            assert answer.status_code == 200, answer.text
        assert len(partner.seen) == 1, "asked once, then known"
        assert (await ask(two, "two")).status_code == 401
        assert (await ask(two, "one")).status_code == 401
        assert len(partner.seen) == 1, "an unknown key does not have us ask again at once"
        partner.behave = publishing(two)
        hub.parts.authority._key_sets._kept.clear()
        assert (await ask(two, "two")).status_code == 200
        assert (await ask(one, "one")).status_code == 401, "taken out by its owner"
        shown = (await call(hub, "GET", f"/clients/{system}", token(hub, "partner_admin"))).json()
        assert shown["credentials"][0]["jwks_uri"] == f"{partner.url}/keys"
        assert shown["credentials"][0]["last_used_at"] is not None
        assert "hub_" not in partner.seen[0].head.decode()


async def test_an_address_inside_is_never_asked(shared_hub: Hub) -> None:
    admin = token(shared_hub, "partner_admin")
    for url in ("https://169.254.169.254/keys", "https://localhost/keys", "https://[::1]/keys", "file:///etc/passwd"):
        body = new_system(shared_hub, url)
        answer = await call(shared_hub, "POST", "/clients", admin, body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/jwks_uri")


async def test_a_partner_that_does_not_answer_is_no_fault_of_ours(make_hub: Any) -> None:
    async with make_hub(key_sets_anywhere=True) as hub:
        system = await registered(hub, "http://127.0.0.1:1/keys")
        answer = await hub.by_assertion(hub.assertion(key("one"), {"kid": "one"}, iss=system, sub=system))
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def new_system(hub: Hub, url: str) -> dict[str, Any]:
    return {
        "name": "Our system",
        "organisation_id": str(hub.school),
        "authentication": "private_key_jwt",
        "scopes": ["requests:read"],
        "jwks_uri": url,
    }


async def registered(hub: Hub, url: str) -> str:
    answer = await call(hub, "POST", "/clients", token(hub, "partner_admin"), new_system(hub, url))
    await approve(hub, answer)
    return str(answer.json()["id"])
