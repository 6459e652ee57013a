"""Two records of one person: what was said about either counts for both, until the merge is undone."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from consent_room import CHILD, FAMILY, FATHER, MOTHER, PR, SALT, SCHOOL, Room, terms

TWICE, AGAIN = UUID(int=0x3A), UUID(int=0x3B)
"""A second record of the child, and one of the mother."""


async def merge(room: Room, stays: UUID, other: UUID, fact: str = "merged", **more: Any) -> None:
    data = {"person_id": str(stays), "merged_person_id": str(other), **more}
    await room.event(f"hub.families.person.{fact}", stays, data)


async def restrict(room: Room, person: UUID, *, active: bool = True, version: int = 1) -> None:
    data = {"person_id": str(person), "kind": "conflict", "active": active, "named_organisation_ids": [str(SALT)]}
    await room.event("hub.families.restriction.changed", person, data, version=version)


async def outcome(room: Room, person: UUID) -> tuple[str, set[str]]:
    decision = await room.decide(subjects=[str(person)])
    return decision["outcome"], {refusal["code"] for refusal in decision["refusals"]}


async def ready(room: Room) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    for stands_for, person in ((CHILD, TWICE), (MOTHER, AGAIN)):
        room.families.people[person] = room.families.people[stands_for].model_copy(update={"person_id": person})
    await room.engage()


async def test_a_yes_about_either_record_counts_for_both(room: Room) -> None:
    await ready(room)
    assert (await outcome(room, TWICE))[0] == "deny"
    await merge(room, CHILD, TWICE)
    assert (await outcome(room, TWICE))[0] == (await outcome(room, CHILD))[0] == "permit"
    listed = await room.get(f"/consents?person_id={TWICE}", room.worker())
    assert len(listed["items"]) == 1
    await merge(room, CHILD, TWICE, "unmerged")
    assert (await outcome(room, TWICE))[0] == "deny"
    assert (await outcome(room, CHILD))[0] == "permit"


async def test_a_restriction_on_either_hides_both_whoever_keeps_them(room: Room) -> None:
    await ready(room)
    await merge(room, TWICE, CHILD, one_record=False)
    await restrict(room, TWICE)
    for person in (CHILD, TWICE):
        assert await outcome(room, person) == ("deny", {"restricted"})
    await merge(room, TWICE, CHILD, "unmerged", one_record=False)
    assert (await outcome(room, CHILD))[0] == "permit"


async def test_a_chain_of_merges_counts_as_one_person_in_any_order_of_arrival(room: Room) -> None:
    await ready(room)
    third = UUID(int=0x3C)
    await merge(room, third, TWICE)
    await merge(room, CHILD, third)
    assert (await outcome(room, TWICE))[0] == "permit"
    await restrict(room, TWICE)
    assert (await outcome(room, CHILD))[0] == "deny"


async def test_a_later_no_under_the_other_record_ends_the_givers_own_yes(room: Room) -> None:
    """The mother said yes under one record and no under the other: it is one person, and the later word is hers."""
    await ready(room)
    await merge(room, MOTHER, AGAIN)
    room.clock.move(timedelta(minutes=1))
    room.families.people[CHILD] = room.families.people[CHILD].model_copy(
        update={"responsible": (*room.families.people[CHILD].responsible, *_responsible(room))}
    )
    await room.post("/consents", refused_by(AGAIN, CHILD), room.worker(), 201)
    assert await outcome(room, CHILD) == ("deny", {"family_refused"})
    await merge(room, MOTHER, AGAIN, "unmerged")
    assert (await outcome(room, CHILD))[0] == "permit", "of two people, one holder's yes stands"


def _responsible(room: Room) -> list[Any]:
    one = room.families.people[CHILD].responsible[0]
    return [one.model_copy(update={"person_id": AGAIN})]


async def test_an_older_fact_that_comes_late_changes_nothing(room: Room) -> None:
    await ready(room)
    await merge(room, CHILD, TWICE)
    await merge(room, CHILD, TWICE, "unmerged")
    await merge(room, CHILD, TWICE)
    assert (await outcome(room, TWICE))[0] == "permit"


async def differing(room: Room) -> list[str]:
    items = (await room.get("/consents/differences", room.person(SCHOOL, "practice_lead")))["items"]
    return [person["person_id"] for item in items for person in item["people"]]


def refused_by(giver: UUID, about: UUID) -> dict[str, Any]:
    return {
        "kind": "agreement_to_engage",
        "state": "refused",
        "family_id": str(FAMILY),
        "given_by": str(giver),
        "about": [{"person_id": str(about), "authority": PR}],
        "how": "in_person",
    }


async def test_nobody_differs_with_themself_under_two_records(room: Room) -> None:
    await ready(room)
    room.clock.move(timedelta(minutes=1))
    room.families.people[CHILD] = room.families.people[CHILD].model_copy(
        update={"responsible": (*room.families.people[CHILD].responsible, *_responsible(room))}
    )
    await room.post("/consents", refused_by(AGAIN, CHILD), room.worker(), 201)
    assert await differing(room) == [str(CHILD)], "two people, as far as anybody knows"
    await merge(room, MOTHER, AGAIN)
    assert await differing(room) == [], "one mother, who changed her mind"
    await merge(room, MOTHER, AGAIN, "unmerged")
    assert await differing(room) == [str(CHILD)]


async def test_holders_differ_about_one_child_with_two_records(room: Room) -> None:
    await ready(room)
    room.clock.move(timedelta(minutes=1))
    await room.post("/consents", refused_by(FATHER, TWICE), room.worker(), 201)
    assert await differing(room) == []
    await merge(room, CHILD, TWICE, one_record=False)
    assert await differing(room) == [str(TWICE)]
    room.clock.move(timedelta(minutes=1))
    ruling = {"person_id": str(CHILD), "kind": "agreement_to_engage", "share": True, "reasons": "She needs it."}
    await room.post("/consents/rulings", ruling, room.person(SCHOOL, "practice_lead"), 201)
    assert await differing(room) == [], "a ruling about either record is about the child"
