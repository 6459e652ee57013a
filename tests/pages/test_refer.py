"""The main job on pages: one family's needs to three agencies in one go; and the directory."""

import asyncio
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
from pages_support import Site, Visitor, form_of, path_of, words_of

from connective.local.story.family import the_family
from connective.local.story.meeting_the_family import engagement
from connective.local.story.narrator import expect

FOOD = {"a-how": "collect_today", "a-crisis_reason": "benefit_delay", "a-cooking_facilities": "full"}
HOUSING = {"a-problem": "arrears", "a-arrears_pounds": "£940", "a-recipient_is_landlord": "no"}
SPEECH = {"a-concern_areas": ["sounds"], "a-examples": "Two words together.", "a-hearing": "not_known"}


async def family_in_need(site: Site) -> dict[str, str]:
    """A mother and a son of three, with needs, who agreed to be helped; answers the ids."""
    world = site.world
    worker = await world.person("worker")
    whole = the_family(world.today, world.today - timedelta(days=3 * 365 + 120))
    name = "".join(chr(97 + int(each, 16)) for each in uuid4().hex[:12]).title()
    people = [{**each, "family_name": name} for each in whole["people"] if each["key"] in {"mother", "youngest"}]
    related = [each for each in whole["relationships"] if {each["person"], each["of"]} == {"mother", "youngest"}]
    body = {"people": people, "relationships": related, "address": whole["address"]}
    answer = await worker.post("/families", body)
    if answer.status_code == 409:
        # Another test's mother of the same first name and birthday: somebody has looked.
        seen = [each["person_id"] for each in answer.json()["candidates"]]
        answer = await worker.post("/families", body | {"duplicates_seen": seen})
    family = expect(answer, 201)
    by_name = {each["person"]["given_names"]: each["person"]["id"] for each in family["people"]}
    ids = {"family": family["id"], "mother": by_name["Carys"], "youngest": by_name["Piran"]}
    needs = (("mother", "food_or_fuel_poverty"), ("mother", "eviction_risk"), ("youngest", "child_0_5_speech_language"))
    for key, code in needs:
        need = {"code": code, "severity": 3, "source": "family"}
        expect(await worker.post(f"/people/{ids[key]}/needs", need), 201)
    told = {"family_id": ids["family"], "person_ids": [ids["mother"], ids["youngest"]], "how": "in_person"}
    expect(await worker.post("/notices", told | {"told_on": str(world.today)}), 201)
    expect(await worker.post("/consents", engagement(ids, "mother", [ids["mother"], ids["youngest"]])), 201)
    return ids


async def press(worker: Visitor, page: httpx.Response, fields: dict[str, Any]) -> httpx.Response:
    """Send a page's form with exactly these fields and its one-time key."""
    token = form_of(page.text).fields["form_token"]
    answer = await worker.client.post(page.url, data={"form_token": token} | fields, headers={"Origin": worker.base})
    return await worker.follow(answer)


async def chosen_services(worker: Visitor, site: Site, ids: dict[str, str]) -> httpx.Response:
    """As far as the services, with the safeguarding question answered and every recorded need chosen."""
    start = await worker.get(f"/refer?family={ids['family']}")
    needs = await press(worker, start, {"answer": "no_concern"})
    values = re.findall(r'name="need"[^>]*value="([^"]+)"', needs.text)
    assert len(values) == 3, "what is recorded is offered"
    return await press(worker, needs, {"need": values})


async def test_one_familys_needs_go_to_three_agencies_without_script(site: Site) -> None:
    worker, ids = await site.visitor("worker"), await family_in_need(site)
    services = site.world.cast.services
    base = f"/refer/{ids['family']}"
    start = await worker.get(f"/refer?family={ids['family']}")
    assert "call 999" in words_of(start)
    reporting = await press(worker, start, {"answer": "reporting_now"})
    assert path_of(reporting) == f"{base}/report-first"
    assert "01632 960101" in words_of(reporting), "the numbers, and nothing is sent"
    assert path_of(await worker.get(f"{base}/needs")) == base, "until the question has another answer"
    offers = await chosen_services(worker, site, ids)
    said = words_of(offers)
    for words in ("Has free places", "miles from home", "Helps with", "More about"):
        assert words in said, words
    assert "hub-map__pin" in offers.text, "and a map, with the list as its words"
    assert (await press(worker, offers, {})).status_code == 422
    picked = [services[key] for key in ("parcel", "housing", "therapy")]
    shared = await press(worker, offers, {"service": picked})
    page = await press(worker, shared, {"contact": ids["mother"]})
    answers = {"parcel": FOOD, "housing": HOUSING, "therapy": SPEECH}
    assert (await press(worker, page, {"subjects": ids["mother"]})).status_code == 422
    for key, told in answers.items():
        assert path_of(page) == f"{base}/for/{services[key]}"
        who = ids["youngest" if key == "therapy" else "mother"]
        page = await press(worker, page, {"subjects": who, "by": "any"} | told)
    assert path_of(page) == f"{base}/check"
    seen = words_of(page)
    assert "Will be blocked" in seen, (
        "therapy's agreement gives no condition for health, and housing's consent is not there"
    )
    assert "They will see" in seen
    assert "What stands in the way" in seen
    fields = form_of(page.text).fields
    twice = [worker.client.post(page.url, data=fields, headers={"Origin": worker.base}) for _ in range(2)]
    sent = [await worker.follow(each) for each in await asyncio.gather(*twice)]
    assert path_of(sent[0]) == path_of(sent[1]), "a double click makes one referral"
    result = words_of(sent[0])
    assert "1 request sent, 2 blocked" in result
    assert "What you can do today" in result
    assert path_of(await worker.get(f"{base}/check")) == path_of(sent[0]), "going back sends nothing twice"
    again = await worker.send(sent[0])
    assert path_of(again) == path_of(sent[0])
    assert again.status_code == 200, "still blocked, and said so"
    neighbour = await site.visitor("neighbour")
    assert (await neighbour.get(base)).status_code == 404, "another school's worker learns nothing"


