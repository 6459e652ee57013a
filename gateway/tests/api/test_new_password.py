"""A forgotten password: a letter that works once, answers alike for everybody, and letters of what has changed."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from gateway_hub import ISSUER, WORKER_EMAIL, Hub, form_token

from connective.gateway.commands.post_letters import posting_letters
from connective.kit.mail import KeptPost

GOOD = "heron lantern willow"


class Mailbox:
    """Whoever has forgotten their password, and what is posted to them."""

    def __init__(self, hub: Hub) -> None:
        self.hub, self.post = hub, KeptPost()
        hub.browser.cookies.clear()
        object.__setattr__(hub.parts, "mail", True)

    async def ask(self, email: str = WORKER_EMAIL) -> httpx.Response:
        page = await self.hub.browser.get("/oauth/forgotten")
        form = {"email": email, "form_token": form_token(page.text)}
        return await self.hub.browser.post("/oauth/forgotten", data=form)

    async def texts(self) -> list[str]:
        await posting_letters(self.hub.running.database, self.post, ISSUER)(datetime.now(UTC) + timedelta(seconds=1))
        return [mail.text for mail in self.post.sent]

    async def secrets(self) -> list[str]:
        return [each for text in await self.texts() for each in re.findall(r"#(hubreset_\w+)", text)]

    async def use(self, key: str, password: str = GOOD) -> httpx.Response:
        page = await self.hub.browser.get("/oauth/new-password")
        assert page.headers["referrer-policy"] == "no-referrer"
        form = {"key": key, "password": password, "form_token": form_token(page.text)}
        return await self.hub.browser.post("/oauth/new-password", data=form)


@pytest.fixture
def mailbox(hub: Hub) -> Mailbox:
    return Mailbox(hub)


async def test_a_forgotten_password_is_replaced_and_the_second_factor_stays(mailbox: Mailbox) -> None:
    hub = mailbox.hub
    tokens = await hub.person_tokens()
    await mailbox.ask(f" {WORKER_EMAIL.upper()} ")
    await mailbox.ask()
    first, second = await mailbox.secrets()
    stored = await hub.rows("SELECT l::text AS whole FROM letter AS l")
    assert not [row for row in stored if first in row["whole"] or second in row["whole"]]
    for password, why in (
        ("short", "at least 12"),
        ("Password1234!", "tried first"),
        (WORKER_EMAIL, "e-mail address out"),
    ):
        answer = await mailbox.use(second, password)
        assert (answer.status_code, why in answer.text) == (422, True), password
    answer = await mailbox.use(second)
    assert (answer.status_code, "Your password is set" in answer.text) == (200, True)
    for spent in (first, second, "hubreset_unknown", ""):
        refused = await mailbox.use(spent)
        assert (refused.status_code, "opens nothing" in refused.text) == (422, True), "one way is enough"
    assert (await hub.me(tokens["access_token"])).status_code == 401
    assert (await hub.refresh(tokens["refresh_token"])).status_code == 400
    assert (await hub.give_password()).status_code == 422
    given = await hub.give_password(password=GOOD)
    page = await hub.browser.get(given.headers["location"])
    assert "Confirm that it is you" in page.text, "the second factor is asked for as always"
    assert (await hub.give_passkey(page, hub.passkey)).status_code == 303
    told = await mailbox.texts()
    assert "password of your account was changed" in told[-1]
    assert not [text for text in told if "Worker" in text or "School" in text or WORKER_EMAIL in text]
    acts = [row["data"] for row in await hub.rows("SELECT data::text AS data FROM outbox")]
    assert [each for each in acts if "password.reset" in each]


async def test_answers_are_alike_for_everybody_and_letters_are_rationed(mailbox: Mailbox) -> None:
    hub = mailbox.hub
    await hub.rows("UPDATE account SET disabled_at = now() WHERE id = $1", hub.two_hats)
    pages = []
    for email in (WORKER_EMAIL, "nobody@school.example.org", "two.hats@school.example.org", "", "no address"):
        answer = await mailbox.ask(email)
        pages.append((answer.status_code, answer.text))
    assert len(set(pages)) == 1
    assert [mail.to for mail in mailbox.post.sent] == []
    counted = await hub.rows("SELECT count(*) AS n FROM sign_in_attempt")
    assert counted[0]["n"] == 5, "each asks the database for the same work"
    for _ in range(4):
        await hub.rows("DELETE FROM sign_in_attempt")
        await mailbox.ask()
    assert len(await mailbox.secrets()) == 3
    assert {mail.to for mail in mailbox.post.sent} == {WORKER_EMAIL}
    await hub.rows("UPDATE letter SET expires_at = now()")
    assert (await mailbox.use((await mailbox.secrets())[0])).status_code == 422


async def test_where_no_letters_are_posted_the_page_says_whom_to_ask(shared_hub: Hub) -> None:
    page = await shared_hub.browser.get("/oauth/forgotten")
    assert "Ask the administrator" in page.text
