"""What practice leads and safeguarding leads decide about sharing, with a browser that runs no script."""

from given import a_name
from pages_support import Site, path_of, words_of

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
