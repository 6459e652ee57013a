"""Anybody, without an account and without script: looking for help, a service's page, and asking for help."""

import re

import httpx
from browsing import look_through, page_of
from pages_support import Site, Visitor, form_of, path_of, words_of
from playwright.async_api import Browser

ANSWERS = (
    {"danger": "no"},
    {"help": "food_or_fuel_poverty"},
    {"postcode": "ta201hr"},
    {"service": "first"},
    {"words": "The cooker broke on Monday, says Canary."},
    {"first_name": "Odile", "last_name": "Canary"},
    {"telephone": "01632 960 777", "message": "no", "when": "Weekdays after 3pm"},
    {"language": "fr", "interpreter": "yes"},
)


async def look_for(guest: Visitor, **wanted: str) -> httpx.Response:
    return await guest.send(await guest.get("/directory"), wanted, action="/directory")


async def test_anybody_finds_a_service_nearby_and_no_address_tells_what_was_looked_for(site: Site) -> None:
    guest = site.nobody()
    start = await guest.get("/")
    for way in ('href="/directory"', 'href="/ask-for-help"', "Leave this page quickly"):
        assert way in start.text
    found = await look_for(guest, need="food_or_fuel_poverty", postcode="ta201hr", words="")
    said = words_of(found)
    assert str(found.url).endswith("/directory#found"), "no need or postcode stands in an address"
    assert "Emergency food parcel" in said
    assert "Within 1 mile" in said
    assert 'value="TA20 1HR"' in found.text, "what was looked for is still in the form"
    page = re.search(r'href="(/directory/[0-9a-f-]{36})">Emergency food parcel', found.text)
    assert page
    service = await guest.get(page[1])
    said = words_of(service)
    assert all(
        each in said for each in ("Chard Community Larder", "Get in touch", "Checked", "Ask this service for help")
    )
    assert "<title>A service – " in service.text.replace("\n", ""), "a history does not tell which"
    nothing = words_of(await look_for(guest, words="zeppelin"))
    assert "Nothing was found" in nothing
    assert "use fewer or other words" in nothing
    for wrong, says in (
        ({"postcode": "nonsense"}, "Postcode must be a full UK postcode"),
        ({"postcode": "ZZ99 9ZZ"}, "We do not know this postcode"),
        ({"age": "four"}, "Age must be a number"),
    ):
        again = await look_for(guest, **wrong)
        assert (again.status_code, says in words_of(again)) == (422, True), wrong
    assert (await guest.get("/directory/0190a5c0-0000-7000-8000-00000000ffff")).status_code == 404
    assert "Emergency food parcel" in words_of(await guest.get("/directory?again=true"))
    await guest.client.aclose()


async def test_a_family_asks_for_help_by_itself(site: Site) -> None:
    guest = site.nobody()
    at = await guest.get("/ask-for-help")
    assert all(each in words_of(at) for each in ("call 999", "01632 960101", "Who reads it", "What happens next"))
    ahead = await guest.get("/ask-for-help/check")
    assert path_of(ahead) == "/ask-for-help", "nobody gets ahead of what was not answered"
    at = await guest.send(at)
    empty = await guest.send(at)
    assert (empty.status_code, "Say whether anybody is in danger" in words_of(empty)) == (422, True)
    stopped = await guest.send(empty, {"danger": "yes"})
    assert path_of(stopped) == "/ask-for-help/danger"
    assert "Telephone now" in words_of(stopped)
    at = await guest.get("/ask-for-help/safety")
    for fields in ANSWERS:
        chosen = re.search(r'name="service" type="radio" value="([0-9a-f-]{36})"', at.text)
        filled = fields | ({"service": chosen[1]} if chosen and "service" in fields else {})
        at = await guest.send(at, filled)
        assert at.status_code == 200, words_of(at)
    assert path_of(at) == "/ask-for-help/check"
    said = words_of(at)
    assert all(each in said for each in ("Canary", "01632 960777", "Weekdays after 3pm", "TA20 1HR", "French"))
    token = form_of(at.text).fields
    sent = await guest.send(at)
    assert (path_of(sent), "INT-" in sent.text) == ("/ask-for-help/sent", True), words_of(sent)
    assert "Canary" not in sent.text
    told = re.findall(r"[A-Z0-9]{3,4}(?:-[A-Z0-9]{4}){2}", sent.text)
    how = await guest.send(
        await guest.get("/progress"), {"reference": told[0].lower(), "code": told[1].replace("-", " ")}
    )
    said = words_of(how)
    assert all(each in said for each in ("They have not answered yet", "They answer by", told[0])), said
    assert (path_of(how), "Canary" in how.text, "food" in how.text) == ("/progress", False, False)
    wrong = await guest.send(await guest.get("/progress"), {"reference": told[0], "code": "AAAA-AAAA-AAAA"})
    assert (wrong.status_code, "We find nothing" in words_of(wrong)) == (422, True)
    again = await guest.client.post("/ask-for-help/check", data=token, headers={"Origin": site.base})
    assert again.headers["location"] == "/ask-for-help/sent", "a second press sends nothing"
    back = await guest.get("/ask-for-help/name")
    assert (path_of(back), "Canary" in back.text) == ("/ask-for-help/sent", False), "what was typed is gone"
    await guest.client.aclose()


