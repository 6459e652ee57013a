"""A running consent service to test with: a place with a council, an NHS trust and a charity, and a family."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from stand_in_keepers import StandInKeepers

from connective.consent.commands.seal_ledger import Sealer
from connective.consent.settings import ConsentSettings
from connective.contracts.sharing import FactsAnswered, PersonFacts, ResponsibleAdult
from connective.kit.actor import Actor, ActorKind
from connective.kit.clock import SetClock
from connective.kit.ids import new_id
from connective.kit.problems import NotFound, Unavailable
from connective.kit.service import Running
from connective.kit.testing import Identities, key_header
from connective.local.testing import ServiceDatabase

PLACE, OTHER_PLACE = UUID(int=0x70), UUID(int=0x71)
LEDGER_JWK = json.dumps(
    {"kty": "OKP", "crv": "Ed25519", "kid": "ledger-1", "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}
)
"""The key of RFC 8037, appendix A.1."""
MOTHER, FATHER, CHILD, STRANGER = (UUID(int=n) for n in (0x31, 0x32, 0x33, 0x39))
FAMILY = UUID(int=0x30)
COUNCIL, NHS, CHARITY = (UUID(int=n) for n in (0x21, 0x22, 0x23))
SCHOOL, EARLY_HELP, SALT, FOOD_BANK = (UUID(int=n) for n in (0x11, 0x12, 0x13, 0x14))
ORGANISATIONS = {SCHOOL: COUNCIL, EARLY_HELP: COUNCIL, SALT: NHS, FOOD_BANK: CHARITY}
ENTITIES = {COUNCIL: ("Borsetshire Council", "council"), NHS: ("Felpersham NHS Trust", "nhs_body")}
ENTITIES[CHARITY] = ("Ambridge Food Bank", "charity")
USES = ["debt_recovery", "immigration_enforcement", "marketing", "recruitment", "rent_enforcement", "research"]
PARTS = ["instructions", "sub_processors", "location", "breach", "audit", "return"]
PR = "parental_responsibility"


def _facts(person: UUID, age: int, responsible: dict[UUID, str]) -> PersonFacts:
    return PersonFacts(
        person_id=person,
        family_ids=(FAMILY,),
        age_years=age,
        living=True,
        responsible=tuple(ResponsibleAdult(person_id=p, authority=a) for p, a in responsible.items()),
        whereabouts_restricted=False,
    )


@dataclass
class StandInFamilies:
    """Answers for the families service; it may be away."""

    people: dict[UUID, PersonFacts] = field(default_factory=dict)
    away: bool = False

    async def facts(self, actor: Actor, person_ids: tuple[UUID, ...], family_id: UUID | None) -> FactsAnswered:
        assert family_id in (None, FAMILY)
        if self.away:
            raise Unavailable("Families cannot be reached.")
        alone = actor.kind is ActorKind.SERVICE
        if not (alone or actor.organisation in {SCHOOL, EARLY_HELP}) or not set(person_ids) <= self.people.keys():
            raise NotFound
        return FactsAnswered(organisation_id=SCHOOL, people=tuple(self.people[p] for p in person_ids))


def the_family() -> StandInFamilies:
    both = {MOTHER: PR, FATHER: PR}
    people = [_facts(MOTHER, 34, {}), _facts(FATHER, 36, {}), _facts(CHILD, 3, both)]
    return StandInFamilies({f.person_id: f for f in people})


def basis(entity: UUID, article_6: str = "6(1)(e)", **changes: Any) -> dict[str, Any]:
    full = {
        "legal_entity_id": str(entity),
        "purpose": "referral",
        "article_6": article_6,
        "legal_power": "Children Act 2004 s10",
        "article_9": "9(2)(h)",
        "schedule_1_paragraph": "2",
        "policy_document": "APD-1",
        "confidentiality_basis": "implied consent for direct care",
    }
    return full | changes


def terms(today: date, recipient: UUID = NHS, **changes: Any) -> dict[str, Any]:
    categories = ["identity", "health", "education"]
    bases = [basis(COUNCIL), basis(recipient, "6(1)(f)" if recipient == CHARITY else "6(1)(e)")]
    full = {
        "title": "Referrals",
        "summary": "The council refers families for help.",
        "parties": [{"legal_entity_id": str(e), "role": "controller"} for e in (COUNCIL, recipient)],
        "bases": bases,
        "flows": [
            {
                "from_entity_id": str(COUNCIL),
                "to_entity_id": str(recipient),
                "purpose": "referral",
                "categories": categories,
                "methods": ["hub_page", "api"],
            }
        ],
        "people_covered": "everyone",
        "necessity": "They cannot help without it.",
        "prohibited_uses": ["marketing"],
        "onward_sharing": "None.",
        "security": "Named accounts.",
        "retention": [{"categories": categories, "rule": "Six years."}],
        "rights_contact": "rights@example.org",
        "complaints_contact": "complaints@example.org",
        "breach_contact": "breach@example.org",
        "dpia": {
            "reference": "DPIA-7",
            "outcome": "Low residual risk.",
            "approved_on": str(today),
            "review_due_on": str(today + timedelta(days=300)),
        },
        "audit_entity_ids": [str(COUNCIL)],
        "privacy_notice": "https://example.org/privacy",
        "starts_on": str(today),
        "review_on": str(today + timedelta(days=300)),
        "ends_on": str(today + timedelta(days=600)),
        "at_end": "delete",
    }
    return full | changes


@dataclass
class Room:
    """The service under test."""

    running: Running[ConsentSettings]
    client: httpx.AsyncClient
    identities: Identities
    database: ServiceDatabase
    clock: SetClock
    families: StandInFamilies
    sealer: Sealer
    keepers: StandInKeepers = field(default_factory=StandInKeepers)

    @property
    def today(self) -> date:
        return self.clock().date()

    def person(self, organisation: UUID, *roles: str, account: UUID | None = None) -> dict[str, str]:
        return self.identities.person(place=PLACE, organisation=organisation, roles=roles, account=account)

    def worker(self, organisation: UUID = SCHOOL) -> dict[str, str]:
        return self.person(organisation, "support_worker")

    def officer(self, organisation: UUID = SCHOOL) -> dict[str, str]:
        return self.person(organisation, "dpo", "auditor")

    def on_behalf(self, who: dict[str, str]) -> dict[str, str]:
        return who | self.identities.caller("referrals", "consent")

    async def post(self, path: str, body: Any, who: dict[str, str], status: int | None = None) -> Any:
        response = await self.client.post(path, json=body, headers=who | key_header())
        if status is None:
            return response
        assert response.status_code == status, response.text
        return response.json()

    async def get(self, path: str, who: dict[str, str], status: int = 200) -> Any:
        response = await self.client.get(path, headers=who)
        assert response.status_code == status, response.text
        return response.json()

    async def event(
        self, subject: str, about: UUID, data: Any, *, version: int = 1, event_id: UUID | None = None
    ) -> None:
        document = {
            "id": str(event_id or new_id()),
            "source": f"/services/{subject.split('.')[1]}",
            "type": f"{subject}.v1",
            "subject": str(about),
            "time": datetime.now(UTC).isoformat(),
            "aggregateversion": version,
            "placeid": str(PLACE),
            "data": data,
        }
        await self.running.consumer.apply([(subject, json.dumps(document).encode())])

    async def organisation(self, organisation: UUID, *, version: int = 1, **changes: Any) -> None:
        data = {
            "organisation_id": str(organisation),
            "legal_entity_id": str(ORGANISATIONS.get(organisation, COUNCIL)),
            "kind": "charity",
            "state": "active",
            "assurance_level": "named_accounts",
        }
        await self.event("hub.partners.organisation.changed", organisation, data | changes, version=version)

    async def entity(self, entity: UUID, organisation: UUID) -> None:
        name, kind = ENTITIES[entity]
        until = str(self.today + timedelta(days=300))
        body = {
            "id": str(entity),
            "name": name,
            "kind": kind,
            "ico_registration": "ZA123456",
            "ico_registered_until": until,
            "training_valid_until": until,
            "dpo_contact": "dpo@example.org",
        }
        await self.post("/legal-entities", body, self.person(organisation, "agreement_manager"), 201)
        signing = {"document_reference": "PA-1", "confirms": PARTS, "refrains_from": USES}
        await self.post(
            f"/legal-entities/{entity}/processing-agreement", signing, self.person(organisation, "signatory"), 200
        )

    async def settle(self) -> None:
        """Organisations and legal entities of the place, all in order."""
        for organisation in ORGANISATIONS:
            await self.organisation(organisation)
        for entity, organisation in ((COUNCIL, SCHOOL), (NHS, SALT), (CHARITY, FOOD_BANK)):
            await self.entity(entity, organisation)

    async def agree(self, reference: str, agreed: dict[str, Any], *organisations: UUID) -> dict[str, Any]:
        """An agreement, drafted, reviewed and signed; answers its version."""
        manager = self.person(SCHOOL, "agreement_manager")
        made = await self.post("/agreements", {"reference": reference, "terms": agreed}, manager, 201)
        return await self.carry(made["id"], 1, *organisations)

    async def carry(self, agreement_id: str, number: int, *organisations: UUID) -> dict[str, Any]:
        """A draft version, submitted, reviewed and signed by everybody; answers it."""
        one = f"/agreements/{agreement_id}/versions/{number}"
        version = await self.post(f"{one}/submit", {}, self.person(SCHOOL, "agreement_manager"), 200)
        for organisation in organisations:
            await self.post(f"{one}/review", {"approved": True}, self.person(organisation, "dpo"), 200)
        for organisation in organisations:
            body = {"text_hash": version["text_hash"]}
            version = await self.post(f"{one}/sign", body, self.person(organisation, "signatory"), 200)
        return dict(version)

    async def engage(self, **changes: Any) -> dict[str, Any]:
        """The mother's yes for herself and the child, and that both were told."""
        body = {
            "kind": "agreement_to_engage",
            "state": "given",
            "family_id": str(FAMILY),
            "given_by": str(MOTHER),
            "about": [
                {"person_id": str(MOTHER), "authority": "own"},
                {"person_id": str(CHILD), "authority": PR},
            ],
            "how": "in_person",
        }
        made = await self.post("/consents", body | changes, self.worker(), 201)
        told = {"person_ids": [str(MOTHER), str(CHILD)], "how": "in_person", "told_on": str(self.today)}
        await self.post("/notices", told, self.worker(), 201)
        return dict(made)

    def question(self, recipient: UUID = SALT, **changes: Any) -> dict[str, Any]:
        full = {
            "discloser_organisation_id": str(SCHOOL),
            "recipient_organisation_id": str(recipient),
            "service_kind": "speech_and_language_therapy",
            "subjects": [str(CHILD)],
            "categories": ["identity", "health"],
            "purpose": "referral",
            "method": "hub_page",
        }
        return full | changes

    async def decide(self, **changes: Any) -> dict[str, Any]:
        """One internal decision, asked by referrals for a worker of the school."""
        asked = {"questions": [self.question(**changes)]}
        response = await self.client.post("/internal/decisions", json=asked, headers=self.on_behalf(self.worker()))
        assert response.status_code == 200, response.text
        return dict(response.json()["items"][0]["decision"])

    async def disclose(self, recipient: UUID = SALT, **changes: Any) -> httpx.Response:
        """One reading of a request by its recipient."""
        asked = {"question": self.question(recipient, **changes), "request_id": str(UUID(int=9)), "request_version": 1}
        reader = self.on_behalf(self.person(recipient, "partner_worker"))
        return await self.client.post("/internal/disclosures", json=asked, headers=reader)

    async def seal(self) -> None:
        while await self.sealer.seal():
            pass
        await self.sealer.sign(self.clock())
