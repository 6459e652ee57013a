"""What people ask of their data, from what a worker passes on to the copy that leaves and the certificate that proves.

With a browser that runs no script; the pages to which only a form leads are looked at in one that does.
"""

import io
import json
import re
import zipfile

import httpx
from browsing import look_through, page_of
from given import a_mother, asked_for
from pages_support import Site, Visitor, form_of, path_of, words_of
from playwright.async_api import Browser
from test_agreements import dated

from connective.kit.testing import eventually


async def passed_on(site: Site, kind: str, family: str, person: str) -> tuple[Visitor, str]:
    """A worker passes on what somebody asks; the officer of their trust, and the address in the register."""
    worker, officer = await site.visitor("worker"), await site.visitor("trust_dpo")
    at = f"/families/{family}/people/{person}"
    asked = {"kind": kind, "asked_by": person} | dated("received_on", site.world.today)
    sent = await worker.send(await worker.get(f"{at}/rights"), asked)
    assert path_of(sent) == at, words_of(sent)
    listed = await officer.get(f"/audit/requests?kind={kind}&standing=outstanding")
    found = re.findall(r'href="(/audit/requests/[0-9a-f-]{36})"', listed.text)
    assert found, words_of(listed)
    return officer, found[-1]


async def certified(officer: Visitor, erasure: str) -> httpx.Response:
    """The certificate, once every part of the Hub has answered and the ledger is signed."""

    async def there() -> httpx.Response | None:
        page = await officer.get(f"{erasure}/certificate")
        return page if page.status_code == 200 and "Certificate of erasure" in words_of(page) else None

    return await eventually("a certificate", there)


async def test_erasure_goes_from_what_somebody_asks_to_the_certificate(site: Site, browser: Browser) -> None:
    mother = await a_mother(site)
    officer, address = await passed_on(site, "erasure", mother.family, mother.id)
    page = await officer.get(address)
    assert "Decide about the erasure" in words_of(page)
    whose = await officer.get(f"{address}/erasure")
    none = await officer.send(whose)
    assert (none.status_code, "Choose what is asked to be erased" in words_of(none)) == (422, True)
    alone = re.search(r'value="(person-[0-9a-f]{32})"', whose.text)
    whole = re.search(r'value="(family-[0-9a-f]{32})"', whose.text)
    assert alone
    assert whole
    person = await officer.send(whose, {"whose": alone[1]})
    said = words_of(person)
    assert "They are the last of their family" in said, said
    assert "Records removed" in said
    tried = await officer.send(person, {"ground": "objection", "granted": "grant", "reasons": "No need any more."})
    assert tried.status_code == 422
    assert "Something stands against erasing it now" in words_of(tried)
    assert "No need any more." in tried.text, "nothing that was typed is lost"
    family = await officer.send(await officer.get(f"{address}/erasure"), {"whose": whole[1]})
    said = words_of(family)
    assert "everybody in it who has no other family" in said
    assert re.search(r"Families [1-9]\d* 0 Referrals", said), "what would go, before it is decided"
    asked = {"ground": "not_necessary", "granted": "refuse", "reasons": "They moved away, and nothing is open."}
    unsaid = await officer.send(family, asked)
    assert (unsaid.status_code, "Choose why it may be kept" in words_of(unsaid)) == (422, True)
    assert asked["reasons"] in unsaid.text
    await looked_at(browser, site, address, path_of(person), path_of(family))
    decided = await officer.send(unsaid, {"granted": "grant"})
    assert "Granted" in words_of(decided), words_of(decided)
    assert asked["reasons"] in words_of(decided)
    twice = await officer.send(unsaid, {"granted": "grant"})
    assert path_of(twice) == path_of(decided), "a second press decides nothing anew"
    seen = await officer.get(f"/audit/people/{alone[1].removeprefix('person-')}")
    entered = re.search(r'href="(/audit/requests/new\?people=[0-9a-f]{32})"', seen.text)
    assert entered, "who is known by pseudonym leads to a request about them"
    assert alone[1].removeprefix("person-") in form_of((await officer.get(entered[1])).text).fields["people"]
    erasure = re.search(r'href="(/audit/erasures/[0-9a-f-]{36})"', decided.text)
    assert erasure
    certificate = await certified(officer, erasure[1])
    assert {"Families", "Referrals", "Consent"} <= set(words_of(certificate).split())
    file = await officer.get(f"{erasure[1]}/certificate/file")
    assert json.loads(file.text)["erasure"]["state"] == "complete"
    assert json.loads(file.text)["entries"], "with the proof of each entry"
    answered = await officer.get(address)
    assert "Answered" in words_of(answered)
    assert "Decide about the erasure" not in words_of(answered), "it is decided once"
    assert path_of(await officer.get(f"{address}/erasure")) == path_of(decided)
    assert path_of(decided) in (await officer.get("/audit/erasure-requests")).text
    worker = await site.visitor("worker")
    assert (await worker.get(f"/families/{mother.family}")).status_code == 404, "the record is gone"
    assert (await worker.get(f"{address}/erasure")).status_code in {403, 404}
    async with page_of(browser, site, "trust_dpo") as shown:
        await look_through(shown, f"{site.base}{erasure[1]}/certificate")
        await look_through(shown, f"{site.base}{path_of(decided)}")


