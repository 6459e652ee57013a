"""An officer proves what was shared, with a browser that runs no script; and looks through it in one that does."""

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import httpx
import pytest
from browsing import look_through, page_of
from given import a_mother, asked_for
from pages_support import Site, form_of, path_of, words_of
from playwright.async_api import Browser

from connective.frontend.domain.words import LONDON
from connective.local.story.narrator import expect

_WHY = {
    "categories": ["identity", "needs"],
    "share": True,
    "reason": "The front door asked for it today.",
    "risk_of_not_sharing": "Whoever visits would not know.",
    "family_told": True,
}


@pytest.fixture(scope="session")
def used() -> dict[str, str]:
    """The override that these tests use: made once."""
    return {}


async def override(site: Site, used: dict[str, str]) -> str:
    """A worker shares by a safeguarding override: a decision with all seven rules, waiting for its review."""
    if not used:
        worker = await site.world.person("worker")
        family = (await worker.get("/families?limit=1")).json()["items"][0]["id"]
        people = (await worker.get(f"/families/{family}")).json()["people"]
        body = {
            **_WHY,
            "person_ids": [people[0]["person"]["id"]],
            "recipient_organisation_id": site.world.cast.organisations["early_help"],
        }
        answer = await worker.post("/overrides", body)
        assert answer.status_code == 201, answer.text
        used["id"] = answer.json()["id"]
    return used["id"]


def first(page: httpx.Response, pattern: str) -> str:
    """The first link of a page that looks so."""
    found = re.search(f'href="({pattern})"', page.text)
    assert found, (pattern, words_of(page)[:800])
    return found[1]


def moment(name: str, at: datetime) -> dict[str, str]:
    """A moment as somebody types it."""
    at = at.astimezone(LONDON)
    return {
        f"{name}-day": str(at.day),
        f"{name}-month": f"{at:%B}",
        f"{name}-year": str(at.year),
        f"{name}-time": f"{at:%H:%M}",
    }


async def test_an_officer_finds_a_decision_verifies_the_ledger_and_takes_the_evidence(
    site: Site, used: dict[str, str]
) -> None:
    await override(site, used)
    officer = site.nobody()
    home = await site.sign_in(officer, "officer")
    assert path_of(home) == "/audit", "an officer begins where their own work is"
    assert "override waits for its review" in words_of(home) or "overrides wait for their review" in words_of(home)
    listed = await officer.get("/audit/decisions?purpose=safeguarding")
    said = words_of(listed)
    assert "Levelshire early help team" in said
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", said), "organisations by name, nobody by id"
    decision = await officer.get(first(listed, "/audit/decisions/[0-9a-f-]{36}"))
    said = words_of(decision)
    assert all(f"Rule {number}:" in said for number in range(1, 8))
    assert not re.search(r"`|\b[a-z]+_[a-z]+\b", said), "codes are said in words"
    table = await officer.get("/audit/decisions/csv?purpose=safeguarding")
    assert table.text.startswith("When,Answer,By,To")
    wrong = await officer.get("/audit/disclosures?person=nobody&from-day=40&from-month=1&from-year=2026")
    assert (wrong.status_code, "There is a problem" in words_of(wrong)) == (422, True)

    verified = await officer.send(await officer.get("/audit/ledger/verify"))
    assert path_of(verified) == "/audit/ledger/found"
    assert "The ledger is whole" in words_of(verified)
    followed = await officer.client.get("/audit/ledger/progress")
    assert followed.headers["content-type"].startswith("text/event-stream")
    assert '"target": "/audit/ledger/found"' in followed.text

    form = await officer.get("/audit/evidence")
    assert (await officer.send(form)).status_code == 422, "which agreement?"
    agreement = re.search(r'<option value="([0-9a-f-]{36})"', form.text)
    assert agreement
    pack = await officer.send(form, {"agreement_id": agreement[1]})
    if pack.is_redirect:
        pack = await site.sign_in(officer, "officer", pack.headers["location"])
    assert pack.headers["content-type"] == "application/zip"
    assert "manifest.json" in ZipFile(io.BytesIO(pack.content)).namelist()
    for path in ("/audit/files/controller", "/audit/ledger/checkpoint"):
        assert (await officer.get(path)).headers["content-disposition"].startswith("attachment")
    worker = await site.visitor("worker")
    assert "Your role does not show you" in words_of(await worker.get("/audit/disclosures"))
    await officer.client.aclose()


