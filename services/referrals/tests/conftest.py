"""The real service on real servers, with the other rooms faked at its ports: they answer what they are told to."""

import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest_asyncio

from connective.contracts.categories import Category
from connective.contracts.sharing import (
    Decision,
    DisclosureAnswered,
    DisclosureAsked,
    EssentialsAnswered,
    IntakeAsked,
    OrganisationFacts,
    Outcome,
    PersonEssentials,
    Question,
    RecordedDecision,
    Refusal,
    SameDay,
    ServiceFacts,
    SharedFields,
    SharedPerson,
    SubjectPermission,
)
from connective.kit.actor import Actor
from connective.kit.clock import SetClock
from connective.kit.ids import new_id
from connective.kit.migrations import migrate
from connective.kit.problems import NotFound, Unavailable
from connective.kit.service import Running
from connective.kit.testing import Identities, calling, key_header
from connective.local.nats import NatsServer
from connective.local.testing import MakeDatabase, ServiceDatabase
from connective.referrals.app import SERVICE, compose_with, files_of
from connective.referrals.commands.ports import Others
from connective.referrals.settings import ReferralsSettings

sys.path.insert(0, str(Path(__file__).parent))

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@dataclass
class FakeConsent:
    """Permits everything but the categories refused to a recipient."""

    refused: dict[UUID, dict[Category, str]] = field(default_factory=dict)
    asked: list[Question] = field(default_factory=list)
    disclosed: list[DisclosureAsked] = field(default_factory=list)
    taken_in: list[IntakeAsked] = field(default_factory=list)
    away: bool = False
    agreement_id: UUID = field(default_factory=new_id)
    consent_record_ids: tuple[UUID, ...] = ()

    def _decision(self, question: Question) -> Decision:
        refused = self.refused.get(question.recipient_organisation_id, {})
        given = frozenset(question.categories - set(refused))
        outcome = Outcome.PERMIT if given == question.categories else Outcome.PARTIAL if given else Outcome.DENY
        return Decision(
            outcome=outcome,
            categories=given,
            subjects=tuple(SubjectPermission(person_id=p, categories=given) for p in question.subjects),
            agreement_id=self.agreement_id,
            agreement_reference="DSA-1",
            agreement_version=1,
            basis="6(1)(e)",
            consent_record_ids=self.consent_record_ids,
            refusals=tuple(
                Refusal(rule=3, code=code, category=c, person_id=None, sentence=f"No {c}.", remedy="Amend it.")
                for c, code in refused.items()
                if c in question.categories
            ),
            rules=(),
            warnings=(),
            decided_at=NOW,
        )

    async def decide(self, _: Actor, questions: Sequence[Question]) -> tuple[RecordedDecision, ...]:
        if self.away:
            raise Unavailable("Another part of the Hub cannot be reached; nothing was shown or changed.")
        self.asked.extend(questions)
        return tuple(RecordedDecision(decision_id=new_id(), decision=self._decision(q)) for q in questions)

    async def take_in(self, actor: Actor, asked: IntakeAsked) -> RecordedDecision:
        self.taken_in.append(asked)
        return (await self.decide(actor, [asked.question]))[0]

    async def disclose(self, _: Actor, asked: DisclosureAsked) -> DisclosureAnswered:
        if self.away:
            raise Unavailable("Another part of the Hub cannot be reached; nothing was shown or changed.")
        self.disclosed.append(asked)
        decision = self._decision(asked.question)
        denied = decision.outcome is Outcome.DENY
        return DisclosureAnswered(
            decision_id=new_id(),
            decision=decision,
            disclosure_id=None if denied else asked.disclosure_id,
            permit=None if denied else "permit",
        )


@dataclass
class FakeFamilies:
    """One family, and the values of its shareable fields."""

    family_id: UUID = field(default_factory=new_id)
    organisation_id: UUID = field(default_factory=new_id)
    people: dict[UUID, int | None] = field(default_factory=dict)
    values: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    withheld: tuple[str, ...] = ()
    read: list[list[str]] = field(default_factory=list)
    away: bool = False

    async def essentials(self, _: Actor, family_id: UUID, person_ids: Sequence[UUID]) -> EssentialsAnswered:
        if self.away:
            raise Unavailable("Another part of the Hub cannot be reached; nothing was shown or changed.")
        if family_id != self.family_id or any(person not in self.people for person in person_ids):
            raise NotFound
        return EssentialsAnswered(
            organisation_id=self.organisation_id,
            people=tuple(
                PersonEssentials(person_id=person, age_years=self.people[person], living=True, notices_stopped=False)
                for person in person_ids
            ),
        )

    async def shared(self, _: Actor, __: str, fields: Sequence[str]) -> SharedFields:
        if self.away:
            raise Unavailable("Another part of the Hub cannot be reached; nothing was shown or changed.")
        self.read.append(list(fields))
        return SharedFields(
            disclosure_id=new_id(),
            people=tuple(
                SharedPerson(person_id=person, fields={k: v for k, v in values.items() if k in fields})
                for person, values in self.values.items()
            ),
            withheld=self.withheld,
        )


