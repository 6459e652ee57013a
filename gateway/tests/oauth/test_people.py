"""A person signs in: authorization code with PKCE, refresh, and every way it must fail."""

import asyncio
import base64

import pytest
from gateway_hub import CALLBACK, ISSUER, PAGES, TWO_HATS_EMAIL, VERIFIER, Hub, callback, form_action, form_token
from joserfc import jwt
from joserfc.jwk import KeySet


async def test_a_worker_signs_in_and_acts(hub: Hub) -> None:
    tokens = await hub.person_tokens()
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 300, "the core's default would be ten days"
    me = (await hub.me(tokens["access_token"])).json()
    assert (me["id"], me["organisation_id"], me["roles"]) == (str(hub.worker), str(hub.school), ["support_worker"])
    assert "families:family:write" in me["permissions"]
    assert "phone Test front door on 01632 960101" in me["safeguarding"]


async def test_the_access_token_is_an_rfc_9068_token(hub: Hub) -> None:
    tokens = await hub.person_tokens()
    keys = KeySet.import_key_set((await hub.browser.get("/oauth/jwks")).json())
    token = jwt.decode(tokens["access_token"], keys, algorithms=["ES256"])
    assert (token.header["typ"], token.header["alg"]) == ("at+jwt", "ES256")
    claims = token.claims
    assert (claims["iss"], claims["aud"], claims["client_id"]) == (ISSUER, f"{ISSUER}/api/v1", PAGES)
    assert claims["exp"] - claims["iat"] == 300
    assert {"sub", "jti", "scope", "org", "place", "roles", "sid"} <= claims.keys()


async def test_the_id_token_says_who_signed_in_and_is_no_access_token(hub: Hub) -> None:
    tokens = await hub.person_tokens()
    keys = KeySet.import_key_set((await hub.browser.get("/oauth/jwks")).json())
    told = jwt.decode(tokens["id_token"], keys, algorithms=["ES256"])
    assert (told.claims["aud"], told.claims["nonce"], told.claims["sub"]) == (PAGES, "n-1", str(hub.worker))
    assert (await hub.me(tokens["id_token"])).status_code == 401


async def test_the_answer_names_its_issuer_and_returns_the_state(hub: Hub) -> None:
    await hub.sign_in()
    sent = callback(await hub.browser.get("/oauth/authorize", params=hub.query(state="a b&c")))
    assert (sent["iss"], sent["state"]) == (ISSUER, "a b&c")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"scope": "openid requests:work"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
)
async def test_errors_go_back_with_the_issuer_too(shared_hub: Hub, changes: dict[str, str | None], error: str) -> None:
    sent = callback(await shared_hub.browser.get("/oauth/authorize", params=shared_hub.query(**changes)))
    assert (sent["error"], sent["iss"], sent["state"]) == (error, ISSUER, "st-1")
    assert "code" not in sent


@pytest.mark.parametrize(
    "redirect_uri",
    [
        None,
        CALLBACK + "/",
        CALLBACK + "?x=1",
        CALLBACK.replace("8090", "8091"),
        CALLBACK.upper(),
        "https://evil.example.org/",
        'http://127.0.0.1:8090/signed-in"><script>',
        "http://127.0.0.1:8090/signed-in\\@evil.example.org",
    ],
)
async def test_nobody_is_sent_to_an_address_that_is_not_exactly_registered(
    shared_hub: Hub, redirect_uri: str | None
) -> None:
    answer = await shared_hub.browser.get("/oauth/authorize", params=shared_hub.query(redirect_uri=redirect_uri))
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "",
        "client_id=%00",
        "client_id=nobody",
        "client_id=%FF%FE",
        "client_id=pages&client_id=pages",
        "x",
        "client_id=" + "x" * 9_000,
    ],
)
async def test_unreadable_requests_get_a_page_not_an_error_of_ours(shared_hub: Hub, query: str) -> None:
    answer = await shared_hub.browser.get("/oauth/authorize?" + query)
    assert answer.status_code == 400
    assert "location" not in answer.headers


async def test_a_code_without_its_verifier_is_worth_nothing(hub: Hub) -> None:
    code = await hub.code()
    for verifier in (None, "w" * 64, VERIFIER[:-1], ""):
        answer = await hub.redeem(code, code_verifier=verifier)
        assert answer.status_code == 400
        assert answer.json()["error"] in {"invalid_request", "invalid_grant"}
    assert (await hub.redeem(code)).status_code == 200


async def test_a_code_is_bound_to_its_address_and_its_client(hub: Hub) -> None:
    code = await hub.code()
    assert (await hub.redeem(code, redirect_uri=CALLBACK + "/")).json()["error"] == "invalid_grant"
    assert (await hub.redeem(code, client_id="other")).json()["error"] == "invalid_client"


