"""Two records of one person: proposed, reviewed by somebody else, made one, and taken apart exactly as they were."""

import json
from typing import Any
from uuid import UUID

import asyncpg
from families_room import NHS, NOW, PLACE, Room, person_called

from connective.contracts.subscriptions import SUBSCRIPTIONS
from connective.kit.actor import Actor, ActorKind, service_actor
from connective.kit.database import context_sql
from connective.kit.ids import new_id

DATA = ("contact_point", "need", "pregnancy", "relationship", "membership", "restriction", "strength")


def lead(room: Room, **more: Any) -> dict[str, str]:
    return room.worker(role="practice_lead", account=new_id(), **more)


async def again(room: Room, worker: dict[str, str], seen: str) -> dict[str, Any]:
    """A second record of the mother, in a family of her own: a name typed otherwise, and a number of hers."""
    mother = {
        "key": "mum",
        "given_names": "Asha",
        "family_name": "Heart",
        "date_of_birth": "1995-05-05",
        "nhs_number": NHS[1],
        "contacts": [{"kind": "email", "value": "asha@example.org"}],
        "needs": [{"code": "parenting_support", "severity": 1}],
        "expects_child_on": "2026-06-01",
    }
    child = {"key": "kid", "given_names": "Gwen", "family_name": "Heart", "date_of_birth": "2020-01-01"}
    related = [{"person": "mum", "of": "kid", "kind": "parent", "responsibility": "birth_mother"}]
    return await room.family(worker, people=[mother, child], relationships=related, duplicates_seen=[seen])


async def proposed(room: Room, stays: str, merged: str, who: dict[str, str]) -> dict[str, Any]:
    answer = await room.post(f"/people/{stays}/merges", {"merged_person_id": merged}, who)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def act(room: Room, merge: dict[str, Any], verb: str, who: dict[str, str], body: Any = None) -> Any:
    headers = {"If-Match": f'"{merge["version"]}"'}
    return await room.post(f"/people/merges/{merge['id']}/{verb}", body, who, **headers)


async def merged(room: Room) -> tuple[dict[str, str], dict[str, Any], str, str]:
    """The Harts' mother and her second record, made one."""
    worker = room.worker()
    stays = person_called(await room.family(worker), "Asha")["id"]
    other = person_called(await again(room, worker, stays), "Asha")["id"]
    merge = await proposed(room, stays, other, worker)
    agreed = await act(room, merge, "agree", lead(room))
    assert agreed.status_code == 200, agreed.text
    return worker, agreed.json(), stays, other


async def rows(room: Room, owner: asyncpg.Connection, *tables: str) -> dict[str, list[str]]:
    """Every row of some tables, as text."""
    async with owner.transaction():
        await owner.execute(context_sql(Actor(ActorKind.PERSON, str(new_id()), PLACE, room.school)))
        return {
            table: sorted(r[0] for r in await owner.fetch(f"SELECT to_jsonb(t)::text FROM {table} t"))
            for table in tables
        }


async def test_a_merge_takes_another_person_than_the_proposer(room: Room) -> None:
    worker = room.worker()
    stays = person_called(await room.family(worker), "Asha")["id"]
    other = person_called(await again(room, worker, stays), "Asha")["id"]
    proposer = lead(room)
    merge = await proposed(room, stays, other, proposer)
    assert (merge["state"], merge["likeness"], merge["differs"]) == ("proposed", "likely_same", ["family_name"])
    assert merge["allowed_actions"] == ["decline"]
    assert (await act(room, merge, "agree", proposer)).json()["type"] == "/problems/second-person-needed"
    assert (await act(room, merge, "agree", worker)).status_code == 403
    assert (await act(room, merge | {"version": 9}, "agree", lead(room))).status_code == 412
    twice = await room.post(f"/people/{other}/merges", {"merged_person_id": stays}, worker)
    assert twice.json()["type"] == "/problems/already-proposed"
    declined = await act(room, merge, "decline", lead(room), {"reason": "different_people"})
    assert (declined.json()["state"], declined.json()["reason"]) == ("declined", "different_people")
    assert (await act(room, declined.json(), "agree", lead(room))).json()["type"] == "/problems/already-ended"
    assert (await proposed(room, stays, other, worker))["state"] == "proposed"


