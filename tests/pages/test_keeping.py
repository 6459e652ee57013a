"""A family's record kept on pages: strengths, a birth, a loss, a death, a restriction and a case; and in a browser."""

import re
from typing import Any
from uuid import uuid4

import httpx
from browsing import look_through, page_of
from given import a_mother
from pages_support import Site, Visitor, path_of, words_of
from playwright.async_api import Browser

from connective.local.story.narrator import expect


async def two_adults(site: Site) -> dict[str, str]:
    """A family of a mother and a father that no other test touches; answers the ids."""
    worker = await site.world.person("worker")
    name = "".join(chr(97 + int(each, 16)) for each in uuid4().hex[:12]).title()
    people = [
        {"key": key, "given_names": given, "family_name": name, "date_of_birth": born}
        for key, given, born in (("mother", "Elowen", "1996-02-11"), ("father", "Jago", "1994-08-30"))
    ]
    family = expect(await worker.post("/families", {"people": people}), 201)
    by_name = {each["person"]["given_names"]: each["person"]["id"] for each in family["people"]}
    return {"family": family["id"], "mother": by_name["Elowen"], "father": by_name["Jago"], "name": name}


async def recorded(visitor: Visitor, address: str, fields: dict[str, Any]) -> httpx.Response:
    """Fill in the form at an address; what follows it, once it was taken."""
    form = await visitor.get(address)
    assert form.status_code == 200, address
    after = await visitor.send(form, fields)
    assert after.status_code == 200, words_of(after)
    return after


def on(day: str, month: str, year: str, name: str) -> dict[str, str]:
    return {f"{name}-day": day, f"{name}-month": month, f"{name}-year": year}


async def test_what_goes_well_is_ticked_shown_beside_needs_and_ended(site: Site) -> None:
    ids = await two_adults(site)
    worker = await site.visitor("worker")
    family, mother = f"/families/{ids['family']}", f"/families/{ids['family']}/people/{ids['mother']}"
    empty = await worker.send(await worker.get(f"{mother}/strength"))
    assert empty.status_code == 422
    assert "Choose what goes well" in words_of(empty)
    person = await recorded(
        worker, f"{mother}/strength", {"codes": ["wants_change", "friends_and_neighbours"], "source": "family"}
    )
    assert path_of(person) == mother
    assert "Knows what they want to change" in words_of(person)
    page = words_of(await worker.get(family))
    for words in ("What goes well", "Has relatives, friends or neighbours who help", "Told by the family"):
        assert words in page
    happened = words_of(await worker.get(f"{family}/chronology?about=needs"))
    assert "Something that goes well was recorded." in happened
    api = await site.world.person("worker")
    listed = expect(await api.get(f"/families/{ids['family']}/strengths"), 200)["items"]
    first = next(each["id"] for each in listed if each["code"] == "wants_change")
    after = await recorded(worker, f"{mother}/end/strength/{first}", {"reason": "no_longer_so"})
    assert "Knows what they want to change" not in words_of(after)
    neighbour = await site.visitor("neighbour")
    assert (await neighbour.get(f"{mother}/strength")).status_code == 404


async def test_a_child_is_expected_and_born_with_both_parents(site: Site) -> None:
    ids = await two_adults(site)
    worker = await site.visitor("worker")
    mother = f"/families/{ids['family']}/people/{ids['mother']}"
    today = site.world.today
    assert "This is not to be done any more" in words_of(await worker.get(f"{mother}/birth")), "nobody is expected"
    due = on(str(today.day), today.strftime("%B"), str(today.year), "due_on")
    person = await recorded(worker, f"{mother}/pregnancy", due)
    assert "The child has been born" in words_of(person)
    born = on(str(today.day), str(today.month), str(today.year), "born_on")
    child = {"given-1": "Mabyn", "sex-1": "female", f"parent-{ids['father']}": "birth_registration"}
    await recorded(worker, f"{mother}/birth", born | child)
    page = words_of(await worker.get(f"/families/{ids['family']}"))
    assert f"Mabyn {ids['name']}" in page
    assert "Jago is Mabyn’s parent" in page


async def test_after_a_loss_nobody_is_prompted_until_a_worker_says_so_and_a_death_is_told_with_care(site: Site) -> None:
    ids = await two_adults(site)
    worker = await site.visitor("worker")
    mother = f"/families/{ids['family']}/people/{ids['mother']}"
    today = site.world.today
    await recorded(worker, f"{mother}/pregnancy", on(str(today.day), str(today.month), str(today.year), "due_on"))
    person = words_of(await recorded(worker, f"{mother}/loss", {}))
    assert "Messages about this family are stopped." in person
    person = words_of(await recorded(worker, f"{mother}/resume", {}))
    assert "Messages about this family are stopped." not in person
    father = f"/families/{ids['family']}/people/{ids['father']}"
    early = await worker.send(await worker.get(f"{father}/death"), on("1", "1", str(today.year + 1), "died_on"))
    assert early.status_code == 422
    assert "Date must be today or in the past" in words_of(early)
    died = words_of(await recorded(worker, f"{father}/death", on("1", "jan", str(today.year), "died_on")))
    assert f"Died on 1 January {today.year}." in died
    assert "Jago has died" not in died, "it is not offered again"


