from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from pydantic import ValidationError

from connective.kit.actor import Actor, ActorKind
from connective.kit.app import router
from connective.kit.database import context_sql
from connective.kit.etags import etag, matches, refuse_stale, required_version
from connective.kit.idempotency import read_attempt
from connective.kit.inbox import Unreadable, read_event
from connective.kit.pages import Cursors
from connective.kit.policy import UndeclaredPolicy
from connective.kit.problems import BadRequest, Invalid, KeyMissing, MatchRequired, Stale, problem_document
from connective.kit.settings import ServiceSettings
from connective.kit.testing import SECRET

PLACE = UUID("0198e000-0000-7000-8000-000000000001")


def test_a_cursor_comes_back_and_a_forged_one_does_not() -> None:
    cursors = Cursors(b"k" * 32)
    cursor = cursors.write("2026-01-01T00:00:00Z", PLACE)
    assert cursors.read(cursor, str, UUID) == ("2026-01-01T00:00:00Z", PLACE)
    assert cursors.read(None, str, UUID) is None
    for forged in (cursor[:-2] + "AA", "x", "é", Cursors(b"o" * 32).write("a", "b"), cursors.write("one")):
        with pytest.raises(Invalid):
            cursors.read(forged, str, UUID)


@pytest.mark.parametrize("position", [(7,), ("a name",), (None,), (["x"],), ("a name", str(PLACE))])
def test_a_cursor_of_another_list_is_refused_as_a_forged_one_is(position: tuple[object, ...]) -> None:
    cursors = Cursors(b"k" * 32)
    with pytest.raises(Invalid):
        cursors.after(cursors.write(*position))
    assert cursors.after(cursors.write(PLACE)) == PLACE


def test_versions_on_the_wire() -> None:
    assert etag(3) == '"3"'
    assert required_version('"3"') == 3
    assert matches('"2", W/"3"', 3)
    assert not matches(None, 3)
    with pytest.raises(MatchRequired):
        required_version(None)
    with pytest.raises(BadRequest):
        required_version("*")
    with pytest.raises(Stale):
        refuse_stale(2, 3)


def test_an_attempt_needs_a_key_and_knows_its_body() -> None:
    first = read_attempt('"0198e000-1111"', "POST /x", b"{}", b"s")
    assert first == read_attempt("0198e000-1111", "POST /x", b"{}", b"s")
    assert first.fingerprint != read_attempt("0198e000-1111", "POST /x", b"{ }", b"s").fingerprint
    with pytest.raises(KeyMissing):
        read_attempt(None, "POST /x", b"", b"s")
    with pytest.raises(BadRequest):
        read_attempt("short", "POST /x", b"", b"s")


def test_only_identifiers_enter_the_context() -> None:
    actor = Actor(ActorKind.PERSON, "x'; DROP TABLE person; --", place_id=PLACE)
    with pytest.raises(ValueError, match="identifier"):
        context_sql(actor)
    assert f"SET LOCAL app.place='{PLACE}';" in context_sql(Actor(ActorKind.PERSON, str(PLACE), place_id=PLACE))


def test_a_route_without_a_policy_fails_when_it_is_added() -> None:
    routes = router()
    with pytest.raises(UndeclaredPolicy):
        routes.get("/things")(lambda: None)


def test_an_event_whose_source_is_not_its_subjects_is_refused() -> None:
    body = (
        f'{{"id":"{PLACE}","subject":"{PLACE}","aggregateversion":1,"placeid":"{PLACE}","time":"2026-01-01T00:00:00Z",'
        '"data":{},"source":"/services/families","type":"hub.consent.consent.given.v1"}'
    )
    with pytest.raises(Unreadable):
        read_event("hub.consent.consent.given", body.encode())
    with pytest.raises(Unreadable):
        read_event("hub.consent.consent.given", b"[1]")
    honest = body.replace("/services/families", "/services/consent")
    assert read_event("hub.consent.consent.given", honest.encode()).at == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("weak", ["short", "change-me-change-me-change-me-change-me", "a" * 40])
def test_a_weak_secret_stops_start_up(weak: str) -> None:
    with pytest.raises(ValidationError):
        _settings(weak)


def test_keys_differ_by_use() -> None:
    settings = _settings(SECRET)
    assert settings.key("cursors") != settings.key("idempotency")
    assert settings.key("cursors") == settings.key("cursors")


def _settings(secret: str) -> ServiceSettings:
    return ServiceSettings(
        database_url="postgresql://a:b@localhost/x",
        reader_url="postgresql://a:b@localhost/x",
        nats_url="nats://localhost",
        trusted_keys=Path("k"),
        signing_key=Path("s"),
        secret=secret,  # type: ignore[arg-type]  # pydantic turns it into a SecretStr
    )


def test_a_problem_document_has_what_a_person_needs() -> None:
    document = problem_document(Stale("Read it again.", current='"4"'), "req-12345678")
    assert document == {
        "type": "/problems/stale",
        "title": "Somebody changed this since you read it",
        "status": 412,
        "detail": "Read it again.",
        "instance": "req-12345678",
        "current": '"4"',
    }