def a_service(kind: str, **changes: Any) -> ServiceFacts:
    facts: dict[str, Any] = {
        "service_id": new_id(),
        "version": 1,
        "organisation_id": new_id(),
        "organisation_name": "Helping Hands",
        "name": f"Service of {kind}",
        "kind": kind,
        "status": "active",
        "organisation_active": True,
        "takes_requests": True,
        "reporting_route": False,
        "sensitive": False,
        "confidential_to_young_person": False,
        "telephone": "01632 960123",
        "acknowledge_within_days": 2,
        "decide_within_days": 10,
        "contact_attempts_promised": 2,
        "same_day": SameDay(
            weekdays=frozenset(range(1, 8)), opens_at=time(8), closes_at=time(20), answer_within_minutes=60
        ),
        "minimum_age": None,
        "maximum_age": None,
        "assured_until": None,
    }
    return ServiceFacts(**{**facts, **changes})


@dataclass
class FakeDirectory:
    """The services there are."""

    services: dict[UUID, ServiceFacts] = field(default_factory=dict)
    fetched: list[UUID] = field(default_factory=list)

    def add(self, service: ServiceFacts) -> ServiceFacts:
        self.services[service.service_id] = service
        return service

    async def service_facts(self, _: Actor, service_ids: Sequence[UUID]) -> tuple[ServiceFacts, ...]:
        self.fetched.extend(service_ids)
        return tuple(self.services[s] for s in service_ids if s in self.services)

    async def organisation(self, _: Actor, organisation_id: UUID) -> OrganisationFacts:
        for service in self.services.values():
            if service.organisation_id == organisation_id:
                return OrganisationFacts(
                    organisation_id=organisation_id,
                    version=4,
                    name=service.organisation_name,
                    active=service.organisation_active,
                    reporting_route=service.reporting_route,
                    identifiers={"GB-CHC": "1234567", "GB-NHS": "A1001"},
                )
        raise NotFound


PLACES = """
places:
  - id: {place}
    code: test-place
    name: Testbury
    safeguarding:
      front_door_name: Testbury front door
      front_door_number: 01632 960999
      out_of_hours_number: 01632 960998
      adults_number: 01632 960997
      designated_officer_name: A. Officer
      designated_officer_number: 01632 960996
      threshold_document_url: https://testbury.example.org/thresholds
"""
GOOD_ANSWERS: dict[str, dict[str, Any]] = {
    "food_bank": {"how": "collect_today", "crisis_reason": "benefit_delay", "cooking_facilities": "full"},
    "housing_advice": {"problem": "other", "recipient_is_landlord": False},
    "speech_and_language_therapy": {
        "concern_areas": ["talking"],
        "examples": "Uses single words at three.",
        "hearing": "not_known",
    },
    "early_help": {
        "what_led_to_this": "Late most days.",
        "already_tried": "Breakfast club.",
        "level_of_need": "not_sure",
    },
}
NEEDS = {
    "food_bank": "food_or_fuel_poverty",
    "housing_advice": "eviction_risk",
    "speech_and_language_therapy": "child_0_5_speech_language",
    "early_help": "parenting_support",
}


async def migrate_referrals(owner_url: str) -> None:
    await migrate("referrals", owner_url)


