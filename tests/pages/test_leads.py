"""What practice leads and safeguarding leads decide about sharing, with a browser that runs no script."""

import re

from browsing import look_through, page_of
from given import a_mother, a_name, asked_for
from pages_support import Site, path_of, through, words_of
from playwright.async_api import Browser

from connective.local.story.narrator import expect


async def parents_who_differ(site: Site) -> dict[str, str]:
    """A child whose mother agrees to help, and whose father, who also may decide, does not."""
    worker = await site.world.person("worker")
    surname = a_name()
    people = [
        {"key": "m", "given_names": "Meraud", "family_name": surname, "date_of_birth": "1990-04-03"},
        {"key": "f", "given_names": "Piran", "family_name": surname, "date_of_birth": "1989-04-03"},
        {"key": "c", "given_names": "Elowen", "family_name": surname,
         "date_of_birth": f"{site.world.today.year - 6}-01-03"},
    ]  # fmt: skip
    holds = [
        {"person": "m", "of": "c", "kind": "parent", "responsibility": "birth_mother"},
        {"person": "f", "of": "c", "kind": "parent", "responsibility": "birth_registration"},
    ]
    family = expect(await worker.post("/families", {"people": people, "relationships": holds}), 201)
    ids = {each["person"]["given_names"]: str(each["person"]["id"]) for each in family["people"]}
    told = {"person_ids": list(ids.values()), "how": "in_person", "told_on": str(site.world.today)}
    expect(await worker.post("/notices", told), 201)
    about = [{"person_id": ids["Elowen"], "authority": "parental_responsibility"}]
    for who, state in (("Meraud", "given"), ("Piran", "refused")):
        said = {"kind": "agreement_to_engage", "state": state, "given_by": ids[who], "about": about}
        made = expect(await worker.post("/consents", said | {"how": "in_person"}), 201)
        ids[state] = str(made["id"])
    return ids | {"family": str(family["id"]), "surname": surname}


async def test_a_practice_lead_rules_where_two_who_may_decide_differ(site: Site) -> None:
    ids = await parents_who_differ(site)
    worker, lead = await site.visitor("worker"), await site.visitor("practice_lead")
    address = f"/families/differences/{ids['refused']}/{ids['Elowen']}"
    assert (await worker.get("/families/differences")).status_code == 404
    assert (await worker.get(address)).status_code == 404
    assert address in (await lead.get("/home")).text, "it waits on the lead's first page"
    said = await lead.get(f"/families/{ids['family']}/consents/{ids['refused']}")
    assert "/families/differences" in said.text
    listed = await lead.get("/families/differences")
    assert address in listed.text
    assert ids["surname"] not in listed.text, "a list names nobody"
    form = await lead.get(address)
    assert "No: Piran, parental responsibility" in words_of(form)
    assert "Yes: Meraud, parental responsibility" in words_of(form)
    empty = await lead.send(form, {"share": "no"})
    assert (empty.status_code, "Say why" in words_of(empty)) == (422, True)
    ruled = await lead.send(empty, {"share": "no", "reasons": "Her teacher can help first."})
    assert path_of(ruled).startswith("/families/rulings/"), words_of(ruled)
    assert "The child is not helped in this way" in words_of(ruled)
    assert "Her teacher can help first." in words_of(ruled)
    assert address not in (await lead.get("/families/differences")).text
    assert (await lead.get(address)).status_code == 404, "what was ruled waits no longer"
    assert path_of(ruled) in (await worker.get("/families/rulings")).text, "whoever works with the family reads it"