async def test_a_request_about_information_reaches_the_officer_with_its_day(site: Site) -> None:
    ids = await two_adults(site)
    worker = await site.visitor("worker")
    mother = f"/families/{ids['family']}/people/{ids['mother']}"
    today = site.world.today
    asked = on(str(today.day), str(today.month), str(today.year), "received_on")
    person = await recorded(worker, f"{mother}/rights", {"kind": "access", "asked_by": ids["mother"]} | asked)
    assert path_of(person) == mother
    officer = await site.world.person("trust_dpo")
    listed = expect(await officer.get("/audit/information-requests?limit=200"), 200)["items"]
    assert [each["received_on"] for each in listed if each["kind"] == "access"].count(str(today)) >= 1


async def test_a_lead_restricts_a_record_and_cannot_lift_it_alone(site: Site) -> None:
    ids = await two_adults(site)
    worker, lead = await site.visitor("worker"), await site.visitor("lead")
    mother = f"/families/{ids['family']}/people/{ids['mother']}"
    assert (await worker.get(f"{mother}/restrict")).status_code == 404
    assert "Who must not see this record" not in words_of(await worker.get(mother))
    assert "Who must not see this record" in words_of(await lead.get(mother))
    form = await lead.get(f"{mother}/restrict")
    assert "Maya" in words_of(form), "colleagues are known by name"
    await recorded(lead, f"{mother}/restrict", {"kind": "whereabouts"})
    assert "must not be told" in words_of(await worker.get(mother))
    listed = await lead.get(f"{mother}/restrictions")
    asked = await lead.send(listed)
    assert "Lifting asked for" in words_of(asked)
    alone = await lead.send(asked)
    assert alone.status_code == 422
    assert "Another safeguarding lead has to confirm it" in words_of(alone)


async def test_a_case_is_opened_planned_and_proposed_for_closing(site: Site) -> None:
    ids = await two_adults(site)
    worker = await site.visitor("worker")
    case = await recorded(worker, f"/families/{ids['family']}/case", {})
    address = path_of(case)
    assert "Opened" in words_of(case)
    assert "This is not to be done any more" in words_of(await worker.get(f"{address}/plan")), "first it is assessed"
    await recorded(worker, f"{address}/assess", {})
    late = await worker.send(await worker.get(f"{address}/plan"), on("1", "1", "2020", "review_on"))
    assert late.status_code == 422
    review = site.world.today.replace(day=1)
    review = review.replace(year=review.year + 1) if review.month == 12 else review.replace(month=review.month + 1)
    planned = await recorded(worker, f"{address}/plan", on("1", str(review.month), str(review.year), "review_on"))
    assert "Plan agreed" in words_of(planned)
    other = site.world.cast.organisations["brookside"]
    joined = await recorded(worker, f"{address}/team", {"organisation_id": str(other)})
    assert "Brookside Primary School" in words_of(joined)
    proposed = await recorded(worker, f"{address}/propose-closure", {"reason": "needs_met"})
    assert "What the family needed is met" in words_of(proposed)
    page = words_of(await worker.get(f"/families/{ids['family']}"))
    assert "A practice lead decides whether it is closed" in page
    neighbour = await site.visitor("neighbour")
    seen = words_of(await neighbour.get(address))
    assert "Read what this family shares with the team" in seen
    assert "Record a review" not in seen
    shared = await neighbour.get(f"{address}/family")
    assert "Sharing is not permitted now, so nothing of the family is shown." in words_of(shared)
    assert ids["name"] not in words_of(shared), "being on the team is not permission"


async def test_two_records_that_may_be_one_wait_for_somebody_else(site: Site) -> None:
    ids, others = await two_adults(site), await two_adults(site)
    api = await site.world.person("worker")
    same = expect(await api.get(f"/people/{ids['mother']}"), 200)
    change = {"family_name": same["family_name"]}
    theirs = expect(await api.get(f"/people/{others['mother']}"), 200)
    match = {"If_Match": f'"{theirs["version"]}"'}
    expect(await api.send("PATCH", f"/people/{others['mother']}", change, **match), 200)
    made = expect(await api.post(f"/people/{ids['mother']}/merges", {"merged_person_id": others["mother"]}), 201)
    worker = await site.visitor("worker")
    address = f"/families/merges/{made['id']}"
    assert address in (await worker.get("/families/merges")).text
    one = words_of(await worker.get(address))
    assert "Waits for a practice lead" in one
    assert "A practice lead decides, of each organisation" in one
    assert "Date of birth, family name, first name" in one, "what is alike is said in words"
    assert "somebody else’s to do" in words_of(await worker.get(f"{address}/agree"))
    assert (await (await site.visitor("neighbour")).get(address)).status_code == 404
    lead = await site.visitor("practice_lead")
    assert f'href="{address}/decline"' in (await lead.get(address)).text
    merged = await recorded(lead, f"{address}/agree", {})
    assert (path_of(merged), "One record now" in words_of(merged)) == (address, True), words_of(merged)
    unsaid = await lead.send(await lead.get(f"{address}/undo"))
    assert (unsaid.status_code, 'href="#reason"' in unsaid.text) == (422, True)
    apart = words_of(await lead.send(unsaid, {"reason": "different_people"}))
    assert "Taken apart again" in apart
    assert "They are two people" in apart
    assert (await lead.get(f"{address}/undo")).status_code == 404, "it is undone once"


