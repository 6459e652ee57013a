"""One record of each sort that pages show, made on the pages by the people whose job it is."""

from typing import Any

import httpx
from given import a_mother, a_name, act, asked_for
from pages_support import Site, Visitor, path_of, words_of
from test_agreements import begun, dated
from test_board import ask_for_help
from test_keeping import recorded, two_adults


async def sent(visitor: Visitor, path: str, fields: dict[str, Any], leads_to: str) -> httpx.Response:
    """Open a form, fill it in and send it; it leads to an address that begins so."""
    answer = await visitor.send(await visitor.get(path), fields)
    assert path_of(answer).startswith(leads_to), f"{path}: {words_of(answer)}"
    return answer


async def make_one_of_each(site: Site) -> list[tuple[str, str]]:
    """What lists would be empty without: each is then opened by following links.

    Answers who is led on by which record that stands in a list at no certain place.
    """
    await _of_a_family_that_was_not_asked(site)
    two = await two_adults(site)
    await _of_a_family(site)
    memorandum = await _of_officers(site)
    await _of_the_place_and_an_organisation(site)
    guest = site.nobody()
    await ask_for_help(guest)
    await guest.client.aclose()
    related = f"/families/{two['family']}/people/{two['mother']}/relationship"
    return [("manager", memorandum), ("worker", related)]


async def _of_a_family_that_was_not_asked(site: Site) -> None:
    """A voucher, which says nobody's name."""
    worker = await site.visitor("worker")
    mother = await a_mother(site, agreed=False)
    (blocked,) = await asked_for(site, mother, "parcel")
    await act(worker, blocked.id, "vouchers", {"adults": "1"})


async def _of_a_family(site: Site) -> None:
    """Requests, a case and a restriction. It is the newest family, which lists show first."""
    worker, lead = await site.visitor("worker"), await site.visitor("lead")
    mother = await a_mother(site)
    await asked_for(site, mother, "parcel", "housing")
    await recorded(worker, f"/families/{mother.family}/case", {})
    await recorded(lead, f"/families/{mother.family}/people/{mother.id}/restrict", {"kind": "conflict"})


async def _of_officers(site: Site) -> str:
    """A draft agreement, a joint-controller arrangement, and a memorandum, whose address it answers."""
    manager, entities, today = await site.visitor("manager"), site.world.cast.entities, site.world.today
    mark = a_name()[:5].upper()
    await begun(site, manager, f"DSA-EACH-{mark}")
    both = [entities["council"], entities["larder"]]
    memorandum = {"reference": f"MOU-EACH-{mark}", "title": "A warm room", "party_ids": both, "what-0": "A room",
                  "legal_entity_id-0": entities["larder"], "kind-0": "premises"}  # fmt: skip
    drafted = await sent(manager, "/memoranda/new", memorandum | dated("due-0", today), "/memoranda/")
    tasks = dict.fromkeys(("informs_entity_id", "answers_entity_id", "breach_entity_id"), entities["council"])
    arrangement = {"reference": f"JCA-EACH-{mark}", "title": "Meals", "entity_ids": both, "purposes": ["planning"],
                   "essence": "The council informs."}  # fmt: skip
    await sent(manager, "/agreements/joint/new", tasks | arrangement | dated("starts_on", today), "/agreements/joint/")
    return path_of(drafted)


async def _of_the_place_and_an_organisation(site: Site) -> None:
    """A source, a webhook with a message, an invitation that waits to be approved, and a listing reported wrong."""
    place, own, worker = await site.visitor("admin"), await site.visitor("larder_admin"), await site.visitor("worker")
    feed = {"name": "A directory", "code": a_name().lower(), "url": "https://directory.example.org/v3"}
    await sent(place, "/admin/sources/new", feed, "/admin/sources/")
    hook = {"url": "https://hook.example.org/", "events": ["hub.referrals.request.*"], "description": "Shelves"}
    made = await own.send(await own.get("/organisation/webhooks/new"), hook)
    assert "whsec_" in made.text, words_of(made)
    someone = {"name": "Jo Otter", "email": f"{a_name().lower()}@larder.example.org", "roles": ["partner_worker"]}
    await sent(own, "/organisation/members/invite", someone, "/organisation/")
    report = await worker.get(f"/services/{site.world.cast.services['parcel']}/report")
    await worker.send(report, {"wrong": ["hours"], "words": "It opens at ten."})
