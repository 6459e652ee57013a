"""Enter what other services announce into the family's chronology: every fact once, whatever order it comes in."""

from connective.contracts.events import ReferralMade, RequestEvent
from connective.families.domain.chronology import Entry
from connective.families.storage.acts import enter
from connective.kit.database import Unit
from connective.kit.inbox import Received


async def enter_request(unit: Unit, event: Received) -> None:
    """Enter a fact about a request. It is sorted by its own time and version, so a late one finds its place."""
    fact = RequestEvent.model_validate(event.data)
    entry = Entry(
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
    await enter(unit, event.place_id, entry)


async def enter_referral(unit: Unit, event: Received) -> None:
    """Enter that a referral was made."""
    fact = ReferralMade.model_validate(event.data)
    organisation = fact.organisation_id
    entry = Entry(
        event.id, fact.family_id, event.at, "referral.made", organisation, organisation, event.aggregate_version
    )
    await enter(unit, event.place_id, entry)
