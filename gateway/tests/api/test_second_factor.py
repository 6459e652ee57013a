"""The second step of signing in: nobody gets a token without it, and each proof is worth something once."""

import asyncio
import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from gateway_hub import ISSUER, WORKER_EMAIL, Hub, callback, form_action, form_token, passkey_options
from joserfc import jwt
from joserfc.jwk import KeySet

from connective.gateway.commands.second_factor import Complete, WrongFactor
from connective.gateway.commands.visitors import Visitor
from connective.gateway.domain.second_factors import code_at
from connective.kit.software_passkey import SoftwarePasskey

NEWCOMER = "newcomer@school.example.org"


@pytest.fixture
async def newcomer(hub: Hub) -> Hub:
    """A Hub whose worker holds no second factor yet."""
    await hub.rows("DELETE FROM second_factor WHERE account_id = $1", hub.worker)
    return hub


async def factor_page(hub: Hub, **changes: str | None) -> httpx.Response:
    """The page after the right password."""
    answer = await hub.give_password(**changes)
    assert answer.status_code == 303, answer.text
    return await hub.browser.get(answer.headers["location"])


async def enrol_app(hub: Hub) -> tuple[str, list[str]]:
    """Set an app up on the first sign-in; answers its secret and the recovery codes."""
    page = await factor_page(hub)
    secret = app_secret(page)
    shown = await hub.browser.post(form_action(page.text, "/enrol/app"), data=app_form(page, secret))
    assert shown.status_code == 200, shown.text
    return secret, re.findall(r"<li><code>([a-z0-9-]+)</code>", shown.text)


def app_secret(page: httpx.Response) -> str:
    found = re.search(r"<p><code>([A-Z2-7 ]+)</code></p>", page.text)
    assert found, page.text
    return found[1].replace(" ", "")


def app_form(page: httpx.Response, secret: str, code: str | None = None) -> dict[str, str]:
    sealed = re.search(r'name="sealed" value="([0-9a-f]+)"', page.text)
    assert sealed
    typed = code or code_at(secret, datetime.now(UTC))
    return {"sealed": sealed[1], "code": typed, "name": "Telephone", "form_token": form_token(page.text)}


async def give(hub: Hub, page: httpx.Response, code: str) -> httpx.Response:
    return await hub.browser.post(
        form_action(page.text, "/code"), data={"code": code, "form_token": form_token(page.text)}
    )


async def test_a_password_alone_opens_nothing(hub: Hub) -> None:
    page = await factor_page(hub)
    assert "Confirm that it is you" in page.text
    again = await hub.browser.get("/oauth/authorize", params=hub.query())
    assert (again.status_code, "Confirm that it is you" in again.text) == (200, True)
    assert await hub.rows("SELECT 1 FROM session") == []
    assert await hub.rows("SELECT 1 FROM account WHERE last_sign_in_at IS NOT NULL") == []


async def test_tokens_tell_how_and_when_somebody_proved_who_they_are(hub: Hub) -> None:
    tokens = await hub.person_tokens()
    keys = KeySet.import_key_set((await hub.browser.get("/oauth/jwks")).json())
    for name in ("access_token", "id_token"):
        claims = jwt.decode(tokens[name], keys, algorithms=["ES256"]).claims
        assert claims["acr"] == "urn:connective:acr:two-factors"
        assert claims["amr"] == ["pwd", "pop", "user", "mfa"]
        assert 0 <= claims["iat"] - claims["auth_time"] < 60
    later = (await hub.refresh(tokens["refresh_token"])).json()
    first, second = (jwt.decode(each["access_token"], keys, algorithms=["ES256"]).claims for each in (tokens, later))
    assert second["auth_time"] == first["auth_time"], "a refreshed token is no fresher a sign-in"


async def test_the_first_sign_in_sets_an_app_up_and_shows_recovery_codes_once(newcomer: Hub) -> None:
    page = await factor_page(newcomer)
    assert "Set up a second step" in page.text
    assert "<svg" in page.text
    policy = page.headers["content-security-policy"]
    nonce = re.search(r"script-src 'nonce-([\w-]+)'", policy)
    assert nonce
    assert f'nonce="{nonce[1]}"' in page.text
    secret = app_secret(page)
    wrong = await newcomer.browser.post(form_action(page.text, "/enrol/app"), data=app_form(page, secret, "000000"))
    assert wrong.status_code == 422
    assert 'id="code-error"' in wrong.text
    secret, codes = await enrol_app(newcomer)
    assert len(set(codes)) == 10
    answer = await newcomer.browser.get("/oauth/authorize", params=newcomer.query())
    assert "code" in callback(answer)
    stored = await newcomer.rows("SELECT t::text AS whole FROM second_factor AS t")
    stored += await newcomer.rows("SELECT t::text AS whole FROM recovery_code AS t")
    for text in (secret, secret.encode().hex(), *codes, *(code.replace("-", "") for code in codes)):
        assert not any(text in row["whole"] for row in stored)
    told = await newcomer.rows("SELECT data FROM outbox WHERE subject = 'hub.gateway.audit.recorded'")
    acts = {act for row in told for act in ("second_factor.added", "recovery_codes.made") if act in row["data"]}
    assert acts == {"second_factor.added", "recovery_codes.made"}


