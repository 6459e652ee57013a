"""What may be read one by one is exactly what is listed: families and cases, whoever asks and whatever restricts."""

import random
from uuid import UUID

from families_room import Room

from connective.kit.ids import new_id


async def test_a_family_and_its_case_are_read_by_exactly_those_who_find_them_listed(room: Room) -> None:
    chance = random.Random(20261122)  # noqa: S311 - chooses what is made, keeps no secret
    other_school, stranger = new_id(), new_id()
    workers = {org: [new_id(), new_id()] for org in (room.school, other_school, stranger)}

    def headers(organisation: UUID, account: UUID, role: str = "support_worker") -> dict[str, str]:
        return room.worker(organisation, account=account, role=role)

    families, cases = [], []
    for number in range(6):
        organisation = chance.choice((room.school, other_school))
        who, colleague = workers[organisation]
        name = f"Vale{chr(97 + number)}"
        born = f"199{number}-0{number + 1}-1{number}"
        adult = {"key": "adult", "given_names": f"Io{name}", "family_name": name, "date_of_birth": born}
        family = await room.family(headers(organisation, who), people=[adult], relationships=[], address=None)
        opened = await room.post("/cases", {"family_id": family["id"]}, headers(organisation, who))
        families.append(family["id"])
        cases.append(opened.json()["id"])
        if chance.random() < 0.5:
            body = {"kind": chance.choice(("own_record", "conflict")), "named_account_ids": [str(colleague)]}
            person = chance.choice(family["people"])["person"]["id"]
            lead = headers(organisation, new_id(), "safeguarding_lead")
            placed = await room.post(f"/people/{person}/restrictions", body, lead)
            assert placed.status_code == 201, placed.text
    seen_by_all = 0
    for organisation, accounts in workers.items():
        for account in accounts:
            asker = headers(organisation, account)
            for path, made in (("/families", families), ("/cases", cases)):
                status = {each: (await room.get(f"{path}/{each}", asker)).status_code for each in made}
                assert set(status.values()) <= {200, 404}
                seen = {each for each, found in status.items() if found == 200}
                shown = {each["id"] for each in (await room.get(path, asker)).json()["items"]}
                assert shown == seen, (organisation, path)
                seen_by_all += len(seen)
    assert 2 * len(families) < seen_by_all < 4 * len(families), "restrictions shut some of them out, and only some"
