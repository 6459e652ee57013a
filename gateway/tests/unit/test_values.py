"""The gateway's rules as plain values: limits, delays, headers, secrets, keys, routes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OKPKey, RSAKey
from pyreqwest.http import Url

from connective.gateway.domain.attempts import LONGEST_WAIT, seconds_to_wait, wait_after
from connective.gateway.domain.clients import allowed_scope
from connective.gateway.domain.forwarding import forwarded, returned
from connective.gateway.domain.limits import Buckets, Quota
from connective.gateway.domain.opaque import digest, matches, new_secret
from connective.gateway.domain.problem_pages import described
from connective.gateway.domain.public_keys import UnfitKey, public_key
from connective.gateway.domain.routes import ROOTS, Unrouted, is_open, outside, service_for
from connective.gateway.domain.screening import refusal_of_target
from connective.gateway.settings import GatewaySettings
from connective.gateway.tokens.keys import KeyState, Unsealable, make_key, seal, unseal

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_every_root_has_one_service() -> None:
    roots = [root for several in ROOTS.values() for root in several]
    assert len(roots) == len(set(roots))
    assert "internal" not in roots
    for service, several in ROOTS.items():
        for root in several:
            assert service_for(f"/api/v1/{root}".encode()) == service
            assert service_for(f"/api/v1/{root}/1".encode()) == service
    for path in (b"/api/v1/internal/x", b"/api/v1/", b"/api/v1/familiesx", b"/api/v1/%66amilies", b"/api/v1/FAMILIES"):
        assert isinstance(service_for(path), Unrouted)
    assert service_for(b"/internal/x") is None
    assert not is_open(b"/internal/x")


@given(st.binary(max_size=60))
def test_whatever_passes_the_screen_reads_the_same_to_everybody(path: bytes) -> None:
    if refusal_of_target(b"/" + path, b"") is None:
        assert Url("http://h/" + path.decode("ascii")).path.encode() in {
            b"/" + path,
            (b"/" + path).replace(b"'", b"%27"),
        }


def test_a_bucket_gives_a_burst_and_then_its_rate() -> None:
    buckets = Buckets(Quota("q", 10, 10))
    assert [buckets.take("a", 0.0).allowed for _ in range(11)] == [True] * 10 + [False]
    refused = buckets.take("a", 0.0)
    assert (refused.remaining, refused.wait_seconds) == (0, 1)
    assert buckets.take("a", 1.0).allowed
    assert not buckets.take("a", 1.0).allowed
    assert buckets.take("b", 1.0).allowed


def test_forgotten_buckets_are_full_and_memory_is_bounded() -> None:
    buckets = Buckets(Quota("q", 1, 60), most=2)
    for caller in ("a", "b", "c"):
        assert buckets.take(caller, 0.0).allowed
    assert not buckets.take("c", 0.0).allowed
    assert buckets.take("a", 0.0).allowed, "forgotten, so full again"


@given(st.lists(st.floats(0, 100), max_size=60))
def test_no_caller_ever_gets_more_than_burst_and_rate(moments: list[float]) -> None:
    buckets = Buckets(Quota("q", 5, 10))
    taken = [at for at in sorted(moments) if buckets.take("a", at).allowed]
    for start in taken:
        for end in taken:
            inside = sum(start <= at <= end for at in taken)
            assert inside <= 5 + (end - start) * 0.5 + 1e-6 or end < start


def test_waiting_grows_and_ends() -> None:
    waits = [wait_after(failures).total_seconds() for failures in range(14)]
    assert waits[:6] == [0, 0, 0, 0, 1, 2]
    assert waits == sorted(waits)
    assert wait_after(1_000) == LONGEST_WAIT
    assert seconds_to_wait(4, NOW, NOW + timedelta(milliseconds=100)) == 1
    assert seconds_to_wait(4, NOW, NOW + timedelta(seconds=1)) == 0


def test_secrets_are_long_plain_and_matched_by_digest() -> None:
    secret = new_secret("hubs_")
    assert len(secret) == 48
    assert secret.replace("_", "").isalnum()
    assert matches(secret, digest(secret))
    assert not matches(secret + "x", digest(secret))
    assert len({new_secret() for _ in range(100)}) == 100


def test_scopes_are_all_some_or_refused() -> None:
    assert allowed_scope(("a", "b"), None) == "a b"
    assert allowed_scope(("a", "b"), "b b") == "b"
    assert allowed_scope(("a",), "a c") is None


@pytest.mark.parametrize(
    "key",
    [
        ECKey.generate_key("P-256", {"kid": "e"}),
        OKPKey.generate_key("Ed25519", {"kid": "o"}),
        RSAKey.generate_key(2048, {"kid": "r"}),
    ],
)
def test_sound_public_keys_are_kept_without_anything_else(key: Any) -> None:
    public = key.as_dict(private=False)
    kept = public_key(public | {"use": "sig", "x5u": "https://evil.example.org"})
    assert kept.items() <= public.items()
    assert "x5u" not in kept
    with pytest.raises(UnfitKey):
        public_key(key.as_dict(private=True))


@pytest.mark.parametrize(
    "changes", [{"kid": None}, {"kid": ""}, {"kty": "oct"}, {"crv": "P-521"}, {"x": 5}, {"y": None}]
)
def test_unsound_keys_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(UnfitKey):
        public_key(ECKey.generate_key("P-256", {"kid": "e"}).as_dict(private=False) | changes)


def test_a_sealed_key_opens_under_its_secret_and_id_alone() -> None:
    key = make_key("k1", KeyState.NEXT)
    sealed = seal(key, b"s" * 32, b"n" * 12)
    opened = unseal("k1", KeyState.NEXT, sealed, b"s" * 32)
    assert opened.key.as_dict(private=True) == key.key.as_dict(private=True)
    for kid, secret, content in (("k2", b"s" * 32, sealed), ("k1", b"x" * 32, sealed), ("k1", b"s" * 32, sealed[:-1])):
        with pytest.raises(Unsealable):
            unseal(kid, KeyState.NEXT, content, secret)


def test_headers_of_one_hop_stay_behind() -> None:
    sent = forwarded([(b"connection", b"close, X-A"), (b"x-a", b"1"), (b"x-b", b"2"), (b"hub-x", b"3")])
    assert sent == [("x-b", "2")]
    assert returned([("Connection", "X-A"), ("X-A", "1"), ("X-B", "2")]) == [(b"x-b", b"2")]


def test_what_a_service_made_is_where_its_client_can_follow() -> None:
    assert outside(b"/api/v1/cases", b"/cases/7") == b"/api/v1/cases/7"
    assert outside(b"/api/v1/cases", b"https://elsewhere.example.org/") == b"https://elsewhere.example.org/"
    assert outside(b"/fhir/Task", b"/fhir/Task/7") == b"/fhir/Task/7"


def test_problem_pages_exist_for_codes_and_nothing_else() -> None:
    assert described("not-a-reporting-route", {}) is not None
    assert described("<script>", {}) is None


@pytest.mark.parametrize(
    "issuer",
    ["http://hub.example.org", "ftp://x", "https://", "https://h/path", "https://h?x=1", "https://u@h", "nonsense"],
)
def test_an_unsafe_issuer_stops_the_start(issuer: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        GatewaySettings._a_base(issuer)
    assert GatewaySettings._a_base("https://hub.example.org/") == "https://hub.example.org"
