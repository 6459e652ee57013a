"""A team around a family: being on it is not permission, and each reading is decided and recorded first."""

from typing import Any

import asyncpg
from families_room import PLACE, Room, person_called

from connective.contracts.categories import Category
from connective.kit.ids import new_id

C = Category


async def team(room: Room) -> tuple[dict[str, Any], str, dict[str, str]]:
    """The Harts, the path of their case's family, and a worker of a charity on its team."""
    worker, charity = room.worker(), new_id()
    family = await room.family(worker)
    case = (await room.post("/cases", {"family_id": family["id"]}, worker)).json()
    await room.post(f"/cases/{case['id']}/team", {"organisation_id": str(charity)}, worker)
    return family, f"/cases/{case['id']}/family", room.worker(charity)


async def subjects(owner: asyncpg.Connection, like: str) -> int:
    count: int = await owner.fetchval("SELECT count(*) FROM outbox WHERE subject LIKE $1", like)
    return count


async def test_a_member_is_shown_what_the_decision_permits_and_nothing_else(
    room: Room, owner: asyncpg.Connection
) -> None:
    family, path, member = await team(room)
    room.consent.permits = frozenset({C.IDENTITY, C.NEEDS})
    shown = await room.get(path, member)
    assert shown.status_code == 200, shown.text
    mother = person_called(family, "Asha")["id"]
    fields = next(p["fields"] for p in shown.json()["people"] if p["person_id"] == mother)
    assert fields["person.full_name"] == "Asha Hart"
    assert not [name for name in fields if name.startswith(("address", "contact", "household"))]
    assert "TA20" not in shown.text
    assert {r["category"] for r in shown.json()["not_permitted"]} >= {"address", "contact_details"}
    (asked,) = room.consent.asked
    question = asked.question
    assert (asked.case_id is not None, asked.request_id) == (True, None)
    assert (question.purpose, question.discloser_organisation_id) == ("early_help_coordination", room.school)
    assert len(question.subjects) == 5
    assert C.HEALTH in question.categories, "a need that reveals health is asked for as such"
    assert shown.json()["disclosure_id"] == str(asked.disclosure_id)
    one = await room.get(path, member, field="person.full_name")
    assert room.consent.asked[1].question.categories == {C.IDENTITY}
    assert all(set(p["fields"]) <= {"person.full_name"} for p in one.json()["people"])
    read = "SELECT count(*) FROM outbox WHERE data LIKE '%case.family_read%'"
    assert await owner.fetchval(read) == 2


async def test_a_denied_reading_shows_nothing_and_says_what_would_clear_it(room: Room) -> None:
    _, path, member = await team(room)
    denied = await room.get(path, member)
    assert (denied.status_code, denied.json()["type"]) == (403, "/problems/sharing-not-permitted")
    assert denied.json()["reasons"] == [{"code": "family_not_asked", "sentence": "Not asked.", "remedy": "Ask them."}]
    assert "Hart" not in denied.text


async def test_only_members_of_the_team_may_ask_and_consent_is_not_even_asked_for_others(room: Room) -> None:
    _, path, member = await team(room)
    room.consent.permits = frozenset(C)
    for who in (room.worker(), room.worker(new_id())):
        assert (await room.get(path, who)).status_code == 404
    assert (await room.get(path, room.worker(role="partner_worker"))).status_code == 403
    assert (await room.get(path, member, field="person.upn")).status_code == 422
    assert room.consent.asked == []


async def test_when_consent_is_away_nothing_is_shown_and_it_is_told_so(room: Room, owner: asyncpg.Connection) -> None:
    _, path, member = await team(room)
    room.consent.away = True
    assert (await room.get(path, member)).status_code == 503
    assert await subjects(owner, "hub.families.disclosure.undelivered") == 1


async def test_a_restriction_hides_what_locates_from_a_team_too(room: Room) -> None:
    family, path, member = await team(room)
    lead = room.worker(role="safeguarding_lead")
    mother = person_called(family, "Asha")["id"]
    await room.post(f"/people/{mother}/restrictions", {"kind": "whereabouts"}, lead)
    room.consent.permits = frozenset(C)
    shown = await room.get(path, member)
    assert shown.status_code == 200
    assert "address.current" in shown.json()["withheld"]
    assert "TA20" not in shown.text


async def test_a_closed_case_closes_the_teams_reading(room: Room, owner: asyncpg.Connection) -> None:
    _, path, member = await team(room)
    room.consent.permits = frozenset(C)
    case = path.removesuffix("/family")
    worker, lead = room.worker(), room.worker(role="practice_lead", account=new_id())
    version = (await room.get(case, worker)).json()["version"]
    for verb, who, body in (("propose-closure", worker, {"reason": "needs_met"}), ("close", lead, None)):
        answer = await room.post(f"{case}/{verb}", body, who, **{"If-Match": f'"{version}"'})
        assert answer.status_code == 200, answer.text
        version += 1
    assert (await room.get(path, member)).json()["type"] == "/problems/sharing-not-permitted"
    assert room.consent.asked == []
    assert str(PLACE) not in (await room.get(path, member)).text
