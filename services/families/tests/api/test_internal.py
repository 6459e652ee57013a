"""The doors for other services: facts to apply rules by, and the one way data leave to a recipient."""

import time
from typing import Any
from uuid import UUID

import pytest
from families_room import FOOD_BANK, PLACE, Room, permit, person_called, recipient, shared

from connective.contracts.categories import Category
from connective.contracts.fields import SHARED_FIELDS
from connective.contracts.sharing import FactsAnswered, SharedFields
from connective.kit.ids import new_id

ALL = [str(category) for category in Category]


async def test_a_recipient_gets_the_permitted_fields_and_no_other(room: Room) -> None:
    family = await room.family(room.worker())
    mother = person_called(family, "Asha")["id"]
    headers = {**recipient(room), **permit(room, {mother: ["identity", "household", "needs"]})}
    fields = (
        "person.full_name",
        "household.adults",
        "household.children_by_age_band",
        "address.current",
        "contact.phone",
        "needs.coded",
        "person.nhs_number",
    )
    answer = await shared(room, headers, *fields)
    assert answer.status_code == 200, answer.text
    given = SharedFields.model_validate_json(answer.content)
    assert given.people[0].fields == {
        "person.full_name": "Asha Hart",
        "household.adults": 1,
        "household.children_by_age_band": {"1-4": 1, "5-11": 2},
        "needs.coded": ["food_or_fuel_poverty"],
    }
    assert given.withheld == ()
    assert answer.headers["cache-control"] == "no-store"


async def test_each_field_alone_says_what_it_says_among_all(room: Room) -> None:
    family = await room.family(room.worker())
    people = [person_called(family, name)["id"] for name in ("Asha", "Dilys", "Efan")]
    headers = {**recipient(room), **permit(room, dict.fromkeys(people, ALL))}
    together = (await shared(room, headers, *SHARED_FIELDS)).json()["people"]
    assert set().union(*(person["fields"] for person in together)) >= {"needs.coded", "household.responsible_adults"}
    for name in SHARED_FIELDS:
        alone = (await shared(room, headers, name)).json()["people"]
        of_all = [{key: value for key, value in person["fields"].items() if key == name} for person in together]
        assert [person["fields"] for person in alone] == of_all


async def test_the_answer_is_live(room: Room) -> None:
    worker = room.worker()
    mother = person_called(await room.family(worker), "Asha")["id"]
    headers = {**recipient(room), **permit(room, {mother: ["identity"]})}
    await room.client.patch(f"/people/{mother}", json={"known_as": "Ash"}, headers={**worker, "If-Match": '"1"'})
    answer = await shared(room, headers, "person.known_as")
    assert answer.json()["people"][0]["fields"] == {"person.known_as": "Ash"}


async def test_a_restriction_hides_what_locates_whatever_the_permit_says(room: Room) -> None:
    family = await room.family(room.worker())
    mother, child = person_called(family, "Asha")["id"], person_called(family, "Dilys")["id"]
    lead = room.worker(role="safeguarding_lead")
    await room.post(f"/people/{mother}/restrictions", {"kind": "whereabouts"}, lead)
    headers = {**recipient(room), **permit(room, {mother: ALL, child: ALL})}
    fields = ("address.current", "address.outward_postcode", "contact.phone", "education.setting", "person.full_name")
    answer = await shared(room, headers, *fields)
    assert set(answer.json()["withheld"]) == set(fields) - {"person.full_name"}
    assert "TA20" not in answer.text
    assert "Furzehill" not in answer.text
    assert "Asha Hart" in answer.text


async def test_a_recipient_named_on_the_restriction_may_know(room: Room) -> None:
    family = await room.family(room.worker())
    mother = person_called(family, "Asha")["id"]
    lead = room.worker(role="safeguarding_lead")
    body = {"kind": "whereabouts", "named_organisation_ids": [str(FOOD_BANK)]}
    await room.post(f"/people/{mother}/restrictions", body, lead)
    headers = {**recipient(room), **permit(room, {mother: ALL})}
    assert "1 Drake Way" in (await shared(room, headers, "address.current")).text


@pytest.mark.parametrize(
    ("changes", "signer", "status"),
    [
        ({}, "referrals", 401),
        ({"aud": "partners"}, "consent", 401),
        ({"exp": int(time.time()) - 60}, "consent", 401),
        ({"exp": int(time.time()) + 3600}, "consent", 401),
        ({"organisation": str(UUID(int=7))}, "consent", 403),
        ({"place": str(UUID(int=7))}, "consent", 403),
        ({"discloser": str(UUID(int=7))}, "consent", 404),
        ({"subjects": "everybody"}, "consent", 401),
        ({"more": 1}, "consent", 401),
    ],
)
async def test_a_permit_that_is_not_the_readers_opens_nothing(
    room: Room, changes: dict[str, Any], signer: str, status: int
) -> None:
    mother = person_called(await room.family(room.worker()), "Asha")["id"]
    headers = {**recipient(room), **permit(room, {mother: ALL}, signer, **changes)}
    answer = await shared(room, headers, "person.full_name")
    assert answer.status_code == status, answer.text
    assert "Hart" not in answer.text


