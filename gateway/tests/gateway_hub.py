"""A whole gateway on a real database: accounts, clients, and ways to sign in and ask for tokens."""

import base64
import hashlib
import html
import json
import re
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import asyncpg
import httpx
from argon2 import PasswordHasher
from joserfc import jwt
from joserfc.jwk import ECKey

from connective.gateway.api.door import Door
from connective.gateway.app import assemble, service
from connective.gateway.commands.seed import Seed, load_seed
from connective.gateway.settings import FACTOR_USE, GatewaySettings
from connective.gateway.storage.prohibited_uses import accept_text
from connective.kit.actor import service_actor
from connective.kit.ids import new_id
from connective.kit.sealing import Seal
from connective.kit.service import Running
from connective.kit.software_passkey import SoftwarePasskey
from connective.kit.testing import Identities

ISSUER = "http://127.0.0.1:8080"
CALLBACK = "http://127.0.0.1:8090/signed-in"
PAGES = "pages"
PASSWORD = "a long enough password"
WORKER_EMAIL = "worker@school.example.org"
TWO_HATS_EMAIL = "two.hats@school.example.org"
SECRET = "hubs_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
PLACES = """
places:
  - id: 0190a5c0-0000-7000-8000-000000000001
    code: test-place
    name: Test place
    safeguarding:
      front_door_name: Test front door
      front_door_number: 01632 960101
      out_of_hours_number: 01632 960102
      adults_number: 01632 960103
      designated_officer_name: Designated officer
      designated_officer_number: 01632 960104
      threshold_document_url: https://council.example.org/thresholds
"""
PLACE = UUID("0190a5c0-0000-7000-8000-000000000001")


