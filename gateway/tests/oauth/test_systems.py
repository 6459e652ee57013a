"""A partner's system asks for tokens: signed assertions and secrets, and every way they must fail."""

import asyncio
import base64
import json
import time
from typing import Any

import pytest
from gateway_hub import ASSERTION_TYPE, ISSUER, PAGES, SECRET, Hub
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey


async def test_a_signed_assertion_gives_a_token_with_the_granted_scopes(hub: Hub) -> None:
    answer = await hub.by_assertion(hub.assertion())
    assert answer.status_code == 200, answer.text
    token = answer.json()
    assert token["expires_in"] == 300, "the core's default would be ten days"
    assert token["scope"] == "requests:list requests:work"
    assert "refresh_token" not in token
    assert answer.headers["cache-control"] == "no-store"
    me = (await hub.me(token["access_token"])).json()
    assert (me["kind"], me["id"], me["organisation_id"]) == ("client", str(hub.key_client), str(hub.charity))
    assert me["permissions"] == [
        "referrals:family:tell",
        "referrals:message:write",
        "referrals:request:list",
        "referrals:request:read",
        "referrals:request:work",
    ]


async def test_a_secret_gives_a_token_too(hub: Hub) -> None:
    answer = await hub.by_secret()
    assert answer.status_code == 200, answer.text
    assert (await hub.me(answer.json()["access_token"])).status_code == 200
    used = await hub.rows("SELECT last_used_at FROM client_credential WHERE client_id = $1", hub.secret_client)
    assert used[0]["last_used_at"] is not None


async def test_an_assertion_is_used_once(hub: Hub) -> None:
    assertion = hub.assertion()
    assert (await hub.by_assertion(assertion)).status_code == 200
    again = await hub.by_assertion(assertion)
    assert (again.status_code, again.json()["error"]) == (401, "invalid_client")


