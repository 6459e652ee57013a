"""What officers, leads and recipients do now and then, with a browser that runs no script: each act to its outcome."""

import asyncio
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from given import a_mother, a_name
from pages_support import Site, Visitor, form_of, path_of, words_of
from test_agreements import dated
from test_board import ask_for_help

from connective.local.plain import NO_TLS
from connective.local.story.narrator import expect
from connective.local.story.signing_in import pass_through, sign_in


async def test_a_hold_is_placed_looked_at_again_and_lifted_and_a_list_of_what_would_go_erases_nothing(
    site: Site,
) -> None:
    dpo, today = await site.visitor("council_dpo"), site.world.today
    form = await dpo.get("/audit/holds/new")
    agreement = re.search(r'<option value="([0-9a-f-]{36})"', form.text)
    assert agreement
    review = dated("review_on", today + timedelta(days=90))
    typed = {"reference": "HOLD-PAGES", "reason": "A claim is before the court.", "agreement_ids": agreement[1]}
    wrong = await dpo.send(form, typed | review | {"review_on-month": "Octember"})
    assert wrong.status_code == 422
    assert 'value="Octember"' in wrong.text
    assert "A claim is before the court." in wrong.text, "nothing that was typed is lost"
    placed = await dpo.send(wrong, review)
    assert "Legal hold HOLD-PAGES" in words_of(placed), words_of(placed)
    later = dated("review_on", today + timedelta(days=180))
    looked = await dpo.send(await dpo.get(f"{path_of(placed)}/review"), later | {"note": "It goes on."})
    assert "It goes on." in words_of(looked), words_of(looked)
    empty = await dpo.send(await dpo.get(f"{path_of(placed)}/lift"))
    assert (empty.status_code, "Say why" in words_of(empty)) == (422, True)
    lifted = await dpo.send(empty, {"reason": "The claim was settled."})
    assert "The claim was settled." in words_of(lifted)
    assert "Lift it" not in words_of(lifted), "what was lifted is not lifted again"
    assert "HOLD-PAGES" in words_of(await dpo.get("/audit/holds"))
    asked = await dpo.get("/audit/runs/new")
    assert "Nothing is erased by this" in words_of(asked)
    listed = await dpo.send(asked)
    assert "A retention run" in words_of(listed), words_of(listed)
    assert "Approve this list" not in words_of(listed), "nothing has come to its end, so nothing is to be approved"
    assert (await dpo.get(f"{path_of(listed)}/approve")).status_code == 200
    worker = await site.visitor("worker")
    assert (await worker.get("/audit/holds")).status_code == 200
    assert "HOLD-PAGES" not in words_of(await worker.get("/audit/holds"))


async def test_going_beyond_a_restriction_takes_a_second_person(site: Site) -> None:
    mother, worker = await a_mother(site), await site.world.person("worker")
    body = {
        "person_ids": [mother.id],
        "recipient_organisation_id": site.world.cast.organisations["early_help"],
        "categories": ["identity"],
        "share": True,
        "reason": "The front door asked for it.",
        "risk_of_not_sharing": "Whoever visits would not know.",
        "family_told": True,
    }
    used = expect(await worker.post("/overrides", body), 201)
    lead, address = await site.visitor("lead"), f"/audit/overrides/{used['id']}"
    page = await lead.get(address)
    assert "Confirm that it goes beyond a restriction" in words_of(page)
    asked = await lead.get(f"{address}/confirm-restriction")
    assert "You are that person" in words_of(asked)
    confirmed = await lead.send(asked)
    assert "Beyond a restriction, confirmed by" in words_of(confirmed), words_of(confirmed)
    assert "Confirm that it goes" not in words_of(confirmed)
    again = await lead.send(asked)
    assert again.status_code == 200, "a second press changes nothing"
    own = await site.visitor("worker")
    assert "Confirm" not in words_of(await own.get(address)), "whoever used it does not confirm it"


async def who_may_match(site: Site) -> Visitor:
    """A colleague of the service, with the role that matching takes: asked for by one administrator, agreed by another.

    Whoever has it already keeps it, and signs in anew.
    """
    place, second = await site.visitor("admin"), await site.visitor("second_admin")
    cast = site.world.cast
    account = f"/admin/accounts/{cast.accounts['early_helper']}"
    roles = f"roles-{cast.organisations['early_help']}"
    form = await place.get(f"{account}/roles")
    if "support_worker" not in form_of(form.text).fields.get(roles, ""):
        proposed = await place.send(form, {roles: ["partner_worker", "support_worker"]})
        assert "Sent for approval" in words_of(proposed), words_of(proposed)
        waiting = await second.get("/admin/proposals")
        found = re.findall(r'href="(/admin/proposals/[0-9a-f-]{36})"', waiting.text)
        for each in found:
            proposal = await second.get(each)
            if cast.name("early_helper") in words_of(proposal):
                form_text = proposal.text[proposal.text.rindex("<form", 0, proposal.text.index('value="approve"')) :]
                sent = form_of(form_text[: form_text.index("</form>") + 7])
                await second.client.post(sent.action or each, data=sent.fields, headers={"Origin": site.base})
    # Whose roles change is signed out: tests after this one go on with the new session.
    return await site.afresh("early_helper")


