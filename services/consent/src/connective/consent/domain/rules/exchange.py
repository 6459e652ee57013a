"""What rules 1 to 3 see of a question: who shares what with whom and how, and nothing of the people concerned."""

from typing import NamedTuple
from uuid import UUID

from connective.consent.domain.evidence import Evidence, PartyEvidence
from connective.contracts.categories import Category, Method
from connective.contracts.sharing import Question


class Exchange(NamedTuple):
    """The same for every family that is shared about in this way, so that what follows from it may be kept."""

    discloser: PartyEvidence | None
    recipient: PartyEvidence | None
    discloser_organisation_id: UUID
    recipient_organisation_id: UUID
    categories: frozenset[Category]
    method: Method


def exchange_of(question: Question, evidence: Evidence) -> Exchange:
    """The part of a question and its evidence that holds nobody's record."""
    return Exchange(
        evidence.discloser,
        evidence.recipient,
        question.discloser_organisation_id,
        question.recipient_organisation_id,
        question.categories,
        question.method,
    )