async def test_a_breach_has_its_clock_and_says_who_saw_what(site: Site, used: dict[str, str]) -> None:
    address = f"/audit/overrides/{await override(site, used)}"
    officer = await site.visitor("officer")
    now = datetime.now(UTC)
    seen = await officer.get(first(await officer.get(address), "/audit/people/[0-9a-f]{32}"))
    assert "Who saw what of person" in words_of(seen)
    assert "Oaklands Primary School" in words_of(seen)
    empty = await officer.send(await officer.get("/audit/breaches/new"))
    assert "Enter when you became aware" in words_of(empty)
    typed = {
        "kind": "wrong_recipient",
        "description": "It was read out to the wrong caller.",
        "people": path_of(seen).rsplit("/", 1)[-1],
        **moment("aware_at", now - timedelta(minutes=2)),
        **moment("since", now - timedelta(hours=2)),
        **moment("until", now + timedelta(minutes=2)),
    }
    breach = await officer.send(empty, typed)
    assert "71 hours and" in words_of(breach)
    address = path_of(breach)
    who = await officer.get(f"{address}/seen")
    assert "Oaklands Primary School" in words_of(who)
    early = await officer.send(await officer.get(f"{address}/decide"), {"people_told": "yes"})
    assert early.status_code in {409, 422}
    assert "Assess the risk" in words_of(early), "what comes first is said on the form"
    await officer.send(await officer.get(f"{address}/assess"), {"risk": "unlikely", "assessment": "Hung up at once."})
    decided = await officer.send(
        await officer.get(f"{address}/decide"), {"people_told": "no", "reason": "Nothing was said."}
    )
    assert "Decided, not told" in words_of(decided)
    assert "hours left" not in words_of(decided), "the clock has stopped"
    await _rights(officer)
    profiling = words_of(await officer.get("/audit/profiling"))
    assert "Nobody is decided about by a machine" in profiling
    assert "An officer other than the person it is about answers it." in profiling


async def _rights(officer: Any) -> None:
    """A request for a copy: entered, its clock stopped and started, extended, answered."""
    received = datetime.now(LONDON)
    page = await officer.send(
        await officer.get("/audit/requests/new"),
        {"reference": f"SAR-{uuid4().hex[:6]}", "kind": "access", **moment("received_on", received)},
    )
    address = path_of(page)
    stopped = await officer.send(await officer.get(f"{address}/pause"), {"reason": "identity"})
    assert "Standing still" in words_of(stopped)
    await officer.send(await officer.get(f"{address}/resume"))
    extended = await officer.send(await officer.get(f"{address}/extend"), {"months": "1", "reason": "Much of it."})
    assert "By 1 month" in words_of(extended)
    answered = await officer.send(await officer.get(f"{address}/answer"), {"outcome": "done"})
    assert "Answered" in words_of(answered)


async def test_the_lead_reviews_an_override_that_the_officer_then_sees(site: Site, used: dict[str, str]) -> None:
    address = f"/audit/overrides/{await override(site, used)}"
    lead, officer = await site.visitor("lead"), await site.visitor("officer")
    assert _WHY["reason"] not in words_of(await officer.get(address)), "the reasons are the lead's to read"
    page = await lead.get(address)
    assert str(_WHY["reason"]) in words_of(page)
    missing = await lead.send(await lead.get(f"{address}/review"), {"note": "Kept."})
    assert missing.status_code == 422
    assert "Kept." in missing.text, "what was typed is kept"
    once = form_of(missing.text).fields
    reviewed = await lead.send(missing, {"upheld": "yes", "note": "Right."})
    assert "Upheld" in words_of(reviewed)
    again = await lead.client.post(
        f"{address}/review", data=once | {"upheld": "yes", "note": "Right."}, headers={"Origin": site.base}
    )
    assert again.is_redirect, "sent twice, it is reviewed once"
    assert "Upheld" in words_of(await officer.get(address))


