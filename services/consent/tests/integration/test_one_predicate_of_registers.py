"""What officers read one by one is exactly what is listed to them: registers, rights, retention, papers, the ledger."""

import json
from collections import defaultdict
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from consent_room import CHARITY, CHILD, COUNCIL, FOOD_BANK, NHS, OTHER_PLACE, PLACE, SALT, SCHOOL, Room
from hypothesis import strategies as st

from connective.contracts.holdings import HeldItem, Holdings
from connective.kit.ids import new_id
from connective.local.comparing import Collection, Comparison, always

OFFICES = {COUNCIL: SCHOOL, NHS: SALT, CHARITY: FOOD_BANK}
"""Each legal entity, and the organisation whose officer asks."""
TABLES = {
    "access_copy": Collection("/audit/access-copies"),
    "agreement_review": Collection("/retention/agreement-reviews"),
    "audit_finding": Collection("/audit/findings"),
    "audit_sample": Collection("/audit/samples"),
    "breach": Collection("/audit/breaches"),
    "correction": Collection("/audit/corrections"),
    "deletion_owed": Collection("/retention/deletions"),
    "disclosure": Collection("/disclosures"),
    "erasure": Collection("/retention/erasures"),
    "erasure_request": Collection("/retention/requests"),
    "information_request": Collection("/audit/information-requests"),
    "joint_arrangement": Collection("/joint-arrangements"),
    "legal_entity": Collection("/legal-entities"),
    "legal_hold": Collection("/retention/holds"),
    "memorandum": Collection("/memoranda"),
    "processing_restriction": Collection("/audit/processing-restrictions"),
    "retention_run": Collection("/retention/runs"),
    "ruling": Collection("/consents/rulings"),
}
SHARED = frozenset({"agreement_review", "correction", "deletion_owed", "information_request", "joint_arrangement"})
"""Kept by one legal entity, and seen by the others that it names too; a memorandum so once it has left draft."""
ENTITIES = st.sampled_from(sorted(OFFICES))
PLACES = st.sampled_from((PLACE, PLACE, OTHER_PLACE))
RECORDS = st.lists(
    st.tuples(st.sampled_from(sorted(TABLES)), PLACES, ENTITIES, st.frozensets(ENTITIES, max_size=2), st.booleans()),
    min_size=4,
    max_size=9,
)
"""Kind, place, whose it is, whom it names besides, and whether it has moved on from its first state."""
_NEEDED = """
SELECT column_name, data_type FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = $1 AND is_nullable = 'NO' AND column_default IS NULL
"""
_ANYTHING = {
    "ARRAY": "'{}'",
    "boolean": "false",
    "date": "current_date",
    "integer": "1",
    "jsonb": "'{}'",
    "text": "''",
    "timestamp with time zone": "now()",
    "uuid": "gen_random_uuid()",
}


def reach(table: str, whose: UUID, others: frozenset[UUID], moved: bool) -> frozenset[UUID]:
    """The legal entities whose officers see such a record in their own place."""
    if table == "legal_entity":
        return frozenset(OFFICES)
    if table == "disclosure":
        return frozenset({whose, max({whose, *others})})
    return frozenset({whose, *others}) if table in SHARED or (table == "memorandum" and moved) else frozenset({whose})


