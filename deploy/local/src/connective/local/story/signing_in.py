"""How the people and systems of the story get in: through the front door, as anybody would."""

import base64
import hashlib
import json
import re
import secrets
import time
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

from connective.kit.ids import new_id
from connective.kit.software_passkey import SoftwarePasskey
from connective.local.plain import NO_TLS
from connective.local.story.narrator import StoryDiffers

REDIRECT_URI = "http://localhost:8090/signed-in"
PAGES_CLIENT = "pages"
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_HOPS = 8


class _Form(HTMLParser):
    """The first form of a page: where it goes, and its fields."""

    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self.choices: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the form's address and its inputs."""
        have = dict(attrs)
        if tag == "form" and self.action is None:
            self.action = have.get("action") or ""
        elif tag == "input" and have.get("name"):
            name = str(have["name"])
            if have.get("type") == "radio":
                self.choices.setdefault(name, []).append(have.get("value") or "")
            else:
                self.fields[name] = have.get("value") or ""


@dataclass(slots=True)
class Asker:
    """Somebody who calls the API with an access token."""

    name: str
    client: httpx.AsyncClient
    token: str

    async def send(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:  # noqa: ANN401 - JSON
        """One call under /api/v1; a POST gets an Idempotency-Key of its own unless one is given."""
        sent = {"Authorization": f"Bearer {self.token}"}
        if method == "POST":
            sent["Idempotency-Key"] = str(new_id())
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.request(method, f"/api/v1{path}", json=body, headers=sent)

    async def get(self, path: str) -> httpx.Response:
        """Read."""
        return await self.send("GET", path)

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:  # noqa: ANN401 - JSON
        """Make or act."""
        return await self.send("POST", path, body, **headers)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a person signs in with: what they know, and what they hold."""

    email: str
    password: str
    passkey: SoftwarePasskey


async def sign_in(base: str, name: str, credentials: Credentials, organisation_id: str | None = None) -> Asker:
    """A person signs in: authorization code with PKCE, through the pages. Raises StoryDiffers when it fails."""
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    state = secrets.token_urlsafe(16)
    query = {
        "response_type": "code",
        "client_id": PAGES_CLIENT,
        "redirect_uri": REDIRECT_URI,
        "scope": "openid",
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    async with httpx.AsyncClient(base_url=base, timeout=60, verify=NO_TLS) as browser:
        start = f"/oauth/authorize?{urlencode(query)}"
        address = await pass_through(browser, start, credentials, organisation_id, REDIRECT_URI)
        back = parse_qs(urlsplit(address).query)
        if back.get("state") != [state] or "code" not in back or back.get("iss") != [base]:
            raise StoryDiffers(f"{name} could not sign in: {sorted(back)}")
        answer = await browser.post(
            "/oauth/token",
            data={
                "grant_type": "authorization_code",
                "code": back["code"][0],
                "redirect_uri": REDIRECT_URI,
                "client_id": PAGES_CLIENT,
                "code_verifier": verifier,
            },
        )
    return Asker(name, _client(base), _token(answer))


async def pass_through(
    browser: httpx.AsyncClient, address: str, credentials: Credentials, organisation_id: str | None, waiting: str
) -> str:
    """Go through the gateway's pages; the address of the program that waits at `waiting`, with its code.

    Raises StoryDiffers where they lead elsewhere.
    """
    answer = await browser.get(address)
    for _ in range(_HOPS):
        if answer.is_redirect:
            target = urljoin(str(answer.url), answer.headers["location"])
            if target.startswith(waiting):
                return target
            answer = await browser.get(target)
            continue
        form = _Form()
        form.feed(answer.text)
        if answer.status_code != 200 or form.action is None:
            break
        fields = form.fields | _given(form.fields, credentials, str(browser.base_url).rstrip("/"))
        for name, values in form.choices.items():
            fields[name] = next((v for v in values if organisation_id and organisation_id in v), values[0])
        answer = await browser.post(urljoin(str(answer.url), form.action), data=fields)
    words = re.sub(r"<[^>]+>|\s+", " ", answer.text)[:300]
    raise StoryDiffers(f"The sign-in page answered {answer.status_code}: {words}")


def _given(asked: dict[str, str], credentials: Credentials, origin: str) -> dict[str, str]:
    """What somebody fills a form in with: their name and password, or their passkey's answer to its challenge."""
    if "credential" in asked:
        options = json.loads(asked.pop("options"))
        return {"credential": credentials.passkey.answer(options, origin)}
    known = {"email": credentials.email, "password": credentials.password}
    return {name: value for name, value in known.items() if name in asked}


async def system_with_key(base: str, name: str, client_id: str, key: ECKey) -> Asker:
    """A partner's own system gets a token with a signed assertion (private_key_jwt, RFC 7523)."""
    now = int(time.time())
    claims = {"iss": client_id, "sub": client_id, "aud": base, "iat": now, "exp": now + 120, "jti": str(new_id())}
    assertion = jwt.encode({"alg": "ES256", "typ": "JWT", "kid": key.kid}, claims, key)
    client = _client(base)
    form = {"grant_type": "client_credentials", "client_assertion_type": _ASSERTION, "client_assertion": assertion}
    return Asker(name, client, _token(await client.post("/oauth/token", data=form)))


async def system_with_secret(base: str, name: str, client_id: str, secret: str) -> Asker:
    """A partner's own system gets a token with its secret (client_secret_basic)."""
    client = _client(base)
    form = {"grant_type": "client_credentials"}
    return Asker(name, client, _token(await client.post("/oauth/token", data=form, auth=(client_id, secret))))


def _client(base: str) -> httpx.AsyncClient:
    """A client that lets idle connections go before the gateway does, at whose five seconds it would race."""
    return httpx.AsyncClient(base_url=base, timeout=60, limits=httpx.Limits(keepalive_expiry=3), verify=NO_TLS)


def _token(answer: httpx.Response) -> str:
    if answer.status_code != 200:
        raise StoryDiffers(f"No token: {answer.status_code} {answer.text[:500]}")
    return str(answer.json()["access_token"])
