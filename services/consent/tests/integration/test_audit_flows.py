"""The map of flows and the coverage, against what was agreed and what really moved."""

from datetime import timedelta

from consent_room import CHARITY, COUNCIL, FOOD_BANK, NHS, SALT, SCHOOL, Room, terms


async def test_the_map_holds_what_is_allowed_and_what_really_moved(room: Room) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.agree("DSA-2", terms(room.today, CHARITY), SCHOOL, FOOD_BANK)
    await room.engage()
    for _ in range(3):
        assert (await room.disclose(categories=["identity"])).json()["disclosure_id"]
    room.clock.move(timedelta(seconds=1))
    found = await room.get("/audit/flows", room.officer())
    ours, unused = found["flows"]
    assert (ours["agreement_reference"], unused["agreement_reference"]) == ("DSA-1", "DSA-2")
    assert (ours["from_entity_id"], ours["to_entity_id"]) == (str(COUNCIL), str(NHS))
    assert ours["categories"] == ["education", "health", "identity"]
    (moved,) = ours["moved"]
    assert (moved["disclosures"], moved["people"], moved["categories"]) == (3, 1, ["identity"])
    assert (unused["moved"], found["apart"]) == ([], [])
    assert {o["id"] for o in found["organisations"]} >= {str(SCHOOL), str(SALT), str(FOOD_BANK)}
    trust = await room.get("/audit/flows", room.officer(SALT))
    assert [f["agreement_reference"] for f in trust["flows"]] == ["DSA-1"], "the other agreement is not theirs"


async def test_what_moved_under_an_agreement_that_ended_stands_apart(room: Room) -> None:
    version = await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    await room.disclose()
    one = f"/agreements/{version['agreement_id']}/versions/1/terminate"
    await room.post(one, {"reason": "No longer needed."}, room.person(SCHOOL, "signatory"), 200)
    room.clock.move(timedelta(seconds=1))
    found = await room.get("/audit/flows", room.officer())
    assert found["flows"] == []
    assert [line["agreement_id"] for line in found["apart"]] == [version["agreement_id"]]


async def test_coverage_names_pairs_that_tried_without_an_agreement(room: Room) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    await room.disclose()
    for _ in range(2):
        await room.disclose(FOOD_BANK)
    await room.decide(categories=["finance"])
    room.clock.move(timedelta(seconds=1))
    found = await room.get("/audit/coverage", room.officer())
    to_salt, to_food_bank = found["pairs"]
    assert to_salt["recipient_organisation_id"] == str(SALT)
    assert [e["agreement_reference"] for e in to_salt["exchanged"]] == ["DSA-1"]
    assert [b["code"] for b in to_salt["blocked"]] == ["category_not_in_agreement"]
    assert to_food_bank["exchanged"] == []
    assert [(b["code"], b["decisions"]) for b in to_food_bank["blocked"]] == [("no_agreement", 2)]


async def test_a_period_is_bounded(room: Room) -> None:
    officer, now = room.officer(), room.clock()

    def instant(days: int) -> str:
        return (now - timedelta(days=days)).isoformat().replace("+00:00", "Z")

    for since, until in ((1, 2), (900, 1), (2, 2)):
        query = f"from={instant(since)}&to={instant(until)}"
        for path in ("flows", "coverage"):
            response = await room.client.get(f"/audit/{path}?{query}", headers=officer)
            assert response.status_code == 422
            assert response.json()["reason"] in {"empty_period", "period_too_long"}