async def test_of_twelve_uses_of_one_assertion_exactly_one_wins(hub: Hub) -> None:
    assertion = hub.assertion()
    answers = await asyncio.gather(*(hub.by_assertion(assertion) for _ in range(12)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 11


CLAIMS: dict[str, dict[str, Any]] = {
    "made out to the token endpoint": {"aud": f"{ISSUER}/oauth/token"},
    "made out to the issuer and another": {"aud": [ISSUER, "https://other.example.org"]},
    "made out to nobody": {"aud": None},
    "too long a life": {"exp": int(time.time()) + 3_600},
    "expired": {"exp": int(time.time()) - 60},
    "without expiry": {"exp": None},
    "expiry no number": {"exp": "soon"},
    "expiry infinite": {"exp": 1e300},
    "without jti": {"jti": None},
    "jti empty": {"jti": ""},
    "jti no text": {"jti": 7},
    "issuer another": {"iss": "somebody"},
    "subject unknown": {"sub": "somebody", "iss": "somebody"},
    "subject with NUL": {"sub": "a\0b", "iss": "a\0b"},
    "subject no text": {"sub": {"a": 1}},
    "subject missing": {"sub": None},
    "not before tomorrow": {"nbf": int(time.time()) + 86_400},
    "issued at no number": {"iat": "now"},
}


@pytest.mark.parametrize("changes", CLAIMS.values(), ids=CLAIMS.keys())
async def test_an_assertion_that_is_not_sound_is_refused(shared_hub: Hub, changes: dict[str, Any]) -> None:
    answer = await shared_hub.by_assertion(shared_hub.assertion(**changes))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.json()["error_description"] == "Client authentication failed.", "no word on why, or on who exists"


async def test_an_assertion_under_another_key_or_no_key_is_refused(shared_hub: Hub) -> None:
    stranger = ECKey.generate_key("P-256", {"kid": "partner-1"}, private=True)
    public = json.dumps(shared_hub.key.as_dict(private=False)).encode()
    with_public_key = _hmac_assertion(shared_hub, public)
    none = _segments({"alg": "none"}, {"sub": str(shared_hub.key_client), "iss": str(shared_hub.key_client)}) + "."
    unknown_kid = shared_hub.assertion(header={"kid": "other"})
    for assertion in (shared_hub.assertion(stranger), with_public_key, none, unknown_kid):
        assert (await shared_hub.by_assertion(assertion)).status_code == 401


def _hmac_assertion(hub: Hub, secret: bytes) -> str:
    now = int(time.time())
    me = str(hub.key_client)
    claims = {"iss": me, "sub": me, "aud": ISSUER, "exp": now + 60, "jti": "h"}
    key = OctKey.import_key(secret)
    return jwt.encode({"alg": "HS256", "kid": "partner-1"}, claims, key, algorithms=["HS256"])


def _segments(*parts: Any) -> str:
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)


MANGLED = [
    "",
    "x",
    "a.b.c",
    "....",
    "\u00e9.\u00e9.\u00e9",
    _segments({"alg": "ES256"}, []) + ".AA",
    _segments({"alg": "ES256"}, "text") + ".AA",
    _segments({"alg": 5}, {"sub": "a"}) + ".AA",
    _segments([], {"sub": "a"}) + ".AA",
    base64.urlsafe_b64encode(b'{"alg":"ES256"}').decode().rstrip("=")
    + "."
    + base64.urlsafe_b64encode(b"[" * 2_500).decode()
    + ".AA",
    "x" * 9_000,
    base64.urlsafe_b64encode(b'{"alg":"ES256"}').decode().rstrip("=") + "." + "gICA" + ".AA",
]


@pytest.mark.parametrize("assertion", MANGLED, ids=range(len(MANGLED)))
async def test_a_mangled_assertion_is_refused_without_a_fault(shared_hub: Hub, assertion: str) -> None:
    answer = await shared_hub.by_assertion(assertion)
    assert answer.status_code in {400, 401}
    assert answer.json()["error"] in {"invalid_client", "invalid_request"}


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (RSAKey.generate_key(2048, {"kid": "rsa"}, private=True), "PS256"),
        (OKPKey.generate_key("Ed25519", {"kid": "ed"}, private=True), "Ed25519"),
        (OKPKey.generate_key("Ed25519", {"kid": "old"}, private=True), "EdDSA"),
    ],
    ids=["PS256", "Ed25519", "EdDSA"],
)
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
async def test_every_announced_algorithm_works(hub: Hub, key: Any, algorithm: str) -> None:
    await hub.add_key(key.as_dict(private=False))
    now = int(time.time())
    me = str(hub.key_client)
    claims = {"iss": me, "sub": me, "aud": ISSUER, "exp": now + 60, "iat": now, "jti": algorithm}
    assertion = jwt.encode({"alg": algorithm, "kid": key.kid}, claims, key, algorithms=[algorithm])
    assert (await hub.by_assertion(assertion)).status_code == 200


async def test_an_rs256_assertion_is_refused(hub: Hub) -> None:
    key = RSAKey.generate_key(2048, {"kid": "partner-1"}, private=True)
    now = int(time.time())
    me = str(hub.key_client)
    await hub.rows("UPDATE client_credential SET jwk = $2::jsonb WHERE client_id = $1", hub.key_client,
                   json.dumps(key.as_dict(private=False)))  # fmt: skip
    claims = {"iss": me, "sub": me, "aud": ISSUER, "exp": now + 60, "iat": now, "jti": "rs"}
    assertion = jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key, algorithms=["RS256"])
    assert (await hub.by_assertion(assertion)).status_code == 401


BASIC = {
    "not base64": b"Basic !!!!",
    "not padded": b"Basic YWJj=YQ",
    "no colon": b"Basic " + base64.b64encode(b"abc"),
    "not UTF-8": b"Basic " + base64.b64encode(b"\xff\xfe:\xff"),
    "non-ASCII": b"Basic " + base64.b64encode("Zoë:x".encode()),
    "NUL": b"Basic " + base64.b64encode(b"a\0b:c"),
    "escaped NUL": b"Basic " + base64.b64encode(b"a%00b:c"),
    "line feed at the end": b"Basic " + base64.b64encode(b"abc:d\n"),
    "escaped nonsense": b"Basic " + base64.b64encode(b"a%ff:c"),
    "empty": b"Basic ",
    "only a name": b"Basic " + base64.b64encode(b"abc:"),
}


