"""An agreement from a template to its end, by the people whose job it is, with a browser that runs no script."""

import json
import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
from browsing import look_through, page_of
from pages_support import Site, Visitor, path_of, words_of
from playwright.async_api import Browser
from whole_hub import LoadedHub

from connective.kit.testing import eventually


def dated(name: str, day: date) -> dict[str, str]:
    """A date as its three boxes are filled in."""
    return {f"{name}-day": str(day.day), f"{name}-month": f"{day:%B}", f"{name}-year": str(day.year)}


async def begun(site: Site, manager: Visitor, reference: str = "DSA-2026-PAGES") -> httpx.Response:
    """The list of steps of a new draft, for food between two charities that share nothing otherwise."""
    form = await manager.get("/agreements/new")
    entities, today = site.world.cast.entities, site.world.today
    typed = {"template": "food", "reference": reference, "referrer_id": entities["harbour"]}
    wrong = await manager.send(form, typed | dated("starts_on", today))
    assert wrong.status_code == 422
    assert "Choose who gives it" in words_of(wrong)
    assert f'value="{reference}"' in wrong.text, "what was typed is kept"
    tasks = await manager.send(wrong, typed | {"provider_id": entities["larder"]} | dated("starts_on", today))
    assert path_of(tasks).endswith("/versions/1/draft"), words_of(tasks)
    return tasks


async def filled_in(site: Site, manager: Visitor, tasks: httpx.Response) -> None:
    """Each step on its own page; what an officer would say stands there until it is put right."""
    today, address = site.world.today, path_of(tasks)
    early = await manager.send(tasks)
    assert early.status_code == 422
    assert "There is no data protection impact assessment" in words_of(early)
    about = await manager.get(f"{address}/about")
    parties = await manager.send(about, {"title": "Sharing for food between charities"})
    assert path_of(parties).endswith("/draft/parties")
    flow = await manager.get(f"{address}/flows/0")
    assert "specially protected" in words_of(flow)
    assessment = await manager.get(f"{address}/assessment")
    days = dated("approved_on", today - timedelta(days=30)) | dated("review_due_on", today + timedelta(days=330))
    wrong = await manager.send(assessment, {"there": "yes", "reference": "DPIA-7"} | days | {"approved_on-day": "35"})
    assert wrong.status_code == 422
    assert 'href="#approved_on-day"' in wrong.text
    typed: dict[str, Any] = {"there": "yes", "reference": "DPIA-7", "outcome": "Risks accepted."} | days
    contacts = await manager.send(wrong, typed)
    assert path_of(contacts).endswith("/draft/contacts")
    address_of = "governance@example.org"
    people = dict.fromkeys(("rights_contact", "complaints_contact", "breach_contact"), address_of)
    dates = await manager.send(contacts, people | {"privacy_notice": "https://example.org/privacy"})
    assert path_of(dates).endswith("/draft/dates")