async def test_only_referrals_with_a_permit_may_ask(room: Room) -> None:
    mother = person_called(await room.family(room.worker()), "Asha")["id"]
    allowed = permit(room, {mother: ALL})
    client = room.identities.client(place=PLACE, organisation=FOOD_BANK, scope="requests:read")
    assert (await shared(room, {**client, **allowed}, "person.full_name")).status_code == 404
    consent = room.identities.caller("consent", "families")
    assert (await shared(room, {**client, **consent, **allowed}, "person.full_name")).status_code == 403
    assert (await shared(room, recipient(room), "person.full_name")).status_code == 422
    assert (await shared(room, {**recipient(room), **allowed}, "person.upn")).status_code == 422
    gone = {**recipient(room), **permit(room, {str(new_id()): ALL})}
    assert (await shared(room, gone, "person.full_name")).status_code == 404


DOORS = pytest.mark.parametrize("door", ["facts", "essentials"])


async def facts(
    room: Room, headers: dict[str, str], people: list[str], family: str | None = None, *, door: str = "facts"
) -> Any:
    body = {"person_ids": people, **({"family_id": family} if family else {})}
    return await room.client.post(f"/internal/{door}", json=body, headers=headers)


async def test_a_workers_service_learns_ages_and_standing_but_no_name(room: Room) -> None:
    worker = room.worker()
    family = await room.family(worker)
    mother, child = person_called(family, "Asha")["id"], person_called(family, "Efan")["id"]
    headers = {**worker, **room.identities.caller("referrals", "families")}
    answer = await facts(room, headers, [child, mother], family["id"])
    assert answer.status_code == 200, answer.text
    found = FactsAnswered.model_validate_json(answer.content)
    assert found.organisation_id == room.school
    assert [str(p.person_id) for p in found.people] == [child, mother]
    assert found.people[0].age_years == 3
    assert {r.authority for r in found.people[0].responsible} == {"parental_responsibility"}
    assert [(str(r.person_id), r.authority) for r in found.people[1].responsible] == [(mother, "own")]
    assert "Hart" not in answer.text


async def test_what_is_looked_at_before_a_request_is_less_than_the_facts(room: Room) -> None:
    worker = room.worker()
    family = await room.family(worker)
    mother, child = person_called(family, "Asha")["id"], person_called(family, "Efan")["id"]
    died, version = {"died_on": "2026-02-20"}, {"If-Match": '"1"'}
    await room.client.patch(f"/people/{mother}", json=died, headers={**worker, **version})
    headers = {**worker, **room.identities.caller("referrals", "families")}
    facts_told = (await facts(room, headers, [child, mother], family["id"])).json()
    told = (await facts(room, headers, [child, mother], family["id"], door="essentials")).json()
    assert set(told["people"][0]) == {"person_id", "age_years", "living", "notices_stopped"}
    assert [{name: each[name] for name in told["people"][0]} for each in facts_told["people"]] == told["people"]
    assert [(each["living"], each["notices_stopped"]) for each in told["people"]] == [(True, False), (False, True)]
    assert told["organisation_id"] == str(room.school)


@DOORS
async def test_facts_are_for_those_who_may_see_the_family(room: Room, door: str) -> None:
    worker = room.worker()
    family = await room.family(worker)
    child = person_called(family, "Efan")["id"]
    referrals = room.identities.caller("referrals", "families")
    stranger = {**room.worker(new_id()), **referrals}
    assert (await facts(room, stranger, [child], family["id"], door=door)).status_code == 404
    assert (await facts(room, stranger, [child], door=door)).status_code == 404
    assert (await facts(room, {**worker, **referrals}, [str(new_id())], door=door)).status_code == 404
    assert (await facts(room, {**worker, **referrals}, [child], str(new_id()), door=door)).status_code == 404
    everybody = (await facts(room, {**worker, **referrals}, [], family["id"], door=door)).json()["people"]
    assert {each["person_id"] for each in everybody} == {m["person"]["id"] for m in family["people"]}
    assert (await facts(room, stranger, [], family["id"], door=door)).status_code == 404
    assert (await facts(room, {**worker, **referrals}, [], str(new_id()), door=door)).status_code == 404
    assert (await facts(room, {**worker, **referrals}, [], door=door)).status_code == 422
    assert (await facts(room, worker, [child], door=door)).status_code == 404
    assert (await facts(room, referrals, [child], door=door)).status_code == 403


@DOORS
async def test_a_worker_whom_a_restriction_shuts_out_learns_nothing(room: Room, door: str) -> None:
    account = new_id()
    family = await room.family(room.worker())
    body = {"kind": "conflict", "named_account_ids": [str(account)]}
    lead = room.worker(role="safeguarding_lead")
    await room.post(f"/people/{person_called(family, 'Ben')['id']}/restrictions", body, lead)
    named = {**room.worker(account=account), **room.identities.caller("referrals", "families")}
    assert (await facts(room, named, [person_called(family, "Efan")["id"]], family["id"], door=door)).status_code == 404


async def test_consent_may_ask_alone(room: Room) -> None:
    family = await room.family(room.worker())
    child = person_called(family, "Efan")["id"]
    lead = room.worker(role="safeguarding_lead")
    await room.post(f"/people/{person_called(family, 'Asha')['id']}/restrictions", {"kind": "whereabouts"}, lead)
    answer = await facts(room, room.identities.caller("consent", "families"), [child])
    assert answer.status_code == 200, answer.text
    assert answer.json()["people"][0]["whereabouts_restricted"] is True
    assert (await facts(room, room.identities.caller("consent", "families"), [str(new_id())])).status_code == 404
