"""Webhooks: who may be told which fact, what a message holds, and when it is tried again.

A message says that something happened to a record its receiver knows of, and what the record is called; the receiver
fetches what it may see, so that permission is asked and the reading is recorded. Formats and times are those of
Standard Webhooks 1.0.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

SCHEDULE = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long after each failed try the next one follows (Standard Webhooks, "Deliverability"): 75 hours in all."""
TRIES = len(SCHEDULE) + 1
_JITTER = 0.1
"""Up to so much longer, so that a receiver that comes back is not met by all its messages at once."""
LONGEST_PAUSE = timedelta(hours=1)
_USUAL_PAUSE = timedelta(seconds=30)
OVERLAP = timedelta(hours=24)
"""How long the former secret signs beside the new one, where nobody says otherwise."""
_PREFIX = "hub."


class WebhookState(StrEnum):
    """Whether anything is sent to it."""

    ACTIVE = "active"
    DISABLED = "disabled"


class DeliveryState(StrEnum):
    """What became of one message for one webhook."""

    DELIVERED = "delivered"
    PENDING = "pending"
    SET_ASIDE = "set_aside"
    """Tried for three days in vain, or its webhook ended: it can be replayed."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """An organisation's wish to be told: where, of what; and how it went lately. Its secrets are kept apart."""

    id: UUID
    place_id: UUID
    organisation_id: UUID
    url: str
    description: str | None
    notice_email: str | None
    """Whom to write to when it is disabled."""
    events: tuple[str, ...]
    """Types of events, or all facts about one kind of record: `hub.referrals.request.*`."""
    state: WebhookState
    disabled_reason: str | None
    disabled_at: datetime | None
    old_secret_until: datetime | None
    last_success_at: datetime | None
    failing_since: datetime | None
    version: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may know of a fact."""

    organisations: frozenset[UUID] = frozenset()
    entities: frozenset[UUID] = frozenset()
    """Every organisation of these legal entities."""
    whole_place: bool = False


def audience(subject: str, data: Mapping[str, Any]) -> Audience:
    """Who may know of this fact, by the ids it holds; nobody, for a fact that is not for partners."""
    _, _, record, fact = subject.split(".")
    if record == "request":
        parties = {data["referrer_organisation_id"]}
        # What was never sent, or could not be, is between the referrer and its agreements.
        if data.get("sent") and fact != "blocked":
            parties.add(data["recipient_organisation_id"])
        return Audience(_ids(parties))
    if record in {"attachment", "voucher"}:
        return Audience(_ids(_sides_of_file(data, fact) if record == "attachment" else _sides_of_voucher(data)))
    if record == "intake":
        sender = data["sender_organisation_id"]
        return Audience(_ids([data["recipient_organisation_id"], *([sender] if sender else [])]))
    if record in {"assurance", "harvest", "organisation", "service", "webhook"}:
        return Audience(_ids(data["organisation_ids"] if record == "harvest" else (data["organisation_id"],)))
    if record == "agreement":
        return Audience(entities=_ids(data["legal_entity_ids"]))
    return Audience(whole_place=record == "checkpoint")


def _sides_of_voucher(data: Mapping[str, Any]) -> set[str]:
    return {data["issuer_organisation_id"], data["recipient_organisation_id"]}


def _sides_of_file(data: Mapping[str, Any], fact: str) -> set[str]:
    """Its own side always; the other side of what it can fetch, or can no longer, once the request was sent."""
    parties = {data["by_organisation_id"]}
    if fact in {"released", "removed"}:
        parties.add(data["referrer_organisation_id"])
        if data["sent"]:
            parties.add(data["recipient_organisation_id"])
    return parties


def _ids(texts: Iterable[str]) -> frozenset[UUID]:
    return frozenset(UUID(each) for each in texts)


def matching(event_type: str) -> tuple[str, str]:
    """What a webhook may have asked for to be told of events of this type."""
    record, _, _ = event_type.removesuffix(".v1").rpartition(".")
    return event_type, f"{record}.*"


def unknown_events(wanted: Iterable[str], types: Iterable[str]) -> list[str]:
    """Those of the wanted that no event of these types would ever match."""
    possible = {each for event_type in types for each in matching(event_type)}
    return sorted(set(wanted) - possible)


_SHOWN = ("reference", "state")
"""What a message says besides the record's id and version; the lists and the feed say the same and more."""


def message(
    *,
    event_id: UUID,
    event_type: str,
    service: str,
    record_id: UUID,
    version: int,
    at: datetime,
    data: Mapping[str, Any],
) -> str:
    """One message: a Standard Webhooks payload that is a CloudEvents 1.0 document as well."""
    moment = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    shown = {name: data[name] for name in _SHOWN if name in data}
    document = {
        "specversion": "1.0",
        "id": str(event_id),
        "source": f"/services/{service}",
        "type": event_type,
        "subject": str(record_id),
        "time": moment,
        "timestamp": moment,
        "datacontenttype": "application/json",
        "data": {"id": str(record_id), "version": version, **shown},
    }
    return json.dumps(document, separators=(",", ":"))


def next_try(tries: int, now: datetime, chance: float) -> datetime | None:
    """When to try again after so many failed tries; None after the last. `chance` (0 to 1) spreads the times."""
    if tries >= TRIES:
        return None
    return now + SCHEDULE[tries - 1] * (1 + _JITTER * chance)


def pause(status: int, retry_after: str | None, now: datetime) -> datetime | None:
    """Until when a receiver asks to be left alone; None when it does not.

    429, 502, 503 and 504 throttle (Standard Webhooks); `Retry-After` is believed up to an hour, in seconds alone.
    """
    if status not in {429, 502, 503, 504}:
        return None
    if retry_after is not None and retry_after.isascii() and retry_after.isdigit():
        return now + min(timedelta(seconds=min(int(retry_after), 86_400)), LONGEST_PAUSE)
    return now + _USUAL_PAUSE if status == 429 else None