async def test_the_merged_id_points_to_the_record_that_stays_and_everything_is_shown_united(room: Room) -> None:
    worker, _, stays, other = await merged(room)
    pointed = await room.get(f"/people/{other}", worker)
    assert (pointed.status_code, pointed.headers["content-location"]) == (200, f"/people/{stays}")
    shown = pointed.json()
    assert (shown["id"], shown["merged_ids"], shown["nhs_number"]) == (stays, [other], NHS[1])
    assert {c["kind"] for c in shown["contacts"]} == {"phone", "email"}
    assert shown["previous_family_names"] == ["Heart"]
    assert shown["expects_child_on"] == "2026-06-01"
    assert len(shown["family_ids"]) == 2
    assert (await room.get(f"/people/{other}", room.worker(new_id()))).status_code == 404
    refused = await room.post(f"/people/{other}/needs", {"code": "parenting_support", "severity": 1}, worker)
    assert (refused.json()["type"], refused.json()["person_id"]) == ("/problems/merged-record", stays)
    stranger = await room.post(
        f"/people/{other}/needs", {"code": "parenting_support", "severity": 1}, room.worker(new_id())
    )
    assert stranger.status_code == 404
    search = {"family_name": "Heart", "date_of_birth": "1995-05-05", "purpose": "referral"}
    found = (await room.client.post("/people/searches", json=search, headers=worker)).json()["items"]
    assert [hit["person_id"] for hit in found] == [stays]
    facts = {**worker, **room.identities.caller("referrals", "families")}
    asked = await room.client.post("/internal/facts", json={"person_ids": [stays]}, headers=facts)
    assert len(asked.json()["people"][0]["family_ids"]) == 2


async def test_undoing_restores_exactly_what_was(room: Room, owner: asyncpg.Connection) -> None:
    worker = room.worker()
    stays = person_called(await room.family(worker), "Asha")["id"]
    other = person_called(await again(room, worker, stays), "Asha")["id"]
    safe = room.worker(role="safeguarding_lead")
    await room.post(f"/people/{other}/restrictions", {"kind": "conflict", "named_account_ids": [str(new_id())]}, safe)
    await room.post(f"/people/{other}/strengths", {"code": "wants_change"}, worker)
    before = await rows(room, owner, *DATA)
    people = [(await room.get(f"/people/{i}", worker)).json() | {"version": 0} for i in (stays, other)]
    merge = await proposed(room, stays, other, worker)
    made = (await act(room, merge, "agree", lead(room))).json()
    added = await room.post(f"/people/{stays}/needs", {"code": "parenting_support", "severity": 2}, worker)
    assert (await rows(room, owner, *DATA)) != before
    undone = await act(room, made, "undo", lead(room), {"reason": "different_people"})
    assert (undone.status_code, undone.json()["state"]) == (200, "undone"), undone.text
    after = await rows(room, owner, *DATA)
    after["need"] = [each for each in after["need"] if added.json()["id"] not in each]
    assert after == before
    assert [(await room.get(f"/people/{i}", worker)).json() | {"version": 0} for i in (stays, other)] == people
    search = {"family_name": "Heart", "date_of_birth": "1995-05-05", "purpose": "referral"}
    found = (await room.client.post("/people/searches", json=search, headers=worker)).json()["items"]
    assert [hit["person_id"] for hit in found] == [other]


async def test_in_one_family_two_records_fold_and_unfold(room: Room, owner: asyncpg.Connection) -> None:
    """Both in one family, related to one child, one with a court's limit: the limit holds for the person."""
    worker = room.worker()
    family = await room.family(worker)
    mother, child = person_called(family, "Asha")["id"], person_called(family, "Efan")["id"]
    twice = {"key": "again", "given_names": "Asha", "family_name": "Hart", "residence": "here"}
    limit = {"kind": "prohibited_steps", "since": "2026-01-01", "copy_seen": True}
    related = {"person": "again", "of": child, "kind": "parent", "responsibility": "birth_mother", "court_limit": limit}
    body = {"people": [twice], "relationships": [related], "duplicates_seen": [mother]}
    added = await room.post(f"/families/{family['id']}/people", body, worker)
    assert added.status_code == 201, added.text
    other = next(m["person"]["id"] for m in added.json()["people"] if m["person"]["id"] not in str(family))
    before = await rows(room, owner, *DATA)
    merge = await proposed(room, mother, other, worker)
    made = (await act(room, merge, "agree", lead(room))).json()
    shown = (await room.get(f"/families/{family['id']}", worker)).json()
    assert len(shown["people"]) == 5
    (limited,) = [r for r in shown["relationships"] if r["person_id"] == mother and r["of_person_id"] == child]
    assert limited["court_limit"]["kind"] == "prohibited_steps"
    assert (await act(room, made, "undo", lead(room), {"reason": "proposed_in_error"})).status_code == 200
    assert await rows(room, owner, *DATA) == before


async def test_twins_are_never_made_one(room: Room) -> None:
    worker = room.worker()
    twins = [
        {"key": key, "given_names": key.title(), "family_name": "Moss", "date_of_birth": "2019-03-03"}
        for key in ("ada", "bea")
    ]
    family = await room.family(worker, people=twins, relationships=[])
    one, two = person_called(family, "Ada")["id"], person_called(family, "Bea")["id"]
    refused = await room.post(f"/people/{one}/merges", {"merged_person_id": two}, worker)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/likely-twin")
    patch = {"known_as": "Bea"}
    await room.client.patch(f"/people/{one}", json=patch, headers={**worker, "If-Match": '"1"'})
    assert (await proposed(room, one, two, worker))["state"] == "proposed"


