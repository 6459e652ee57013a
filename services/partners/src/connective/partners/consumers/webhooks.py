"""What happened anywhere in the Hub, for the webhooks of those who may know of it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from connective.contracts.subscriptions import WEBHOOKS
from connective.kit.clock import Clock
from connective.kit.database import Database, Unit
from connective.kit.inbox import AnyHandler, BatchHandler, Handler, Received
from connective.partners.commands.tell_webhooks import organisations_concerned, tell_organisations, tell_webhooks
from connective.partners.storage.sending import hold_webhooks

_AGREEMENTS = "hub.consent.agreement.*"
_ORGANISATIONS = "hub.partners.organisation.*"


def handlers(database: Database, clock: Clock) -> Mapping[str, AnyHandler]:
    """What each kind of event does here. A message is queued in the transaction that keeps its inbox row."""

    async def tell_all(unit: Unit, events: Sequence[Received]) -> None:
        await tell_webhooks(unit, events, clock())

    async def ask_whom(event: Received) -> list[UUID]:
        return await organisations_concerned(database, event)

    async def tell_entities(unit: Unit, event: Received, organisations: Any) -> None:  # noqa: ANN401 - what `ask_whom` answered
        await tell_organisations(unit, event, organisations, clock())

    async def organisation_changed(unit: Unit, event: Received, _: None) -> None:
        organisation_id, suspended = UUID(event.data["organisation_id"]), event.data["state"] == "suspended"
        await tell_webhooks(unit, [event], clock())
        await hold_webhooks(unit, event.place_id, organisation_id, event.aggregate_version, held=suspended)

    together: dict[str, AnyHandler] = {pattern: BatchHandler(tell_all) for pattern in WEBHOOKS}
    return together | {
        _AGREEMENTS: Handler(tell_entities, ask_whom),
        _ORGANISATIONS: Handler(organisation_changed),
    }
