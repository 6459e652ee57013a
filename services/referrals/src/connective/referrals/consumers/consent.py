"""What consent announces: a yes that ended, an objection, an agreement that ended, holds what relied on it.

A yes that is given, or an objection that is resolved, changes nothing by itself: a person looks at what was held.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, true

from connective.contracts.categories import Purpose
from connective.contracts.consent_events import (
    AgreementEvent,
    ConsentEvent,
    ObjectionRaised,
    ProcessingRestrictionChanged,
)
from connective.kit.database import Unit
from connective.kit.inbox import Received
from connective.referrals.commands.hold_requests import hold_where, release_where
from connective.referrals.storage.stored_only import forget_stored_only, keep_stored_only
from connective.referrals.storage.tables import request

ENGAGEMENT = "agreement_to_engage"
_ENDED = {"refused": "consent_refused", "withdrawn": "consent_withdrawn", "expired": "consent_expired"}
_AGREEMENT_ENDED = {
    "suspended": "agreement_suspended",
    "expired": "agreement_ended",
    "terminated": "agreement_ended",
}


def _fact(event: Received) -> str:
    return event.subject.rsplit(".", 1)[-1]


def _for(recipients: tuple[UUID, ...]) -> ColumnElement[bool]:
    """No recipient named means every recipient."""
    return request.c.recipient_organisation_id.in_(recipients) if recipients else true()


def _about(person_ids: tuple[UUID, ...]) -> ColumnElement[bool]:
    overlaps: ColumnElement[bool] = request.c.people.overlap(list(person_ids))
    return overlaps


def _touched(told: ConsentEvent, fact: str) -> ColumnElement[bool]:
    """Requests that rely on the record, or that its scope covers.

    An agreement to be helped is needed by all; a permission under data-protection law only by those that relied on
    one. A record that merely ran out touches only what relied on that very record: a newer one may stand.
    """
    relied: ColumnElement[bool] = request.c.relied_consent_ids.overlap([told.consent_id])
    if fact == "expired" or (told.purposes and Purpose.REFERRAL not in told.purposes):
        return relied
    covered: ColumnElement[bool] = request.c.people.overlap(list(told.person_ids)) & _for(
        told.recipient_organisation_ids
    )
    if told.service_kinds:
        covered &= request.c.service_kind.in_(told.service_kinds)
    if told.kind != ENGAGEMENT:
        covered &= func.cardinality(request.c.relied_consent_ids) > 0
    return relied | covered


async def consent_changed(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Hold the open requests that relied on a yes that ended; their next reading is closed by consent itself."""
    code = _ENDED.get(_fact(event))
    if code is None:
        return
    told = ConsentEvent.model_validate(dict(event.data))
    here = request.c.place_id == event.place_id
    await hold_where(unit, here & _touched(told, _fact(event)), code, event.at)


async def objection_changed(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Hold what an objection is about until an officer resolves it and somebody releases it."""
    if _fact(event) != "raised":
        return
    told = ObjectionRaised.model_validate(dict(event.data))
    about = _about((told.person_id,)) & _for(told.recipient_organisation_ids)
    await hold_where(unit, (request.c.place_id == event.place_id) & about, "objection_raised", event.at)


async def processing_changed(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Hold what is about somebody whose data are only to be stored (UK GDPR Article 18), and close it to both sides."""
    told = ProcessingRestrictionChanged.model_validate(dict(event.data))
    if not told.active:
        await forget_stored_only(unit, (told.person_id,))
    else:
        await keep_stored_only(unit, event.place_id, told.person_id)
        about = (request.c.place_id == event.place_id) & _about((told.person_id,))
        await hold_where(unit, about, "processing_restricted", event.at)


async def agreement_changed(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Hold what was sent under an agreement that is suspended or has ended; release it when it is reinstated."""
    told = AgreementEvent.model_validate(dict(event.data))
    under = (request.c.place_id == event.place_id) & (request.c.relied_agreement_id == told.agreement_id)
    code = _AGREEMENT_ENDED.get(_fact(event))
    if code is not None:
        await hold_where(unit, under, code, event.at)
    if _fact(event) == "reinstated":
        await release_where(unit, under, "agreement_suspended", event.at)
