"""What becomes of tokens: revocation, introspection, keys and their rotation, discovery, and quiet logs."""

import asyncio
import base64
import hmac
import json
import logging
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from gateway_hub import ISSUER, PAGES, PLACE, SECRET, Hub
from gateway_support import claims
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from connective.gateway.commands.forget_expired import forgetting
from connective.gateway.commands.rotate_keys import TooSoon, rotate_keys, rotating
from connective.gateway.queries.standing import Standing
from connective.gateway.settings import KEY_USE
from connective.gateway.tokens.access import AccessTokens
from connective.gateway.tokens.keys import AccessKeys, KeyState, Unsealable, make_key
from connective.kit import logs
from connective.kit.clock import system_clock
from connective.kit.problems import Unauthenticated


async def test_revoking_a_refresh_token_signs_out(hub: Hub) -> None:
    tokens = await hub.person_tokens()
    answer = await hub.post("/oauth/revoke", token=tokens["refresh_token"], client_id=PAGES)
    assert answer.status_code == 200
    assert (await hub.me(tokens["access_token"])).status_code == 401
    assert (await hub.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    page = await hub.browser.get("/oauth/authorize", params=hub.query())
    assert page.status_code == 200, "the browser that began it must sign in again"


async def test_revoking_an_access_token_takes_its_session_down(hub: Hub) -> None:
    tokens = await hub.person_tokens()
    await hub.post("/oauth/revoke", token=tokens["access_token"], client_id=PAGES, token_type_hint="access_token")
    assert (await hub.me(tokens["access_token"])).status_code == 401
    assert (await hub.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_a_systems_token_can_be_revoked_and_other_processes_learn_of_it(hub: Hub) -> None:
    token = (await hub.by_secret()).json()["access_token"]
    keys = hub.parts.keys
    elsewhere = AccessTokens(keys, ISSUER, f"{ISSUER}/api/v1")
    standing = Standing(
        hub.running.database,
        AccessKeys(),
        elsewhere,
        hub.running.settings.key(KEY_USE),
        system_clock,
        places=hub.parts.places,
        people_a_day=hub.running.settings.budget,
    )
    elsewhere.verify(token)
    answer = await hub.browser.post("/oauth/revoke", data={"token": token}, auth=(str(hub.secret_client), SECRET))
    assert answer.status_code == 200
    assert (await hub.me(token)).status_code == 401
    await standing.refresh()
    assert elsewhere.find(token) is None, "it was dropped from the cache"
    with pytest.raises(Unauthenticated):
        elsewhere.verify(token)


async def test_nobody_revokes_or_reads_anothers_token(hub: Hub) -> None:
    tokens = await hub.person_tokens()
    auth = (str(hub.secret_client), SECRET)
    answer = await hub.browser.post("/oauth/revoke", data={"token": tokens["refresh_token"]}, auth=auth)
    assert answer.json()["error"] == "invalid_grant"
    assert (await hub.me(tokens["access_token"])).status_code == 200
    for token in (tokens["refresh_token"], tokens["access_token"], "nonsense"):
        told = await hub.browser.post("/oauth/introspect", data={"token": token}, auth=auth)
        assert told.json() == {"active": False}
    unknown = await hub.browser.post("/oauth/revoke", data={"token": "nonsense"}, auth=auth)
    assert unknown.status_code == 200, "RFC 7009: an unknown token is as good as revoked"


async def test_introspection_tells_a_system_of_its_own_token(hub: Hub) -> None:
    token = (await hub.by_secret()).json()["access_token"]
    auth = (str(hub.secret_client), SECRET)
    told = (await hub.browser.post("/oauth/introspect", data={"token": token}, auth=auth)).json()
    assert (told["active"], told["scope"]) == (True, "requests:list requests:work")
    assert told["org"] == str(hub.charity)
    await hub.browser.post("/oauth/revoke", data={"token": token}, auth=auth)
    told = (await hub.browser.post("/oauth/introspect", data={"token": token}, auth=auth)).json()
    assert told == {"active": False}
    public = await hub.post("/oauth/introspect", token=token, client_id=PAGES)
    assert public.json()["error"] == "invalid_client", "a public client cannot prove who asks"


async def test_keys_rotate_without_refusing_anybody(hub: Hub) -> None:
    secret = hub.running.settings.key(KEY_USE)
    before = (await hub.browser.get("/oauth/jwks")).json()["keys"]
    assert len(before) == 2
    assert all("d" not in key and key["alg"] == "ES256" for key in before)
    old = (await hub.by_secret()).json()["access_token"]
    later = datetime.now(UTC) + timedelta(hours=1)
    kid = await rotate_keys(hub.running.database, secret, [PLACE], later, urgent=False)
    assert kid in {key["kid"] for key in before}, "the next key was published before it signs"
    await hub.parts.standing.refresh()
    hub.parts.tokens._verified.clear()
    assert (await hub.me(old)).status_code == 200, "the previous key is still published"
    new = (await hub.by_secret()).json()["access_token"]
    published = (await hub.browser.get("/oauth/jwks")).json()
    assert len(published["keys"]) == 3
    assert jwt.decode(new, KeySet.import_key_set(published), algorithms=["ES256"]).header["kid"] == kid
    with pytest.raises(TooSoon):
        await rotate_keys(hub.running.database, secret, [PLACE], later + timedelta(minutes=5), urgent=False)


async def test_keys_rotate_by_the_clock(hub: Hub) -> None:
    """Thirty days after the last change, once, whichever machine looks first."""
    secret, now = hub.running.settings.key(KEY_USE), datetime.now(UTC)

    async def stands() -> dict[str, str]:
        return {row["state"]: row["kid"] for row in await hub.rows("SELECT state, kid FROM signing_key")}

    rotate = rotating(hub.running.database, secret, [PLACE], timedelta(days=30))
    before = await stands()
    await rotate(now + timedelta(days=29))
    assert await stands() == before
    await asyncio.gather(*(rotate(now + timedelta(days=30, minutes=1)) for _ in range(3)))
    after = await stands()
    assert (after["current"], after["previous"]) == (before["next"], before["current"])


async def test_a_leaked_key_is_dropped_at_once(hub: Hub) -> None:
    old = (await hub.by_secret()).json()["access_token"]
    secret = hub.running.settings.key(KEY_USE)
    await rotate_keys(hub.running.database, secret, [PLACE], datetime.now(UTC), urgent=True)
    await hub.parts.standing.refresh()
    hub.parts.tokens._verified.clear()
    assert (await hub.me(old)).status_code == 401
    assert (await hub.by_secret()).status_code == 200


async def test_keys_lie_sealed_in_the_database(hub: Hub) -> None:
    for row in await hub.rows("SELECT sealed FROM signing_key"):
        assert b'"d"' not in row["sealed"]
        assert b"kty" not in row["sealed"]
    other = Standing(
        hub.running.database,
        AccessKeys(),
        hub.parts.tokens,
        b"0" * 32,
        system_clock,
        places=hub.parts.places,
        people_a_day=hub.running.settings.budget,
    )
    with pytest.raises(Unsealable):
        await other.refresh()


@pytest.mark.parametrize("path", ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"])
async def test_discovery_is_valid_and_true(shared_hub: Hub, path: str) -> None:
    document = (await shared_hub.browser.get(path)).json()
    told = AuthorizationServerMetadata({**document, "issuer": "https://hub.example.org"})
    for name, value in document.items():
        if isinstance(value, str) and value.startswith(ISSUER):
            told[name] = value.replace(ISSUER, "https://hub.example.org")
    told.validate()
    assert document["issuer"] == ISSUER
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["authorization_response_iss_parameter_supported"] is True
    for name in ("token_endpoint", "jwks_uri", "revocation_endpoint", "introspection_endpoint"):
        target = document[name].removeprefix(ISSUER)
        answer = await (shared_hub.browser.get(target) if name == "jwks_uri" else shared_hub.post(target, token="x"))
        assert answer.status_code != 404, name


def _tokens() -> AccessTokens:
    return AccessTokens(AccessKeys([make_key("k", KeyState.CURRENT)]), ISSUER, "api")


def _forged(tokens: AccessTokens, header: dict[str, Any], **changes: Any) -> str:
    """A token as our key would sign it, with these changes; the library itself refuses to make some of them."""
    head = _without_none({"alg": "ES256", "kid": "k", "typ": "at+jwt"} | header)
    wire = _without_none(claims().to_wire(ISSUER, "api") | changes)
    key = tokens.signing_key.key
    if isinstance(head.get("kid"), str):
        return jwt.encode(head, wire, key)
    genuine = jwt.encode({"alg": "ES256", "kid": "k"}, wire, key)
    return _segment(head) + genuine[genuine.index(".") :]


def _without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _segment(part: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


FORGERIES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "no typ": ({"typ": None}, {}),
    "an id token's typ": ({"typ": "JWT"}, {}),
    "another typ": ({"typ": "hub-identity+jwt"}, {}),
    "another issuer": ({}, {"iss": "https://evil.example.org"}),
    "another audience": ({}, {"aud": "other"}),
    "several audiences": ({}, {"aud": ["api", "other"]}),
    "expired": ({}, {"exp": int(time.time()) - 1}),
    "no expiry": ({}, {"exp": None}),
    "expiry no number": ({}, {"exp": "later"}),
    "from the future": ({}, {"iat": int(time.time()) + 3_600}),
    "no organisation": ({}, {"org": None}),
    "roles no list": ({}, {"roles": "place_admin"}),
    "no session": ({}, {"sid": None}),
    "unknown key": ({"kid": "other"}, {}),
    "key no text": ({"kid": ["k"]}, {}),
}


@pytest.mark.parametrize(("header", "changes"), FORGERIES.values(), ids=FORGERIES.keys())
def test_a_token_that_is_not_quite_ours_is_refused(header: dict[str, Any], changes: dict[str, Any]) -> None:
    tokens = _tokens()
    with pytest.raises(Unauthenticated):
        tokens.verify(_forged(tokens, header, **changes))


def test_a_token_under_another_algorithm_or_key_is_refused() -> None:
    tokens = _tokens()
    wire = claims().to_wire(ISSUER, "api")
    head = {"kid": "k", "typ": "at+jwt"}
    unsigned = f"{_segment({'alg': 'none'} | head)}.{_segment(wire)}."
    by_hand = f"{_segment({'alg': 'HS256'} | head)}.{_segment(wire)}"
    public = tokens.signing_key.key.as_pem(private=False)
    mac = base64.urlsafe_b64encode(hmac.new(public, by_hand.encode(), "sha256").digest()).decode().rstrip("=")
    stranger = ECKey.generate_key("P-256", {"kid": "k"}, private=True)
    foreign = jwt.encode({"alg": "ES256"} | head, wire, stranger)
    for token in (unsigned, f"{by_hand}.{mac}", foreign, "", "a.b", "x" * 5_000):
        with pytest.raises(Unauthenticated):
            tokens.verify(token)


def test_verified_tokens_are_kept_within_bounds_until_they_expire() -> None:
    now = [float(int(time.time()))]
    tokens = AccessTokens(AccessKeys([make_key("k", KeyState.CURRENT)]), ISSUER, "api", clock=lambda: now[0], most=2)
    issued = [tokens.issue(claims(token_id=str(number))) for number in range(3)]
    first = tokens.verify(issued[0])
    assert tokens.find(issued[0]) is first
    tokens.verify(issued[1])
    tokens.verify(issued[2])
    assert len(tokens) == 2
    assert tokens.find(issued[0]) is None
    now[0] += 301
    assert tokens.find(issued[2]) is None
    with pytest.raises(Unauthenticated):
        tokens.verify(issued[2])


async def test_no_log_line_holds_a_token_or_a_password(hub: Hub, caplog: Any, capsys: Any) -> None:
    logs.configure("gateway", "DEBUG")
    root = logging.getLogger()
    root.addHandler(caplog.handler)
    logging.getLogger("authlib.oauth2.rfc6749.grants").debug("canary %r", "token")
    tokens = await hub.person_tokens()
    await hub.refresh(tokens["refresh_token"])
    await hub.by_secret()
    root.removeHandler(caplog.handler)
    said = caplog.text + "".join(capsys.readouterr())
    for secret in (tokens["access_token"], tokens["refresh_token"], SECRET, "canary", "a long enough password"):
        assert secret not in said
    assert logging.getLogger("authlib").getEffectiveLevel() >= logging.INFO


async def test_what_has_expired_is_forgotten_and_nothing_else(hub: Hub) -> None:
    await hub.by_assertion(hub.assertion())
    tokens = await hub.person_tokens()
    await forgetting(hub.running.database)(datetime.now(UTC))
    assert len(await hub.rows("SELECT 1 FROM assertion")) == 1
    await forgetting(hub.running.database)(datetime.now(UTC) + timedelta(minutes=10))
    assert await hub.rows("SELECT 1 FROM assertion") == []
    assert await hub.rows("SELECT 1 FROM authorization_code") == []
    assert (await hub.refresh(tokens["refresh_token"])).status_code == 200


def test_the_cores_own_jose_is_never_imported() -> None:
    sources = Path(__file__).parents[2].joinpath("src").rglob("*.py")
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    assert "authlib.jose" not in text
    assert "AUTHLIB_INSECURE_TRANSPORT" not in text
