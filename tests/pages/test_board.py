"""A coordinator's board, and what came from outside, with a browser that runs no script."""

import re

from given import a_mother, asked_for
from pages_support import Site, Visitor, path_of, words_of
from test_public import ANSWERS

from connective.kit.testing import eventually


async def ask_for_help(guest: Visitor) -> str:
    """A family that is not sure who can help asks who finds out with it, by itself; answers its reference."""
    at = await guest.send(await guest.get("/ask-for-help"))
    for fields in ({**each, "help": "unsure"} if "help" in each else each for each in ANSWERS):
        chosen = re.search(r'name="service" type="radio" value="([0-9a-f-]{36})"', at.text)
        at = await guest.send(at, fields | ({"service": chosen[1]} if chosen and "service" in fields else {}))
    found = re.search(r"INT-[0-9A-Z-]+", (await guest.send(at)).text)
    assert found
    return found[0]


async def test_the_board_tells_what_is_open_and_of_nobody(site: Site) -> None:
    coordinator = await site.visitor("coordinator")
    board = await coordinator.get("/board")
    said = words_of(board)
    assert re.fullmatch(r"/board/[0-9a-f-]{36}", path_of(board)), "one hub: no choosing"
    for heading in ("Your turn", "Past their time", "Lapsed without an answer", "Open requests by agency and age"):
        assert heading in said
    assert "fewer than 10" in said
    yours = re.findall(r"REQ-[0-9A-Z-]+", board.text.partition('id="yours"')[2].partition('id="late"')[0])
    home = words_of(await coordinator.get("/home"))
    assert "for you" in home
    assert all(each in home for each in yours), "whoever coordinates begins with their turns on the board"
    figures = await coordinator.get(f"{path_of(board)}/figures")
    for heading in ("Where there is room", "Looked for and not found", "How requests went", "Came back without action"):
        assert heading in words_of(figures)
    files = re.findall(r'href="(/board/[^"]+\.csv[^"]*)"', board.text + figures.text)
    assert files, "what there is room for is always known"
    for path in files:
        table = await coordinator.get(path)
        assert (table.status_code, table.headers["content-type"]) == (200, "text/csv; charset=utf-8"), path
        assert table.headers["cache-control"] == "no-store"
        assert len(table.text.splitlines()) > 1
    assert (await coordinator.get(f"{path_of(board)}/nothing.csv")).status_code == 404
    worker = await site.visitor("worker")
    refused = await worker.get("/board")
    assert refused.status_code in {403, 404}, "the board is for those who coordinate"
    assert "Hub board" not in words_of(await worker.get("/home"))


async def test_a_family_that_asked_by_itself_is_read_and_answered_once(site: Site) -> None:
    guest, helper = site.nobody(), await site.visitor("early_helper")
    reference = await ask_for_help(guest)
    listed = await helper.get("/intake")
    found = re.search(rf'href="(/intake/[0-9a-f-]{{36}})">{reference}', listed.text)
    assert found
    assert "Canary" not in listed.text
    page = await helper.get(found[1])
    said = words_of(page)
    assert all(each in said for each in ("Odile Canary", "01632 960777", "Weekdays after 3pm", "The family itself"))
    assert "<title>From outside – " in page.text.replace("\n", "")
    nothing = await helper.send(page, {"code": ""})
    assert (nothing.status_code, "Choose why you close it" in words_of(nothing)) == (422, True)
    closed = await helper.send(nothing, {"code": "helped", "sentence": "A parcel was brought."})
    said = words_of(closed)
    assert (closed.status_code, "They were helped at once. A parcel was brought" in said) == (200, True), said
    assert "Canary" not in closed.text
    assert reference in words_of(await helper.get("/intake?ended=true"))
    late = await helper.send(page, {"code": "helped"})
    assert late.status_code in {409, 412}, "an old page changes nothing"
    larder = await site.visitor("larder_dpo")
    assert (await larder.get(found[1])).status_code == 404, "another service learns nothing"
    await guest.client.aclose()


async def test_what_is_held_waits_for_the_coordinator_on_their_home_page(site: Site) -> None:
    mother = await a_mother(site)
    (asked,) = await asked_for(site, mother, "housing")
    coordinator, place = await site.visitor("coordinator"), await site.visitor("admin")
    service = await (await site.world.person("worker")).get(f"/services/{site.world.cast.services['housing']}")
    agency = f"/admin/organisations/{service.json()['organisation_id']}"
    await place.send(await place.get(f"{agency}/suspend"), {"reason": "Its insurance has lapsed."})

    async def home() -> str | None:
        page = await coordinator.get("/home")
        return page.text if asked.reference in page.text else None

    try:
        shown = await eventually("the held request waits for the coordinator", home)
    finally:
        await place.send(await place.get(f"{agency}/reinstate"), {"reason": "It was renewed."})
    assert "As coordinator: look at the hold again" in shown
    assert "Nothing waits for you" not in shown
    assert re.search(rf'href="/board/[0-9a-f-]{{36}}#yours">{asked.reference}', shown), "it leads to the board"
