"""What the gateway learns from facts: suspensions, contracts, revocations, and who without a system is to be told."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from connective.contracts.directory_events import HarvestWaiting, ListingNoticed
from connective.contracts.officer_events import ProcessingAgreementSigned
from connective.contracts.partner_events import OrganisationEvent
from connective.contracts.permissions import Role
from connective.contracts.referral_events import RequestEvent
from connective.gateway.domain.budgets import read_look
from connective.gateway.domain.links import LINK_LIVES
from connective.gateway.domain.notices import Notice
from connective.gateway.storage.budgets import note_looks
from connective.gateway.storage.contracts import keep_processing_agreement
from connective.gateway.storage.denials import DenialKind, deny, keep_organisation_state
from connective.gateway.storage.links import ask_for_link, takers_of_links
from connective.gateway.storage.notices import note_for, who_hold
from connective.gateway.tokens.claims import ACCESS_TOKEN_SECONDS
from connective.kit.database import Unit
from connective.kit.inbox import AnyHandler, BatchHandler, Handler, Received


async def _keep_state(unit: Unit, event: Received, _: None) -> None:
    said = OrganisationEvent.model_validate(event.data)
    await keep_organisation_state(unit.connection, event.place_id, said, event.aggregate_version)


async def _keep_contract(unit: Unit, event: Received, _: None) -> None:
    said = ProcessingAgreementSigned.model_validate(event.data)
    await keep_processing_agreement(
        unit.connection, said.legal_entity_id, event.place_id, said.ends_on, event.aggregate_version
    )


async def _refuse_session(unit: Unit, event: Received, _: None) -> None:
    until = datetime.fromisoformat(event.data["until"])
    await unit.connection.run_sync(deny, DenialKind.SESSION, str(UUID(event.data["session_id"])), until)


async def _refuse_client(unit: Unit, event: Received, _: None) -> None:
    until = event.at + timedelta(seconds=ACCESS_TOKEN_SECONDS)
    await unit.connection.run_sync(deny, DenialKind.CLIENT, str(UUID(event.data["client_id"])), until)


async def _ask_for_links(unit: Unit, events: Sequence[Received]) -> None:
    # A link older than it lives would be posted about something that was answered long ago.
    young = [event for event in events if datetime.now(UTC) - event.at < LINK_LIVES]
    takers = await takers_of_links(unit, {_recipient(event) for event in young})
    for event in young:
        if _recipient(event) in takers:
            said = RequestEvent.model_validate(event.data)
            await ask_for_link(unit, said.recipient_organisation_id, said.request_id, event.at)


def _recipient(event: Received) -> UUID:
    return UUID(event.data["recipient_organisation_id"])


async def _overdue(unit: Unit, events: Sequence[Received]) -> None:
    await _ask_for_links(unit, events)
    for event in events:
        await _note_coordinator(unit, event, None)


async def _note_coordinator(unit: Unit, event: Received, _: None) -> None:
    if event.data.get("escalated_to") is not None:
        await note_for(unit, [UUID(event.data["escalated_to"])], Notice.ESCALATED, event.at)


async def _note_watchers(unit: Unit, event: Received, _: None) -> None:
    said = ListingNoticed.model_validate(event.data)
    await note_for(unit, said.account_ids, Notice.WATCHED_LISTING, event.at)


async def _note_deciders(unit: Unit, event: Received, _: None) -> None:
    """Coordinators for the whole place, and an organisation's own administrators for what is told of theirs."""
    said = HarvestWaiting.model_validate(event.data)
    await note_for(unit, said.account_ids, Notice.PROPOSED_LISTINGS, event.at)
    owners = await who_hold(unit, said.organisation_ids, Role.PARTNER_ADMIN)
    await note_for(unit, [each for each in owners if each not in said.account_ids], Notice.OWN_LISTINGS, event.at)


async def _alarm_lead(unit: Unit, event: Received, _: None) -> None:
    """A no of this code alarms the safeguarding lead of who had asked (domain rules, section 4)."""
    said = RequestEvent.model_validate(event.data)
    if said.reason_code == "needs_statutory_help":
        leads = await who_hold(unit, [said.referrer_organisation_id], Role.SAFEGUARDING_LEAD)
        await note_for(unit, leads, Notice.STATUTORY_HELP, event.at)


async def _count_people(unit: Unit, events: Sequence[Received]) -> None:
    looks = (read_look(event.data, event.at) for event in events)
    await note_looks(unit, [look for look in looks if look is not None])


_PEOPLE = BatchHandler(_count_people)
"""Together: an office opens many records in a second."""
_LINKS = BatchHandler(_ask_for_links)
"""Together, because most recipients have systems or accounts: one question finds the few that take links."""
HANDLERS: Mapping[str, AnyHandler] = {
    "hub.partners.organisation.*": Handler(_keep_state),
    "hub.consent.processing_agreement.signed": Handler(_keep_contract),
    "hub.partners.harvest.waiting": Handler(_note_deciders),
    "hub.partners.listing.noticed": Handler(_note_watchers),
    "hub.families.audit.recorded": _PEOPLE,
    "hub.referrals.audit.recorded": _PEOPLE,
    "hub.gateway.token.revoked": Handler(_refuse_session),
    "hub.gateway.credential.revoked": Handler(_refuse_client),
    "hub.referrals.request.answered": _LINKS,
    "hub.referrals.intake.overdue": Handler(_note_coordinator),
    "hub.referrals.request.declined": Handler(_alarm_lead),
    "hub.referrals.request.overdue": BatchHandler(_overdue),
    "hub.referrals.request.submitted": _LINKS,
}
