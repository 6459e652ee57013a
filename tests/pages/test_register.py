"""A family support worker keeps a family's record, with a browser that runs no script."""

import re
from uuid import uuid4

import httpx
from browsing import look_through, page_of
from given import a_mother
from pages_support import Site, Visitor, form_of, path_of, words_of
from playwright.async_api import Browser

SURNAME = f"Thistlewood-{''.join(chr(97 + int(each, 16)) for each in uuid4().hex[:8])}"
MOTHER = {"given_names": "Rowan", "family_name": SURNAME}
BORN = {"born-day": "3", "born-month": "mar", "born-year": "1994", "sex": "female"}


async def press(visitor: Visitor, page: httpx.Response, path: str, fields: dict[str, str]) -> httpx.Response:
    """Press a button of a page that has several."""
    token = form_of(page.text).fields["form_token"]
    answer = await visitor.client.post(path, data={"form_token": token} | fields, headers={"Origin": visitor.base})
    return await visitor.follow(answer)


async def begun(visitor: Visitor) -> tuple[httpx.Response, str]:
    """A registration, as far as the address."""
    page = await visitor.send(await visitor.get("/families/new"), action="/families/new")
    draft = path_of(page).removesuffix("/p1/name")
    for fields in (MOTHER, BORN, {"residence": "here"}, {"phone": "07700 900 417", "safe_contact": "text_only"},
                   {"line_1": "4 Furnham Road", "town": "Chard", "postcode": "ta201bp"}):  # fmt: skip
        page = await visitor.send(page, fields)
    assert path_of(page) == f"{draft}/people"
    return page, draft


async def test_a_family_is_registered_and_who_is_known_already_is_met(site: Site) -> None:
    worker = await site.visitor("worker")
    page, draft = await begun(worker)
    page = await press(worker, page, f"{draft}/people", {"add": "yes"})
    wrong = await worker.send(page, {})
    assert (wrong.status_code, "Enter a first name" in words_of(wrong)) == (422, True)
    for fields in ({"given_names": "Wren", "family_name": SURNAME},
                   {"born-day": "1", "born-month": "9", "born-year": "2021"}, {"residence": "here"}, {},
                   {"rel-p1": "other:parent", "pr-p1": "birth_mother"}):  # fmt: skip
        page = await worker.send(page, fields)
    page = await press(worker, page, f"{draft}/people", {"twin_of": "p2"})
    for fields in ({"given_names": "Lark"}, {}, {}, {}, {"rel-p1": "other:parent", "rel-p2": "who:sibling"}):
        page = await worker.send(page, fields)
    check = await worker.get(f"{draft}/check")
    assert "Rowan is Wren’s parent, with parental responsibility: birth mother" in words_of(check)
    neighbour = await site.visitor("neighbour")
    assert (await neighbour.get(f"{draft}/check")).status_code == 404, "a draft is its owner's alone"
    family = await worker.send(check)
    assert re.fullmatch(r"/families/[0-9a-f-]{36}", path_of(family)), words_of(family)
    assert "Lark is Wren’s" in words_of(family)
    assert path_of(await worker.send(check)) == path_of(family), "sent twice, one family is registered"
    assert path_of(await worker.get(f"{draft}/p1/name")) == path_of(family), "going back leads to the family"

    page, draft = await begun(worker)
    known = await worker.send(await worker.get(f"{draft}/check"))
    assert path_of(known) == f"{draft}/known"
    said = words_of(known)
    assert all(each in said for each in ("You typed", "Known to your organisation", "The same family name"))
    assert (await worker.send(known)).status_code == 422, "nothing is decided for the worker"
    field = re.search(r'name="(is-[0-9a-f-]{36})"', known.text)
    assert field
    second = await worker.send(known, {field[1]: "same"})
    person = field[1].removeprefix("is-")
    which = await worker.get(f"/families/of/{person}")
    assert path_of(second).removeprefix("/families/") in which.text, "the person now has two families"
    assert path_of(family).removeprefix("/families/") in which.text
    said = words_of(which)
    assert "Rowan belongs to two families" in said
    assert "With Wren and Lark" in said, "homes are told apart by who lives there"
    assert "On their own" in said


def choices(page: httpx.Response) -> dict[str, str]:
    """What is chosen in the lists of a form."""
    chosen = {}
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page.text, re.DOTALL):
        found = re.search(r'<option value="([^"]*)" selected', body)
        chosen[name] = found[1] if found else ""
    return chosen