async def test_of_twelve_uses_of_one_code_exactly_one_wins(newcomer: Hub) -> None:
    secret, codes = await enrol_app(newcomer)
    # A moment to come, told to each try: how long a slow machine takes for the passwords is nothing to the code.
    moment = datetime.now(UTC) + timedelta(minutes=1)
    code = code_at(secret, moment)
    for typed in (code, codes[0].upper().replace("-", " ")):
        tokens = []
        for _ in range(12):
            answer = await newcomer.give_password()
            tokens.append(re.findall(r"hub-sign-in=([A-Za-z0-9]+)", answer.headers["set-cookie"])[0])
        visitors = [Visitor(f"192.0.2.{number}") for number in range(12)]
        await newcomer.rows("DELETE FROM sign_in_attempt")
        results = []
        for start in range(0, 12, 3):
            # Three at a time: the fourth failure of strangers would make the others wait, and prove nothing.
            some = zip(tokens[start : start + 3], visitors[start : start + 3], strict=True)
            tries = (newcomer.parts.factors.by_code(token, typed, visitor, moment) for token, visitor in some)
            results += await asyncio.gather(*tries)
            await newcomer.rows("DELETE FROM sign_in_attempt")
        assert sum(isinstance(result, Complete) for result in results) == 1
        assert results.count(WrongFactor()) == 11
    answer = await newcomer.give_password()
    token = re.findall(r"hub-sign-in=([A-Za-z0-9]+)", answer.headers["set-cookie"])[0]
    later = await newcomer.parts.factors.by_code(token, code, Visitor("192.0.2.1"), moment)
    assert later == WrongFactor(), "nor does it work later on"
    given = await newcomer.rows("SELECT DISTINCT methods[2] AS method FROM sign_in WHERE factor_at IS NOT NULL")
    assert {row["method"] for row in given} == {"otp", "urn:connective:amr:recovery-code"}
    written = await newcomer.rows("SELECT kind FROM letter")
    assert sorted(row["kind"] for row in written) == ["code_used", "codes_made", "factor_added"]


async def test_codes_of_the_half_minute_before_and_after_are_taken_and_no_others(newcomer: Hub) -> None:
    secret, _ = await enrol_app(newcomer)
    now = datetime.now(UTC) + timedelta(minutes=10)
    for offset, taken in ((-60, False), (60, False), (-30, True), (30, True), (0, False)):
        answer = await newcomer.give_password()
        token = re.findall(r"hub-sign-in=([A-Za-z0-9]+)", answer.headers["set-cookie"])[0]
        await newcomer.rows("DELETE FROM sign_in_attempt")
        code = code_at(secret, now + timedelta(seconds=offset))
        result = await newcomer.parts.factors.by_code(token, code, Visitor("192.0.2.1"), now)
        assert isinstance(result, Complete) is taken, offset  # Nought comes after thirty: a step gone by is gone.


async def test_a_passkey_must_be_ours_verified_fresh_and_of_this_origin(hub: Hub) -> None:
    for origin, changes in (("https://evil.example.org", {}), (ISSUER, {"rpId": "evil.example.org"})):
        page = await factor_page(hub)
        posted = hub.passkey.answer(passkey_options(page.text) | changes, origin)
        await refused(hub, page, posted)
    page = await factor_page(hub)
    await refused(hub, page, SoftwarePasskey().answer(passkey_options(page.text), ISSUER))
    hub.passkey.verifies = False
    page = await factor_page(hub)
    await hub.rows("DELETE FROM sign_in_attempt")
    await refused(hub, page, hub.passkey.answer(passkey_options(page.text), ISSUER))
    hub.passkey.verifies = True
    page = await factor_page(hub)
    await hub.rows("DELETE FROM sign_in_attempt")
    old = hub.passkey.answer(passkey_options(page.text), ISSUER)
    assert (await hub.browser.post(form_action(page.text, "/passkey"), data=form(page, old))).status_code == 303
    page = await factor_page(hub)
    await refused(hub, page, old)
    for rubbish in ("", "{}", "[]", "null", '{"id": 1}', '{"rawId": "\u00e9"}', "[" * 2_000, "x" * 9_000):
        await hub.rows("DELETE FROM sign_in_attempt")
        await refused(hub, page, rubbish)


def form(page: httpx.Response, posted: str) -> dict[str, str]:
    return {"credential": posted, "form_token": form_token(page.text)}


async def refused(hub: Hub, page: httpx.Response, posted: str) -> None:
    answer = await hub.browser.post(form_action(page.text, "/passkey"), data=form(page, posted))
    assert answer.status_code == 422, answer.text
    assert "The passkey could not be checked" in answer.text