class QuickHasher:
    """argon2id at its cheapest: its cost is not what these tests are about."""

    @staticmethod
    def make() -> PasswordHasher:
        return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class Hub:
    """A gateway that answers, and what it was seeded with."""

    running: Running[GatewaySettings]
    door: Door
    browser: httpx.AsyncClient
    school: UUID = field(default_factory=uuid4)
    charity: UUID = field(default_factory=uuid4)
    worker: UUID = field(default_factory=new_id)
    two_hats: UUID = field(default_factory=new_id)
    pages: UUID = field(default_factory=new_id)
    key_client: UUID = field(default_factory=new_id)
    secret_client: UUID = field(default_factory=new_id)
    passkey: SoftwarePasskey = field(default_factory=SoftwarePasskey)
    """The worker's."""
    second_passkey: SoftwarePasskey = field(default_factory=SoftwarePasskey)
    """Of the one with two hats."""
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "partner-1"}, private=True))

    @property
    def parts(self) -> Any:
        return self.running.composition.parts

    def seed(self) -> Seed:
        """The file that a demonstration would load."""
        member = {"organisation_name": "School", "organisation_id": self.school, "roles": ["support_worker"]}
        other = {"organisation_name": "Charity", "organisation_id": self.charity, "roles": ["partner_worker"]}
        person = {"place_id": PLACE, "password": PASSWORD}
        mine, theirs = ({"passkeys": [key.seeded("Telephone")]} for key in (self.passkey, self.second_passkey))
        worker = {"email": WORKER_EMAIL, "name": "Worker", "memberships": [member], "second_factors": mine}
        system = {"place_id": PLACE, "organisation_id": self.charity, "scopes": ["requests:list", "requests:work"]}
        return Seed.model_validate(
            {
                "accounts": [
                    {"id": self.worker, **worker, **person},
                    {
                        "id": self.two_hats,
                        "email": TWO_HATS_EMAIL,
                        "name": "Two Hats",
                        "memberships": [member, other],
                        "second_factors": theirs,
                        **person,
                    },
                ],
                "clients": [
                    {
                        "id": self.pages,
                        "client_id": PAGES,
                        "name": "The Hub's pages",
                        "authentication": "none",
                        "redirect_uris": [CALLBACK],
                    },
                    {
                        "id": self.key_client,
                        "name": "Partner with a key",
                        "authentication": "private_key_jwt",
                        "keys": [self.key.as_dict(private=False)],
                        **system,
                    },
                    {
                        "id": self.secret_client,
                        "name": "Partner with a secret",
                        "authentication": "client_secret_basic",
                        "secret_sha256": hashlib.sha256(SECRET.encode()).hexdigest(),
                        **system,
                    },
                ],
            }
        )

    async def event(self, subject: str, about: UUID, data: Any, version: int = 1) -> None:
        """Have the gateway hear a fact of another service."""
        document = {
            "id": str(new_id()),
            "source": f"/services/{subject.split('.')[1]}",
            "type": f"{subject}.v1",
            "subject": str(about),
            "time": datetime.now(UTC).isoformat(),
            "aggregateversion": version,
            "placeid": str(PLACE),
            "data": data,
        }
        await self.running.consumer.apply([(subject, json.dumps(document).encode())])

    async def organisation(
        self, organisation: UUID, legal_entity: UUID, version: int = 1, state: str = "active"
    ) -> None:
        """An organisation of this legal entity joined the place."""
        said = {"organisation_id": str(organisation), "legal_entity_id": str(legal_entity), "kind": "charity"}
        said |= {"state": state, "assurance_level": "named_accounts"}
        await self.event("hub.partners.organisation.registered", organisation, said, version)

    async def contract(self, legal_entity: UUID, ends_on: str | None = None, version: int = 1) -> None:
        """A legal entity signed the host's contract."""
        said = {"legal_entity_id": str(legal_entity), "ends_on": ends_on}
        await self.event("hub.consent.processing_agreement.signed", legal_entity, said, version)

    async def accepted(self, organisation: UUID, version: int = 1) -> None:
        """An organisation accepted the prohibited uses."""
        async with self.running.database.unit(service_actor("gateway", PLACE)) as unit:
            await accept_text(unit, organisation, version, datetime.now(UTC))

    # people

    def query(self, **changes: str | None) -> dict[str, str]:
        """The parameters of a sound authorization request."""
        sound: dict[str, str | None] = {
            "response_type": "code",
            "client_id": PAGES,
            "redirect_uri": CALLBACK,
            "scope": "openid",
            "state": "st-1",
            "nonce": "n-1",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in (sound | changes).items() if value is not None}

    async def sign_in(self, email: str = WORKER_EMAIL, password: str = PASSWORD, **changes: str | None) -> Any:
        """Give the password, and the passkey where it is asked for; answers what follows the last POST."""
        answer = await self.give_password(email, password, **changes)
        if answer.status_code != 303:
            return answer
        page = await self.browser.get(answer.headers["location"])
        return await self.give_passkey(page, self.second_passkey if email == TWO_HATS_EMAIL else self.passkey)

    async def give_passkey(self, page: httpx.Response, passkey: SoftwarePasskey) -> httpx.Response:
        """Answer the page that asks for a passkey."""
        posted = passkey.answer(passkey_options(page.text), self.running.settings.issuer)
        form = {"credential": posted, "form_token": form_token(page.text)}
        return await self.browser.post(form_action(page.text, "/passkey"), data=form)

    async def give_password(
        self, email: str = WORKER_EMAIL, password: str = PASSWORD, **changes: str | None
    ) -> httpx.Response:
        """Fill in the sign-in page, as somebody who has not signed in here."""
        if "hub-sign-in" in self.browser.cookies:
            self.browser.cookies.delete("hub-sign-in")
        page = await self.browser.get("/oauth/authorize", params=self.query(**changes))
        assert page.status_code == 200, page.text
        return await self.browser.post(
            form_action(page.text), data={"email": email, "password": password, "form_token": form_token(page.text)}
        )

    async def sign_in_as_two_hats(self) -> httpx.Response:
        """The page on which somebody with two organisations chooses."""
        self.browser.cookies.clear()
        answer = await self.sign_in(email=TWO_HATS_EMAIL)
        return await self.browser.get(answer.headers["location"])

    async def code(self, **changes: str | None) -> str:
        """An authorization code of the worker's."""
        answer = await self.browser.get("/oauth/authorize", params=self.query(**changes))
        if answer.status_code == 200:
            await self.sign_in(**changes)
            answer = await self.browser.get("/oauth/authorize", params=self.query(**changes))
        assert answer.status_code == 303, answer.text
        return callback(answer)["code"]

    async def redeem(self, code: str, **changes: str | None) -> httpx.Response:
        """Exchange a code."""
        form: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": PAGES,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        return await self.post("/oauth/token", **(form | changes))

    async def person_tokens(self) -> dict[str, Any]:
        """The worker's tokens."""
        answer = await self.redeem(await self.code())
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens

    async def refresh(self, token: str, **changes: str | None) -> httpx.Response:
        """Use a refresh token."""
        form: dict[str, str | None] = {"grant_type": "refresh_token", "refresh_token": token, "client_id": PAGES}
        return await self.post("/oauth/token", **(form | changes))

    # systems

    def assertion(self, key: ECKey | None = None, header: dict[str, Any] | None = None, **changes: Any) -> str:
        """A signed assertion of the partner's."""
        now = int(time.time())
        claims = {
            "iss": str(self.key_client),
            "sub": str(self.key_client),
            "aud": ISSUER,
            "iat": now,
            "exp": now + 120,
            "jti": secrets.token_hex(8),
        } | changes
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "ES256", "kid": "partner-1"} | (header or {}), claims, key or self.key)

    async def by_assertion(self, assertion: str, **changes: str | None) -> httpx.Response:
        """Ask for a token with an assertion."""
        form: dict[str, str | None] = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
        }
        return await self.post("/oauth/token", **(form | changes))

    async def by_secret(self, secret: str = SECRET, **form: str) -> httpx.Response:
        """Ask for a token with a secret."""
        data = {"grant_type": "client_credentials"} | form
        return await self.browser.post("/oauth/token", data=data, auth=(str(self.secret_client), secret))

    async def add_key(self, jwk: dict[str, Any]) -> None:
        """One more public key of the partner's."""
        await self.rows(
            "INSERT INTO client_credential (id, client_id, place_id, kind, jwk, created_at)"
            " VALUES (gen_random_uuid(), $1, $2, 'key', $3::jsonb, now())",
            self.key_client,
            PLACE,
            json.dumps(jwk),
        )

    async def post(self, path: str, **form: str | None) -> httpx.Response:
        """Post a form as a program, not as a browser."""
        return await self.browser.post(path, data={name: value for name, value in form.items() if value is not None})

    async def me(self, token: str) -> httpx.Response:
        """Use an access token."""
        return await self.browser.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})

    async def rows(self, statement: str, *values: Any) -> list[Any]:
        """What the database holds, as the service sees it."""
        connection = await asyncpg.connect(self.running.settings.database_url)
        try:
            await connection.execute("SELECT set_config('app.kind', 'service', false)")
            return list(await connection.fetch(statement, *values))
        finally:
            await connection.close()