async def test_a_worker_shares_for_somebodys_safety_and_knows_who_reviews_it(site: Site) -> None:
    mother = await a_mother(site, agreed=False)
    worker, lead = await site.visitor("worker"), await site.visitor("lead")
    person = f"/families/{mother.family}/people/{mother.id}"
    whom = await worker.get(f"/families/{mother.family}/override")
    assert f'href="{person}/override"' in whom.text
    form = await worker.get(f"{person}/override")
    said = words_of(form)
    for words in (
        "999",
        "This is not a report",
        "recorded with your name and the time, and nobody can change it",
        "safeguarding lead reviews it",
    ):
        assert words in said, words
    title = re.search(r"<title>\s*(.*?)\s*</title>", form.text, re.DOTALL)
    assert title
    assert title[1].startswith("A safeguarding override"), "a title names nobody"
    typed = {"share": "yes", "recipient_organisation_id": site.world.cast.organisations["early_help"],
             "categories": ["identity", "needs"], "reason": "The front door asked for it.",
             "risk_of_not_sharing": "Whoever visits would not know.", "family_told": "no"}  # fmt: skip
    wrong = await through(worker, form, typed)
    assert (path_of(wrong), wrong.status_code) == (f"{person}/override/family", 422)
    assert "Say why the family was not told" in words_of(wrong)
    answers = await through(worker, wrong, typed | {"family_told_note": "It would put her in danger."})
    for words in ("Share it now", "Names, date of birth, sex", "The front door asked for it.", "for 7 days at most"):
        assert words in words_of(answers), words
    assert any(words in words_of(answers) for words in ("999", "not a report")), "where it is sent, too"
    used, again = [await worker.send(answers) for _ in range(2)]
    assert path_of(again) == path_of(used), "pressing twice records one"
    assert path_of(used).startswith("/audit/overrides/"), words_of(used)
    assert used.status_code == 200
    assert "To be reviewed by" in words_of(used)
    review = await lead.get(path_of(used))
    assert "It would put her in danger." in words_of(review)
    assert "Review it" in words_of(review)
    neighbour = await site.visitor("neighbour")
    assert (await neighbour.get(f"{person}/override")).status_code == 404


async def test_a_request_that_was_stopped_leads_to_an_override(site: Site, browser: Browser) -> None:
    mother = await a_mother(site, agreed=False)
    (request,) = await asked_for(site, mother, "housing")
    page = await (await site.visitor("worker")).get(f"/requests/{request.id}")
    assert "Why it was not sent" in words_of(page)
    whom = f"/families/{mother.family}/override?request={request.id}"
    assert f'href="{whom}"' in page.text
    worker = await site.visitor("worker")
    begun = f"/families/{mother.family}/people/{mother.id}/override?request={request.id}"
    assert f'href="{begun}"' in (await worker.get(whom)).text
    recipient = site.world.cast.organisations["harbour"]
    asked = await worker.send(await worker.get(begun), {"share": "yes"})
    assert f'<option value="{recipient}" selected>' in asked.text, "to whom the request was to go"
    lacking = await worker.send(asked)
    assert (path_of(lacking).rsplit("/", 1)[-1], " checked" in lacking.text) == ("information", True), "what it lacks"
    begun_page = begun.partition("?")[0]
    async with page_of(browser, site, "worker") as page:
        for address in (whom, begun, *(f"{begun_page}/{step}" for step in ("recipient", "family", "check"))):
            await look_through(page, site.base + address)


async def test_a_lead_decides_about_sharing_once_on_the_commissioners_forms(site: Site) -> None:
    mother = await a_mother(site, agreed=False)
    worker, lead = await site.visitor("worker"), await site.visitor("lead")
    address = f"/families/{mother.family}/people/{mother.id}/one-off"
    assert (await worker.get(address)).status_code == 404
    assert (await worker.get("/one-offs")).status_code == 404
    assert address in (await lead.get(address.removesuffix("/one-off"))).text
    form = await lead.get(address)
    typed = {"was_asked": "yes", "decision": "do_not_share",
             "recipient_organisation_id": site.world.cast.organisations["larder"],
             "categories": ["identity"], "ground": "officer_decision", "reason": "A voucher does without a name.",
             "family_informed": "yes", "requester_organisation": "The Larder", "dpia_considered": "no"}  # fmt: skip
    wrong = await through(lead, form, typed)
    assert (path_of(wrong), wrong.status_code) == (f"{address}/who", 422)
    assert 'value="The Larder"' in wrong.text, "nothing that was typed is lost"
    assert 'href="#requester_person_and_role"' in wrong.text, "a request that was begun is to be whole"
    assert "Something is missing" in words_of(await lead.get(f"{address}/check"))
    today = site.world.today
    asked = {"requester_person_and_role": "J. Doe, manager", "data_requested": "A name.", "purpose": "A parcel.",
             "received_on-day": str(today.day), "received_on-month": str(today.month),
             "received_on-year": str(today.year), "dpo_view": "Agreed."}  # fmt: skip
    answers = await through(lead, wrong, typed | asked)
    assert "How is it kept safe" not in words_of(answers), "nothing is shared"
    changed = await lead.send(await lead.get(f"{address}/reasons?from=check"), {"reason": "Enough without."})
    assert (path_of(changed), "Enough without." in words_of(changed)) == (f"{address}/check", True)
    await lead.send(await lead.get(f"{address}/reasons?from=check"), {"reason": typed["reason"]})
    decided = await lead.send(await lead.get(f"{address}/check"))
    assert path_of(decided).startswith("/one-offs/"), words_of(decided)
    for words in ("Do not share", "A voucher does without a name.", "J. Doe, manager", "Agreed."):
        assert words in words_of(decided), words
    assert path_of(decided) in (await lead.get("/one-offs")).text


