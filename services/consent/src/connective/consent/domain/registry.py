"""What the place's register may be asked to hold about legal entities, and who may sign for them."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from connective.consent.domain.agreement_terms import ProhibitedUse
from connective.consent.domain.legal_entities import PROCESSING_AGREEMENT_PARTS, PROHIBITED_TO_ALL, LegalEntity
from connective.consent.domain.refusals import NotYours, Unacceptable


def sign_processing_agreement(
    entity: LegalEntity,
    signer_entity_id: UUID,
    confirms: frozenset[str],
    refrains_from: frozenset[ProhibitedUse],
    ends_on: date | None,
    *,
    at: datetime,
    today: date,
) -> LegalEntity:
    """The entity with its processing agreement signed (UK GDPR Article 28). Each part must be confirmed by name.

    So must each use that is prohibited to everybody who works in the Hub.
    Raises NotYours for another entity's signatory, Unacceptable when a part is missing or the end has passed.
    """
    if signer_entity_id != entity.id:
        raise NotYours("other_entity", "A signatory signs for their own legal entity only.")
    missing = sorted(PROCESSING_AGREEMENT_PARTS - confirms)
    if missing:
        sentence = f"The processing agreement does not settle: {', '.join(missing)}."
        raise Unacceptable("parts_missing", sentence, "/confirms")
    unheard = sorted(PROHIBITED_TO_ALL - refrains_from)
    if unheard:
        sentence = f"The prohibition of these uses is not accepted: {', '.join(unheard)}."
        raise Unacceptable("uses_not_accepted", sentence, "/refrains_from")
    if ends_on is not None and ends_on < today:
        raise Unacceptable("ended_already", "The processing agreement's last day has passed.", "/ends_on")
    return replace(
        entity, processing_agreement_signed_at=at, processing_agreement_ends_on=ends_on, version=entity.version + 1
    )