async def test_the_later_merge_is_undone_first(room: Room) -> None:
    worker, first, stays, other = await merged(room)
    third = person_called(await _third(room, worker, stays), "Asha")["id"]
    second = (await act(room, await proposed(room, third, stays, worker), "agree", lead(room))).json()
    assert (await room.get(f"/people/{other}", worker)).json()["id"] == third
    reason = {"reason": "different_people"}
    assert (await act(room, first, "undo", lead(room), reason)).json()["type"] == "/problems/later-merge"
    assert (await act(room, second, "undo", lead(room), reason)).status_code == 200
    assert (await room.get(f"/people/{other}", worker)).json()["id"] == stays
    assert (await act(room, first, "undo", lead(room), reason)).status_code == 200
    assert (await room.get(f"/people/{other}", worker)).json()["id"] == other


async def _third(room: Room, worker: dict[str, str], seen: str) -> dict[str, Any]:
    person = {"key": "a", "given_names": "Asha", "family_name": "Hart", "date_of_birth": "1995-05-05"}
    return await room.family(worker, people=[person], relationships=[], duplicates_seen=[seen])


OWN_SUBJECTS = tuple(each for each in SUBSCRIPTIONS["families"] if each.startswith("hub.families."))


async def apply_told(room: Room, owner: asyncpg.Connection) -> None:
    """What the service told itself takes effect, as the broker would bring it."""
    told = await owner.fetch("SELECT * FROM outbox WHERE subject = ANY($1) ORDER BY id", list(OWN_SUBJECTS))
    await room.running.consumer.apply([(row["subject"], document(row)) for row in told])


def document(row: asyncpg.Record) -> bytes:
    event = {
        "specversion": "1.0",
        "id": str(row["event_id"]),
        "source": "/services/families",
        "type": f"{row['subject']}.v1",
        "subject": str(row["aggregate_id"]),
        "time": NOW.isoformat(),
        "aggregateversion": row["aggregate_version"],
        "placeid": str(row["place_id"]),
        "data": json.loads(row["data"]),
    }
    return json.dumps(event).encode()


async def test_records_of_two_keepers_stay_apart_and_stand_under_both_restrictions(
    room: Room, owner: asyncpg.Connection
) -> None:
    worker, charity = room.worker(), new_id()
    theirs = room.worker(charity)
    ours = person_called(await room.family(worker), "Asha")["id"]
    other = person_called(await again(room, theirs, ours), "Asha")["id"]
    merge = await proposed(room, ours, other, worker)
    assert (merge["one_record"], len(merge["awaiting_organisation_ids"]), merge["differs"]) == (False, 2, [])
    assert [side["kept_by_your_organisation"] for side in merge["people"]] == [True, False]
    half = (await act(room, merge, "agree", lead(room))).json()
    assert (half["state"], half["awaiting_organisation_ids"]) == ("proposed", [str(charity)])
    made = (await act(room, half, "agree", lead(room, organisation=charity))).json()
    assert made["state"] == "merged"
    assert (await room.get(f"/people/merges/{merge['id']}", room.worker(new_id()))).status_code == 404
    for mine, who, same in ((ours, worker, other), (other, theirs, ours)):
        shown = (await room.get(f"/people/{mine}", who)).json()
        assert (shown["id"], shown["same_person_ids"], shown["merged_ids"]) == (mine, [same], [])
        assert (await room.get(f"/people/{same}", who)).status_code == 404
    safe = room.worker(role="safeguarding_lead")
    placed = await room.post(f"/people/{ours}/restrictions", {"kind": "whereabouts"}, safe)
    await apply_told(room, owner)
    hidden = (await room.get(f"/people/{other}", theirs)).json()
    assert (hidden["whereabouts_restricted"], hidden["contacts"]) == (True, [])
    search = {"family_name": "Heart", "date_of_birth": "1995-05-05", "purpose": "referral"}
    assert (await room.client.post("/people/searches", json=search, headers=theirs)).json() == {"items": []}
    lifters = [room.worker(role="safeguarding_lead", account=new_id()) for _ in range(2)]
    for who in lifters:
        await room.post(f"/people/{ours}/restrictions/{placed.json()['id']}/lift", {}, who)
    await apply_told(room, owner)
    await apply_told(room, owner)
    assert (await room.get(f"/people/{other}", theirs)).json()["whereabouts_restricted"] is False
    undone = await act(room, made, "undo", lead(room, organisation=charity), {"reason": "different_people"})
    assert undone.json()["state"] == "undone"
    assert (await room.get(f"/people/{ours}", worker)).json()["same_person_ids"] == []


