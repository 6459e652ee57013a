"""Organisations and lines of agreements as rules see them, each made once from its text as stored.

Another text is another record, so none can be out of date; and the same record is the same object, by which rules find
what they concluded from it.
"""

from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

import pydantic_core

from connective.consent.domain.agreement import State
from connective.consent.domain.agreement_terms import Article6, Article9, LawfulBasis, PeopleCovered
from connective.consent.domain.evidence import FlowEvidence, PartyEvidence
from connective.contracts.categories import AssuranceLevel, Category, Method, Purpose

_READ_ALREADY = 4096
Ends = tuple[UUID, UUID, Purpose]
"""The two legal entities a line of an agreement lies between, and what for."""


@lru_cache(maxsize=_READ_ALREADY)
def party_of(text: str) -> PartyEvidence:
    """An organisation with its legal entity, from the JSON that was read."""
    row = pydantic_core.from_json(text)
    return PartyEvidence(
        organisation_id=UUID(row["id"]),
        legal_entity_id=UUID(row["legal_entity_id"]),
        name=row["name"],
        active=row["active"],
        assurance_level=AssuranceLevel(row["assurance_level"]),
        processing_signed=row["processing_signed"],
        ico_registered_until=date.fromisoformat(row["ico_registered_until"]),
        training_valid_until=date.fromisoformat(row["training_valid_until"]),
    )


def _basis(row: dict[str, Any]) -> LawfulBasis:
    return LawfulBasis(
        **{
            **row,
            "legal_entity_id": UUID(row["legal_entity_id"]),
            "purpose": Purpose(row["purpose"]),
            "article_6": Article6(row["article_6"]),
            "article_9": Article9(row["article_9"]) if row["article_9"] else None,
        }
    )


@lru_cache(maxsize=_READ_ALREADY)
def flow_of(text: str) -> tuple[Ends, FlowEvidence]:
    """A line of an agreement and the legal entities it lies between, from the JSON that was read."""
    row = pydantic_core.from_json(text)
    flow = FlowEvidence(
        agreement_id=UUID(row["agreement_id"]),
        reference=row["reference"],
        version=row["version"],
        state=State(row["state"]),
        signed=row["signed"],
        starts_on=date.fromisoformat(row["starts_on"]),
        ends_on=date.fromisoformat(row["ends_on"]),
        dpia_review_due_on=date.fromisoformat(row["dpia_review_due_on"]),
        categories=frozenset(map(Category, row["categories"])),
        methods=frozenset(map(Method, row["methods"])),
        people_covered=PeopleCovered(row["people_covered"]),
        excluded_organisation_ids=frozenset(map(UUID, row["excluded_organisation_ids"])),
        discloser_basis=_basis(row["discloser_basis"]),
        recipient_basis=_basis(row["recipient_basis"]),
    )
    return (UUID(row["from_entity_id"]), UUID(row["to_entity_id"]), Purpose(row["purpose"])), flow