async def looked_at(browser: Browser, site: Site, request: str, *addresses: str) -> None:
    """The officer's pages about one request, at each width and with axe; a keyboard alone gets to the decision."""
    async with page_of(browser, site, "trust_dpo") as page:
        for each in (request, f"{request}/erasure", *addresses):
            await look_through(page, f"{site.base}{each}")
        await page.locator("h1").click()
        for _ in range(40):
            await page.keyboard.press("Tab")
            if await page.evaluate("document.activeElement.name") == "granted":
                break
        assert await page.evaluate("document.activeElement.name") == "granted", "reached with the keyboard alone"


async def attached(worker: Visitor, request_id: str) -> None:
    """A worker sends a letter with a request."""
    page = await worker.get(f"/requests/{request_id}/attach")
    fields = form_of(page.text).fields | {"categories": "progress"}
    files = {"file": ("letter.txt", b"A letter about the home.", "text/plain")}
    sent = await worker.client.post(str(page.url), data=fields, files=files, headers={"Origin": site_of(page)})
    assert "Your file was sent" in words_of(await worker.follow(sent))


def site_of(page: httpx.Response) -> str:
    """Where the pages are."""
    return f"{page.url.scheme}://{page.url.netloc.decode()}"


async def test_a_copy_is_begun_from_the_request_its_file_opened_and_all_of_it_let_go(
    site: Site, browser: Browser
) -> None:
    mother = await a_mother(site)
    (parcel,) = await asked_for(site, mother, "parcel")
    await attached(await site.visitor("worker"), parcel.id)
    officer, address = await passed_on(site, "access", mother.family, mother.id)
    page = await officer.get(address)
    link = re.search(r'href="(/audit/copies/new\?information_request_id=[0-9a-f-]{36})"', page.text)
    assert link, words_of(page)
    form = await officer.get(link[1])
    assert "selected" in form.text, "the request is chosen already"
    unnamed = await officer.send(form, {"information_request_id": ""})
    assert (unnamed.status_code, "Choose the request" in words_of(unnamed)) == (422, True)
    copy = await officer.send(form)
    assert "A copy for somebody who asked" in words_of(copy), words_of(copy)
    assert path_of(copy) in (await officer.get(address)).text, "the request leads to its copy"

    async def with_its_file() -> tuple[httpx.Response, str] | None:
        page = await officer.get(f"{path_of(copy)}/release")
        found = re.search(r'href="(/audit/copies/[0-9a-f-]{36}/items/[0-9a-f]{16}/file)"', page.text)
        return (page, found[1]) if found else None

    review, opened = await eventually("a file that has been looked through", with_its_file)
    file = await officer.get(opened)
    assert file.text == "A letter about the home."
    assert (await officer.get(opened.replace("/items/", "/items/x"))).status_code == 404
    async with page_of(browser, site, "trust_dpo") as shown:
        await look_through(shown, f"{site.base}{link[1]}")
        await look_through(shown, f"{site.base}{path_of(copy)}/release")
    given = dict.fromkeys(re.findall(r'name="(item-[0-9a-f]{16})"', review.text), "give")
    released = await officer.send(review, given)
    assert "Released" in words_of(released), words_of(released)
    taken = await officer.get(f"{path_of(copy)}/file")
    with zipfile.ZipFile(io.BytesIO(taken.content)) as archive:
        assert any(name.endswith("letter.txt") for name in archive.namelist())
