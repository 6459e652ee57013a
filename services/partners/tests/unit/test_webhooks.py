"""Who may be told what, what a message holds, when it is tried again, and that others understand its signature."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from standardwebhooks.webhooks import Webhook as Independent
from standardwebhooks.webhooks import WebhookVerificationError

from connective.contracts.events import EVENTS
from connective.partners.commands.webhook_means import TYPES
from connective.partners.domain.signatures import shown_secret, signed_headers
from connective.partners.domain.webhooks import (
    SCHEDULE,
    TRIES,
    audience,
    matching,
    message,
    next_try,
    pause,
    unknown_events,
)

NOW = datetime.now(UTC)
"""For what has no clock of its own: a verifier has one, and believes a signature for five minutes."""
SECRET, OTHER = bytes(range(32)), bytes(range(32, 64))
BODY = b'{"type":"hub.referrals.request.accepted.v1","data":{"id":"1"}}'
REFERRER, RECIPIENT, ELSE = uuid4(), uuid4(), uuid4()


def verify(headers: dict[str, str], body: bytes = BODY, secret: bytes = SECRET) -> Any:
    return Independent(shown_secret(secret)).verify(body, headers)


def test_an_independent_verifier_understands_our_signature() -> None:
    assert verify(signed_headers([SECRET], "msg_1", datetime.now(UTC), BODY)) == json.loads(BODY)


@pytest.mark.parametrize("secret", [SECRET, OTHER])
def test_while_secrets_overlap_both_verify(secret: bytes) -> None:
    headers = signed_headers([SECRET, OTHER], "msg_1", datetime.now(UTC), BODY)
    assert headers["webhook-signature"].count("v1,") == 2
    assert verify(headers, secret=secret)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"webhook-id": "msg_2"},
        {"webhook-timestamp": str(int(NOW.timestamp()) - 1)},
        {"webhook-signature": "v1," + "A" * 43 + "="},
        {"webhook-signature": "v2,abc"},
        {"webhook-signature": ""},
    ],
)
def test_what_was_altered_does_not_verify(spoilt: dict[str, str]) -> None:
    with pytest.raises(WebhookVerificationError):
        verify(signed_headers([SECRET], "msg_1", datetime.now(UTC), BODY) | spoilt)


def test_neither_another_body_nor_another_secret_nor_another_time_verifies() -> None:
    headers = signed_headers([SECRET], "msg_1", datetime.now(UTC), BODY)
    for body, secret in ((BODY + b" ", SECRET), (BODY, OTHER)):
        with pytest.raises(WebhookVerificationError):
            verify(headers, body, secret)
    for minutes in (-6, 6):
        with pytest.raises(WebhookVerificationError):
            verify(signed_headers([SECRET], "msg_1", datetime.now(UTC) + timedelta(minutes=minutes), BODY))


def test_a_message_is_thin() -> None:
    """Its referral would tell a recipient of its siblings, its family would join them: neither is in it."""
    record, event = uuid4(), uuid4()
    data = {
        "request_id": str(record),
        "referral_id": str(uuid4()),
        "family_id": str(uuid4()),
        "state": "accepted",
        "reference": "REQ-1",
        "reason_code": "consent_withdrawn",
    }
    told = message(
        event_id=event,
        event_type="hub.referrals.request.accepted.v1",
        service="referrals",
        record_id=record,
        version=4,
        at=NOW,
        data=data,
    )
    assert data["family_id"] not in told
    assert data["referral_id"] not in told
    document = json.loads(told)
    assert document["data"] == {"id": str(record), "version": 4, "reference": "REQ-1", "state": "accepted"}
    assert (document["specversion"], document["type"]) == ("1.0", "hub.referrals.request.accepted.v1")
    assert document["timestamp"] == document["time"]
    assert len(told) < 1_000


def a_request(*, sent: bool) -> dict[str, Any]:
    return {
        "referrer_organisation_id": str(REFERRER),
        "recipient_organisation_id": str(RECIPIENT),
        "by_organisation_id": str(ELSE),
        "sent": sent,
    }


@pytest.mark.parametrize(
    ("fact", "sent", "told"),
    [
        ("submitted", True, {REFERRER, RECIPIENT}),
        ("withdrawn", True, {REFERRER, RECIPIENT}),
        ("withdrawn", False, {REFERRER}),
        ("amended", False, {REFERRER}),
        ("blocked", True, {REFERRER}),
        ("corrected", False, {REFERRER}),
    ],
)
def test_a_request_is_its_parties_alone_and_the_recipients_once_it_was_sent(
    fact: str, sent: bool, told: set[UUID]
) -> None:
    known = audience(f"hub.referrals.request.{fact}", a_request(sent=sent))
    assert (known.organisations, known.entities, known.whole_place) == (told, frozenset(), False)


def test_an_event_from_before_we_said_so_counts_as_not_sent() -> None:
    data = a_request(sent=True)
    del data["sent"]
    assert audience("hub.referrals.request.accepted", data).organisations == {REFERRER}


def test_other_facts_go_to_whom_they_concern() -> None:
    own = {"organisation_id": str(ELSE), "legal_entity_id": str(uuid4())}
    for subject in (
        "hub.partners.service.changed",
        "hub.partners.organisation.changed",
        "hub.partners.webhook.disabled",
    ):
        assert audience(subject, own).organisations == {ELSE}
    voucher = {"issuer_organisation_id": str(REFERRER), "recipient_organisation_id": str(RECIPIENT)}
    assert audience("hub.referrals.voucher.issued", voucher).organisations == {REFERRER, RECIPIENT}
    file = {"referrer_organisation_id": str(REFERRER), "recipient_organisation_id": str(RECIPIENT), "sent": True}
    file["by_organisation_id"] = str(REFERRER)
    for fact, told in (("refused", {REFERRER}), ("received", {REFERRER}), ("released", {REFERRER, RECIPIENT})):
        assert audience(f"hub.referrals.attachment.{fact}", file).organisations == told
    assert audience("hub.referrals.attachment.released", file | {"sent": False}).organisations == {REFERRER}
    intake = {"sender_organisation_id": None, "recipient_organisation_id": str(RECIPIENT)}
    assert audience("hub.referrals.intake.received", intake).organisations == {RECIPIENT}
    intake["sender_organisation_id"] = str(REFERRER)
    assert audience("hub.referrals.intake.matched", intake).organisations == {REFERRER, RECIPIENT}
    parties = {"legal_entity_ids": [str(REFERRER)]}
    assert audience("hub.consent.agreement.activated", parties).entities == {REFERRER}
    assert audience("hub.consent.checkpoint.signed", {}).whole_place
    nobody = audience("hub.families.family.registered", {"organisation_id": str(ELSE)})
    assert nobody == audience("hub.consent.disclosure.recorded", {})
    assert not nobody.whole_place


def test_nothing_about_families_people_or_accounts_can_be_asked_for() -> None:
    assert len(TYPES) > 30
    assert not [each for each in TYPES if each.split(".")[2] in {"family", "person", "restriction", "account", "audit"}]
    assert {each.removesuffix(".v1") for each in TYPES} <= EVENTS.keys()


def test_what_no_event_would_ever_match_is_not_asked_for() -> None:
    assert matching("hub.referrals.request.accepted.v1") == (
        "hub.referrals.request.accepted.v1",
        "hub.referrals.request.*",
    )
    assert not unknown_events(["hub.referrals.request.*", "hub.consent.checkpoint.signed.v1"], TYPES)
    assert unknown_events(["hub.families.family.*", "hub.referrals.request.v1"], TYPES) == [
        "hub.families.family.*",
        "hub.referrals.request.v1",
    ]


def test_tries_go_on_for_more_than_three_days_and_end() -> None:
    assert SCHEDULE[0] == timedelta(seconds=5)
    assert sum(SCHEDULE, timedelta()) >= timedelta(hours=72)
    assert next_try(1, NOW, 0.0) == NOW + timedelta(seconds=5)
    assert next_try(1, NOW, 1.0) == NOW + timedelta(seconds=5.5)
    assert next_try(TRIES - 1, NOW, 0.0) == NOW + timedelta(hours=24)
    assert next_try(TRIES, NOW, 0.0) is None


@pytest.mark.parametrize(
    ("status", "retry_after", "seconds"),
    [
        (429, None, 30),
        (429, "7", 7),
        (503, "120", 120),
        (503, None, None),
        (503, "99999999999999999999", 3600),
        (503, "Wed, 21 Oct 2026 07:28:00 GMT", None),
        (503, "-5", None),
        (500, "60", None),
        (200, "60", None),
    ],
)
def test_a_receiver_may_ask_to_be_left_alone(status: int, retry_after: str | None, seconds: int | None) -> None:
    until = pause(status, retry_after, NOW)
    assert until == (None if seconds is None else NOW + timedelta(seconds=seconds))
