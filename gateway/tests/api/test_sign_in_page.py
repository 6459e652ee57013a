"""The sign-in page: forms, cookies, headers, and guessing made slow."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from gateway_hub import ISSUER, PASSWORD, TWO_HATS_EMAIL, WORKER_EMAIL, Hub, form_action, form_token

from connective.gateway.commands.sign_in import NotSignedIn, SignedIn
from connective.gateway.commands.visitors import Visitor


async def test_the_page_is_accessible_and_loads_nothing_from_elsewhere(shared_hub: Hub) -> None:
    page = await shared_hub.browser.get("/oauth/authorize", params=shared_hub.query())
    assert page.headers["content-type"].startswith("text/html")
    text = page.text
    assert '<html lang="en-GB">' in text
    assert text.count("<h1") == 1
    place = shared_hub.parts.places.places[0]
    assert f'<span class="product">{place.branding.logo_text or place.branding.display_name or place.name}' in text
    colour = await shared_hub.browser.get(f"/assets/place-{place.branding.colour[1:].lower()}.css")
    assert place.branding.colour.lower() in colour.text
    assert place.safeguarding.front_door_number in text, "whom to phone"
    assert (await shared_hub.browser.get("/assets/place-1;}*{}.css")).status_code in {400, 404, 422}
    for field in ("email", "password"):
        assert f'<label for="{field}">' in text
        assert f'id="{field}"' in text
    assert 'autocomplete="current-password"' in text
    assert 'href="#main"' in text
    assert not re.search(r'(src|href)="https?://', text)
    assert "<script" not in text
    assert " style=" not in text
    style = await shared_hub.browser.get("/assets/pages.css")
    assert style.headers["content-type"].startswith("text/css")
    assert "url(" not in style.text


async def test_pages_are_not_framed_stored_or_sent_elsewhere(shared_hub: Hub) -> None:
    page = await shared_hub.browser.get("/oauth/authorize", params=shared_hub.query())
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:8090;" in policy
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"


async def test_a_wrong_password_says_so_without_saying_what_was_wrong(hub: Hub) -> None:
    wrong = await hub.sign_in(password="not the password")
    unknown = await hub.sign_in(email="nobody@school.example.org")
    assert wrong.status_code == unknown.status_code == 422
    assert "The e-mail address or the password is not right" in wrong.text
    assert wrong.text.replace(WORKER_EMAIL, "") == unknown.text.replace("nobody@school.example.org", "")
    assert 'role="alert"' in wrong.text
    assert "<title>Error: " in wrong.text
    assert "not the password" not in wrong.text


@pytest.mark.parametrize(
    "fields",
    [
        {"form_token": ""},
        {"form_token": "0" * 64},
        {"form_token": "\u00e9"},
        {"email": "a\0b"},
        {"email": "x" * 600},
        {"password": "\ud7ff" * 501},
    ],
)
async def test_a_form_that_we_did_not_show_is_refused(shared_hub: Hub, fields: dict[str, str]) -> None:
    page = await shared_hub.browser.get("/oauth/authorize", params=shared_hub.query())
    data = {"email": WORKER_EMAIL, "password": PASSWORD, "form_token": form_token(page.text)} | fields
    answer = await shared_hub.browser.post(form_action(page.text), data=data)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_form_from_another_browser_or_origin_is_refused(shared_hub: Hub) -> None:
    page = await shared_hub.browser.get("/oauth/authorize", params=shared_hub.query())
    data = {"email": WORKER_EMAIL, "password": PASSWORD, "form_token": form_token(page.text)}
    foreign = await shared_hub.browser.post(
        form_action(page.text), data=data, headers={"Origin": "https://evil.example.org"}
    )
    assert foreign.status_code == 400
    transport = httpx.ASGITransport(app=shared_hub.door)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as other:
        assert (await other.post(form_action(page.text), data=data)).status_code == 400


async def test_cookies_are_of_this_host_alone(make_hub: Any, shared_hub: Hub) -> None:
    shared_hub.browser.cookies.clear()
    plain = await shared_hub.browser.get("/oauth/authorize", params=shared_hub.query())
    assert "HttpOnly" in plain.headers["set-cookie"]
    assert "SameSite=lax" in plain.headers["set-cookie"]
    async with make_hub(issuer="https://hub.example.org") as secure:
        page = await secure.browser.get("/oauth/authorize", params=secure.query())
        cookie = page.headers["set-cookie"]
        assert cookie.startswith("__Host-hub-form=")
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


async def test_each_sign_in_makes_a_new_secret(hub: Hub) -> None:
    first = await hub.sign_in()
    hub.browser.cookies.clear()
    hub.browser.cookies.set("hub-sign-in", "planted-by-somebody", domain="127.0.0.1")
    second = await hub.sign_in()
    secrets = [re.search(r"hub-sign-in=([A-Za-z0-9]+)", a.headers["set-cookie"]) for a in (first, second)]
    values = {found[1] for found in secrets if found}
    assert len(values) == 2
    assert "planted-by-somebody" not in values


async def test_signing_out_ends_everything_begun_in_this_browser(hub: Hub) -> None:
    tokens = await hub.person_tokens()
    answer = await hub.sign_in_as_two_hats()
    sign_out = re.findall(r'action="(/oauth/authorize/sign-out[^"]+)"', answer.text)[0].replace("&amp;", "&")
    await hub.browser.post(sign_out, data={"form_token": form_token(answer.text)})
    again = await hub.browser.get("/oauth/authorize", params=hub.query())
    assert "Password" in again.text
    assert (await hub.me(tokens["access_token"])).status_code == 200, "another sign-in's session stands"


async def try_once(hub: Hub, name: str, password: str, address: str, now: datetime) -> Any:
    return await hub.parts.sign_in(name, password, Visitor(address), now)


async def test_guessing_becomes_slow_for_the_guesser_alone(hub: Hub) -> None:
    now = datetime.now(UTC)
    for _ in range(4):
        assert await try_once(hub, WORKER_EMAIL, "guess", "192.0.2.1", now) == NotSignedIn(0)
    held = await try_once(hub, WORKER_EMAIL, PASSWORD, "192.0.2.1", now)
    assert isinstance(held, NotSignedIn)
    assert held.wait_seconds == 1, "even the right password waits: otherwise the answer would tell"
    assert isinstance(await try_once(hub, WORKER_EMAIL, PASSWORD, "192.0.2.2", now), SignedIn), (
        "others are not locked out"
    )
    assert isinstance(await try_once(hub, TWO_HATS_EMAIL, PASSWORD, "192.0.2.1", now), SignedIn)
    after = now + timedelta(seconds=2)
    assert await try_once(hub, WORKER_EMAIL, "guess", "192.0.2.1", after) == NotSignedIn(0)
    assert await try_once(hub, WORKER_EMAIL, "guess", "192.0.2.1", after + timedelta(seconds=1)) == NotSignedIn(1)
    assert await try_once(hub, WORKER_EMAIL, "guess", "192.0.2.1", after + timedelta(seconds=3)) == NotSignedIn(0)
    told = await hub.rows("SELECT data FROM outbox WHERE subject = 'hub.gateway.signin.failed_repeatedly'")
    assert [str(hub.worker) in row["data"] for row in told] == [True]
    right = await try_once(hub, WORKER_EMAIL.upper(), PASSWORD, "192.0.2.1", after + timedelta(minutes=6))
    assert isinstance(right, SignedIn)
    assert await try_once(hub, WORKER_EMAIL, "guess", "192.0.2.1", after + timedelta(minutes=6)) == NotSignedIn(0)


async def test_the_page_says_how_long_to_wait(hub: Hub) -> None:
    for _ in range(4):
        await hub.sign_in(password="guess")
    answer = await hub.sign_in()
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    assert "Too many tries" in answer.text


async def test_guesses_made_at_once_are_all_counted(hub: Hub) -> None:
    now = datetime.now(UTC)
    results = await asyncio.gather(*(try_once(hub, WORKER_EMAIL, "guess", "192.0.2.9", now) for _ in range(12)))
    tried = [result for result in results if result == NotSignedIn(0)]
    assert len(tried) == 4, "three free, the fourth begins the waiting"


async def test_a_disabled_account_does_not_sign_in(hub: Hub) -> None:
    await hub.rows("UPDATE account SET disabled_at = now() WHERE id = $1", hub.worker)
    assert (await hub.sign_in()).status_code == 422


async def test_a_page_under_another_name_of_this_machine_is_sent_to_its_own(shared_hub: Hub) -> None:
    hub = shared_hub
    transport = httpx.ASGITransport(app=hub.door, raise_app_exceptions=False)
    for name, sent in (
        ("localhost:8080", True),
        ("[::1]:8080", True),
        ("127.0.0.1", True),
        ("evil.example.org", False),
    ):
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{name}") as other:
            page = await other.get("/oauth/authorize", params=hub.query())
            assert page.status_code == (307 if sent else 200), name
            if sent:
                assert page.headers["location"] == str(page.request.url).replace(f"http://{name}", ISSUER), name
            assert (await other.get("/oauth/jwks")).status_code == 200
            assert (await other.get("/api/v1/me")).status_code == 401, "programs are answered under any name"