@dataclass
class World:
    """The service, its clock and its neighbours, and one family with a worker who may act for it."""

    running: Running[ReferralsSettings]
    client: httpx.AsyncClient
    identities: Identities
    database: ServiceDatabase
    clock: SetClock
    place: UUID
    school: UUID
    mother: UUID
    child: UUID
    consent: FakeConsent
    families: FakeFamilies
    directory: FakeDirectory

    def worker(self, organisation: UUID | None = None) -> dict[str, str]:
        return self.identities.person(
            place=self.place, organisation=organisation or self.school, roles=["support_worker"]
        )

    def partner(self, service: ServiceFacts) -> dict[str, str]:
        return self.identities.client(place=self.place, organisation=service.organisation_id, scope="requests:work")

    def coordinator(self) -> dict[str, str]:
        return self.identities.person(place=self.place, organisation=new_id(), roles=["hub_coordinator"])

    def service(self, kind: str = "food_bank", **changes: Any) -> ServiceFacts:
        return self.directory.add(a_service(kind, **changes))

    def ask(self, service: ServiceFacts, **changes: Any) -> dict[str, Any]:
        subject = self.child if service.kind == "speech_and_language_therapy" else self.mother
        body = {
            "service_id": str(service.service_id),
            "subjects": [str(subject)],
            "contact_person_id": str(self.mother),
            "needs": [{"person_id": str(subject), "code": NEEDS[service.kind], "severity": 3}],
            "answers": GOOD_ANSWERS[service.kind],
        }
        return {**body, **changes}

    def referral(self, *asks: dict[str, Any], **changes: Any) -> dict[str, Any]:
        body: dict[str, Any] = {
            "family_id": str(self.families.family_id),
            "safeguarding_check": {"answer": "no_concern"},
            "requests": list(asks),
        }
        return {**body, **changes}

    async def make(self, *asks: dict[str, Any], **changes: Any) -> dict[str, Any]:
        answer = await self.post("/referrals", self.referral(*asks, **changes), self.worker())
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def post(self, path: str, body: Any, headers: dict[str, str], version: int | None = None) -> httpx.Response:
        given = {**headers, **({"If-Match": f'"{version}"'} if version is not None else {})}
        return await self.client.post(path, json=body, headers=key_header() | given)

    async def act(
        self, request: dict[str, Any], verb: str, headers: dict[str, str], body: Any = None, *, status: int = 200
    ) -> dict[str, Any]:
        """Act on the version the caller sees now."""
        head = await self.client.head(f"/requests/{request['id']}", headers=headers)
        version = int(head.headers["ETag"].strip('"')) if head.status_code == 200 else request["version"]
        answer = await self.post(f"/requests/{request['id']}/{verb}", body, headers, version)
        assert answer.status_code == status, answer.text
        return dict(answer.json())

    async def rows(self, sql: str, *parameters: Any) -> list[Any]:
        """Rows as the database's owner of all would see them: row security is told it is the Hub's own work."""
        connection = await asyncpg.connect(self.database.app_url)
        try:
            async with connection.transaction():
                await connection.execute("SELECT set_config('app.kind', 'service', true)")
                return list(await connection.fetch(sql, *parameters))
        finally:
            await connection.close()

    async def events(self) -> list[tuple[str, int]]:
        rows = await self.rows("SELECT subject, aggregate_version FROM outbox ORDER BY id")
        return [(row["subject"].removeprefix("hub.referrals."), row["aggregate_version"]) for row in rows]


@pytest_asyncio.fixture
async def world(service_database: MakeDatabase, nats_server: NatsServer, tmp_path: Path) -> AsyncIterator[World]:
    database = await service_database("referrals", migrate_referrals)
    identities = Identities(tmp_path)
    place, mother, child = new_id(), new_id(), new_id()
    places = tmp_path / "places.yaml"
    places.write_text(PLACES.format(place=place), encoding="utf-8")
    settings = ReferralsSettings(
        places=places,
        consent_url="http://127.0.0.1:9",
        families_url="http://127.0.0.1:9",
        partners_url="http://127.0.0.1:9",
        objects_folder=tmp_path / "objects",
        demonstration=True,
        **identities.settings(
            "referrals", app_url=database.app_url, reader_url=database.reader_url, nats_url=nats_server.url("referrals")
        ),
    )
    consent, directory = FakeConsent(), FakeDirectory()
    families = FakeFamilies(people={mother: 34, child: 3}, values=_values(mother, child))
    others = Others(consent, families, directory)
    clock = SetClock(NOW)
    service = replace(SERVICE, compose=lambda s, ground: compose_with(s, ground, others, files_of(s)))
    running = Running(service, settings, clock)
    async with calling(running.app()) as client:
        yield World(
            running=running,
            client=client,
            identities=identities,
            database=database,
            clock=clock,
            place=place,
            school=new_id(),
            mother=mother,
            child=child,
            consent=consent,
            families=families,
            directory=directory,
        )


def _values(mother: UUID, child: UUID) -> dict[UUID, dict[str, Any]]:
    return {
        mother: {
            "person.full_name": "Mara Test",
            "person.date_of_birth": "1991-05-04",
            "person.nhs_number": "9990000018",
            "contact.phone": "07700 900123",
            "household.adults": 2,
            "household.children_by_age_band": {"1-4": 1},
            "address.outward_postcode": "TA20",
            "address.current": "1 Test Lane, TA20 1AA",
        },
        child: {
            "person.full_name": "Robin Test",
            "person.date_of_birth": "2023-01-09",
            "person.nhs_number": "9990000026",
            "education.setting": "Testbury Nursery",
        },
    }
