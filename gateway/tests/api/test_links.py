"""A link for partners without a system: posted content-free, opened once with the PIN and a name, for 15 minutes."""

import base64
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from gateway_desk import PIN, Desk, answer, call, token
from gateway_hub import ISSUER
from gateway_support import Service

from connective.gateway.commands.post_links import posting
from connective.gateway.domain.links import clean_name, weak_pin
from connective.kit.ids import new_id
from connective.kit.mail import SmtpPost
from connective.local.mail_catcher import MailCatcher


@pytest_asyncio.fixture(loop_scope="session")
async def desk(make_hub: Any) -> AsyncIterator[Desk]:
    async with Service(answer).serve() as service, make_hub(referrals_url=service.url) as hub:
        yield Desk(hub, service)


async def test_a_link_opens_one_request_once_in_one_browser_for_a_quarter_of_an_hour(desk: Desk) -> None:
    await desk.waits()
    assert await desk.mails() == [], "nobody is posted a link who registered no address"
    await desk.register()
    await desk.waits("answered")
    (mail,) = await desk.mails()
    assert mail.to == "desk@charity.example.org"
    for told in ("Mara", "food", "REQ-7K3M", str(desk.request), "Charity", PIN):
        assert told not in mail.subject + mail.text
    assert len(await desk.mails()) == 1, "it is posted once"
    key = await desk.key()
    for method in ("GET", "HEAD"):
        # A scanner follows the link: it is sent no secret, and consumes nothing.
        assert (await desk.hub.browser.request(method, "/link")).status_code in {200, 405}
    opened = await desk.open(key)
    assert (opened.status_code, opened.headers["location"]) == (303, "/link/request"), opened.text
    shown = await desk.hub.browser.get("/link/request")
    assert shown.status_code == 200
    for words in (
        "REQ-7K3M-92QD",
        "&lt;b&gt;Mara&lt;/b&gt; Test",
        "Who will collect",
        "You are Ada Desk",
        "nappies; wipes",
        "They collect it today",
    ):
        assert words in shown.text, words
    assert "call 999" in shown.text
    assert {"accept", "ask", "decline"} == set(re.findall(r'action="/link/request/(\w+)"', shown.text))
    (asked,) = [each for each in desk.service.seen if each.line.startswith(b"GET /requests/")]
    assert asked.line == f"GET /requests/{desk.request} HTTP/1.1".encode()
    payload = asked.header("hub-identity")[0].split(".")[1]
    who = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert (who["org"], who["roles"]) == (str(desk.hub.charity), ["partner_worker", "secure_link"])
    (session,) = await desk.hub.rows("SELECT id, named FROM link_session")
    assert (str(session["id"]), session["named"]) == (who["sub"], "Ada Desk")
    secret = desk.hub.browser.cookies["hub-link"]
    desk.hub.browser.cookies.clear()
    assert (await desk.open(key)).status_code == 422, "a link opens once"
    assert (await desk.hub.browser.get("/link/request")).status_code == 401, "another browser has nothing"
    desk.hub.browser.cookies.set("hub-link", secret)
    assert (await desk.hub.browser.get("/link/request")).status_code == 200
    desk.clock.at = desk.clock() + timedelta(minutes=15)
    assert (await desk.hub.browser.get("/link/request")).status_code == 401


async def test_what_may_be_done_is_done_as_the_session_and_told_when_it_is_not(desk: Desk) -> None:
    await desk.register()
    asked = await call(desk.hub, "POST", "/links", desk.admin(), {"request_id": str(desk.request)})
    assert asked.status_code == 202, asked.text
    assert (await desk.open(await desk.key())).status_code == 303
    held = {"version": "3", "key": str(new_id())}
    accepted = await desk.form("/link/request/accept", **held)
    assert (accepted.status_code, accepted.headers["location"]) == (303, "/link/request")
    (sent,) = [each for each in desk.service.seen if b"/accept" in each.line]
    assert (sent.header("if-match"), sent.header("idempotency-key")) == (['"3"'], [held["key"]])
    declined = await desk.form("/link/request/decline", code="at_capacity", family_sentence="We are full.", **held)
    assert declined.status_code == 422
    for words in ("Fill in “What the family can do next”.", "Not a code.", 'value="We are full."'):
        assert words in declined.text, words
    assert "String should" not in declined.text
    today = await desk.hub.browser.get("/link/today")
    assert today.status_code == 200
    for words in ("REQ-7K3M-92QD: &lt;i&gt;Mara", "Collect today", "No nuts", "baby items", "call 999"):
        assert words in today.text, words
    assert (await desk.form("/link/request/waitlist", **held)).status_code == 404
    assert (await desk.form("/link/request/accept", version="x", key="y")).status_code == 400
    forged = await desk.hub.browser.post("/link/request/accept", data={**held, "form_token": "0" * 64})
    assert forged.status_code == 400
    suspended = {"organisation": desk.hub.charity, "legal_entity": new_id(), "version": 9, "state": "suspended"}
    await desk.hub.organisation(**suspended)  # type: ignore[arg-type]  # a table of arguments
    for path in ("/link/request", "/link/today"):
        assert (await desk.hub.browser.get(path)).status_code == 401


