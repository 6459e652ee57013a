"""An agreement's terms on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from connective.consent.api.deps import Body
from connective.consent.api.words import Line, Text
from connective.consent.domain.agreement_terms import (
    Article6,
    Article9,
    AtEnd,
    PartyRole,
    PeopleCovered,
    ProhibitedUse,
    Terms,
)
from connective.consent.domain.canonical import plain
from connective.consent.storage.agreements import terms_from
from connective.contracts.categories import Category, Method, Purpose

Ids = Annotated[frozenset[UUID], Field(max_length=100)]


class AgreementParty(Body):
    """A legal entity bound by the agreement; its organisations inherit unless excluded."""

    legal_entity_id: UUID
    role: PartyRole
    excluded_organisation_ids: Ids = frozenset()
    joins_late: bool = False


class AgreementBasis(Body):
    """On what one party relies for one purpose."""

    legal_entity_id: UUID
    purpose: Purpose
    article_6: Article6
    legal_power: Line = ""
    article_9: Article9 | None = None
    article_10: Line = ""
    schedule_1_paragraph: Line = ""
    policy_document: Line = ""
    confidentiality_basis: Line = ""


class AgreementFlow(Body):
    """These categories, from one party to another, for one purpose, by these methods."""

    from_entity_id: UUID
    to_entity_id: UUID
    purpose: Purpose
    categories: frozenset[Category]
    methods: frozenset[Method]


class ImpactAssessment(Body):
    """The data protection impact assessment."""

    reference: Line
    outcome: Text
    approved_on: date
    review_due_on: date


class AgreementRetention(Body):
    """How long a recipient keeps these categories."""

    categories: frozenset[Category]
    rule: Line


class AgreementTerms(Body):
    """Everything one version states. A draft may leave words empty; submitting it says what is missing."""

    title: Line
    summary: Text
    parties: Annotated[list[AgreementParty], Field(max_length=50)]
    bases: Annotated[list[AgreementBasis], Field(max_length=400)]
    flows: Annotated[list[AgreementFlow], Field(max_length=400)]
    people_covered: PeopleCovered
    necessity: Text
    prohibited_uses: frozenset[ProhibitedUse]
    onward_sharing: Text
    security: Text
    retention: Annotated[list[AgreementRetention], Field(max_length=50)]
    rights_contact: Line
    complaints_contact: Line
    breach_contact: Line
    dpia: ImpactAssessment | None
    audit_entity_ids: Ids
    starts_on: date
    review_on: date
    ends_on: date
    at_end: AtEnd
    memorandum_id: UUID | None = None
    privacy_notice: Line = ""

    def to_domain(self) -> Terms:
        """The domain's terms."""
        return terms_from(self.model_dump())


def show_terms(terms: Terms) -> AgreementTerms:
    """The terms as they are answered."""
    return AgreementTerms.model_validate(plain(terms))
