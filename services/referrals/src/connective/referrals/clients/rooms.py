"""The other rooms over HTTP: one hop each, a deadline, and nothing shown when one fails."""

from collections.abc import Sequence
from uuid import UUID

from connective.contracts.sharing import (
    DecisionsAnswered,
    DecisionsAsked,
    DisclosureAnswered,
    DisclosureAsked,
    EssentialsAnswered,
    FactsAsked,
    IntakeAsked,
    OrganisationFacts,
    Question,
    RecordedDecision,
    ServiceFacts,
    ServiceFactsAnswered,
    ServiceFactsAsked,
    SharedFields,
)
from connective.kit.actor import Actor
from connective.kit.http import Peer
from connective.kit.problems import Unavailable

PERMIT_HEADER = "hub-permit"


class ConsentRoom:
    """Asks the consent service."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    async def decide(self, actor: Actor, questions: Sequence[Question]) -> tuple[RecordedDecision, ...]:
        """Many decisions in one hop, in the order of the questions."""
        body = DecisionsAsked(questions=tuple(questions))
        answer = await self._peer.post("/internal/decisions", body, DecisionsAnswered, actor)
        if len(answer.items) != len(questions):
            raise Unavailable("Another part of the Hub answered something unexpected.")
        return answer.items

    async def take_in(self, actor: Actor, asked: IntakeAsked) -> RecordedDecision:
        """Keep a sender's word about a family's yes, and decide."""
        return (await self._peer.post("/internal/intakes", asked, DecisionsAnswered, actor)).items[0]

    async def disclose(self, actor: Actor, asked: DisclosureAsked) -> DisclosureAnswered:
        """Decide and record one reading."""
        return await self._peer.post("/internal/disclosures", asked, DisclosureAnswered, actor)


class FamiliesRoom:
    """Asks the families service."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    async def essentials(self, actor: Actor, family_id: UUID, person_ids: Sequence[UUID]) -> EssentialsAnswered:
        """Ages and standing of people in a family the actor may see."""
        body = FactsAsked(family_id=family_id, person_ids=tuple(person_ids))
        return await self._peer.post("/internal/essentials", body, EssentialsAnswered, actor)

    async def shared(self, actor: Actor, permit: str, fields: Sequence[str]) -> SharedFields:
        """The permitted fields, live."""
        query = [("field", field) for field in fields]
        headers = {PERMIT_HEADER: permit}
        return await self._peer.get("/internal/shared", SharedFields, actor, query=query, headers=headers)


class DirectoryRoom:
    """Asks the partners service."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    async def service_facts(self, actor: Actor, service_ids: Sequence[UUID]) -> tuple[ServiceFacts, ...]:
        """What is known of these services."""
        body = ServiceFactsAsked(service_ids=tuple(service_ids), place_id=actor.place_id)
        answer = await self._peer.post("/internal/service-facts", body, ServiceFactsAnswered, actor)
        return answer.items

    async def organisation(self, actor: Actor, organisation_id: UUID) -> OrganisationFacts:
        """One organisation of the place."""
        return await self._peer.get(f"/internal/organisations/{organisation_id}", OrganisationFacts, actor)