async def test_a_code_lives_for_a_minute(hub: Hub) -> None:
    code = await hub.code()
    rows = await hub.rows("SELECT extract(epoch FROM expires_at - now()) AS left FROM authorization_code")
    assert 50 < rows[0]["left"] <= 60
    await hub.rows("UPDATE authorization_code SET expires_at = now()")
    assert (await hub.redeem(code)).json()["error"] == "invalid_grant"


async def test_of_twelve_redemptions_of_one_code_exactly_one_wins(hub: Hub) -> None:
    code = await hub.code()
    answers = await asyncio.gather(*(hub.redeem(code) for _ in range(12)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 11
    assert {a.json()["error"] for a in answers if a.status_code == 400} == {"invalid_grant"}


async def test_a_code_used_twice_takes_its_session_down(hub: Hub) -> None:
    code = await hub.code()
    tokens = (await hub.redeem(code)).json()
    assert (await hub.me(tokens["access_token"])).status_code == 200
    assert (await hub.redeem(code)).json()["error"] == "invalid_grant"
    assert (await hub.me(tokens["access_token"])).status_code == 401
    assert (await hub.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_a_refresh_token_is_used_once_and_gives_another(hub: Hub) -> None:
    first = await hub.person_tokens()
    second = (await hub.refresh(first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["expires_in"] == 300
    assert (await hub.me(second["access_token"])).status_code == 200


async def test_of_twelve_uses_of_one_refresh_token_exactly_one_wins(hub: Hub) -> None:
    tokens = await hub.person_tokens()
    answers = await asyncio.gather(*(hub.refresh(tokens["refresh_token"]) for _ in range(12)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 11


async def test_a_refresh_token_used_twice_takes_its_family_down(hub: Hub) -> None:
    first = await hub.person_tokens()
    second = (await hub.refresh(first["refresh_token"])).json()
    assert (await hub.refresh(first["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await hub.refresh(second["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await hub.me(second["access_token"])).status_code == 401
    told = await hub.rows("SELECT subject FROM outbox WHERE subject = 'hub.gateway.token.revoked'")
    assert len(told) == 1


async def test_refreshing_takes_the_roles_of_now_and_ends_with_the_account(hub: Hub) -> None:
    tokens = await hub.person_tokens()
    await hub.rows("UPDATE membership SET roles = '{practice_lead}' WHERE account_id = $1", hub.worker)
    tokens = (await hub.refresh(tokens["refresh_token"])).json()
    assert (await hub.me(tokens["access_token"])).json()["roles"] == ["practice_lead"]
    await hub.rows("UPDATE account SET disabled_at = now() WHERE id = $1", hub.worker)
    assert (await hub.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


async def test_more_scope_than_the_session_has_is_refused_not_cut(hub: Hub) -> None:
    tokens = await hub.person_tokens()
    answer = await hub.refresh(tokens["refresh_token"], scope="openid requests:work")
    assert answer.json()["error"] == "invalid_scope"


async def test_a_program_for_people_gets_no_token_of_its_own(shared_hub: Hub) -> None:
    answer = await shared_hub.post("/oauth/token", grant_type="client_credentials", client_id=PAGES)
    assert answer.json()["error"] == "invalid_client"
    for grant in ("password", "implicit", "urn:ietf:params:oauth:grant-type:device_code"):
        answer = await shared_hub.post("/oauth/token", grant_type=grant, client_id=PAGES)
        assert answer.json()["error"] == "unsupported_grant_type"


async def test_who_has_several_organisations_chooses_one(hub: Hub) -> None:
    answer = await hub.sign_in(email=TWO_HATS_EMAIL)
    page = await hub.browser.get(answer.headers["location"])
    assert page.status_code == 200
    assert page.text.index("Charity") < page.text.index("School")
    chosen = {"organisation": str(hub.charity), "form_token": form_token(page.text)}
    sent = callback(await hub.browser.post(form_action(page.text), data=chosen))
    tokens = (await hub.redeem(sent["code"])).json()
    me = (await hub.me(tokens["access_token"])).json()
    assert (me["organisation_id"], me["roles"]) == (str(hub.charity), ["partner_worker"])
    stranger = {"organisation": str(hub.pages), "form_token": form_token(page.text)}
    again = await hub.browser.post(form_action(page.text), data=stranger)
    assert again.status_code == 200, "an organisation of others is asked for again, not entered"


async def test_only_digests_of_secrets_are_stored(hub: Hub) -> None:
    code = await hub.code()
    tokens = (await hub.redeem(code)).json()
    secrets = [code, tokens["refresh_token"], tokens["access_token"], *hub.browser.cookies.values()]
    for table in ("authorization_code", "refresh_token", "session", "sign_in", "outbox", "client_credential"):
        for row in await hub.rows(f"SELECT t::text AS whole FROM {table} AS t"):
            for secret in secrets:
                assert secret not in row["whole"], table
                assert secret.encode().hex() not in row["whole"], table
                assert base64.b64encode(secret.encode()).decode() not in row["whole"], table