async def a_known_mother(site: Site) -> tuple[str, str]:
    """The name of somebody whom that colleague's organisation has registered, born on 6 May 1991."""
    cast = site.world.cast
    asker = await sign_in(site.gateway, "helper", cast.credentials("early_helper"), cast.organisations["early_help"])
    given, surname = a_name(), a_name()
    person = {"key": "m", "given_names": given, "family_name": surname, "date_of_birth": "1991-05-06"}
    expect(await asker.post("/families", {"people": [person], "relationships": []}), 201)
    await asker.client.aclose()
    return given, surname


async def test_a_family_that_asked_by_itself_is_matched_to_its_record(site: Site) -> None:
    helper, (given, surname) = await who_may_match(site), await a_known_mother(site)
    guest = site.nobody()
    reference = await ask_for_help(guest)
    listed = await helper.get("/intake")
    link = re.search(rf'href="(/intake/[0-9a-f-]{{36}})">{reference}', listed.text)
    assert link
    page = await helper.get(link[1])
    fields = {"born-day": "6", "born-month": "May", "born-year": "1991", "family_name": surname, "postcode": ""}
    version = form_of(page.text).fields

    async def search(typed: dict[str, str]) -> httpx.Response:
        body = {"form_token": version["form_token"], "act": "search", "given_names": given} | typed
        answer = await helper.client.post(link[1], data=body, headers={"Origin": site.base})
        return await helper.follow(answer)

    wrong = await search(fields | {"born-day": "66"})
    assert wrong.status_code == 422
    assert f'value="{surname}"' in wrong.text, "what was typed is kept"
    hits = await search(fields)
    assert "1 person found" in words_of(hits), words_of(hits)
    token = form_of(hits.text).fields
    chosen = re.search(r'name="person" type="radio" value="([0-9a-f-]{36})"', hits.text)
    assert chosen
    body: dict[str, Any] = {**token, **fields, "act": "match", "given_names": given}
    unchosen = await helper.client.post(link[1], data=body, headers={"Origin": site.base})
    assert (unchosen.status_code, "Choose who it is" in unchosen.text) == (422, True)
    body["person"] = chosen[1]
    matched = await helper.follow(await helper.client.post(link[1], data=body, headers={"Origin": site.base}))
    assert "Matched to a family" in words_of(matched), words_of(matched)
    assert "Canary" not in matched.text, "what was sent is not kept"
    assert reference in words_of(await helper.get("/intake?ended=true"))


async def test_a_recovery_code_lets_somebody_in_once_when_their_passkey_is_lost(site: Site) -> None:
    key = "therapist"
    cast = site.world.cast
    organisation = cast.organisations["salt"]
    visitor = site.nobody()
    asked = await visitor.client.get("/sign-in?to=/home")
    async with httpx.AsyncClient(base_url=site.gateway, timeout=60, verify=NO_TLS) as browser:
        waiting = f"{site.base}/signed-in"
        await pass_through(browser, asked.headers["location"], cast.credentials(key), organisation, waiting)
        account = await browser.get("/oauth/account")
        assert "Recovery codes left" in words_of(account), words_of(account)
        form = next(
            each for each in re.findall(r"<form.*?</form>", account.text, re.DOTALL) if "recovery-codes" in each
        )
        sent = form_of(form)
        shown = await browser.post(urljoin(str(account.url), sent.action), data=sent.fields)
        codes = re.findall(r"<code>([^<]+)</code>", shown.text)
        assert len(codes) >= 8, words_of(shown)
    for expected in (True, False):
        async with httpx.AsyncClient(base_url=site.gateway, timeout=60, verify=NO_TLS, follow_redirects=False) as other:
            asked = await visitor.client.get("/sign-in?to=/home")
            assert await _by_code(other, asked.headers["location"], site, key, codes[0]) is expected


async def _by_code(browser: httpx.AsyncClient, address: str, site: Site, key: str, code: str) -> bool:
    """Sign in with a password and this code; whether it let somebody in."""
    known = {"email": site.world.cast.email(key), "password": site.world.cast.password, "code": code}
    page = await browser.get(address)
    for _ in range(8):
        while page.is_redirect:
            target = urljoin(str(page.url), page.headers["location"])
            if target.startswith(site.base):
                return True
            page = await browser.get(target)
        if "The code is not right" in page.text:
            return False
        forms = re.findall(r"<form.*?</form>", page.text, re.DOTALL)
        form = form_of(next((each for each in forms if 'name="code"' in each or 'name="password"' in each), forms[0]))
        given = {name: value for name, value in known.items() if name in form.fields}
        page = await browser.post(urljoin(str(page.url), form.action), data=form.fields | given)
    raise AssertionError(words_of(page))


async def test_a_file_that_a_stranger_sends_is_not_read(site: Site) -> None:
    """Whoever has not signed in is answered before their file has come: it is not waited for."""
    at = urlsplit(site.base)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    head = (
        f"POST /requests/0190a5c0-0000-7000-8000-00000000ffff/attach HTTP/1.1\r\nHost: {at.netloc}\r\n"
        f"Origin: {site.base}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 9000000\r\n\r\n"
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    )
    writer.write(head.encode() + b"a" * 1000)
    await writer.drain()
    answer = await asyncio.wait_for(reader.read(400), timeout=30)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 303"), answer
    assert b"/sign-in?to=" in answer