async def test_nobody_proposes_a_record_that_no_search_finds(room: Room) -> None:
    worker, charity = room.worker(), new_id()
    ours = person_called(await room.family(worker), "Asha")["id"]
    hidden = person_called(await again(room, room.worker(charity), ours), "Asha")["id"]
    safe = room.worker(charity, role="safeguarding_lead")
    await room.post(f"/people/{hidden}/restrictions", {"kind": "whereabouts"}, safe)
    answers = [
        await room.post(f"/people/{ours}/merges", {"merged_person_id": other}, worker)
        for other in (hidden, str(new_id()))
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert {**answers[0].json(), "instance": ""} == {**answers[1].json(), "instance": ""}


async def counted_as_one(room: Room, owner: asyncpg.Connection, theirs: dict[str, str], charity: UUID) -> Any:
    worker = room.worker()
    ours = person_called(await room.family(worker), "Asha")["id"]
    other = person_called(await again(room, theirs, ours), "Asha")["id"]
    half = (await act(room, await proposed(room, ours, other, worker), "agree", lead(room))).json()
    made = (await act(room, half, "agree", lead(room, organisation=charity))).json()
    await apply_told(room, owner)
    return ours, other, made


async def stopped(room: Room, person_id: str, who: dict[str, str]) -> bool:
    """As the record shows it and as another room is told, which must be the same."""
    shown = (await room.get(f"/people/{person_id}", who)).json()["notices_stopped"]
    ask = {**who, **room.identities.caller("referrals", "families")}
    facts = (await room.client.post("/internal/facts", json={"person_ids": [person_id]}, headers=ask)).json()
    assert facts["people"][0]["notices_stopped"] == shown
    return bool(shown)


async def test_a_death_that_one_keeper_records_stops_the_others_notices_and_is_not_told(
    room: Room, owner: asyncpg.Connection
) -> None:
    charity, worker = new_id(), room.worker()
    theirs = room.worker(charity)
    ours, other, made = await counted_as_one(room, owner, theirs, charity)
    for died_on in ("2026-02-20", None, "2026-02-20"):
        version = (await room.get(f"/people/{ours}", worker)).json()["version"]
        change = {**worker, "If-Match": f'"{version}"'}
        assert (await room.client.patch(f"/people/{ours}", json={"died_on": died_on}, headers=change)).is_success
        for _ in range(2):
            await apply_told(room, owner)
        assert await stopped(room, other, theirs) is (died_on is not None)
    shown = (await room.get(f"/people/{other}", theirs)).json()
    assert shown["died_on"] is None, "who keeps the death tells of it"
    told = await owner.fetch("SELECT data FROM outbox WHERE subject LIKE '%.notices%' ORDER BY id")
    about = [json.loads(row["data"]) for row in told]
    assert [a["organisation_id"] for a in about if a["person_id"] == other] == [str(charity)] * 3
    entries = (await room.get(f"/families/{shown['family_ids'][0]}/chronology", theirs)).json()["items"]
    assert entries[0]["code"] == "notices.stopped_elsewhere"
    refused = await room.post(f"/people/{other}/notices/resume", {}, theirs)
    assert refused.json()["type"] == "/problems/stopped-elsewhere"
    await act(room, made, "undo", lead(room, organisation=charity), {"reason": "different_people"})
    await apply_told(room, owner)
    assert await stopped(room, other, theirs) is False
    assert await stopped(room, ours, worker) is True


async def test_a_loss_known_before_two_records_count_as_one_holds_for_both_until_it_is_time(
    room: Room, owner: asyncpg.Connection
) -> None:
    charity, worker = new_id(), room.worker()
    theirs = room.worker(charity)
    ours, other, _ = await counted_as_one(room, owner, theirs, charity)
    expecting = await room.post(f"/people/{other}/pregnancies", {"due_on": "2026-06-01"}, theirs)
    path = f"/people/{other}/pregnancies/{expecting.json()['pregnancy_id']}/loss"
    assert (await room.post(path, {}, theirs)).status_code == 200
    await apply_told(room, owner)
    assert await stopped(room, ours, worker) is True
    assert (await room.post(f"/people/{other}/notices/resume", {}, theirs)).status_code == 200
    await apply_told(room, owner)
    assert await stopped(room, ours, worker) is False
    # A record that is erased can never say that it is time: then who is left decides.
    async with owner.transaction():
        await owner.execute(context_sql(service_actor("families")))
        await owner.execute("UPDATE person SET quiet_elsewhere = true WHERE id = $1", UUID(ours))
        await owner.execute("UPDATE person_merge SET state = 'undone'")
    assert (await room.post(f"/people/{ours}/notices/resume", {}, worker)).status_code == 200
    assert await stopped(room, ours, worker) is False
