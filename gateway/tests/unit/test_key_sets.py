"""Keys that partners publish: read with care, not too often, and never longer than ten minutes."""

import json
from typing import Any

import pytest
from joserfc.jwk import ECKey

from connective.gateway.clients.key_sets import AGAIN_SECONDS, KEPT_SECONDS, KeySets
from connective.gateway.domain.clients import network, within_networks
from connective.kit.outward import NoAnswer, OutsideBody

URL = "https://partner.example.org/keys"


def key(kid: str) -> dict[str, Any]:
    return ECKey.generate_key("P-256", {"kid": kid}).as_dict(private=False)


class Partner:
    """The other side, as it answers now."""

    def __init__(self, *keys: Any) -> None:
        self.asked = 0
        self.answer: OutsideBody | NoAnswer = OutsideBody(200, None, json.dumps({"keys": keys}).encode(), cut=False)

    def publish(self, *keys: Any) -> None:
        self.answer = OutsideBody(200, None, json.dumps({"keys": keys}).encode(), cut=False)

    async def get(self, *_: Any) -> OutsideBody:
        self.asked += 1
        if isinstance(self.answer, NoAnswer):
            raise self.answer
        return self.answer


class Hours:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def sets(partner: Any) -> tuple[KeySets, Hours]:
    clock = Hours()
    return KeySets(partner, clock), clock


async def test_a_partner_changes_its_keys_without_telling_anybody() -> None:
    partner = Partner(key("one"))
    kept, clock = sets(partner)
    assert kept.known(URL, "one") is None
    await kept.read(URL)
    assert kept.known(URL, "one") is not None
    partner.publish(key("two"))
    clock.now += AGAIN_SECONDS
    assert kept.known(URL, "two") is None
    await kept.read(URL)
    assert kept.known(URL, "two") is not None
    assert kept.known(URL, "one") is None, "what its owner took out counts no more"


async def test_invented_key_ids_do_not_have_us_ask_a_partner_all_day() -> None:
    partner = Partner(key("one"))
    kept, clock = sets(partner)
    for _ in range(50):
        await kept.read(URL)
        clock.now += AGAIN_SECONDS / 50
    assert partner.asked == 1
    await kept.read(URL)
    assert partner.asked == 2


async def test_what_was_known_counts_ten_minutes_without_the_partner_and_no_longer() -> None:
    partner = Partner(key("one"))
    kept, clock = sets(partner)
    await kept.read(URL)
    partner.answer = NoAnswer("timed_out")
    clock.now += KEPT_SECONDS
    await kept.read(URL)
    assert kept.known(URL, "one") is not None
    clock.now += 1
    await kept.read(URL)
    assert kept.known(URL, "one") is None


@pytest.mark.parametrize(
    "answer",
    [
        OutsideBody(200, None, b"not json", cut=False),
        OutsideBody(200, None, b"[" * 30_000, cut=False),
        OutsideBody(200, None, b"[]", cut=False),
        OutsideBody(200, None, b'{"keys": 7}', cut=False),
        OutsideBody(302, None, b'{"keys": []}', cut=False),
        OutsideBody(200, None, b'{"keys": [7, {"kty": "oct", "k": "c2VjcmV0", "kid": "one"}]}', cut=False),
    ],
    ids=["no json", "deep", "a list", "no list", "redirect", "no public key"],
)
async def test_what_is_no_key_set_gives_no_key(answer: OutsideBody) -> None:
    partner = Partner()
    partner.answer = answer
    kept, _ = sets(partner)
    await kept.read(URL)
    assert kept.known(URL, "one") is None


async def test_memory_is_bounded_and_so_is_a_set() -> None:
    partner = Partner(*(key(f"k{number}") for number in range(25)))
    kept, _ = sets(partner)
    for number in range(1_100):
        await kept.read(f"{URL}/{number}")
    assert len(kept._kept) == 1_000
    assert not kept._reading
    assert kept.known(f"{URL}/1099", "k19") is not None
    assert kept.known(f"{URL}/1099", "k20") is None


@pytest.mark.parametrize(
    ("address", "within"),
    [
        ("192.0.2.7", True),
        ("192.0.3.7", False),
        ("::ffff:192.0.2.7", True),
        ("2001:db8::1", True),
        ("2001:db9::1", False),
        ("unknown", False),
        ("", False),
    ],
)
def test_a_client_comes_from_its_networks_alone(address: str, within: bool) -> None:
    assert within_networks(("192.0.2.0/24", "2001:db8::/32"), address) is within
    assert within_networks((), address), "who named none may come from anywhere"


@pytest.mark.parametrize("text", ["0.0.0.0/0", "::/0", "10.0.0.1/8", "somewhere", "", "128.0.0.0/1"])
def test_what_is_no_network_is_not_stored_as_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        network(text)
