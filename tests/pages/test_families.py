"""A family support worker finds a family and looks at it, with a browser that runs no script."""

import re
from uuid import uuid4

from browsing import look_through, page_of
from given import a_mother
from pages_support import Site, path_of, words_of
from playwright.async_api import Browser
from test_signing_in import age

from connective.local.story.narrator import expect


async def test_a_worker_opens_a_family_and_what_happened_in_it(site: Site) -> None:
    worker = await site.visitor("worker")
    listed = await worker.get("/families")
    found = re.search(r'href="(/families/[0-9a-f-]{36})"', listed.text)
    assert found
    family = await worker.get(found[1])
    said = words_of(family)
    assert family.status_code == 200
    for heading in ("Who belongs to this family", "Needs", "What they agreed to", "Who was asked for help"):
        assert heading in said
    assert "Leave this page quickly" in said
    assert "<title>A family – " in family.text.replace("\n", ""), "a title names nobody"
    happened = await worker.get(f"{found[1]}/chronology?about=family")
    assert happened.status_code == 200
    neighbour = await site.visitor("neighbour")
    assert (await neighbour.get(found[1])).status_code == 404, "another school's worker learns nothing"
    assert (await worker.get(f"/families/{uuid4()}")).status_code == 404


async def test_what_happened_is_narrowed_to_one_person(site: Site, browser: Browser) -> None:
    mother, worker = await a_mother(site), await site.visitor("worker")
    address = f"/families/{mother.family}/chronology"
    known = {"code": "wants_change"}
    expect(await (await site.world.person("worker")).post(f"/people/{mother.id}/strengths", known), 201)
    whole = await worker.get(address)
    assert f'<option value="{mother.id}">' in whole.text
    alone = await worker.get(f"{address}?who={mother.id}")
    assert f'<option value="{mother.id}" selected>' in alone.text, "what was chosen stands"
    told = [words_of(each) for each in (whole, alone)]
    of_hers, of_all = "Something that goes well was recorded.", "The family was registered."
    assert [of_hers in each for each in told] == [True, True], told
    assert [of_all in each for each in told] == [True, False], "what is about the whole family is about nobody alone"
    nobody = words_of(await worker.get(f"{address}?who={uuid4()}"))
    assert "Nothing of this kind is recorded here. What is about the whole family stands under" in nobody
    async with page_of(browser, site, "worker") as page:
        await look_through(page, f"{site.base}{address}?who={mother.id}")


async def test_what_was_typed_is_given_back_after_the_session_ended(site: Site) -> None:
    worker = site.nobody()
    await site.sign_in(worker, "worker")
    form = await worker.get("/families/find")
    await age(site, worker)
    away = await worker.send(form, {"family_name": "Kept-Name", "born-month": "March"})
    assert away.is_redirect
    assert "Kept-Name" not in away.headers["location"]
    fields = {"family_name": "Kept-Name", "born-month": "March"}
    back = await site.sign_in(worker, "worker", "/sign-in?to=%2Ffamilies%2Ffind%3Fkept%3D1")
    assert path_of(back) == "/families/find"
    for typed in fields.values():
        assert f'value="{typed}"' in back.text
    assert "We kept what you had typed" in words_of(back)
    neighbour = await site.visitor("neighbour")
    assert "Kept-Name" not in (await neighbour.get("/families/find?kept=1")).text
    wrong = await worker.send(back, {"family_name": "Kept-Name"})
    assert wrong.status_code == 422
    assert "There is a problem" in words_of(wrong)
    await worker.client.aclose()
