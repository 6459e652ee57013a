"""Article 18: whose processing is restricted is stored, and nothing about them is shared until an officer lifts it."""

import json
from datetime import timedelta
from uuid import UUID

import asyncpg
from consent_room import CHILD, FAMILY, FOOD_BANK, MOTHER, SALT, SCHOOL, STRANGER, Room, terms

REGISTER = "/audit/information-requests"
RESTRICTIONS = "/audit/processing-restrictions"
ASKED = {"kind": "restriction", "person_id": str(CHILD), "asked_by": str(MOTHER), "about": "The diagnosis is wrong."}


def codes(decision: dict[str, object]) -> set[str]:
    return {each["code"] for each in decision["refusals"]}  # type: ignore[attr-defined]  # JSON of any shape


async def test_a_worker_passes_on_what_a_family_asks_about_its_data(room: Room, owner: asyncpg.Connection) -> None:
    for kind, prefix in (("access", "ACC-"), ("rectification", "REC-"), ("restriction", "RES-")):
        made = await room.post("/rights-requests", ASKED | {"kind": kind}, room.worker(), 201)
        assert made["reference"].startswith(prefix)
        stands = await room.get(f"{REGISTER}/{made['id']}", room.officer())
        assert (stands["kind"], stands["about"], stands["origin"]) == (kind, ASKED["about"], None)
        assert len(stands["people"]) == 1
        answer = await room.post(f"{REGISTER}/{made['id']}/answer", {"outcome": "done"}, room.officer(), 200)
        assert answer["standing"] == "answered"
    entries = await owner.fetch("SELECT body FROM ledger_entry")
    assert not [row for row in entries if "diagnosis" in row["body"] or str(CHILD) in row["body"]]
    wrong = await room.post(
        "/rights-requests", ASKED | {"asked_by": str(MOTHER), "person_id": str(STRANGER)}, room.worker()
    )
    assert wrong.status_code == 404
    nobody = await room.post(
        "/rights-requests", ASKED | {"asked_by": str(CHILD), "person_id": str(MOTHER)}, room.worker()
    )
    assert (nobody.status_code, nobody.json()["reason"]) == (422, "not_responsible")
    early = ASKED | {"received_on": str(room.today + timedelta(days=1))}
    assert (await room.post("/rights-requests", early, room.worker())).json()["reason"] == "not_yet_received"


async def test_nothing_is_shared_while_processing_is_restricted(room: Room, owner: asyncpg.Connection) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    assert (await room.disclose()).json()["permit"]
    asked = await room.post("/rights-requests", ASKED, room.worker(), 201)
    wanted = {"ground": "accuracy_contested", "information_request_id": asked["id"]}
    for stranger in (SALT, FOOD_BANK):
        named = {"ground": "unlawful", "person_id": str(CHILD)}
        assert (await room.post(RESTRICTIONS, named, room.officer(stranger))).status_code == 404
    placed = await room.post(RESTRICTIONS, wanted, room.officer(), 201)
    assert (placed["standing"], placed["ground"]) == ("standing", "accuracy_contested")
    assert str(CHILD) not in json.dumps(placed)
    twice = await room.post(RESTRICTIONS, wanted, room.officer())
    assert (twice.status_code, twice.json()["reason"]) == (409, "restricted_already")

    decision = await room.decide()
    assert (decision["outcome"], codes(decision)) == ("deny", {"processing_restricted"})
    assert {each["rule"] for each in decision["refusals"]} == {5}
    read = (await room.disclose()).json()
    assert read["permit"] is None
    assert codes(read["decision"]) == {"processing_restricted"}
    others = await room.decide(subjects=[str(MOTHER)])
    assert others["outcome"] == "permit", "nobody else's data are restricted"
    told = json.loads(await owner.fetchval("SELECT data FROM outbox WHERE subject LIKE '%processing_restriction%'"))
    assert (told["person_id"], told["active"]) == (str(CHILD), True)

    override = {"recipient_organisation_id": str(SALT), "person_ids": [str(CHILD)], "categories": ["health"]}
    why = {"reason": "A bruise.", "risk_of_not_sharing": "Harm.", "family_told": False, "family_told_note": "Unsafe."}
    await room.post("/overrides", override | why | {"share": True}, room.worker(), 201)
    lifted = await room.decide(categories=["health"])
    assert lifted["outcome"] == "permit", "the rights of another, or an important public interest: Article 18(2)"

    one = f"{RESTRICTIONS}/{placed['id']}/lift"
    soon = {"because": "found_accurate", "person_told_on": str(room.today + timedelta(days=1))}
    assert (await room.post(one, soon, room.officer())).json()["reason"] == "not_told_yet"
    over = soon | {"person_told_on": str(room.today)}
    assert (await room.post(one, over, room.officer(SALT))).status_code == 404
    assert (await room.post(one, over, room.officer(), 200))["standing"] == "lifted"
    assert (await room.post(one, over, room.officer())).json()["reason"] == "lifted"
    assert (await room.decide())["outcome"] == "permit"
    listed = [(await room.get(f"{RESTRICTIONS}?standing={s}", room.officer()))["items"] for s in ("standing", "lifted")]
    assert [len(items) for items in listed] == [0, 1]
    acts = [
        json.loads(r["body"])["act"] for r in await owner.fetch("SELECT body FROM ledger_entry WHERE kind = 'audit'")
    ]
    assert {"processing_restriction.placed", "processing_restriction.lifted"} <= set(acts)


