"""A partner publishes its keys at an address of its own, changes them there, and is asked with care."""

from typing import Any

from gateway_calls import call, token
from gateway_hub import Hub
from gateway_support import Service
from gateway_systems import key, new_system, publishing, registered
from joserfc.jwk import ECKey


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