async def test_who_can_help_is_found_by_need_and_home_and_a_service_that_was_chosen_stays(site: Site) -> None:
    guest = site.nobody()
    at = await guest.send(await guest.send(await guest.get("/ask-for-help")), {"danger": "no"})
    at = await guest.send(at, {"help": "food_or_fuel_poverty"})
    for wrong, says in (("nonsense", "full UK postcode"), ("ZZ99 9ZZ", "We do not know this postcode")):
        at = await guest.send(at, {"postcode": wrong})
        assert (at.status_code, says in words_of(at), f'value="{wrong}"' in at.text) == (422, True, True)
    at = await guest.send(at, {"postcode": "ta201hr"})
    said = words_of(at)
    assert (path_of(at), "1 service here can help with: Food" in said) == ("/ask-for-help/service", True), said
    assert "Emergency food parcel Chard Community Larder Three days of food" in said
    assert "Within 1 mile" in said
    assert ("Housing" in said, "I am not sure: I want somebody to get in touch" in said) == (False, True)
    empty = await guest.send(at)
    assert (empty.status_code, "Choose who you want to ask" in words_of(empty)) == (422, True)
    every = await guest.get("/ask-for-help/service?show=every")
    assert "Housing" in words_of(every)
    at = await guest.send(empty, {"service": re.findall(r'name="service" type="radio" value="([^"]+)"', at.text)[0]})
    assert (path_of(at), "Only Emergency food parcel, Chard" in words_of(at)) == ("/ask-for-help/words", True)
    again = await guest.send(await guest.get("/ask-for-help/about"), {"help": "unsure"})
    said = words_of(again)
    assert path_of(again) == "/ask-for-help/service", "another list fits, so whom to ask is asked again"
    assert "You do not need to know who can help" in said
    listed = (await guest.get("/directory")).text
    larder = re.search(r'href="(/directory/[0-9a-f-]{36})">Emergency food parcel', listed)
    assert larder
    at = await guest.send(await guest.get(larder[1]), action="/ask-for-help/for")
    assert "Only Emergency food parcel, Chard" in words_of(at)
    for fields in ({}, {"danger": "no"}, {"help": "unsure"}, {"postcode": ""}):
        at = await guest.send(at, fields)
    assert (path_of(at), "Only Emergency food parcel" in words_of(at)) == ("/ask-for-help/words", True)
    await guest.client.aclose()


async def test_a_form_for_anybody_counts_only_in_the_browser_that_was_shown_it(site: Site) -> None:
    guest, other, new = site.nobody(), site.nobody(), site.nobody()
    shown = form_of((await guest.get("/ask-for-help")).text).fields
    await other.get("/ask-for-help")
    for visitor, headers, fields in (
        (other, {"Origin": site.base}, shown),
        (new, {"Origin": site.base}, shown),
        (guest, {"Origin": "https://elsewhere.example.org"}, shown),
        (guest, {"Origin": site.base, "Sec-Fetch-Site": "cross-site"}, shown),
        (guest, {"Origin": site.base}, {}),
    ):
        answer = await visitor.client.post("/ask-for-help", data=fields, headers=headers)
        assert answer.status_code == 400, headers
    kept = guest.client.cookies
    assert not any("Canary" in value for value in kept.values())
    assert (await guest.client.post("/ask-for-help", data=shown, headers={"Origin": site.base})).status_code == 303
    for visitor in (guest, other, new):
        await visitor.client.aclose()


async def test_what_is_too_large_is_refused_on_a_page_and_no_document(site: Site) -> None:
    stranger = site.nobody()
    for path, body in (("/progress", "x" * 2_000_000), ("/requests/unknown/attach", "x" * 40_000_000)):
        refused = await stranger.client.post(path, content=body, headers={"Origin": site.base})
        assert (refused.status_code, refused.headers["content-type"]) == (413, "text/html; charset=utf-8"), path
        assert "That is too large" in words_of(refused)
        assert "content-security-policy" in refused.headers


async def test_public_pages_keep_nobody_out(browser: Browser, site: Site) -> None:
    async with page_of(browser, site, viewport={"width": 360, "height": 800}) as page:
        for path in ("/", "/directory", "/ask-for-help", "/ask-for-help/danger", "/progress"):
            await look_through(page, site.base + path)
        await page.goto(f"{site.base}/ask-for-help")
        await page.get_by_role("button", name="Start now").focus()
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/safety")
        await look_through(page, page.url)
        await page.get_by_label("No", exact=True).check()
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/about")
        await look_through(page, page.url)
        await page.get_by_label("Food, or paying for heating").check()
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/where")
        await page.get_by_label("Postcode").fill("ta20 1hr")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/service")
        await look_through(page, page.url)