async def test_a_draft_is_changed_a_page_at_a_time_and_saved_over_nobody_else(site: Site) -> None:
    """Flows, bases and parties of a draft from nothing; a page left open meanwhile saves nothing over the change."""
    manager, entities = await site.visitor("manager"), site.world.cast.entities
    form = await manager.get("/agreements/new")
    typed = {"template": "none", "reference": "DSA-2026-BLANK", "referrer_id": entities["larder"]}
    tasks = await manager.send(form, typed | {"provider_id": entities["nhs"]} | dated("starts_on", site.world.today))
    address = path_of(tasks)
    assert "The agreement does not say a title" in words_of(tasks)
    new = await manager.get(f"{address}/flows/new")
    ends = {"from_entity_id": entities["larder"], "to_entity_id": entities["nhs"], "purpose": "direct_care"}
    flows = await manager.send(new, ends | {"categories": ["identity", "health"]})
    twice = await manager.send(new, ends | {"categories": ["identity", "health"]})
    assert words_of(flows).count("Take out") == words_of(twice).count("Take out") == 1, "a form sent twice acts once"
    bases = await manager.get(f"{address}/bases")
    assert words_of(bases).count("No basis yet") == 2
    basis = await manager.get(f"{address}/bases/{entities['nhs']}/direct_care")
    assert "that is specially protected" in words_of(basis)
    given = await manager.send(basis, {"article_6": "6(1)(ea)", "article_9": "9(2)(h)"})
    assert "is not open to a public authority" in words_of(given)
    stale, other = await manager.get(f"{address}/about"), await manager.get(f"{address}/about")
    await manager.send(other, {"title": "Their title"})
    refused = await manager.send(stale, {"title": "A title of mine"})
    said = words_of(refused)
    assert "Somebody else changed this draft" in said
    assert ("Changed meanwhile to: Their title" in said, said.count("Changed meanwhile")) == (True, 1), said
    saved = await manager.send(refused)
    assert path_of(saved).endswith("/draft/parties")
    assert 'value="A title of mine"' in (await manager.get(f"{address}/about")).text
    given_up = await manager.get(address.removesuffix("/draft"))
    assert "Go on with the draft" in words_of(given_up)
    stranger = await site.visitor("trust_dpo")
    assert (await stranger.get(address)).status_code == 404, "a draft is its lead's alone"