async def test_of_twelve_answers_to_one_challenge_exactly_one_wins(hub: Hub) -> None:
    page = await factor_page(hub)
    posted = hub.passkey.answer(passkey_options(page.text), ISSUER)
    token = hub.browser.cookies["hub-sign-in"]
    now = datetime.now(UTC)
    tries = [hub.parts.factors.by_passkey(token, posted, Visitor("192.0.2.1"), now) for _ in range(12)]
    results = await asyncio.gather(*tries)
    assert sum(isinstance(result, Complete) for result in results) == 1


async def test_a_copied_key_whose_count_falls_behind_is_refused(newcomer: Hub) -> None:
    counting = SoftwarePasskey(counts=True)
    page = await factor_page(newcomer)
    made = counting.register(passkey_options(page.text), ISSUER)
    data = {"credential": made, "name": "Security key", "form_token": form_token(page.text)}
    shown = await newcomer.browser.post(form_action(page.text, "/enrol/passkey"), data=data)
    assert "Keep your recovery codes" in shown.text
    page = await factor_page(newcomer)
    answer = await newcomer.give_passkey(page, counting)
    assert answer.status_code == 303
    counting.signed = 0
    page = await factor_page(newcomer)
    assert (await newcomer.give_passkey(page, counting)).status_code == 422
    rows = await newcomer.rows("SELECT name, sign_count FROM second_factor WHERE account_id = $1", newcomer.worker)
    assert [(row["name"], row["sign_count"]) for row in rows] == [("Security key", 2)]


async def test_somebody_who_holds_a_factor_sets_no_other_up_by_password_alone(hub: Hub) -> None:
    page = await factor_page(hub)
    for step in ("/enrol/app", "/enrol/passkey"):
        target = form_action(page.text, "/code").replace("/code", step)
        answer = await hub.browser.post(target, data={"code": "123456", "form_token": form_token(page.text)})
        assert answer.status_code == 303
        assert "Confirm that it is you" in (await hub.browser.get(answer.headers["location"])).text
    assert len(await hub.rows("SELECT 1 FROM second_factor WHERE account_id = $1", hub.worker)) == 1


async def test_guesses_at_codes_become_slow_and_are_told_and_a_known_browser_is_not_held_up(hub: Hub) -> None:
    await hub.sign_in()
    known = hub.browser.cookies["hub-device"]
    answer = await hub.give_password()
    token = re.findall(r"hub-sign-in=([A-Za-z0-9]+)", answer.headers["set-cookie"])[0]
    now = datetime.now(UTC)

    async def guess(number: int, device: str | None = None) -> Any:
        return await hub.parts.factors.by_code(token, "000000", Visitor(f"192.0.2.{number}", device), now)

    for number in range(4):
        assert await guess(number) == WrongFactor()
    assert (await guess(9)).wait_seconds == 1, "strangers who know the password share one count, wherever they are"
    assert await guess(9, known) == WrongFactor(), "the holder's own browser does not"
    assert (await guess(9, "made-up")).wait_seconds == 1
    page = await hub.browser.get("/oauth/authorize", params=hub.query())
    assert (await hub.give_passkey(page, hub.passkey)).status_code == 303


async def test_a_program_may_ask_for_a_fresh_second_factor(hub: Hub) -> None:
    await hub.sign_in()
    sent = callback(await hub.browser.get("/oauth/authorize", params=hub.query(max_age="300")))
    assert "code" in sent
    await hub.rows("UPDATE sign_in SET factor_at = factor_at - interval '6 minutes'")
    assert "code" in callback(await hub.browser.get("/oauth/authorize", params=hub.query(max_age="3600")))
    for wish in ({"max_age": "300"}, {"prompt": "login"}, {"max_age": "soon"}):
        page = await hub.browser.get("/oauth/authorize", params=hub.query(**wish))
        assert "Confirm that it is you" in page.text
        assert "Password" not in page.text
    assert (await hub.give_passkey(page, hub.passkey)).status_code == 303
    assert "code" in callback(await hub.browser.get("/oauth/authorize", params=hub.query(max_age="300")))


async def test_the_page_works_without_script_and_says_what_is_wrong_beside_its_field(hub: Hub) -> None:
    page = await factor_page(hub)
    assert re.search(r'<form method="post" [^>]*data-passkey="get" hidden>', page.text)
    assert page.text.count("<h1") == 1
    wrong = await give(hub, page, "12 34-56")
    assert wrong.status_code == 422
    assert 'aria-describedby="code-hint code-error"' in wrong.text
    assert "<title>Error: " in wrong.text
    assert html.unescape(wrong.text).count("The code is not right") == 2
    script = await hub.browser.get("/assets/passkeys.js")
    assert script.headers["content-type"].startswith("text/javascript")


async def test_a_sign_in_goes_by_another_secret_once_it_is_whole(hub: Hub) -> None:
    await factor_page(hub)
    before = hub.browser.cookies["hub-sign-in"]
    page = await hub.browser.get("/oauth/authorize", params=hub.query())
    await hub.give_passkey(page, hub.passkey)
    assert hub.browser.cookies["hub-sign-in"] != before
    assert WORKER_EMAIL not in str(hub.browser.cookies)
