"""An officer reads names beside ids: asked of partners once for each version, in lists, maps, packs and records."""

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID

from consent_room import FOOD_BANK, NHS, PLACE, SALT, SCHOOL, Room, terms

from connective.consent.commands.learn_names import learn_names
from connective.kit.problems import NotFound, Unavailable

NAMES = {SCHOOL: "Oak Lane School", SALT: "Speech and Language"}


class StandInDirectory:
    """Answers for the partners service; it may be away, and does not know everybody."""

    def __init__(self) -> None:
        self.away = False
        self.asked: list[UUID] = []

    async def name(self, place_id: UUID, organisation_id: UUID) -> str:
        assert place_id == PLACE
        if self.away:
            raise Unavailable("Partners cannot be reached.")
        self.asked.append(organisation_id)
        if organisation_id not in NAMES:
            raise NotFound
        return NAMES[organisation_id]


def cells(pack: bytes, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        return list(csv.DictReader(io.StringIO(archive.read(name).decode())))


async def test_lists_maps_packs_and_records_say_names_beside_ids(room: Room) -> None:
    agreement = (await room.agree("DSA-1", terms(room.today), SCHOOL, SALT))["agreement_id"]
    await room.engage()
    assert (await room.disclose()).status_code == 200
    room.clock.move(timedelta(seconds=1))
    await room.seal()
    officer = room.officer()

    async def first(path: str) -> dict[str, Any]:
        return dict((await room.get(path, officer))["items"][0])

    unnamed = await first("/audit/disclosures")
    assert (unnamed["discloser_organisation_id"], unnamed["discloser_organisation_name"]) == (str(SCHOOL), None)
    assert await learn_names(room.running.database, StandInDirectory()) == 4
    seen = await first("/audit/disclosures")
    both = ("Oak Lane School", "Speech and Language")
    assert (seen["discloser_organisation_name"], seen["recipient_organisation_name"]) == both
    assert (await first("/audit/decisions"))["recipient_organisation_name"] == both[1]
    assert (await first("/audit/accesses"))["organisation_name"] == both[0]
    assert (await first("/audit/consents"))["organisation_name"] == both[0]
    line = await first("/audit/agreements")
    assert line["lead_entity_name"] == "Borsetshire Council"
    assert set(line["party_names"]) == {"Borsetshire Council", "Felpersham NHS Trust"}
    (pair,) = (await room.get("/audit/coverage", officer))["pairs"]
    assert (pair["recipient_organisation_name"], pair["exchanged"][0]["recipient_entity_name"]) == (
        both[1],
        "Felpersham NHS Trust",
    )
    flows = await room.get("/audit/flows", officer)
    assert both[1] in {each["name"] for each in flows["organisations"]}
    assert flows["flows"][0]["moved"][0]["discloser_organisation_name"] == both[0]
    pack = await room.client.get(f"/audit/agreements/{agreement}/evidence", headers=officer)
    (moved,) = cells(pack.content, "disclosures.csv")
    assert (moved["discloser_organisation_name"], moved["recipient_organisation_name"]) == both
    assert {each["legal_entity_name"] for each in cells(pack.content, "agreement-acts.csv")} >= {"Felpersham NHS Trust"}
    hosted = (await room.get("/audit/processing-records/processor", officer))["items"]
    (trust,) = [each for each in hosted if each["controller"] == "Felpersham NHS Trust"]
    assert trust["organisations"] == [f"Speech and Language ({SALT})"]
    assert "always a second factor" in trust["security"]


async def test_a_name_is_asked_for_once_and_again_when_the_organisation_changes(room: Room) -> None:
    directory = StandInDirectory()
    directory.away = True
    assert await learn_names(room.running.database, directory) == 0, "what cannot be asked is asked another time"
    directory.away = False
    assert await learn_names(room.running.database, directory) == 4
    assert await learn_names(room.running.database, directory) == 0
    assert FOOD_BANK in directory.asked, "one that partners does not know is not asked for again either"
    room.clock.move(timedelta(minutes=1))
    await room.organisation(SALT, version=9, legal_entity_id=str(NHS))
    assert await learn_names(room.running.database, directory) == 1
    assert directory.asked[-1] == SALT