async def test_an_agreement_is_drafted_reviewed_signed_and_ended(
    site: Site, browser: Browser, loaded_hub: LoadedHub
) -> None:
    manager = await site.visitor("manager")
    tasks = await begun(site, manager)
    await filled_in(site, manager, tasks)
    sent = await manager.send(await manager.get(path_of(tasks)))
    path = path_of(sent)
    assert path.endswith("/versions/1"), words_of(sent)
    assert "Being reviewed" in words_of(sent)
    register = words_of(await manager.get("/agreements?standing=awaiting"))
    assert "Harbour Housing Advice (invented) and Chard Community Larder (invented)" in register
    both = [await site.visitor(key) for key in ("harbour_dpo", "larder_dpo")]
    for officer in both:
        assert "Your organisation has its data protection officer review" in words_of(await officer.get("/agreements"))
        reviewed = await officer.send(await officer.get(f"{path}/review"), {"approved": "yes", "note": "Agreed."})
        assert path_of(reviewed) == path
    said = await both[0].send(await both[0].get(f"{path}/comment"), {"pointer": "/flows/0", "text": "Why health?"})
    assert "Why health?" in words_of(said)
    assert "Settled" in words_of(await manager.send(await manager.get(path), action=resolving(said)))
    for officer in both:
        page = await officer.get(f"{path}/sign")
        unread = await officer.send(page, {"name": "A Signatory", "position": "Chair"})
        assert "Confirm that you have read the text" in words_of(unread)
        signed = await officer.send(unread, {"name": "A Signatory", "position": "Chair", "read": "yes"})
        assert path_of(signed) == path, words_of(signed)
    assert "In force" in words_of(signed)
    assert "A Signatory, Chair" in words_of(signed)
    paper = await both[0].get(f"{path}/document.pdf")
    assert (paper.headers["content-type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert "DSA-2026-PAGES-version-1.pdf" in paper.headers["content-disposition"]
    suspended = await both[0].send(await both[0].get(f"{path}/suspend"), {"reason": "A breach is looked into."})
    assert "Suspended: nothing is shared" in words_of(suspended)
    wrong = await both[0].send(await both[0].get(f"{path}/reinstate"), {"reason": ""})
    assert wrong.status_code == 422
    reinstated = await both[0].send(wrong, {"reason": "It was looked into, and mended."})
    assert "In force" in words_of(reinstated), words_of(reinstated)
    draft = await manager.send(await manager.get(path), action=path.removesuffix("/1"))
    await manager.send(await manager.get(f"{path_of(draft)}/limits"), {"security": "Only named accounts."})
    compared = await manager.get(f"{path.removesuffix('/versions/1')}/compare")
    assert "Only named accounts." in words_of(compared)
    ended = await both[1].send(await both[1].get(f"{path}/terminate"), {"reason": "The parties part."})
    assert "Ended early" in words_of(ended)
    assert (await (await site.visitor("worker")).get("/agreements")).status_code == 200
    await its_end_is_decided_and_proved(site, browser, loaded_hub, path.removesuffix("/versions/1"))


async def its_end_is_decided_and_proved(site: Site, browser: Browser, hub: LoadedHub, agreement: str) -> None:
    """Six years on, which no test waits for, its officer keeps it on, and takes the ledger's proof of that."""
    owner: Any = await hub.stack.postgres.connect("consent")
    await owner.execute("SET session_replication_role = replica")
    ended = "UPDATE agreement_version SET changed_at = changed_at - interval '6 years 2 days' WHERE agreement_id = $1"
    which = UUID(agreement.rpartition("/")[2])
    await owner.execute(ended, which)
    await owner.execute("DELETE FROM agreement_version WHERE agreement_id = $1 AND state = 'draft'", which)
    await owner.close()
    officer = await site.visitor("council_dpo")
    reason = "A claim is expected about what was shared."
    again = dated("review_on", site.world.today + timedelta(days=300))
    kept = {"decision": "kept", "reason": reason} | again
    decided = await officer.send(await officer.get(f"{agreement}/end"), kept)
    assert path_of(decided).startswith("/audit/agreement-reviews/"), words_of(decided)
    assert reason in words_of(decided)
    assert path_of(decided) in (await officer.get("/audit/agreement-reviews")).text
    proof = f"{path_of(decided)}/proof"
    assert f'href="{proof}"' in decided.text

    async def sealed() -> httpx.Response | None:
        page = await officer.get(proof)
        return page if "Fingerprint of the whole ledger" in words_of(page) else None

    said = words_of(await eventually("a proof of the decision", sealed))
    assert "DSA-2026-PAGES" in said
    assert "What becomes of it Kept on" in said
    file = await officer.get(f"{proof}/file")
    assert "attachment" in file.headers["content-disposition"]
    (entry,) = json.loads(file.text)["entries"]
    assert f"{entry['seq']:,}" in said, "the page says what the file proves"
    assert (await (await site.visitor("nhs_dpo")).get(proof)).status_code == 404, "it is no party's business but theirs"
    async with page_of(browser, site, "council_dpo") as page:
        await look_through(page, site.base + proof)


async def test_partners_sign_a_memorandum_and_confirm_who_informs_families(site: Site) -> None:
    manager, signs = await site.visitor("manager"), await site.visitor("council_signs")
    other = await site.visitor("larder_dpo")
    entities, today = site.world.cast.entities, site.world.today
    both = [entities["council"], entities["larder"]]
    form = await manager.get("/memoranda/new")
    promised = {"what-0": "A warm room on Fridays", "legal_entity_id-0": entities["larder"], "kind-0": "premises"}
    typed: dict[str, Any] = {"reference": "MOU-PAGES", "title": "Nobody goes hungry", "party_ids": both} | promised
    wrong = await manager.send(form, typed)
    assert 'href="#due-0-day"' in wrong.text
    drafted = await manager.send(wrong, dated("due-0", today + timedelta(days=60)))
    path = path_of(drafted)
    unready = await manager.send(drafted, action=f"{path}/submit")
    assert "There is a problem" in words_of(unready)
    words = {"aims": "A meal for every child.", "governance": "We meet monthly."}
    changed = await manager.send(await manager.get(f"{path}/edit"), words)
    sent = await manager.send(changed, action=f"{path}/submit")
    assert "Waiting for signatures" in words_of(sent)
    for signatory in (signs, other):
        page = await signatory.get(f"{path}/sign")
        signed = await signatory.send(page, {"name": "A Signatory", "position": "Chair", "read": "yes"})
    assert "In force" in words_of(signed)
    told = await manager.send(await manager.get(f"{path}/commitments/1"), {"progress": "at_risk", "note": "No keys."})
    assert "At risk" in words_of(told)
    assert "Nobody goes hungry" in words_of(await other.get("/memoranda"))

    form = await manager.get("/agreements/joint/new")
    tasks = dict.fromkeys(("informs_entity_id", "answers_entity_id", "breach_entity_id"), entities["council"])
    terms = {"reference": "JCA-PAGES", "title": "Meals", "entity_ids": both, "purposes": ["planning"]} | tasks
    proposed = await manager.send(form, terms | {"essence": "The council informs."} | dated("starts_on", today))
    path = path_of(proposed)
    assert "Waiting to be confirmed" in words_of(proposed)
    for signatory in (signs, other):
        confirmed = await signatory.send(await signatory.get(path), action=f"{path}/confirm")
    assert "In force" in words_of(confirmed)
    assert f'href="{path}/end"' in confirmed.text
    unsaid = await other.send(await other.get(f"{path}/end"), {"reason": " "})
    assert (unsaid.status_code, "It ends for all of its organisations" in words_of(unsaid)) == (422, True)
    left = await other.send(unsaid, {"reason": "The meals have ended."})
    assert "Ended" in words_of(left), words_of(left)
    assert "The meals have ended." in words_of(left), "everybody reads why"
    assert f"{path}/end" not in left.text
    assert "Ended" in words_of(await manager.get("/agreements/joint"))


async def test_the_register_of_entities_is_kept_and_anybody_reads_what_is_shared(site: Site) -> None:
    manager, today = await site.visitor("manager"), site.world.today
    own = f"/legal-entities/{site.world.cast.entities['council']}"
    wrong = await manager.send(await manager.get(f"{own}/dates"), {"training_valid_until-day": "40"})
    assert 'href="#training_valid_until-day"' in wrong.text
    renewed = await manager.send(wrong, dated("training_valid_until", today + timedelta(days=301)))
    assert path_of(renewed) == own
    contract = await (await site.visitor("council_signs")).get(f"{own}/contract")
    unsigned = await (await site.visitor("council_signs")).send(contract, {"confirms": ["audit"]})
    assert "Confirm each part" in words_of(unsigned)
    assert "Levelshire Council" in words_of(await manager.get("/legal-entities"))
    stranger = site.nobody()
    public = words_of(await stranger.get("/transparency"))
    assert "Sharing for emergency food" in public
    assert "Article 6(1)(e)" in public
    await stranger.client.aclose()
    officer = await site.visitor("officer")
    assert "The same as a table" in words_of(await officer.get("/flows?purpose=referral"))
    table = await officer.get("/flows.csv")
    assert table.headers["content-type"].startswith("text/csv")


def resolving(page: httpx.Response) -> str:
    """The address that settles the first thread of a page."""
    found = re.search(r'action="([^"]+/resolve)"', page.text)
    assert found
    return found[1]


async def test_no_page_of_agreements_keeps_anybody_out(browser: Browser, site: Site) -> None:
    manager = await site.visitor("manager")
    found = re.search(r'href="(/agreements/[0-9a-f-]{36})"', (await manager.get("/agreements")).text)
    assert found
    async with page_of(browser, site, "manager") as page:
        for path in ("/agreements", found[1], "/memoranda/new"):
            await look_through(page, site.base + path)
        await page.goto(f"{site.base}/agreements?standing=in_preparation")
        if await page.locator("table a").count():
            address = await page.locator("table a").first.get_attribute("href")
            for step in ("", "/parties"):
                await look_through(page, f"{site.base}{address}/versions/1/draft{step}")
    async with page_of(browser, site, "officer") as page:
        for path in ("/flows", "/transparency"):
            await look_through(page, site.base + path)
