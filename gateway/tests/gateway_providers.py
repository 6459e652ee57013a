"""Two OpenID providers that others wrote, one shaped like Entra and one like Keycloak, and a browser for them."""

import asyncio
import contextlib
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
from gateway_calls import call, token
from gateway_hub import ISSUER, PASSWORD, WORKER_EMAIL, Hub, form_action, form_token, passkey_options
from gateway_node import installed, node

SECRET = "of-this-test-run-alone-4711"
PEOPLE: dict[str, dict[str, Any]] = {
    "entra": {
        "ada": {"name": "Ada", "email": "ada@council.example.org", "roles": ["Hub.Worker"], "amr": ["pwd", "mfa"]},
        "bea": {"name": "Bea", "email": "bea@council.example.org", "roles": ["Somewhere.Else"], "amr": ["mfa"]},
        "cyd": {"name": "Cyd", "email": WORKER_EMAIL, "roles": ["Hub.Worker"], "amr": ["mfa"]},
        "dot": {"name": "Dot", "roles": ["Hub.Worker", "Hub.Lead"], "amr": ["mfa"]},
        "eve": {"name": "Eve <b>", "email": "eve@council.example.org", "roles": ["Hub.Worker"], "amr": ["mfa"]},
        "fay": {"name": "Fay", "roles": ["Hub.Worker"], "amr": ["mfa"]},
    },
    "keycloak": {
        "ada": {"preferred_username": "another.ada", "realm_access": {"roles": ["hub-worker"]}},
        "kit": {"preferred_username": "kit", "realm_access": {"roles": ["offline_access", "hub-worker"]}},
    },
}
"""Each directory's people by their subjects; both know an `ada`, who are two people."""


@dataclass
class Outer:
    """A gateway with providers, and what they are called there."""

    hub: Hub
    ids: dict[str, UUID] = field(default_factory=dict)
    issuers: dict[str, str] = field(default_factory=dict)

    async def propose(self, **body: Any) -> httpx.Response:
        """Propose a provider as one administrator of the place."""
        return await call(self.hub, "POST", "/proposals", token(self.hub, "place_admin"), {"kind": "provider", **body})

    async def set_up(self, called: str, **body: Any) -> UUID:
        """Have a provider proposed, and approved by another administrator."""
        made = await self.propose(**body)
        assert made.status_code == 201, made.text
        found = made.json()
        path, match = f"/proposals/{found['id']}/approve", f'"{found["version"]}"'
        done = await call(self.hub, "POST", path, token(self.hub, "place_admin"), If_Match=match)
        assert done.status_code == 200, done.text
        self.ids[called] = UUID(found["subject_id"])
        return self.ids[called]

    def browser(self) -> "Outward":
        """Somebody's own browser."""
        return Outward(self)


