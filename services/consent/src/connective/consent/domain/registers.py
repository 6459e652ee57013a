"""What a place's registers say about those whom an agreement names, as its checks need it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from connective.consent.domain.joint_arrangements import JointArrangement
from connective.consent.domain.legal_entities import LegalEntity


@dataclass(frozen=True, slots=True)
class MemorandumLine:
    """The memorandum an agreement names, as far as whoever drafts the agreement may see it."""

    reference: str
    title: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class Register:
    """The entities by id, the arrangements between them, the memorandum if one is named, and the day.

    Also what those organisations are called that are excluded from what their entity is party to.
    """

    entities: Mapping[UUID, LegalEntity]
    today: date
    arrangements: tuple[JointArrangement, ...] = ()
    memorandum: MemorandumLine | None = None
    organisations: Mapping[UUID, str] = field(default_factory=dict)

    def team(self, organisation_id: UUID) -> str:
        """What to call an organisation; its id, while nobody has told its name."""
        return self.organisations.get(organisation_id) or f"the organisation {organisation_id}"

    def name(self, entity_id: UUID) -> str:
        """What to call a legal entity in a sentence."""
        entity = self.entities.get(entity_id)
        return entity.name if entity else "a legal entity that is not on the register"