async def test_a_merge_keeps_the_stricter_mark_and_parting_gives_each_its_own(
    room: Room, owner: asyncpg.Connection
) -> None:
    """Who holds copies goes by ids: each id is told of, whichever of them the restriction was placed on."""
    second = UUID(int=0x35)
    told_of = "SELECT data FROM outbox WHERE subject LIKE '%processing_restriction%'"

    async def said() -> dict[UUID, list[bool]]:
        """What was told of each since it was asked last."""
        rows = [json.loads(row["data"]) for row in await owner.fetch(told_of)]
        await owner.execute("DELETE FROM outbox")
        return {who: [each["active"] for each in rows if each["person_id"] == str(who)] for who in (CHILD, second)}

    async def fact(name: str, *, one_record: bool = True) -> dict[UUID, list[bool]]:
        pair = {"person_id": str(second), "merged_person_id": str(CHILD), "one_record": one_record}
        room.clock.move(timedelta(seconds=1))
        await room.event(f"hub.families.person.{name}", second, pair)
        return await said()

    assert await fact("merged") == {CHILD: [], second: []}, "nothing ever stood about either"
    assert await fact("unmerged") == {CHILD: [], second: []}
    placed = await room.post(RESTRICTIONS, {"ground": "unlawful", "person_id": str(CHILD)}, room.officer(), 201)
    assert await said() == {CHILD: [True], second: []}
    assert await fact("merged", one_record=False) == {CHILD: [], second: []}, "another controller's record is its own"
    assert await fact("merged") == {CHILD: [True], second: [True]}
    assert await fact("unmerged") == {CHILD: [True], second: [False]}
    assert await fact("merged") == {CHILD: [True], second: [True]}
    over = {"because": "found_accurate", "person_told_on": str(room.today)}
    await room.post(f"{RESTRICTIONS}/{placed['id']}/lift", over, room.officer(), 200)
    assert await said() == {CHILD: [False], second: [False]}


async def test_a_request_that_asks_for_something_else_restricts_nobody(room: Room) -> None:
    access = await room.post("/rights-requests", ASKED | {"kind": "access"}, room.worker(), 201)
    wanted = {"ground": "unlawful", "information_request_id": access["id"]}
    answer = await room.post(RESTRICTIONS, wanted, room.officer())
    assert (answer.status_code, answer.json()["reason"]) == (422, "asks_for_no_restriction")
    nobody = await room.post(RESTRICTIONS, {"ground": "unlawful"}, room.officer())
    assert (nobody.status_code, nobody.json()["reason"]) == (422, "one_person")
    asked = await room.post("/rights-requests", ASKED | {"family_id": str(FAMILY)}, room.worker(), 201)
    both = {"ground": "unlawful", "information_request_id": asked["id"], "person_id": str(MOTHER)}
    assert (await room.post(RESTRICTIONS, both, room.officer())).json()["reason"] == "one_person"