def form_token(page: str) -> str:
    """The hidden field of a page's first form."""
    found = re.search(r'name="form_token" value="([0-9a-f]+)"', page)
    assert found, page
    return found[1]


def form_action(page: str, step: str = "") -> str:
    """Where a page's first form goes, or the first for this step."""
    found = re.search(rf'<form method="post" action="([^"?]*{step}(?:\?[^"]*)?)"', page)
    assert found, page
    return html.unescape(found[1])


def passkey_options(page: str) -> dict[str, Any]:
    """What a page asks a browser for a passkey with."""
    found = re.search(r'name="options" value="([^"]+)"', page)
    assert found, page
    options: dict[str, Any] = json.loads(html.unescape(found[1]))
    return options


def callback(answer: httpx.Response) -> dict[str, str]:
    """What the program was sent."""
    location = answer.headers["location"]
    assert location.startswith(CALLBACK), location
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


@asynccontextmanager
async def hub_on(folder: Path, *, app_url: str, reader_url: str, nats_url: str, **changes: Any) -> AsyncIterator[Hub]:
    """A gateway on this database."""
    identities = Identities(folder)
    places = folder / "places.yaml"
    places.write_text(PLACES, encoding="utf-8")
    unreachable = dict.fromkeys(("families_url", "referrals_url", "partners_url", "consent_url"), "http://127.0.0.1:1")
    base = identities.settings("gateway", app_url=app_url, reader_url=reader_url, nats_url=nats_url)
    plenty = {"caller_requests_per_minute": 100_000, "address_requests_per_minute": 100_000}
    settings = GatewaySettings(**(base | {"places": places, "issuer": ISSUER} | unreachable | plenty | changes))
    running = Running(service(lambda: settings), settings)
    door = assemble(running)
    app: Any = door._inner
    running.composition.parts.passwords._hasher = QuickHasher.make()
    running.composition.parts.passwords._nobodys = QuickHasher.make().hash("nobody")
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=door, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=settings.issuer) as browser:
            hub = Hub(running, door, browser)
            for organisation in (hub.school, hub.charity):
                entity = new_id()
                await hub.organisation(organisation, entity)
                await hub.contract(entity)
                await hub.accepted(organisation)
            seal, parts = Seal(settings.key(FACTOR_USE)), hub.parts
            now, admission = datetime.now(UTC), parts.admission
            await load_seed(running.database, parts.passwords, seal, hub.seed(), now, admission=admission)
            yield hub