class Registers:
    """Rows of every register as the database's owner puts them in: what is filled in has no say in who sees it."""

    def __init__(self, room: Room, owner: asyncpg.Connection) -> None:
        self.room, self.owner, self.comparison = room, owner, Comparison(room.client)
        self.needed: dict[str, dict[str, str]] = {}

    async def put(self, table: str, **values: Any) -> None:
        """A row with these values, and anything at all where the table wants more."""
        if table not in self.needed:
            rows = await self.owner.fetch(_NEEDED, table)
            self.needed[table] = {row["column_name"]: _ANYTHING[row["data_type"]] for row in rows}
        filled = {name: what for name, what in self.needed[table].items() if name not in values}
        names = ", ".join([*values, *filled])
        places = ", ".join([*(f"${n}" for n in range(1, len(values) + 1)), *filled.values()])
        await self.owner.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", *values.values())

    async def keep(self, table: str, place: UUID, whose: UUID, others: frozenset[UUID], moved: bool) -> str:
        """One record of this kind in a place, kept by one legal entity."""
        record, among = new_id(), sorted({whose, *others})
        await self.owner.execute("SELECT set_config('app.place', $1, false)", str(place))
        values = {"id": record, "place_id": place} | self.said(table, whose, among, moved)
        if table == "disclosure":
            of = {"discloser_organisation_id": OFFICES[whose], "recipient_organisation_id": OFFICES[among[-1]]}
            values |= of | {"decision_id": new_id(), "request_id": new_id()}
            asked = of | {"id": values["decision_id"], "place_id": place, "outcome": "permit", "person_ids": [CHILD]}
            await self.put("decision", **asked)
        await self.put(table, **values)
        for other in others if table == "correction" else ():
            told = {"correction_id": record, "organisation_id": OFFICES[other], "legal_entity_id": other}
            await self.put("correction_recipient", place_id=place, **told)
        return str(record)

    def said(self, table: str, whose: UUID, among: list[UUID], moved: bool) -> dict[str, Any]:
        """What a row of this table says of whom it belongs to, and what its checks want."""
        today, entity = self.room.today, {"legal_entity_id": whose}
        kinds: dict[str, dict[str, Any]] = {
            "access_copy": entity | {"person_id": CHILD, "person": "0" * 32, "state": "held"},
            "agreement_review": entity
            | {"readable_by": among, "decision": "kept", "review_on": today, "versions": "[]"},
            "audit_finding": {"organisation_id": OFFICES[whose], "kind": "out_of_hours", "actor_id": str(new_id())}
            | {"state": "open", "on_day": today},
            "audit_sample": entity | {"of_kind": "disclosures", "state": "closed" if moved else "open"},
            "breach": entity | {"kind": "loss", "state": "open"},
            "correction": entity | {"kind": "rectified"},
            "deletion_owed": entity | {"to_entity_ids": among, "erasure_id": new_id(), "at_end": "delete"},
            "disclosure": {"discloser_entity_id": whose, "recipient_entity_id": among[-1], "purpose": "referral"}
            | {"person_ids": [CHILD]},
            "erasure": entity | {"family": "0" * 32, "state": "refused", "reason_code": "changed_since"},
            "erasure_request": entity | {"family": "0" * 32, "ground": "not_necessary"},
            "information_request": entity | {"kind": "access", "controllers": among},
            "joint_arrangement": {"proposed_by_entity_id": whose, "entity_ids": among, "reference": str(new_id())}
            | {"state": "proposed", "terms": json.dumps(self.arrangement(whose))},
            "legal_entity": {"name": str(new_id()), "kind": "charity"},
            "legal_hold": entity | {"review_on": today, "family_ids": [new_id()]},
            "memorandum": {"lead_entity_id": whose, "seen_by": among, "reference": str(new_id()), "ends_on": today}
            | {"state": "in_force" if moved else "draft", "terms": json.dumps(self.memorandum(whose))},
            "processing_restriction": entity | {"person": "0" * 32, "ground": "unlawful"},
            "retention_run": entity | {"state": "approved" if moved else "listed", "list_hash": "0" * 64},
            "ruling": {"organisation_id": OFFICES[whose], "person_id": CHILD, "kind": "consent"},
        }
        return kinds[table]

    def arrangement(self, whose: UUID) -> dict[str, Any]:
        roles = dict.fromkeys(("informs_entity_id", "answers_entity_id", "breach_entity_id"), str(whose))
        terms = {"title": "Early help", "entity_ids": [str(whose)], "purposes": ["referral"], "essence": "We answer."}
        return terms | roles | {"starts_on": str(self.room.today), "ends_on": None, "document_reference": ""}

    def memorandum(self, whose: UUID) -> dict[str, Any]:
        days = {"starts_on": self.room.today, "review_on": self.room.today, "ends_on": self.room.today}
        terms = {"title": "Hubs", "aims": "Help.", "governance": "A board.", "party_ids": [str(whose)]}
        later = {name: str(day + timedelta(days=30)) for name, day in days.items()}
        return terms | {"commitments": []} | later

    async def compare(self, records: list[tuple[str, UUID, UUID, frozenset[UUID], bool]]) -> None:
        """Put these in, and hold what each officer's lists show against what answers them one by one."""
        made: defaultdict[str, dict[str, tuple[UUID, frozenset[UUID]]]] = defaultdict(dict)
        for table, place, whose, others, moved in records:
            record = await self.keep(table, place, whose, others, moved)
            made[table][record] = (place, reach(table, whose, others, moved))
        roles = ("dpo", "auditor", "agreement_manager", "practice_lead")
        for entity, office in OFFICES.items():
            headers = self.room.person(office, *roles)
            for table, kept in made.items():
                seen = await self.comparison.holds(TABLES[table], headers, kept, who=f"{table} {entity}")
                may = {each for each, (place, seen_by) in kept.items() if place == PLACE and entity in seen_by}
                assert seen == may, f"{table}: who keeps a record and whom it names see it, and nobody else"


@pytest.fixture
async def registers(room: Room, owner: asyncpg.Connection) -> Registers:
    """The place with a child of whom something is known: a copy of nothing is not there to be read."""
    await room.engage()
    of_families = Holdings(person_ids=(CHILD,), items=(HeldItem(section="identity", data={"given_names": "Io"}),))
    room.keepers.held[CHILD] = {"families": of_families, "referrals": Holdings()}
    return Registers(room, owner)


async def test_a_record_is_read_by_exactly_the_officers_who_find_it_listed(registers: Registers) -> None:
    first = [(table, PLACE, COUNCIL, frozenset({NHS}), True) for table in TABLES]
    await registers.compare([*first, *((table, OTHER_PLACE, NHS, frozenset[UUID](), False) for table in TABLES)])
    await always(RECORDS, registers.compare, examples=6)
    registers.comparison.saw_both(*TABLES.values())


async def test_what_is_the_whole_places_is_read_by_everybody_who_finds_it_listed(room: Room) -> None:
    await room.engage()
    await room.seal()
    comparison, officer = Comparison(room.client), room.officer(SALT)
    for collection, nothing in (
        (Collection("/ledger/checkpoints"), str(new_id())),
        (Collection("/ledger/entries", key="seq"), "999999"),
        (Collection("/agreement-templates", key="key"), "none_such"),
    ):
        listed = sorted(await collection.shown(room.client, officer))
        assert listed
        assert await comparison.holds(collection, officer, [*listed[:3], nothing]) == {*listed[:3]}
    schedule = await room.get("/retention/schedule", officer)
    for rule in schedule["items"]:
        assert (await room.get(f"/retention/schedule/{rule['key']}", officer))["key"] == rule["key"]
    await room.get("/retention/schedule/none_such", officer, 404)
