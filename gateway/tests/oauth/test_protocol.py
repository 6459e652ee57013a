"""Discovery tells the truth: what it names works, what it does not is refused; and nothing sent makes it fail."""

import base64
from typing import Any
from urllib.parse import quote

from gateway_hub import ASSERTION_TYPE, CALLBACK, ISSUER, PAGES, Hub
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

LEFT_OUT = {
    "userinfo_endpoint": "/oauth/userinfo",
    "end_session_endpoint": "/oauth/logout",
    "pushed_authorization_request_endpoint": "/oauth/par",
    "registration_endpoint": "/oauth/register",
    "device_authorization_endpoint": "/oauth/device",
}
GRANTS = (
    "password",
    "implicit",
    "urn:ietf:params:oauth:grant-type:token-exchange",
    "urn:ietf:params:oauth:grant-type:device_code",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
)
PATHS = ("/oauth/token", "/oauth/revoke", "/oauth/introspect")


async def test_what_is_not_offered_is_not_advertised_and_refused(shared_hub: Hub) -> None:
    told = (await shared_hub.browser.get("/.well-known/openid-configuration")).json()
    for name, path in LEFT_OUT.items():
        assert name not in told
        assert (await shared_hub.post(path, token="x")).status_code == 404, path
    assert "dpop_signing_alg_values_supported" not in told
    for grant in GRANTS:
        assert grant not in told["grant_types_supported"]
        answer = await shared_hub.by_secret(grant_type=grant)
        assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type"), grant
    assert "client_secret_post" not in told["token_endpoint_auth_methods_supported"]


async def test_what_is_advertised_answers(shared_hub: Hub) -> None:
    told = (await shared_hub.browser.get("/.well-known/oauth-authorization-server")).json()
    endpoints = {name: value.removeprefix(ISSUER) for name, value in told.items() if name.endswith("_endpoint")}
    assert set(endpoints.values()) == {"/oauth/authorize", *PATHS}
    for scope in told["scopes_supported"]:
        answer = await shared_hub.by_secret(scope=scope)
        assert answer.status_code == 200 or answer.json()["error"] == "invalid_scope", scope
    for mode in told["response_modes_supported"]:
        answer = await shared_hub.browser.get("/oauth/authorize", params=shared_hub.query(response_mode=mode))
        assert answer.status_code in {200, 303}


NAMES = some.sampled_from(
    [
        "grant_type",
        "client_id",
        "client_secret",
        "client_assertion",
        "client_assertion_type",
        "code",
        "code_verifier",
        "refresh_token",
        "scope",
        "redirect_uri",
        "token",
        "token_type_hint",
        "state",
        "nonce",
        "response_type",
        "code_challenge",
        "code_challenge_method",
        "prompt",
        "x",
    ]
)
KNOWN = ["authorization_code", "refresh_token", "client_credentials", "code", "S256", "openid", "a.b.c", "none"]
VALUES = some.one_of(
    some.sampled_from([*KNOWN, PAGES, CALLBACK, ASSERTION_TYPE, "", "\0", "\u00e9", "0" * 43]), some.text(max_size=30)
)
FORMS = some.lists(some.tuples(NAMES, VALUES), max_size=8)
BODIES = some.one_of(
    FORMS.map(lambda pairs: "&".join(f"{quote(n)}={quote(v, errors='replace')}" for n, v in pairs).encode()),
    some.binary(max_size=60),
)
HEADERS = some.one_of(
    some.none(),
    some.binary(max_size=30).map(lambda raw: "Basic " + base64.b64encode(raw).decode()),
    some.sampled_from(["Basic", "Basic =", "Bearer x", "Basic Og==", "DPoP x"]),
)


async def test_whatever_is_sent_no_endpoint_of_sign_in_fails(shared_hub: Hub) -> None:
    """The library runs in a thread of its own loop, so the cases are made first and sent here."""
    for path, body, header in _cases():
        headers = {"content-type": "application/x-www-form-urlencoded"} | ({"authorization": header} if header else {})
        answer = await shared_hub.browser.post(path, content=body, headers=headers)
        assert answer.status_code < 500, (path, body, header, answer.text)
        query = "".join(chr(byte) for byte in body if 32 < byte < 127)
        page = await shared_hub.browser.get(f"/oauth/authorize?{quote(query, safe='&=%')}")
        assert page.status_code < 500, (query, page.text)


def _cases() -> list[tuple[str, bytes, str | None]]:
    cases: list[Any] = []

    @settings(max_examples=60, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(some.sampled_from(PATHS), BODIES, HEADERS)
    def gather(path: str, body: bytes, header: str | None) -> None:
        cases.append((path, body, header))

    gather()
    return cases