async def test_a_data_protection_officer_weighs_an_objection(site: Site) -> None:
    mother = await a_mother(site)
    worker, officer = await site.world.person("worker"), await site.visitor("trust_dpo")
    raised = {"person_id": mother.id, "raised_by": mother.id, "how": "telephone", "reason": "A cousin works there."}
    made = expect(await worker.post("/objections", raised), 201)
    address = f"/audit/objections/{made['id']}"
    assert "/audit/objections" in (await officer.get("/audit")).text
    listed = await officer.get("/audit/objections")
    assert address in listed.text
    page = await officer.get(address)
    assert "A cousin works there." in words_of(page)
    form = await officer.get(f"{address}/resolve")
    empty = await officer.send(form, {"upheld": "yes"})
    assert (empty.status_code, "Say why" in words_of(empty)) == (422, True)
    decided = await officer.send(empty, {"upheld": "yes", "resolution": "The cousin could read it."})
    assert "Upheld: it is not shared" in words_of(decided), words_of(decided)
    assert "The cousin could read it." in words_of(decided)
    assert f"{address}/resolve" not in decided.text, "it is decided once"
    auditor = await site.visitor("officer")
    assert "/audit/objections" not in (await auditor.get("/audit")).text
    assert "A cousin works there." not in words_of(await auditor.get(address))


async def test_a_family_page_leads_to_what_they_were_told_about(site: Site) -> None:
    mother = await a_mother(site, agreed=False)
    worker = await site.visitor("worker")
    address = f"/families/{mother.family}/signposts"
    assert address in (await worker.get(f"/families/{mother.family}")).text
    assert "They were not told about a service yet." in words_of(await worker.get(address))
    told = {"family_id": mother.family, "service_id": site.world.cast.services["parcel"],
            "needs": ["food_or_fuel_poverty"], "told": "in_person"}  # fmt: skip
    expect(await (await site.world.person("worker")).post("/signposts", told), 201)
    page = await worker.get(address)
    assert "In person" in words_of(page)
    assert f'href="/services/{told["service_id"]}"' in page.text


async def test_all_of_somebodys_work_is_handed_on_at_once(site: Site) -> None:
    mother = await a_mother(site)
    (request,) = await asked_for(site, mother, "parcel")
    accounts = site.world.cast.accounts
    worker, lead = await site.visitor("worker"), await site.visitor("practice_lead")
    assert (await worker.get("/requests/hand-on")).status_code == 404
    assert 'href="/requests/hand-on"' in (await lead.get("/requests")).text
    form = await lead.get("/requests/hand-on")
    assert "Maya Parrett" in words_of(form)
    same = {"from_account_id": accounts["worker"], "to_account_id": accounts["worker"]}
    wrong = await lead.send(form, same)
    assert (wrong.status_code, "Choose somebody else" in words_of(wrong)) == (422, True)
    handed = await lead.send(wrong, same | {"to_account_id": accounts["lead"]})
    assert path_of(handed) == "/requests/handed-on", words_of(handed)
    asker = await site.world.person("worker")
    now = expect(await asker.get(f"/requests/{request.id}/assignment"), 200)
    assert now["assigned_to"] == str(accounts["lead"])
    back = {"from_account_id": accounts["lead"], "to_account_id": accounts["worker"]}
    returned = await lead.send(await lead.get("/requests/hand-on"), back)
    assert path_of(returned) == "/requests/handed-on"
    assert "The work was handed on to Maya Parrett" in words_of(returned), "whose it is now"


async def test_a_member_is_found_by_name_or_address_and_nobody_of_elsewhere(site: Site) -> None:
    own, place = await site.visitor("larder_admin"), await site.visitor("admin")
    here = "/organisation/members"
    sought = await own.send(await own.get(here), {"name": "forton"}, action=here)
    assert "Gil Forton" in words_of(sought)
    assert "Bea Otter" not in words_of(sought)
    assert str(sought.url).endswith(here), "no name stands in an address"
    nobody = await own.send(sought, {"name": "washford"}, action=here)
    assert "Nobody fits." in words_of(nobody), "of another organisation's people one learns nothing"
    assert "Joy Washford" not in nobody.text
    found = await place.send(await place.get("/admin/accounts"), {"name": "joy.washford@"}, action="/admin/accounts")
    assert "Joy Washford" in words_of(found)
