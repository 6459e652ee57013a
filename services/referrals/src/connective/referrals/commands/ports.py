"""What this service asks of the others, as its commands see it. Every method raises a kit refusal when it fails."""

from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from connective.contracts.sharing import (
    DisclosureAnswered,
    DisclosureAsked,
    EssentialsAnswered,
    IntakeAsked,
    OrganisationFacts,
    Question,
    RecordedDecision,
    ServiceFacts,
    SharedFields,
)
from connective.kit.actor import Actor
from connective.kit.scanning import Scanner
from connective.referrals.domain.attachments import Kept, Kind


class Consent(Protocol):
    """The room that decides what may be shared, and records it."""

    async def decide(self, actor: Actor, questions: Sequence[Question]) -> tuple[RecordedDecision, ...]:
        """Recorded decisions, in the order of the questions."""
        ...

    async def take_in(self, actor: Actor, asked: IntakeAsked) -> RecordedDecision:
        """Keep what a sender says of a family's yes, and decide whether its intake may go to the recipient."""
        ...

    async def disclose(self, actor: Actor, asked: DisclosureAsked) -> DisclosureAnswered:
        """Decide and record one reading; the permit is absent when denied."""
        ...


class Families(Protocol):
    """The room that keeps people's records."""

    async def essentials(self, actor: Actor, family_id: UUID, person_ids: Sequence[UUID]) -> EssentialsAnswered:
        """Ages and standing of these people, or of everybody in the family where none are named.

        Raises NotFound when the actor may not see the family or somebody is not in it.
        """
        ...

    async def shared(self, actor: Actor, permit: str, fields: Sequence[str]) -> SharedFields:
        """The permitted fields, live."""
        ...


class Directory(Protocol):
    """The room that keeps organisations and services."""

    async def service_facts(self, actor: Actor, service_ids: Sequence[UUID]) -> tuple[ServiceFacts, ...]:
        """What is known of these services in the actor's place; unknown ones are left out."""
        ...

    async def organisation(self, actor: Actor, organisation_id: UUID) -> OrganisationFacts:
        """One organisation of the actor's place. Raises NotFound."""
        ...


@dataclass(frozen=True, slots=True)
class Others:
    """The other rooms."""

    consent: Consent
    families: Families
    directory: Directory


class Vault(Protocol):
    """Where files are kept, sealed."""

    most_pieces: int
    """What one file may become at most."""

    async def keep(self, object_id: UUID, content: AsyncIterable[bytes]) -> Kept:
        """Store what streams by. Raises TooLarge or Unavailable."""
        ...

    def read(self, kept: Kept) -> AsyncIterator[bytes]:
        """The content, piece by piece."""
        ...

    async def drop(self, object_id: UUID, pieces: int) -> None:
        """Delete what there is of it."""
        ...


class Cleaner(Protocol):
    """What makes a file anew, without what it carried unseen."""

    def cleaning(self, kind: Kind, content: AsyncIterable[bytes]) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The file anew, piece by piece. Raises Flawed."""
        ...


@dataclass(frozen=True, slots=True)
class Files:
    """What files that go with requests pass through."""

    vault: Vault
    scanner: Scanner
    cleaner: Cleaner
    judge: Callable[[bytes], Kind | None]
    """From the beginning of a file to what it is; None for what is not taken."""