async def test_a_need_that_is_not_recorded_yet_is_added_on_the_way(site: Site) -> None:
    worker, ids = await site.visitor("worker"), await family_in_need(site)
    base = f"/refer/{ids['family']}"
    needs = await press(worker, await worker.get(f"/refer?family={ids['family']}"), {"answer": "no_concern"})
    adding = await press(worker, needs, {"act": "add", "need": f"{ids['mother']} eviction_risk 3"})
    assert path_of(adding) == f"{base}/needs/new"
    wrong = await press(worker, adding, {"person": ids["mother"], "code": "parent_mental_health"})
    assert (wrong.status_code, 'href="#severity"' in wrong.text) == (422, True)
    assert '<option value="parent_mental_health" selected>' in wrong.text, "nothing that was chosen is lost"
    back = await press(worker, wrong, {"person": ids["mother"], "code": "parent_mental_health", "severity": "2"})
    assert path_of(back) == f"{base}/needs"
    chosen = re.findall(r'value="([^"]+)" checked', back.text)
    assert chosen == [f"{ids['mother']} eviction_risk 3", f"{ids['mother']} parent_mental_health 2"], (
        "with what was chosen before"
    )
    assert "Stop and think" not in words_of(back)
    again = await worker.get(f"{base}/needs/new")
    harm = {"person": ids["youngest"], "code": "abuse_or_neglect", "severity": "3", "source": "family"}
    assert "Stop and think" in words_of(await press(worker, again, harm)), "this one may mean that somebody is harmed"
    person = words_of(await worker.get(f"/families/{ids['family']}/people/{ids['youngest']}"))
    assert "Abuse or neglect" in person, "it stands in the family’s record too"


async def test_a_worker_searches_the_directory_and_tells_a_family_of_a_service(site: Site) -> None:
    worker = await site.visitor("worker")
    parcel = site.world.cast.services["parcel"]
    search = await worker.get("/services?again=true")
    assert (await press(worker, search, {"words": ""})).status_code == 422
    found = await press(worker, search, {"words": "food", "postcode": "ta20 1bp"})
    assert str(found.url).endswith("/services#found"), "no address tells what was looked for"
    assert f'href="/services/{parcel}"' in found.text
    nothing = await press(worker, found, {"need": "radicalisation", "free_places": "yes"})
    assert "Nothing was found" in words_of(nothing)
    assert "is counted, without saying for whom" in words_of(nothing)
    page = await worker.get(f"/services/{parcel}")
    for words in ("Refer a family to this service", "Says yes or no within", "What it costs", "as told"):
        assert words in words_of(page), words
    watching = await press(worker, page, {"act": "watch"})
    assert "You watch it" in words_of(watching)
    assert "Emergency food parcel" in words_of(await worker.get("/services"))
    assert "You watch it" not in words_of(await press(worker, watching, {"act": "stop"}))
    report = await worker.get(f"/services/{parcel}/report")
    assert (await press(worker, report, {})).status_code == 422
    assert "Thank you" in words_of(await press(worker, report, {"wrong": ["hours"], "words": "It opens at ten."}))
    ids = await family_in_need(site)
    asked = await worker.get(f"/services/{parcel}/signpost?family={ids['family']}")
    assert (await press(worker, asked, {"family": ids["family"]})).status_code == 422
    said = {"family": ids["family"], "need": f"{ids['mother']} food_or_fuel_poverty 3", "told": "in_person"}
    assert "It is recorded that you told the family" in words_of(await press(worker, asked, said))
    assert (await press(worker, asked, {"family": "x"})).status_code == 404