async def change_twice_and_too_late(site: Site, worker: Visitor, person: str) -> None:
    """Press the button twice, then go on with the page of before."""
    stale = await worker.get(f"{person}/change")
    saved = [path_of(await worker.send(stale, {"gp_practice": "Churchview"})) for _ in range(2)]
    assert saved == [person, person], "pressed twice, and saved once"
    late = await worker.send(stale, {"gp_practice": "Another"})
    assert (late.status_code, "Somebody changed this while" in words_of(late)) == (412, True)
    assert 'value="Churchview"' in (await worker.get(f"{person}/change")).text, "how it is now"
    assert f'href="{person}/change?kept=1"' in late.text
    kept = await worker.get(f"{person}/change?kept=1")
    site.gallery.waiting.append(kept)
    assert 'value="Another"' in kept.text, "nothing that was typed is lost"
    assert "Changed meanwhile to: Churchview" in words_of(kept), "beside what it says now"
    assert words_of(kept).count("Changed meanwhile") == 1, "and beside nothing else"
    assert "Another" in words_of(await worker.send(kept)), "it is saved once they have looked"


async def test_a_record_is_kept_and_what_the_family_says_is_recorded_and_taken_back(site: Site) -> None:
    worker = await site.visitor("worker")
    _, draft = await begun(worker)
    known = await worker.send(await worker.get(f"{draft}/check"))
    others = dict.fromkeys(re.findall(r'name="(is-[0-9a-f-]{36})"', known.text), "other")
    family = path_of(await worker.send(known, others) if others else known)
    person = re.search(rf'href="({family}/people/[0-9a-f-]{{36}})"', (await worker.get(family)).text)
    assert person
    mother = person[1]
    for path, fields, says in (
        (f"{mother}/change", {"language": "Polish", "interpreter": "yes"}, "Polish, interpreter needed"),
        (f"{mother}/contact", {"kind": "phone", "value": "01632 960441", "safe_contact": "call_only"}, "01632 960441"),
        (f"{mother}/need?area=housing", {"code": "eviction_risk", "severity": "3", "source": "family"}, "eviction"),
        (f"{family}/address", {"kind": "temporary", "line_1": "2 High Street", "town": "Chard"}, "2 High Street"),
    ):  # fmt: skip
        wrong = await worker.send(await worker.get(path), {"nhs_number": "12"})
        assert wrong.status_code == 422, path
        saved = await worker.send(await worker.get(path), fields)
        assert (saved.status_code, says in words_of(saved)) == (200, True), path
    shown = await worker.get(mother)
    for part in ("contact", "need"):
        end = re.search(rf'href="({mother}/end/{part}/[0-9a-f-]{{36}})"', shown.text)
        assert end
        ended = await worker.send(await worker.get(end[1]), {"reason": "recorded_in_error"})
        assert end[1] not in ended.text
        assert (await worker.get(end[1])).status_code == 404, "what has ended cannot end again"
    await change_twice_and_too_late(site, worker, mother)
    key = mother.rpartition("/")[2]
    who = await worker.send(await worker.get(f"{family}/agreement"), {"say": "agree-yes"})
    details = await worker.send(who, {"by": key, "about": key})
    assert (await worker.send(details, choices(details))).status_code == 422, "how it was said is asked"
    said = await worker.send(details, choices(details) | {"how": "in_person", "service_kinds": "food_bank"})
    assert "Being helped: Yes" in words_of(said)
    consent = path_of(said)
    receipt = await worker.get(f"/consents/{consent.rpartition('/')[2]}/receipt")
    assert "If you change your mind" in words_of(receipt)
    assert SURNAME not in receipt.text, "a receipt carries no names"
    taken = await worker.send(await worker.get(f"{consent}/withdraw"), {"how": "telephone"})
    assert "Being helped: Taken back" in words_of(taken)
    assert "They take it back" not in words_of(taken)
    for say, more in (
        ("object", {"how": "telephone"}),
        ("told", {"how": "in_person", "told_on-day": "1", "told_on-month": "2", "told_on-year": "2026"}),
    ):
        details = await worker.send(await worker.get(f"{family}/agreement/{say}"), {"by": key, "about": key})
        assert path_of(await worker.send(details, choices(details) | more)) == f"{family}/agreement/done/{say}"
    neighbour = await site.visitor("neighbour")
    for path in (mother, f"{family}/agreement/agree-yes", consent, f"{consent}/withdraw"):
        assert (await neighbour.get(path)).status_code == 404, path


async def test_the_pages_of_a_person_keep_nobody_out(browser: Browser, site: Site) -> None:
    mother = await a_mother(site, agreed=False)
    family = f"{site.base}/families/{mother.family}"
    person = f"{family}/people/{mother.id}"
    said = f"{family}/agreement/consent-no?by={mother.id}&about={mother.id}"
    async with page_of(browser, site, "worker", viewport={"width": 360, "height": 900}) as page:
        for address in (person, f"{person}/change", said):
            await look_through(page, address)
