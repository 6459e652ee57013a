"""Every fact is thin, is about a record, and either has a consumer or is declared outward."""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from types import NoneType
from typing import Any, get_args
from uuid import UUID

import pytest

from connective.contracts.describe import consumers, describe, matches, type_words
from connective.contracts.event import Event
from connective.contracts.events import EVENTS, OUTWARD
from connective.contracts.subscriptions import SUBSCRIPTIONS
from connective.kit.bus import STREAM

THIN = (UUID, int, bool, datetime, date)
# The payload fields that may be plain strings, because each holds a code, a reference or a digest; never a sentence.
CODES = {
    "act",
    "actor_id",
    "changed",
    "key_id",
    "kind",
    "named_actor_ids",
    "purpose",
    "reason_code",
    "reference",
    "relation",
    "root",
    "service_kind",
    "service_kinds",
    "signature",
    "state",
}
# What a place publishes to everybody: an office's name and telephone numbers, which services tell by themselves.
PUBLISHED = {"front_door_name", "front_door_number", "out_of_hours_number", "adults_number"}

every_event = pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS.keys())


def leaf_types(annotation: Any) -> set[Any]:
    """The types a value may be made of, unions and tuples taken apart."""
    arguments = [each for each in get_args(annotation) if each is not Ellipsis]
    return set().union(*map(leaf_types, arguments)) if arguments else {annotation}


@every_event
def test_a_fact_has_a_consumer_or_is_outward_and_never_both(event: type[Event]) -> None:
    assert bool(consumers(event.subject)) != (event.subject in OUTWARD), event.subject


@every_event
def test_a_subject_names_service_record_and_fact(event: type[Event]) -> None:
    hub, service, record, fact = event.subject.split(".")
    assert hub == "hub"
    assert service in SUBSCRIPTIONS
    assert record.replace("_", "").isalpha()
    assert fact.replace("_", "").isalpha()
    assert event.type_name() == f"{event.subject}.v1"


@every_event
def test_about_names_a_field_that_holds_an_id(event: type[Event]) -> None:
    assert event.model_fields[event.about].annotation is UUID


@every_event
def test_a_payload_holds_no_free_text(event: type[Event]) -> None:
    for name, field in event.model_fields.items():
        for kind in leaf_types(field.annotation) - {NoneType}:
            thin = kind in THIN or (isinstance(kind, type) and issubclass(kind, StrEnum))
            assert thin or (kind is str and name in CODES | PUBLISHED), (
                f"{event.__name__}.{name} could hold a person's words"
            )


@every_event
def test_a_payload_refuses_what_it_does_not_know(event: type[Event]) -> None:
    assert event.model_config["extra"] == "forbid"
    assert event.model_config["frozen"] is True


@every_event
def test_a_fact_says_what_it_means(event: type[Event]) -> None:
    assert (event.__doc__ or "").rstrip().endswith(".")


def test_outward_subjects_exist() -> None:
    assert set(EVENTS) >= OUTWARD


@pytest.mark.parametrize("service", SUBSCRIPTIONS)
def test_a_subscription_meets_a_fact(service: str) -> None:
    for pattern in SUBSCRIPTIONS[service]:
        assert any(matches(subject, pattern) for subject in EVENTS), f"{service} waits for {pattern} in vain"


def test_no_two_filters_of_a_durable_overlap() -> None:
    """The broker refuses a durable whose filters overlap."""
    for service, patterns in SUBSCRIPTIONS.items():
        for subject in EVENTS:
            assert sum(matches(subject, pattern) for pattern in patterns) <= 1, (service, subject)


def test_a_star_stands_for_one_token() -> None:
    assert matches("hub.a.b.c", "hub.*.b.c")
    assert not matches("hub.a.b.c", "hub.*")


def test_types_read_as_words() -> None:
    assert type_words(tuple[UUID, ...]) == "list of uuid"
    assert type_words(UUID | None) == "uuid or null"


def test_the_page_of_events_is_up_to_date(root: Path) -> None:
    page = (root / "docs" / "events.md").read_text(encoding="utf-8")
    assert page == describe(), "run: python -m connective.contracts.describe > docs/events.md"


def test_deployment_and_services_mean_the_same_stream() -> None:
    from connective.kit import bus
    from connective.local import broker_accounts

    assert broker_accounts.STREAM == STREAM
    assert broker_accounts.DOMAIN == bus.DOMAIN