async def test_a_sample_is_looked_through_item_by_item_and_closed(site: Site) -> None:
    (asked,) = await asked_for(site, await a_mother(site), "parcel")
    await (await site.visitor("larder_dpo")).get(f"/requests/{asked.id}")
    officer, now = await site.visitor("officer"), datetime.now(UTC)
    since = (now - timedelta(minutes=10)).isoformat()
    wanted = {"of": "disclosures", "since": since, "until": now.isoformat(), "size": 1}
    drawn = expect(await (await site.world.person("officer")).post("/audit/samples", wanted), 201)
    here = f"/audit/samples/{drawn['id']}"
    sample = await officer.get(here)
    assert "Close it" not in words_of(sample), "first each item is looked at"
    decision = await officer.get(first(sample, "/audit/disclosures/[0-9a-f-]{36}"))
    assert path_of(decision).startswith("/audit/decisions/")
    assert "Rule 1:" in words_of(decision), "a disclosure is explained by the decision it stands on"
    form = await officer.get(first(sample, f"{here}/items/1"))
    assert "This is about item 1 of the sample." in words_of(form)
    wrong = await officer.send(form, {"note": "Asked the larder."})
    assert (wrong.status_code, "Choose what you found" in words_of(wrong)) == (422, True)
    assert "Asked the larder." in wrong.text, "nothing that was typed is lost"
    found = await officer.send(wrong, {"result": "question"})
    assert path_of(found) == here
    assert "A question is open Asked the larder." in words_of(found), words_of(found)
    closed = await officer.send(await officer.get(f"{here}/close"), {"conclusion": "One question, answered by phone."})
    assert "One question, answered by phone." in words_of(closed), words_of(closed)
    assert f"{here}/items/1" not in closed.text, "what is closed is not changed any more"


async def test_officers_pages_keep_nobody_out(browser: Browser, site: Site, used: dict[str, str]) -> None:
    await override(site, used)
    officer = await site.visitor("officer")
    decision = first(await officer.get("/audit/decisions"), "/audit/decisions/[0-9a-f-]{36}")
    async with page_of(browser, site, "officer") as page:
        for path in ("/audit", "/audit/decisions", decision, "/audit/breaches/new"):
            await look_through(page, site.base + path)
        await page.goto(f"{site.base}/audit/ledger")
        await page.get_by_role("button", name="Verify now").press("Enter")
        await page.wait_for_url("**/audit/ledger/found")
        assert await page.get_by_role("heading", name="The ledger is whole").is_visible()


async def test_an_officer_changes_how_long_a_record_is_kept_and_looks_at_agreements_after_their_end(site: Site) -> None:
    officer = await site.visitor("council_dpo")
    schedule = await officer.get("/audit/retention")
    form = await officer.get(first(schedule, "/audit/retention/[a-z_]+"))
    before = form_of(form.text).fields
    assert before["source"]
    wrong = await officer.send(form, {"years-0": "many", "reason": ""})
    assert wrong.status_code == 422
    assert 'value="many"' in wrong.text, "what was typed is kept"
    assert "Say why so long" in words_of(wrong)
    years = str(int(before["years-0"] or 0) + 2)
    changed = await officer.send(form, {"years-0": years, "reason": "A claim may come late.", "source": "Policy R-7"})
    assert path_of(changed) == "/audit/retention"
    assert "Policy R-7" in words_of(changed)
    stale = await officer.send(form, {"years-0": "1"})
    assert stale.status_code == 412, "somebody else's change is not written over unseen"
    listed = await officer.get("/agreements")
    agreement = first(listed, "/agreements/[0-9a-f-]{36}")
    assert "/end" not in (await officer.get(agreement)).text, "it is in force"
    early = await officer.send(
        await officer.get(f"{agreement}/end"), {"decision": "destroyed", "reason": "Its time is over."}
    )
    assert early.status_code in {409, 422}
    assert "has not ended" in words_of(early)
    assert "Its time is over." in early.text