async def test_a_need_that_may_mean_harm_stops_the_worker_to_think(site: Site) -> None:
    ids = await two_adults(site)
    worker, mother = await site.visitor("worker"), f"/families/{ids['family']}/people/{ids['mother']}"
    need = {"code": "abuse_or_neglect", "severity": "3", "source": "worker"}
    stopped = await recorded(worker, f"{mother}/need?area=safe_from_harm", need)
    assert path_of(stopped) == f"{mother}/safe"
    said = words_of(stopped)
    for words in ("The need was recorded", "call 999", "01632 960101", "reports it to nobody", "safeguarding lead"):
        assert words in said, words
    onward = re.search(rf'href="({mother})"[^>]*>\s*I have thought about it', stopped.text)
    assert onward
    assert "Abuse or neglect" in words_of(await worker.get(onward[1]))


async def test_no_page_of_keeping_keeps_anybody_out(browser: Browser, site: Site) -> None:
    ids = await two_adults(site)
    worker = await site.visitor("worker")
    mother = f"/families/{ids['family']}/people/{ids['mother']}"
    case = path_of(await recorded(worker, f"/families/{ids['family']}/case", {}))
    await recorded(worker, f"{mother}/strength", {"codes": ["wants_change"], "source": "family"})
    today = site.world.today
    async with page_of(browser, site, "worker") as page:
        for path in (f"/families/{ids['family']}", mother, f"{mother}/strength", f"{mother}/pregnancy"):
            await look_through(page, site.base + path)
        await page.goto(f"{site.base}{mother}/pregnancy")
        for label, typed in (("Day", str(today.day)), ("Month", today.strftime("%b")), ("Year", str(today.year))):
            await page.get_by_label(label, exact=True).fill(typed)
        async with page.expect_navigation():
            await page.get_by_role("button", name="Save").click()
        await look_through(page, f"{site.base}/families/merges")
        for path in (
            f"{mother}/birth",
            f"{mother}/loss",
            f"{mother}/death",
            case,
            f"{case}/assess",
            f"{mother}/rights",
        ):
            await look_through(page, site.base + path)
    lead = await site.visitor("lead")
    await recorded(lead, f"{mother}/restrict", {"kind": "conflict"})
    async with page_of(browser, site, "lead") as page:
        for path in (f"{mother}/restrict", f"{mother}/restrictions"):
            await look_through(page, site.base + path)


async def test_what_a_family_was_told_is_read_by_whoever_works_with_it_and_its_yes_leaves_as_data(site: Site) -> None:
    mother = await a_mother(site)
    worker, family = await site.visitor("worker"), f"/families/{mother.family}"
    page = await worker.get(family)
    assert f'href="{family}/notices"' in page.text
    listed = await worker.get(f"{family}/notices")
    one = re.search(rf'href="({family}/notices/[0-9a-f-]{{36}})"', listed.text)
    assert one, words_of(listed)
    notice = words_of(await worker.get(one[1]))
    assert "In person" in notice or "in person" in notice
    assert "Everybody who is asked to help" in notice
    other = await a_mother(site, agreed=False)
    assert "Nobody has recorded" in words_of(await worker.get(f"/families/{other.family}/notices"))
    foreign = one[1].replace(mother.family, other.family)
    assert (await worker.get(foreign)).status_code == 404, "a notice stands under its own family"
    neighbour = await site.visitor("neighbour")
    assert (await neighbour.get(one[1])).status_code == 404
    consent = re.search(rf'href="{family}/consents/([0-9a-f-]{{36}})"', page.text)
    assert consent
    receipt = await worker.get(f"/consents/{consent[1]}/receipt?family={mother.family}")
    link = f"/consents/{consent[1]}/export"
    assert f'href="{link}"' in receipt.text
    data = await worker.get(link)
    assert data.headers["content-disposition"].startswith("attachment")
    assert data.json()["@context"], "as data, whose terms it explains"
    assert (await neighbour.get(link)).status_code == 404
