"""A running families service, and people who ask it: what the tests of this room share."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

from connective.contracts.categories import Category
from connective.contracts.sharing import (
    PERMIT_TYPE,
    Decision,
    DisclosureAnswered,
    DisclosureAsked,
    Outcome,
    Question,
    Refusal,
    SubjectPermission,
)
from connective.families.settings import FamiliesSettings
from connective.kit.actor import Actor
from connective.kit.ids import new_id
from connective.kit.problems import Unavailable
from connective.kit.service import Running
from connective.kit.testing import Identities, key_header
from connective.local.testing import ServiceDatabase

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
PLACE = UUID("0190f000-0000-7000-8000-000000000001")
FOOD_BANK = UUID("0190f000-0000-7000-8000-0000000000fb")
NHS = ("9993395633", "9999939082", "9991581766", "9994140027")
PLACES_FILE = f"""
places:
  - id: {PLACE}
    code: chard-and-ilminster
    name: Chard and Ilminster
    safeguarding:
      front_door_name: Somerset Children's Front Door
      front_door_number: "01632 960100"
      out_of_hours_number: "01632 960101"
      adults_number: "01632 960102"
      designated_officer_name: Designated officer
      designated_officer_number: "01632 960103"
      threshold_document_url: https://thresholds.example.org/
"""


@dataclass
class StandInConsent:
    """Answers for the consent service: it permits what it is told to, or is away."""

    identities: Identities
    permits: frozenset[Category] = frozenset()
    away: bool = False
    asked: list[DisclosureAsked] = field(default_factory=list)

    async def disclose(self, actor: Actor, asked: DisclosureAsked) -> DisclosureAnswered:
        self.asked.append(asked)
        if self.away:
            raise Unavailable("Consent cannot be reached.")
        question, permitted = asked.question, self.permits & asked.question.categories
        decision = self._decision(question, permitted)
        permit = self._permit(actor, asked, permitted) if permitted else None
        disclosure_id = asked.disclosure_id if permitted else None
        return DisclosureAnswered(decision_id=new_id(), decision=decision, disclosure_id=disclosure_id, permit=permit)

    @staticmethod
    def _decision(question: Question, permitted: frozenset[Category]) -> Decision:
        refused = tuple(
            Refusal(
                rule=4, code="family_not_asked", category=c, person_id=None, sentence="Not asked.", remedy="Ask them."
            )
            for c in sorted(question.categories - permitted)
        )
        return Decision(
            outcome=Outcome.PARTIAL if permitted else Outcome.DENY,
            categories=permitted,
            subjects=tuple(SubjectPermission(person_id=p, categories=permitted) for p in question.subjects),
            agreement_id=None,
            agreement_reference=None,
            agreement_version=None,
            basis=None,
            consent_record_ids=(),
            refusals=refused,
            rules=(),
            warnings=(),
            decided_at=NOW,
        )

    def _permit(self, actor: Actor, asked: DisclosureAsked, permitted: frozenset[Category]) -> str:
        now = int(time.time())
        claims = {
            "aud": "families",
            "jti": str(asked.disclosure_id),
            "iat": now,
            "exp": now + 30,
            "place": str(actor.place),
            "organisation": str(actor.organisation),
            "discloser": str(asked.question.discloser_organisation_id),
            "case_id": str(asked.case_id),
            "subjects": {str(p): sorted(permitted) for p in asked.question.subjects},
        }
        return self.identities.signer("consent").sign(PERMIT_TYPE, claims)


@dataclass
class Room:
    """The service, its database and its callers."""

    running: Running[FamiliesSettings]
    client: httpx.AsyncClient
    identities: Identities
    database: ServiceDatabase
    consent: "StandInConsent"
    school: UUID = field(default_factory=new_id)

    def worker(
        self, organisation: UUID | None = None, *, role: str = "support_worker", account: UUID | None = None
    ) -> dict[str, str]:
        return self.identities.person(
            place=PLACE, organisation=organisation or self.school, roles=[role], account=account
        )

    async def post(self, path: str, body: Any, who: dict[str, str], **more: str) -> httpx.Response:
        return await self.client.post(path, json=body, headers={**key_header(), **who, **more})

    async def get(self, path: str, who: dict[str, str], **params: Any) -> httpx.Response:
        return await self.client.get(path, headers=who, params=params)

    async def family(self, who: dict[str, str], **changes: Any) -> dict[str, Any]:
        answer = await self.post("/families", harts() | changes, who)
        assert answer.status_code == 201, answer.text
        registered: dict[str, Any] = answer.json()
        return registered


def harts() -> dict[str, Any]:
    """Two adults, three children, one of them three years old with a speech concern."""
    return {
        "people": [
            {
                "key": "mum",
                "given_names": "Asha",
                "family_name": "Hart",
                "date_of_birth": "1995-05-05",
                "sex": "female",
                "language": "Polish",
                "interpreter": False,
                "gp_practice": "Drake Surgery",
                "contacts": [{"kind": "phone", "value": "07700 900123", "safe_contact": "text_only"}],
                "needs": [{"code": "food_or_fuel_poverty", "severity": 3}],
            },
            {
                "key": "dad",
                "given_names": "Ben",
                "family_name": "Reed",
                "date_of_birth": "1994-05-05",
                "residence": "elsewhere",
            },
            {"key": "eldest", "given_names": "Cai", "family_name": "Hart", "date_of_birth": "2014-06-01"},
            {
                "key": "middle",
                "given_names": "Dilys",
                "family_name": "Hart",
                "date_of_birth": "2018-06-01",
                "upn": "Q801438714590",
                "education_setting": "Furzehill Primary",
            },
            {
                "key": "youngest",
                "given_names": "Efan",
                "family_name": "Hart",
                "date_of_birth": "2022-11-05",
                "nhs_number": NHS[0],
                "needs": [{"code": "child_0_5_speech_language", "severity": 3}],
            },
        ],
        "relationships": [
            {"person": "mum", "of": child, "kind": "parent", "responsibility": "birth_mother"}
            for child in ("eldest", "middle", "youngest")
        ]
        + [{"person": "dad", "of": "youngest", "kind": "parent", "responsibility": "birth_registration"}],
        "address": {"lines": ["1 Drake Way"], "town": "Chard", "postcode": "ta201qx"},
    }


def person_called(family: dict[str, Any], given: str) -> dict[str, Any]:
    """The person of that given name in a family's answer."""
    found: dict[str, Any] = next(m["person"] for m in family["people"] if m["person"]["given_names"] == given)
    return found


def permit(room: Room, whom: dict[str, Iterable[str]], signer: str = "consent", **changes: Any) -> dict[str, str]:
    """What consent signs when it permits something about these people."""
    now = int(time.time())
    claims = {
        "aud": "families",
        "jti": str(new_id()),
        "iat": now,
        "exp": now + 30,
        "place": str(PLACE),
        "organisation": str(FOOD_BANK),
        "discloser": str(room.school),
        "request_id": str(new_id()),
        "subjects": {person: sorted(categories) for person, categories in whom.items()},
    }
    return {"Hub-Permit": room.identities.signer(signer).sign(PERMIT_TYPE, claims | changes)}


def recipient(room: Room, organisation: UUID = FOOD_BANK) -> dict[str, str]:
    """A recipient's system, asking through referrals."""
    reader = room.identities.client(place=PLACE, organisation=organisation, scope="requests:read")
    return {**reader, **room.identities.caller("referrals", "families")}


async def shared(room: Room, headers: dict[str, str], *fields: str) -> Any:
    """The fields that are shared with them."""
    return await room.client.get("/internal/shared", params={"field": fields}, headers=headers)
