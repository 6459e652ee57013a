"""Two OAuth clients that others wrote run every flow over TLS, each with all its checks on and no exception made."""

import socket
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import gateway_node
import pytest
from gateway_hub import CALLBACK, PAGES, SECRET, Hub
from gateway_tls import certify, served_over_tls
from joserfc.jwk import ECKey, OKPKey, RSAKey

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
        await hub.sign_in(**asked)
        answer = await hub.browser.get("/oauth/authorize", params=hub.query(**asked))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def register(hub: Hub, algorithm: str) -> dict[str, Any]:
    """Give the partner one more key."""
    key = KEYS[algorithm]()
    await hub.add_key(key.as_dict(private=False))
    return {"algorithm": algorithm, "jwk": key.as_dict(private=True)}


@pytest.mark.parametrize(("program", "least"), [("openid_client.mjs", 45), ("oauth4webapi.mjs", 27)])
async def test_an_independent_client_runs_every_flow(make_hub: Any, tmp_path: Path, program: str, least: int) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    issuer = f"https://localhost:{listening.getsockname()[1]}"
    certified = certify(tmp_path, "localhost")
    async with make_hub(issuer=issuer) as hub, served_over_tls(hub.door, listening, certified):
        given = {
            "issuer": issuer,
            "audience": f"{issuer}/api/v1",
            "resource": f"{issuer}/api/v1/me",
            "pages": PAGES,
            "callback": CALLBACK,
            "worker": str(hub.worker),
            "key_client": str(hub.key_client),
            "keys": [await register(hub, algorithm) for algorithm in KEYS],
            "secret_client": str(hub.secret_client),
            "secret": SECRET,
            "scope": "requests:list",
        }
        steps = await gateway_node.run(program, certified.certificate, given, lambda url: walk(hub, url))
    failed = [f"{each['step']}: {each['why']}" for each in steps if not each["passed"]]
    assert not failed, failed
    assert steps[-1]["step"] == "whole"
    assert len(steps) >= least
