"""Enter what other services announce into families' chronologies: every fact once, whatever order it comes in."""

from collections.abc import Sequence

from connective.contracts.referral_events import ReferralMade, RequestEvent, SignpostGiven
from connective.families.domain.chronology import Entry
from connective.families.storage.acts import enter
from connective.kit.database import Unit
from connective.kit.inbox import Received


async def write_chronology(unit: Unit, events: Sequence[Received]) -> None:
    """Enter facts of referrals, requests and signposts, sorted by their own time and version: a late one fits in."""
    await enter(unit, [(event.place_id, _entry(event)) for event in events])


def _entry(event: Received) -> Entry:
    if event.subject == SignpostGiven.subject:
        return _of_signpost(event)
    return _of_referral(event) if event.subject == ReferralMade.subject else _of_request(event)


def _of_signpost(event: Received) -> Entry:
    fact = SignpostGiven.model_validate(event.data)
    by = fact.organisation_id
    return Entry(
        id=event.id,
        family_id=fact.family_id,
        at=fact.at,
        code="signpost.given",
        organisation_id=by,
        owner_organisation_id=by,
        version=event.aggregate_version,
        service_kind=fact.service_kind,
        sensitive=fact.sensitive,
    )


def _of_request(event: Received) -> Entry:
    fact = RequestEvent.model_validate(event.data)
    return Entry(
        id=event.id,
        family_id=fact.family_id,
        at=fact.at,
        code=f"request.{event.subject.rsplit('.', 1)[-1]}",
        organisation_id=fact.by_organisation_id,
        owner_organisation_id=fact.referrer_organisation_id,
        version=event.aggregate_version,
        reference=fact.reference,
        service_kind=fact.service_kind,
        reason_code=fact.reason_code,
        sensitive=fact.sensitive,
    )


def _of_referral(event: Received) -> Entry:
    fact = ReferralMade.model_validate(event.data)
    by = fact.organisation_id
    return Entry(event.id, fact.family_id, event.at, "referral.made", by, by, event.aggregate_version)
