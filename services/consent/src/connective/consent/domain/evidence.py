"""Everything a decision is taken from, read under locks in one transaction; the rules see nothing else."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from connective.consent.domain.agreement import State
from connective.consent.domain.agreement_terms import LawfulBasis, PeopleCovered
from connective.consent.domain.consent import ConsentState, Kind, Scope
from connective.contracts.authority import Authority
from connective.contracts.categories import AssuranceLevel, Category, Method, Purpose


@dataclass(frozen=True, slots=True, eq=False)
class PartyEvidence:
    """One side of the sharing: the organisation, and the legal entity it belongs to.

    Told apart by identity, as lines of agreements are: storage answers the same object while the record is the same,
    and finding what was concluded from it costs no comparison of its values.
    """

    organisation_id: UUID
    legal_entity_id: UUID
    name: str
    """Of the legal entity."""
    active: bool
    assurance_level: AssuranceLevel
    processing_signed: bool
    """Is a processing agreement signed and in date?"""
    ico_registered_until: date
    training_valid_until: date


@dataclass(frozen=True, slots=True, eq=False)
class FlowEvidence:
    """One line of an agreement version, from the discloser's legal entity to the recipient's for this purpose."""

    agreement_id: UUID
    reference: str
    version: int
    state: State
    signed: bool
    """Have both ends signed?"""
    starts_on: date
    ends_on: date
    dpia_review_due_on: date
    categories: frozenset[Category]
    methods: frozenset[Method]
    people_covered: PeopleCovered
    excluded_organisation_ids: frozenset[UUID]
    discloser_basis: LawfulBasis
    recipient_basis: LawfulBasis


@dataclass(frozen=True, slots=True)
class Statement:
    """What one giver said about one person; see `connective.consent.domain.consent`."""

    consent_id: UUID
    kind: Kind
    giver_id: UUID
    authority: Authority
    state: ConsentState
    scope: Scope
    said_at: datetime
    """Of the yes or no, or of its withdrawal."""
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ruling:
    """A practice lead's recorded decision where people who may decide differ, in the child's interest (rule 5)."""

    ruling_id: UUID
    kind: Kind
    share: bool
    scope: Scope
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """That a person was told what is shared about them; an empty set means every one."""

    recipient_organisation_ids: frozenset[UUID]
    purposes: frozenset[Purpose]


class ObjectionState(StrEnum):
    """What became of an objection."""

    DISMISSED = "dismissed"
    OPEN = "open"
    UPHELD = "upheld"


@dataclass(frozen=True, slots=True)
class Objection:
    """A person objects to sharing with these recipients; an empty set means with any."""

    state: ObjectionState
    recipient_organisation_ids: frozenset[UUID]


WHEREABOUTS = "whereabouts"
"""The kind of restriction that hides where a person can be found from everybody not named on it."""
CONFLICT = "conflict"
"""The kind that hides everything about a person from the organisations named on it."""
PROCESSING = "processing"
"""The kind that an officer places (UK GDPR Article 18): data are stored, and not otherwise used."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """A restriction on a person, while it is active: one that families keeps, or an officer's of processing."""

    kind: str
    named_organisation_ids: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class SubjectEvidence:
    """What is known of one person the question is about."""

    person_id: UUID
    age_years: int | None
    """None when it is not known, or before birth."""
    statements: tuple[Statement, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    notices: tuple[Notice, ...] = ()
    objections: tuple[Objection, ...] = ()
    restrictions: tuple[Restriction, ...] = ()


@dataclass(frozen=True, slots=True)
class Override:
    """A named worker's safeguarding override of this sharing (rule 7), while it stands."""

    override_id: UUID
    person_ids: frozenset[UUID]
    categories: frozenset[Category]
    restriction_confirmed: bool
    """Has a second person confirmed that it goes beyond a restriction too?"""


class OneOffGround(StrEnum):
    """Why something may be disclosed once without an agreement (rule 2)."""

    DUTY_IN_LAW = "duty_in_law"
    OFFICER_DECISION = "officer_decision"
    VITAL_INTERESTS = "vital_interests"


@dataclass(frozen=True, slots=True)
class OneOff:
    """A recorded one-off disclosure, while it stands."""

    one_off_id: UUID
    ground: OneOffGround
    person_ids: frozenset[UUID]
    categories: frozenset[Category]
    condition: str
    """The Article 9 or 10 condition relied on, in words; empty when no such data are disclosed."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found; None or empty where nothing was."""

    discloser: PartyEvidence | None
    recipient: PartyEvidence | None
    flows: tuple[FlowEvidence, ...]
    subjects: tuple[SubjectEvidence, ...]
    override: Override | None = None
    one_off: OneOff | None = None

    @property
    def same_entity(self) -> bool:
        """Are both organisations teams of one controller, so that there is no disclosure between them?"""
        return (
            self.discloser is not None
            and self.recipient is not None
            and self.discloser.legal_entity_id == self.recipient.legal_entity_id
        )