@pytest.mark.parametrize("header", BASIC.values(), ids=BASIC.keys())
async def test_a_malformed_basic_header_is_401_not_500(shared_hub: Hub, header: bytes) -> None:
    for path in ("/oauth/token", "/oauth/revoke", "/oauth/introspect"):
        answer = await shared_hub.browser.post(
            path, data={"grant_type": "client_credentials", "token": "x"}, headers={"Authorization": header.decode()}
        )
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
        assert answer.headers["www-authenticate"].startswith("Basic")


FORMS = {
    "NUL in the client id": b"grant_type=client_credentials&client_id=a%00b",
    "raw NUL": b"grant_type=client_credentials&client_id=a\0b",
    "not UTF-8": b"grant_type=client_credentials&client_id=%ff%fe",
    "raw bytes": b"grant_type=client_credentials&client_id=\xff",
    "repeated": b"grant_type=client_credentials&grant_type=authorization_code",
    "NUL in the code": b"grant_type=authorization_code&client_id=pages&code=%00&code_verifier=" + b"v" * 64,
    "quote in the grant": b"grant_type=%22%5c",
    "line feed at the end": b"grant_type=client_credentials%0a",
    "JSON": b'{"grant_type":"client_credentials"}',
    "empty": b"",
    "many": b"&".join(b"a%d=1" % n for n in range(60)),
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS.keys())
async def test_a_form_that_cannot_be_read_is_400_not_500(shared_hub: Hub, body: bytes) -> None:
    for path in ("/oauth/token", "/oauth/revoke", "/oauth/introspect"):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await shared_hub.browser.post(path, content=body, headers=headers)
        assert answer.status_code in {400, 401}, answer.text
        assert "error" in answer.json()


async def test_a_form_of_another_type_is_refused(shared_hub: Hub) -> None:
    answer = await shared_hub.browser.post("/oauth/token", json={"grant_type": "client_credentials"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_a_client_proves_itself_in_its_one_registered_way(shared_hub: Hub) -> None:
    named = str(shared_hub.secret_client)
    posted = await shared_hub.post(
        "/oauth/token", grant_type="client_credentials", client_id=named, client_secret=SECRET
    )
    assert posted.json()["error"] == "invalid_client", "secrets in the form are not taken"
    unproved = await shared_hub.post("/oauth/token", grant_type="client_credentials", client_id=named)
    assert unproved.json()["error"] == "invalid_client"
    both = await shared_hub.browser.post(
        "/oauth/token",
        data={
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": shared_hub.assertion(),
        },
        auth=(named, SECRET),
    )
    assert both.json()["error"] == "invalid_request"
    assert (await shared_hub.by_secret(SECRET[:-1] + "W")).status_code == 401
    pages = await shared_hub.browser.post(
        "/oauth/token", data={"grant_type": "client_credentials"}, auth=(PAGES, SECRET)
    )
    assert pages.status_code == 401


async def test_a_scope_that_was_not_granted_is_refused_not_dropped(shared_hub: Hub) -> None:
    narrower = await shared_hub.by_secret(scope="requests:list")
    assert narrower.json()["scope"] == "requests:list"
    wider = await shared_hub.by_secret(scope="requests:list directory:read")
    assert (wider.status_code, wider.json()["error"]) == (400, "invalid_scope")


async def test_a_suspended_organisations_system_gets_no_token(hub: Hub) -> None:
    token = (await hub.by_secret()).json()["access_token"]
    await hub.rows("UPDATE organisation_state SET state = 'suspended' WHERE organisation_id = $1", hub.charity)
    assert (await hub.by_secret()).json()["error"] == "unauthorized_client"
    await hub.parts.standing.refresh()
    assert (await hub.me(token)).status_code == 401
