"""One's own account as a page: second factors, recovery codes, browsers and password."""

import html
import json
import re

import httpx
from gateway_hub import ISSUER, PASSWORD, WORKER_EMAIL, Hub, form_token

from connective.kit.software_passkey import SoftwarePasskey

NEW = "heron lantern willow"


async def account_page(hub: Hub) -> httpx.Response:
    page = await hub.browser.get("/oauth/account")
    assert page.status_code == 200, page.text
    return page


async def post(hub: Hub, page: httpx.Response, step: str, **fields: str) -> httpx.Response:
    data = {"form_token": form_token(page.text)} | fields
    return await hub.browser.post(f"/oauth/account/{step}", data=data)


async def test_the_page_asks_for_password_and_second_factor_and_shows_what_is_open(hub: Hub) -> None:
    hub.browser.cookies.clear()
    page = await account_page(hub)
    assert "Sign in" in page.text
    wrong = await post(hub, page, "sign-in", email=WORKER_EMAIL, password="wrong")
    assert wrong.status_code == 422
    assert (await post(hub, page, "sign-in", email=WORKER_EMAIL, password=PASSWORD)).status_code == 303
    page = await account_page(hub)
    assert "Confirm that it is you" in page.text
    assert (await hub.give_passkey(page, hub.passkey)).headers["location"] == "/oauth/account"
    page = await account_page(hub)
    for words in ("Your account", "Telephone", "Recovery codes left: 0", "Programs that act for you"):
        assert words in page.text
    assert "script-src" not in page.headers["content-security-policy"]


async def test_factors_are_added_and_removed_and_the_last_one_stays(hub: Hub) -> None:
    await hub.sign_in()
    key = SoftwarePasskey()
    page = await hub.browser.get("/oauth/account/add")
    options = re.search(r'name="options" value="([^"]+)"', page.text)
    assert options
    posted = key.register(json.loads(html.unescape(options[1])), ISSUER)
    shown = await post(hub, page, "enrol/passkey", credential=posted, name="Blue <key>")
    assert "Keep your recovery codes" in shown.text
    page = await account_page(hub)
    assert "Blue &lt;key&gt;" in page.text
    first, second = re.findall(r'name="factor" value="([0-9a-f-]+)"', page.text)
    assert (await post(hub, page, "remove", factor=first)).status_code == 303
    await post(hub, page, "remove", factor=second)
    left = await hub.rows("SELECT name FROM second_factor WHERE account_id = $1 AND removed_at IS NULL", hub.worker)
    assert [row["name"] for row in left] == ["Blue <key>"]
    again = await post(hub, page, "recovery-codes")
    assert len(re.findall(r"<li><code>", again.text)) == 10
    await hub.rows("UPDATE sign_in SET factor_at = factor_at - interval '6 minutes'")
    for step in ("remove", "recovery-codes", "password"):
        assert "Confirm that it is you" in (await post(hub, page, step, factor=second)).text, step


async def test_a_password_is_changed_with_the_old_one_and_ends_everything_elsewhere(hub: Hub) -> None:
    elsewhere = (await hub.person_tokens())["access_token"]
    await hub.sign_in()
    page = await account_page(hub)
    for old, new, why in (
        (PASSWORD, "short", "at least 12 characters"),
        (PASSWORD, "Password1234!", "tried first"),
        (PASSWORD, "aaaaaaaaaaaaaaaa", "tried first"),
        (PASSWORD, "worker@school.example", "e-mail address out of"),
        ("not the old one", NEW, "present password is not right"),
    ):
        answer = await post(hub, page, "password", old=old, password=new)
        assert (answer.status_code, why in answer.text) == (422, True), new
        assert 'id="password-error"' in answer.text
    assert (await hub.me(elsewhere)).status_code == 200
    changed = await post(hub, page, "password", old=PASSWORD, password=NEW)
    assert (changed.status_code, "Your password is changed" in changed.text) == (200, True)
    assert (await hub.me(elsewhere)).status_code == 401
    assert "Your account" in (await account_page(hub)).text, "here one stays signed in"
    assert (await hub.give_password()).status_code == 422
    assert (await hub.give_password(password=NEW)).status_code == 303


async def test_a_browser_is_forgotten_with_all_that_was_begun_in_it(hub: Hub) -> None:
    token = (await hub.person_tokens())["access_token"]
    await hub.sign_in()
    page = await account_page(hub)
    device = re.findall(r'name="device" value="([0-9a-f-]+)"', page.text)[0]
    hub.browser.cookies.clear()
    stranger = await hub.browser.get("/oauth/account")
    assert (await post(hub, stranger, "forget", device=device)).status_code == 303
    assert (await hub.me(token)).status_code == 200
    await hub.sign_in()
    page = await account_page(hub)
    assert (await post(hub, page, "forget", device=device)).status_code == 303
    assert (await hub.me(token)).status_code == 401
    assert device not in (await account_page(hub)).text
