"""A code by text message opens a link as the PIN does: content-free, for minutes, counted, failing closed."""

import logging
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from gateway_desk import PIN, Desk, answer, call
from gateway_support import Service

from connective.gateway.commands.send_codes import sending_codes
from connective.gateway.domain.link_codes import CODE_LIVES, CODES_A_LINK, mobile, new_code
from connective.kit.texting import KeptTexts, NotifyTexts, Text, TextNotSent
from connective.local.text_catcher import KEY, TAKES, Catcher

TELEPHONE = "07700 900321"


@pytest_asyncio.fixture(loop_scope="session")
async def desk(make_hub: Any) -> AsyncIterator[Desk]:
    async with Service(answer).serve() as service, make_hub(referrals_url=service.url) as hub:
        yield Desk(hub, service)


async def registered(desk: Desk, telephone: str | None = TELEPHONE) -> KeptTexts:
    """The charity's address, PIN and telephone."""
    object.__setattr__(desk.hub.parts, "texts", True)
    body = {"organisation_id": str(desk.hub.charity), "email": "desk@charity.example.org", "pin": PIN}
    made = await call(desk.hub, "POST", "/links/contacts", desk.admin(), body | {"telephone": telephone})
    assert made.status_code == 201, made.text
    assert made.json()["telephone_ends"] == (telephone and "321")
    return KeptTexts()


async def texted(desk: Desk, texts: Any) -> None:
    """The gateway's clock sends what was asked for."""
    passwords = desk.hub.parts.passwords
    await sending_codes(desk.hub.running.database, passwords, texts)(desk.clock())


async def test_a_code_opens_the_link_it_was_asked_for_and_no_other(
    desk: Desk, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    texts = await registered(desk)
    await desk.waits()
    first = await desk.key()
    await desk.waits("overdue")
    second = await desk.key()
    asked = await desk.form("/link/code", key=first)
    unknown = await desk.form("/link/code", key="hublink_" + "x" * 43)
    shown = {re.sub(r'value="[^"]*"', "", each.text) for each in (asked, unknown)}
    assert len(shown) == 1, "nobody learns whether a code goes out"
    await texted(desk, texts)
    await texted(desk, texts)
    (text,) = texts.sent
    code = text.values["code"]
    assert (text.to, text.values) == ("+447700900321", {"code": code, "minutes": "10"})
    assert (await desk.open(second, pin=code)).status_code == 422
    opened = await desk.open(first, pin=code)
    assert (opened.status_code, opened.headers["location"]) == (303, "/link/request")
    kept = str(await desk.hub.rows("SELECT l::text AS row FROM link AS l"))
    logged = caplog.text + "".join(capsys.readouterr())
    assert not [each for each in (code, "7700900321", "900 321", first) if each in logged]
    assert code not in kept


async def test_a_code_runs_out_and_no_more_than_a_few_are_sent(desk: Desk) -> None:
    texts = await registered(desk)
    await desk.waits()
    key = await desk.key()
    for _ in range(CODES_A_LINK + 2):
        await desk.form("/link/code", key=key)
        await texted(desk, texts)
    codes = [each.values["code"] for each in texts.sent]
    assert len(codes) == CODES_A_LINK
    if codes[0] != codes[-1]:
        assert (await desk.open(key, pin=codes[0])).status_code == 422, "the newest code alone works"
    desk.clock.at = desk.clock() + CODE_LIVES
    assert (await desk.open(key, pin=codes[-1])).status_code == 422
    assert (await desk.open(key)).status_code == 303, "the PIN works beside it"


async def test_without_a_telephone_or_a_gateway_nothing_is_sent_and_nothing_opens(desk: Desk) -> None:
    texts = await registered(desk, None)
    await desk.waits()
    key = await desk.key()
    await desk.form("/link/code", key=key)
    await texted(desk, texts)
    assert texts.sent == []
    await registered(desk)
    await desk.form("/link/code", key=key)
    away = NotifyTexts("http://127.0.0.1:1/", KEY, "a-template")
    await texted(desk, away)
    assert (await desk.hub.rows("SELECT code_hash, codes FROM link"))[0]["code_hash"] is None, "fails closed"
    object.__setattr__(desk.hub.parts, "texts", False)
    page = await desk.hub.browser.get("/link")
    assert "/link/code" not in page.text
    await desk.form("/link/code", key=key)
    assert await desk.hub.rows("SELECT 1 FROM link WHERE code_try_at IS NOT NULL") == []


async def test_it_travels_as_govuk_notify_takes_it() -> None:
    async with Catcher() as catcher:
        texts = NotifyTexts(f"{catcher.address.rstrip('/')}{TAKES}", KEY, "a-template")
        await texts.send(Text("+447700900321", {"code": "012345", "minutes": "10"}, "reference"))
        with pytest.raises(TextNotSent, match="answered_404"):
            await NotifyTexts(f"{catcher.address}elsewhere", KEY, "t").send(Text("+447700900321", {}, "r"))
    (sent,) = catcher.kept
    assert (sent.to, "012345" in sent.text) == ("+447700900321", True)
    for url, key in (("http://sms.example.org/", KEY), ("https://sms.example.org/", "short")):
        with pytest.raises(ValueError, match=r"https|key"):
            NotifyTexts(url, key, "t")


def test_only_a_mobile_number_is_registered() -> None:
    assert mobile("+44 7700 900-321") == mobile("07700 900321") == "+447700900321"
    assert [mobile(each) for each in ("01632 960123", "999", "+1 555 0100", "")] == [None] * 4
    assert all(re.fullmatch("[0-9]{6}", new_code()) for _ in range(100))
    assert timedelta(minutes=5) <= CODE_LIVES <= timedelta(minutes=15)
