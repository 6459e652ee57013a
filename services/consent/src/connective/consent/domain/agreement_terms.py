"""What an agreement says: the structured terms that signatories sign and decisions are taken from (§6)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from connective.contracts.categories import Category, Method, Purpose


class PartyRole(StrEnum):
    """What a party is to the data."""

    CONTROLLER = "controller"
    JOINT_CONTROLLER = "joint_controller"
    PROCESSOR = "processor"


class Article6(StrEnum):
    """Lawful bases of UK GDPR Article 6, as amended by the Data (Use and Access) Act 2025 s70."""

    CONSENT = "6(1)(a)"
    CONTRACT = "6(1)(b)"
    LEGAL_OBLIGATION = "6(1)(c)"
    VITAL_INTERESTS = "6(1)(d)"
    PUBLIC_TASK = "6(1)(e)"
    RECOGNISED_INTEREST = "6(1)(ea)"
    LEGITIMATE_INTEREST = "6(1)(f)"


class Article9(StrEnum):
    """Conditions for special category data (UK GDPR Article 9(2)) that partners of a place may rely on."""

    EXPLICIT_CONSENT = "9(2)(a)"
    SOCIAL_PROTECTION = "9(2)(b)"
    VITAL_INTERESTS = "9(2)(c)"
    LEGAL_CLAIMS = "9(2)(f)"
    SUBSTANTIAL_PUBLIC_INTEREST = "9(2)(g)"
    HEALTH_OR_SOCIAL_CARE = "9(2)(h)"
    PUBLIC_HEALTH = "9(2)(i)"
    RESEARCH = "9(2)(j)"


NEED_SCHEDULE_1 = frozenset(
    {
        Article9.SOCIAL_PROTECTION,
        Article9.SUBSTANTIAL_PUBLIC_INTEREST,
        Article9.HEALTH_OR_SOCIAL_CARE,
        Article9.PUBLIC_HEALTH,
        Article9.RESEARCH,
    }
)
"""Conditions that stand only with a paragraph of Schedule 1 to the Data Protection Act 2018 (s10(2) and (3))."""


class PeopleCovered(StrEnum):
    """Whose data an agreement is about."""

    ADULTS = "adults"
    CHILDREN = "children"
    EVERYONE = "everyone"


class ProhibitedUse(StrEnum):
    """What data may never be used for, whoever holds them (§6)."""

    DEBT_RECOVERY = "debt_recovery"
    IMMIGRATION_ENFORCEMENT = "immigration_enforcement"
    MARKETING = "marketing"
    RECRUITMENT = "recruitment"
    RENT_ENFORCEMENT = "rent_enforcement"
    RESEARCH = "research"


class AtEnd(StrEnum):
    """What happens to shared data when the agreement ends; each party confirms it with name and date."""

    DELETE = "delete"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Party:
    """A legal entity bound by the agreement; its organisations inherit, unless excluded."""

    legal_entity_id: UUID
    role: PartyRole
    excluded_organisation_ids: frozenset[UUID] = frozenset()
    joins_late: bool = False
    """A late joiner signs alone: only flows that touch it wait for its signature."""


@dataclass(frozen=True, slots=True)
class LawfulBasis:
    """On what one party relies for one purpose: bases are never borrowed from the other side."""

    legal_entity_id: UUID
    purpose: Purpose
    article_6: Article6
    legal_power: str = ""
    """The Act and section that lays the task or duty on this party; needed for (c) and (e)."""
    article_9: Article9 | None = None
    article_10: str = ""
    """The authority for criminal offence data, in words; empty when none is shared."""
    schedule_1_paragraph: str = ""
    policy_document: str = ""
    """Reference of the appropriate policy document, where the Schedule 1 paragraph asks for one."""
    confidentiality_basis: str = ""
    """How the common-law duty of confidence is met; all NHS data are held under it."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One line of the agreement: these categories, from one party to another, for one purpose, by these methods."""

    from_entity_id: UUID
    to_entity_id: UUID
    purpose: Purpose
    categories: frozenset[Category]
    methods: frozenset[Method]

    @property
    def ends(self) -> frozenset[UUID]:
        """The two legal entities it runs between."""
        return frozenset({self.from_entity_id, self.to_entity_id})


@dataclass(frozen=True, slots=True)
class Assessment:
    """The data protection impact assessment the agreement rests on."""

    reference: str
    outcome: str
    approved_on: date
    review_due_on: date


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a recipient keeps these categories, in words that a records officer can apply."""

    categories: frozenset[Category]
    rule: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything one version of an agreement states."""

    title: str
    summary: str
    """Plain English, for the public register."""
    parties: tuple[Party, ...]
    bases: tuple[LawfulBasis, ...]
    flows: tuple[Flow, ...]
    people_covered: PeopleCovered
    necessity: str
    prohibited_uses: frozenset[ProhibitedUse]
    onward_sharing: str
    security: str
    retention: tuple[Retention, ...]
    rights_contact: str
    complaints_contact: str
    breach_contact: str
    dpia: Assessment | None
    audit_entity_ids: frozenset[UUID]
    """Whose auditors may see what moves under the agreement."""
    starts_on: date
    review_on: date
    ends_on: date
    at_end: AtEnd
    memorandum_id: UUID | None = None
    """The memorandum of understanding it serves, if there is one: what the partners do together, on another paper."""
    privacy_notice: str = ""
    """Where the notice is that tells people of this sharing (Articles 13 and 14)."""

    def party(self, legal_entity_id: UUID) -> Party | None:
        """The party that is this legal entity, if it is one."""
        return next((p for p in self.parties if p.legal_entity_id == legal_entity_id), None)

    def basis(self, legal_entity_id: UUID, purpose: Purpose) -> LawfulBasis | None:
        """What this party relies on for this purpose, if the agreement says."""
        return next(
            (b for b in self.bases if b.legal_entity_id == legal_entity_id and b.purpose == purpose),
            None,
        )
