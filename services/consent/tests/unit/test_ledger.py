import json
from dataclasses import replace
from datetime import UTC, datetime

import consent_builders as b
import pytest

from connective.consent.domain.canonical import canonical
from connective.consent.domain.checkpoints import LedgerKey, is_authentic
from connective.consent.domain.ledger import EntryKind, make_entry, new_person_key, pseudonym, sealed_text
from connective.consent.domain.merkle import leaf_hash
from connective.contracts.categories import Category

JWK = json.dumps(
    {"kty": "OKP", "crv": "Ed25519", "kid": "ledger-1", "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}
)
"""The key of RFC 8037, appendix A.1."""


def test_an_entry_is_its_canonical_bytes() -> None:
    entry = make_entry(
        b.number(1),
        b.number(2),
        EntryKind.DECISION,
        act="decided",
        at=b.NOW,
        actor_id="someone",
        organisation_id=None,
        facts={"categories": frozenset({Category.HEALTH, Category.ADDRESS}), "at": b.TODAY, "n": 3, "b": b"\x01"},
    )
    assert entry.leaf_hash == leaf_hash(entry.body.encode())
    document = json.loads(entry.body)
    assert document["facts"] == {"at": "2026-11-20", "b": "01", "categories": ["address", "health"], "n": 3}
    assert document["at"] == "2026-11-20T10:00:00.000000Z"
    assert list(document) == sorted(document)
    assert canonical(document) == entry.body.encode()


def test_what_has_no_canonical_form_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical({"a": object()})


def test_pseudonyms_are_steady_and_unlinked() -> None:
    key, other = new_person_key(), new_person_key()
    assert pseudonym(b.CHILD, key) == pseudonym(b.CHILD, key)
    assert len({pseudonym(b.CHILD, key), pseudonym(b.CHILD, other), pseudonym(b.TEEN, key)}) == 3
    assert b.CHILD.hex not in pseudonym(b.CHILD, key)
    assert sealed_text("a reason", key) != sealed_text("a reason", other)


def test_a_checkpoint_is_signed_and_every_part_of_it_counts() -> None:
    key = LedgerKey(JWK)
    assert key.public_jwk["x"] == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    signed = key.sign(b.number(1), b.number(2), 3, b"\x07" * 32, datetime(2026, 1, 2, tzinfo=UTC))
    assert is_authentic(signed, key.public_jwk)
    for altered in (
        replace(signed, size=4),
        replace(signed, root=b"\x08" * 32),
        replace(signed, place_id=b.number(3)),
        replace(signed, signature=b"\x00" * 64),
        replace(signed, key_id="other"),
    ):
        assert not is_authentic(altered, key.public_jwk)


@pytest.mark.parametrize("jwk", ['{"kty": "EC"}', '{"kty": "OKP", "crv": "Ed25519", "d": "AA"}'])
def test_another_sort_of_key_is_refused(jwk: str) -> None:
    with pytest.raises(ValueError, match="Ed25519"):
        LedgerKey(jwk)
