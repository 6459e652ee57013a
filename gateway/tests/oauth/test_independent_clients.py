"""Two OAuth clients that others wrote run every flow over TLS, each with all its checks on and no exception made."""

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import gateway_node
import pytest
from gateway_calls import approve, call, token
from gateway_hub import CALLBACK, PAGES, SECRET, Hub, form_token, passkey_options
from gateway_support import Service
from gateway_systems import key, publishing, registered
from gateway_tls import certify, served_over_tls
from joserfc.jwk import ECKey, OKPKey, RSAKey

from connective.gateway.commands.post_letters import posting_letters
from connective.kit.mail import KeptPost
from connective.kit.software_passkey import SoftwarePasskey

EMAIL, GOOD = "new.person@charity.example.org", "heron lantern willow"
KEYS = {
    "ES256": lambda: ECKey.generate_key("P-256", {"kid": "es"}, private=True),
    "PS256": lambda: RSAKey.generate_key(2048, {"kid": "ps"}, private=True),
    "Ed25519": lambda: OKPKey.generate_key("Ed25519", {"kid": "ed"}, private=True),
}


async def walk(hub: Hub, url: str) -> str:
    """Go from the authorization endpoint to the program's own address as a browser does, filling the forms in."""
    hub.browser.cookies.clear()
    asked = dict.fromkeys(hub.query()) | dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    answer = await hub.browser.get("/oauth/authorize", params=hub.query(**asked))
    if answer.status_code == 200:
        await hub.sign_in(EMAIL, GOOD, **asked)
        answer = await hub.browser.get("/oauth/authorize", params=hub.query(**asked))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def invited(hub: Hub) -> UUID:
    """Somebody two administrators let in, who has opened the letter and set up a password and a passkey."""
    issuer, post = hub.running.settings.issuer, KeptPost()
    said = {"email": EMAIL, "name": "New Person", "organisation_id": str(hub.charity), "roles": ["partner_worker"]}
    admin = token(hub, "partner_admin", organisation_id=hub.charity)
    await approve(hub, await call(hub, "POST", "/invitations", admin, said))
    await posting_letters(hub.running.database, post, issuer)(datetime.now(UTC) + timedelta(seconds=1))
    secret = post.sent[0].text.partition("#")[2].split()[0]

    async def form(page: Any, step: str, **fields: str) -> Any:
        return await hub.browser.post(f"/oauth/{step}", data={"form_token": form_token(page.text)} | fields)

    opened = await form(await hub.browser.get("/oauth/invitation"), "invitation/open", key=secret)
    page = await hub.browser.get(opened.headers["location"])
    await form(page, "invitation/accept", name="New Person", password=GOOD)
    page, hub.passkey = await hub.browser.get("/oauth/account"), SoftwarePasskey()
    made = hub.passkey.register(passkey_options(page.text), issuer)
    assert "recovery codes" in (await form(page, "account/enrol/passkey", credential=made, name="Key")).text
    found = await hub.rows("SELECT id FROM account WHERE email = $1", EMAIL)
    account_id: UUID = found[0]["id"]
    return account_id


async def register(hub: Hub, algorithm: str) -> dict[str, Any]:
    """Give the partner one more key."""
    key = KEYS[algorithm]()
    await hub.add_key(key.as_dict(private=False))
    return {"algorithm": algorithm, "jwk": key.as_dict(private=True)}


async def rotated(hub: Hub) -> str:
    """A new secret of the partner's, which two administrators agreed on; the old one counts for a while."""
    body = {"kind": "client_credential", "client_id": str(hub.secret_client), "authentication": "client_secret_basic"}
    made = await call(hub, "POST", "/proposals", token(hub, "place_admin"), body)
    await approve(hub, made)
    return str(made.json()["client_secret"])


@pytest.mark.parametrize(("program", "least"), [("openid_client.mjs", 48), ("oauth4webapi.mjs", 29)])
async def test_an_independent_client_runs_every_flow(make_hub: Any, tmp_path: Path, program: str, least: int) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    issuer = f"https://localhost:{listening.getsockname()[1]}"
    certified = certify(tmp_path, "localhost")
    own = key("own")
    async with (
        Service(publishing(own)).serve() as partner,
        make_hub(issuer=issuer, key_sets_anywhere=True) as hub,
        served_over_tls(hub.door, listening, certified),
    ):
        given = {
            "issuer": issuer,
            "audience": f"{issuer}/api/v1",
            "resource": f"{issuer}/api/v1/me",
            "pages": PAGES,
            "callback": CALLBACK,
            "worker": str(await invited(hub)),
            "key_client": str(hub.key_client),
            "keys": [await register(hub, algorithm) for algorithm in KEYS],
            "secret_client": str(hub.secret_client),
            "secret": SECRET,
            "next_secret": await rotated(hub),
            "published": {
                "algorithm": "ES256",
                "client": await registered(hub, f"{partner.url}/keys"),
                "jwk": own.as_dict(private=True),
            },
            "scope": "requests:list",
        }
        steps = await gateway_node.run(program, certified.certificate, given, lambda url: walk(hub, url))
    failed = [f"{each['step']}: {each['why']}" for each in steps if not each["passed"]]
    assert not failed, failed
    assert steps[-1]["step"] == "whole"
    assert len(steps) >= least
