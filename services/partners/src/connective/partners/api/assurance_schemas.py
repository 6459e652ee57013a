"""What is taken and given of provider assurance: how an organisation stands, and the items of its dossier."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints, model_validator

from connective.contracts.categories import AssuranceLevel
from connective.partners.api.parts import Body
from connective.partners.domain.assurance import ItemKind, Standing
from connective.partners.domain.dossier import ItemState

Evidence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=300)]
Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=1000)]


class Decision(StrEnum):
    """How an item is decided."""

    REFUSED = "refused"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"


class RecordAssurance(Body):
    """One item of a dossier: a reference to what was seen, never the document itself, and nobody's name."""

    kind: ItemKind
    evidence: Evidence
    account_id: UUID | None = None
    """The account of the safeguarding lead, for that kind."""
    issued_on: date
    expires_on: Annotated[date | None, Field(description="Left out, as late as its kind allows.")] = None


class DecideAssurance(Body):
    """How an item is decided; a refusal or withdrawal says why."""

    decision: Decision
    reason: Why | None = None

    @model_validator(mode="after")
    def _says_why(self) -> "DecideAssurance":
        if self.decision is not Decision.VERIFIED and self.reason is None:
            raise ValueError("Say why it is refused or withdrawn.")
        return self


class AssuranceItemOut(BaseModel):
    """One item of a dossier."""

    id: UUID
    organisation_id: UUID
    kind: ItemKind
    evidence: str
    account_id: UUID | None
    issued_on: date
    expires_on: date | None
    """The last day it vouches; null for what never lapses."""
    state: ItemState
    recorded_by: str
    recorded_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    version: int


class ShownOut(BaseModel):
    """How one kind of item stands today."""

    kind: ItemKind
    label: str
    standing: Standing
    until: date | None
    sentence: str


class LapsedOut(BaseModel):
    """Something an organisation had shown, and that is out of date: to be known before a request goes."""

    kind: ItemKind
    since: date
    """The last day it vouched."""
    sentence: str


class AssuranceOut(BaseModel):
    """How an organisation stands today: its level, and every kind of item that is expected or was shown."""

    organisation_id: UUID
    assurance_level: AssuranceLevel
    refuses: list[str]
    """The categories it may not receive at this level."""
    rules_version: int
    items: list[ShownOut]
    allowed_actions: list[str]