async def test_wrong_pins_spend_one_link_and_nobody_elses(desk: Desk) -> None:
    await desk.register()
    await desk.waits()
    first = await desk.key()
    await desk.waits("overdue")
    second = await desk.key()
    assert first != second
    wrong = [await desk.open(first, pin="000111") for _ in range(5)]
    unknown = await desk.open("hublink_" + "x" * 43)
    assert {each.status_code for each in (*wrong, unknown)} == {422}
    assert (await desk.open(first)).status_code == 422, "five wrong PINs spend a link"
    assert (await desk.open(second, name=" ")).status_code == 422, "whoever opens it says who they are"
    assert (await desk.open(second)).status_code == 303
    posted = len(desk.post.sent)
    answers = {(await desk.form("/link/renew", key=key)).text.replace("\n", "") for key in (first, "nobody's")}
    assert len({re.sub(r'value="[0-9a-f]{64}"', "", each) for each in answers}) == 1
    assert len(await desk.mails()) == posted + 1
    for _ in range(5):
        await desk.form("/link/renew", key=first)
    assert len(await desk.mails()) == 5, "no more than five a day for one request"
    kept = str(await desk.hub.rows("SELECT l::text AS row FROM link AS l"))
    assert not [key for key in (first, second) if key in kept]


async def test_it_travels_by_smtp_and_waits_while_the_post_is_away(desk: Desk) -> None:
    await desk.register()
    await desk.waits()
    caught: list[EmailMessage] = []
    async with MailCatcher(caught.append, port=0) as catcher:
        post = SmtpPost("127.0.0.1", catcher.port, "hub@connective.example.org")
        away = posting(desk.hub.running.database, SmtpPost("127.0.0.1", 1, "hub@connective.example.org"), ISSUER)
        await away(datetime.now(UTC) + timedelta(seconds=1))
        run = posting(desk.hub.running.database, post, ISSUER)
        await run(datetime.now(UTC) + timedelta(seconds=2))
        assert caught == [], "it is tried again after a while"
        for _ in range(2):
            await run(datetime.now(UTC) + timedelta(minutes=3))
    (mail,) = caught
    assert (mail["To"], mail["From"]) == ("desk@charity.example.org", "hub@connective.example.org")
    found = re.search(rf"{re.escape(ISSUER)}/link#(\S+)", mail.get_content())
    assert found
    assert (await desk.open(found[1])).status_code == 303


async def test_the_page_hides_the_secret_and_stores_nothing(desk: Desk) -> None:
    page = await desk.hub.browser.get("/link")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "no-referrer")
    script = await desk.hub.browser.get("/assets/link.js")
    assert "replaceState" in script.text
    assert page.text.count("<h1") == 1


async def test_only_its_own_administrators_say_where_links_go(desk: Desk) -> None:
    await desk.register()
    path = f"/links/contacts/{desk.hub.charity}"
    other = token(desk.hub, "partner_admin")
    body = {"organisation_id": str(desk.hub.charity), "email": "x@other.example.org", "pin": PIN}
    assert (await call(desk.hub, "POST", "/links/contacts", other, body)).status_code == 404
    assert (await call(desk.hub, "GET", path, other)).status_code == 404
    worker = token(desk.hub, "partner_worker", organisation=desk.hub.charity)
    assert (await call(desk.hub, "GET", path, worker)).status_code == 403
    assert (await call(desk.hub, "GET", path, token(desk.hub, "place_admin"))).json()["version"] == 1
    for pin in ("111111", "123456"):
        weak = await call(desk.hub, "POST", "/links/contacts", desk.admin(), body | {"pin": pin})
        assert (weak.status_code, weak.json()["type"]) == (422, "/problems/unfit-credential")
    assert (await call(desk.hub, "POST", f"{path}/remove", desk.admin())).status_code == 204
    assert (await call(desk.hub, "GET", path, desk.admin())).status_code == 404
    none = await call(desk.hub, "POST", "/links", desk.admin(), {"request_id": str(UUID(int=7))})
    assert (none.status_code, none.json()["type"]) == (409, "/problems/no-link-posted")


@pytest.mark.parametrize(("pin", "fit"), [("482915", True), ("999999", False), ("876543", False), ("12345", False)])
def test_a_pin_is_not_one_that_is_guessed_first(pin: str, fit: bool) -> None:
    assert (weak_pin(pin) is None) == fit
    assert [clean_name(text) for text in ("  Ada \n Desk ", "7", "", "x" * 101)] == ["Ada Desk", None, None, None]