@dataclass
class Outward:
    """A browser that goes to the Hub and to providers, and stops at every step."""

    outer: Outer
    client: httpx.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        transport = httpx.ASGITransport(app=self.outer.hub.door, raise_app_exceptions=False)
        # Nothing here is over TLS, and reading the machine's authorities takes longer than a whole sign-in.
        plain = httpx.AsyncHTTPTransport(verify=False, limits=httpx.Limits(keepalive_expiry=3))
        mounts = dict.fromkeys(self.outer.issuers.values(), plain)
        # The same for the client itself, which would build what it never uses.
        self.client = httpx.AsyncClient(
            transport=transport,
            base_url=ISSUER,
            mounts=mounts,
            verify=False,  # noqa: S501 - nothing is over TLS
        )

    async def go_out(self, name: str) -> httpx.Response:
        """Choose a provider on the sign-in page."""
        query = self.outer.hub.query()
        return await self.client.get(f"/oauth/authorize/provider/{self.outer.ids[name]}", params=query)

    async def answer(self, name: str, person: str) -> str:
        """Sign in at the provider; answers where it sends the browser back to, not gone there yet."""
        return await self.answer_to((await self.go_out(name)).headers["location"], person)

    async def answer_to(self, there: str, person: str) -> str:
        """Sign in where the Hub has sent the browser."""
        while not there.startswith(f"{ISSUER}/oauth/providers/"):
            answered = await self.client.get(there, headers={"x-person": person})
            assert answered.status_code in {302, 303}, answered.text
            there = str(answered.next_request.url) if answered.next_request else ""
        return there

    async def own_account(self) -> httpx.Response:
        """Sign in to one's own account's page here, as the worker, with password and passkey."""
        hub = self.outer.hub
        page = await self.client.get("/oauth/account")
        form = {"email": WORKER_EMAIL, "password": PASSWORD, "form_token": form_token(page.text)}
        await self.client.post(form_action(page.text), data=form)
        page = await self.client.get("/oauth/account")
        posted = hub.passkey.answer(passkey_options(page.text), ISSUER)
        form = {"credential": posted, "form_token": form_token(page.text)}
        await self.client.post(form_action(page.text, "/passkey"), data=form)
        return await self.client.get("/oauth/account")

    async def ask_to_join(self, name: str, person: str) -> httpx.Response:
        """Go out from the account's page and come back; answers the page that asks whether to join."""
        out = await self.client.get(f"/oauth/account/providers/{self.outer.ids[name]}/join")
        assert out.status_code == 303, out.text
        for cookie in list(self.client.cookies.jar):
            # Who is signed in there would be asked to sign out first, by a page with a script.
            if cookie.name.startswith("_"):
                self.client.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)
        return await self.client.get(await self.answer_to(out.headers["location"], person))

    async def say_yes(self, asked: httpx.Response) -> httpx.Response:
        """Answer that page."""
        form = dict(re.findall(r'name="(form_token|proved)" value="([^"]*)"', asked.text))
        return await self.client.post("/oauth/account/providers/join", data=form)

    async def come_back(self, name: str, person: str) -> httpx.Response:
        """The whole way, to what the Hub says to the provider's answer."""
        return await self.client.get(await self.answer(name, person))

    async def onward(self, answer: httpx.Response) -> httpx.Response:
        """Where the Hub sends the browser next."""
        return await self.client.get(answer.headers["location"])

    async def tokens(self, answer: httpx.Response) -> dict[str, Any]:
        """The tokens that the program gets in the end."""
        back = await self.onward(answer)
        assert back.status_code == 303, back.text
        code = parse_qs(urlsplit(back.headers["location"]).query)["code"][0]
        redeemed: dict[str, Any] = (await self.outer.hub.redeem(code)).json()
        return redeemed

    async def __aenter__(self) -> "Outward":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def providers_for(hub: Hub) -> AsyncIterator[Outer]:
    """Set both up at the gateway, then start them; and one more that does not answer."""
    outer = Outer(hub)
    ports = {name: _free_port() for name in ("entra", "keycloak", "away")}
    outer.issuers = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    common = {"organisation_id": str(hub.school), "organisation_name": "School"}
    by_secret = {"authentication": "client_secret_basic", "client_secret": SECRET}
    worker = {"value": "Hub.Worker", "claim": "/roles", "roles": ["support_worker"]}
    lead = {"value": "Hub.Lead", "claim": "/roles", "roles": ["practice_lead"]}
    await outer.set_up(
        "entra",
        **{**common, **by_secret, "name": "The council", "issuer": outer.issuers["entra"], "client_id": "hub"},
        role_rules=[worker, lead],
        factor_rules=[{"claim": "amr", "value": "mfa"}],
        new_accounts=True,
    )
    await outer.set_up(
        "keycloak",
        **{**common, "name": "The trust", "issuer": outer.issuers["keycloak"], "client_id": "hub"},
        authentication="private_key_jwt",
        role_rules=[{"claim": "/realm_access/roles", "value": "hub-worker", "roles": ["support_worker"]}],
        new_accounts=True,
    )
    await outer.set_up(
        "away",
        **{**common, **by_secret, "name": "The charity", "issuer": outer.issuers["away"], "client_id": "hub"},
        role_rules=[worker],
    )
    started = [
        {"port": ports["entra"], "people": PEOPLE["entra"], "clients": [_client(outer, "entra", client_secret=SECRET)]},
        {
            "port": ports["keycloak"],
            "people": PEOPLE["keycloak"],
            "clients": [
                _client(
                    outer,
                    "keycloak",
                    token_endpoint_auth_method="private_key_jwt",
                    token_endpoint_auth_signing_alg="ES256",
                    jwks=hub.parts.keys.jwks(),
                )
            ],
        },
    ]
    async with _running({"providers": started}):
        yield outer


def _client(outer: Outer, name: str, **more: Any) -> dict[str, Any]:
    return {
        "client_id": "hub",
        "redirect_uris": [f"{ISSUER}/oauth/providers/{outer.ids[name]}/callback"],
        "post_logout_redirect_uris": [f"{ISSUER}/oauth/signed-out"],
        **more,
    }


@asynccontextmanager
async def _running(given: dict[str, Any]) -> AsyncIterator[None]:
    folder = await installed()
    process = await asyncio.create_subprocess_exec(
        node(),
        str(folder / "openid_providers.mjs"),
        cwd=folder,
        env={},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    process.stdin.write(json.dumps(given).encode() + b"\n")
    reading = asyncio.create_task(process.stderr.read())
    try:
        async for line in process.stdout:
            if line.startswith(b'{"ready"'):
                break
        else:
            raise AssertionError((await reading).decode())
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await reading
