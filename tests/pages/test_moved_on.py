"""Pages that are opened, or sent, after their record has moved on: each says so in words, and leads on."""

import re
from uuid import uuid4

import httpx
from given import a_mother, a_name, asked_for, version_in
from pages_support import Site, path_of, words_of

from connective.local.story.narrator import expect

_MOVED_ON = "This is not to be done any more"


def leads_to(page: httpx.Response, address: str) -> bool:
    """Whether a link of the page itself, not of its frame, leads there."""
    return f'href="{address}"' in page.text.partition('id="main-content"')[2].partition("</main>")[0]


async def test_an_act_that_a_request_has_outgrown_is_told_before_a_long_form_and_loses_nothing_typed(
    site: Site,
) -> None:
    (asked,) = await asked_for(site, await a_mother(site), "parcel")
    larder, here = await site.visitor("larder_dpo"), f"/requests/{asked.id}"
    page = await larder.get(here)
    decline = f"{here}/decline?version={version_in(page.text)}"
    form = await larder.get(decline)
    await larder.send(page, action=f"{here}/accept")
    typed = {"code": "at_capacity", "family_sentence": "We are full.", "next_step": "Ask again.",
             "second_look": "Telephone us.", "tells": "recipient"}  # fmt: skip
    changed = await larder.send(form, typed)
    assert "Somebody changed this request while you had it open" in words_of(changed)
    late = await larder.send(changed)
    assert (late.status_code, "This cannot be done any more" in words_of(late)) == (422, True), words_of(late)
    assert "propose_redirect" not in words_of(late), "no codes"
    assert "We are full." in late.text, "nothing that was typed is lost"
    link = await larder.get(decline)
    assert (path_of(link), "This is how it is now" in words_of(link)) == (here, True), "a link of before"
    message = await larder.get(f"{here}/message")
    sent = await larder.send(message, {"text": "On Friday.", "categories": "progress"})
    other = await larder.send(message, {"text": "On Monday.", "categories": "progress"})
    assert "On Friday." in words_of(sent)
    assert "You sent this page before, with other answers" in words_of(other), "back, changed, and sent again"
    assert "On Monday." in words_of(await larder.send(other)), "and once more from there, it is another message"


async def test_records_that_were_made_one_and_what_was_said_about_them_are_found_again(site: Site) -> None:
    first, second = await a_mother(site), await a_mother(site)
    worker, lead, api = (
        await site.visitor("worker"),
        await site.visitor("practice_lead"),
        await site.world.person("worker"),
    )
    old = f"/families/{second.family}/people/{second.id}"
    change = await worker.get(f"{old}/change")
    made = expect(await api.post(f"/people/{first.id}/merges", {"merged_person_id": second.id}), 201)
    one = f"/families/merges/{made['id']}"
    form = await lead.get(f"{one}/agree")
    assert [path_of(await lead.send(form)) for _ in range(2)] == [one, one], "pressing twice decides once"
    again = await lead.get(f"{one}/agree")
    assert (again.status_code, _MOVED_ON in words_of(again), leads_to(again, one)) == (404, True, True)
    gone = await worker.get(f"{old}/override")
    assert (gone.status_code, leads_to(gone, f"/families/{second.family}")) == (404, True), words_of(gone)
    late = await worker.send(change, {"gp_practice": "Kept Practice"})
    assert (late.status_code, "Kept Practice" in late.text) == (422, True)
    family = await worker.get(f"/families/{second.family}")
    said = sorted(set(re.findall(rf'href="(/families/{second.family}/consents/[0-9a-f-]{{36}})"', family.text)))
    pages = [await worker.get(each) for each in said]
    assert [each.status_code for each in pages] == [200] * 4, "what was said about either is read"
    assert not any("Somebody" in words_of(each) for each in pages), "by the name of the one that stays"
    withdraw = await worker.get(f"{said[0]}/withdraw")
    taken = await worker.send(withdraw, {"how": "telephone"})
    assert path_of(taken) == said[0], words_of(taken)
    twice = await worker.get(f"{said[0]}/withdraw")
    assert (twice.status_code, _MOVED_ON in words_of(twice), leads_to(twice, said[0])) == (404, True, True)


async def test_what_was_decided_suspended_or_thrown_away_meanwhile_leads_on(site: Site) -> None:
    place, own, worker = await site.visitor("admin"), await site.visitor("larder_admin"), await site.visitor("worker")
    lost = await worker.get(f"/families/new/{uuid4()}/check")
    assert "These answers are not kept any more" in words_of(lost)
    assert (lost.status_code, leads_to(lost, "/families/new")) == (404, True)
    someone = {"name": "Jo Otter", "email": f"{a_name().lower()}@larder.example.org", "roles": ["partner_worker"]}
    await own.send(await own.get("/organisation/members/invite"), someone)
    found = re.search(r'href="(/admin/proposals/[0-9a-f-]{36})"', (await place.get("/admin/proposals")).text)
    assert found
    proposal = await place.get(found[1])
    await place.send(proposal, {"act": "reject"})
    late = await place.send(proposal, {"act": "approve"})
    assert (late.status_code, leads_to(late, found[1])) == (412, True), words_of(late)
    cast = site.world.cast
    agency, service = f"/admin/organisations/{cast.organisations['harbour']}", f"/services/{cast.services['housing']}"
    assert "Refer a family to this service" in words_of(await worker.get(service))
    await place.send(await place.get(f"{agency}/suspend"), {"reason": "Its insurance has lapsed."})
    try:
        again = await place.get(f"{agency}/suspend")
        listing = words_of(await worker.get(service))
    finally:
        await place.send(await place.get(f"{agency}/reinstate"), {"reason": "It was renewed."})
    assert (again.status_code, _MOVED_ON in words_of(again), leads_to(again, agency)) == (404, True, True)
    assert "Its organisation is suspended" in listing
    assert "Refer a family to this service" not in listing
