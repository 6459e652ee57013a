from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connective.consent.domain import merkle

MOST = 70


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1 word for word, to check ours against."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return sha256(b"\x01" + naive_root(leaves[:middle]) + naive_root(leaves[middle:])).digest()


Grown = tuple[list[merkle.Frontier], dict[tuple[int, int], bytes]]
CONTENT = [b"entry %d" % n for n in range(MOST)]


@pytest.fixture(scope="module")
def grown() -> Grown:
    frontiers, nodes = [merkle.EMPTY_FRONTIER], {}
    for content in CONTENT:
        frontier, completed = merkle.append(frontiers[-1], merkle.leaf_hash(content))
        assert len(completed) <= frontier.size.bit_length()
        nodes.update({(n.level, n.index): n.hash for n in completed})
        frontiers.append(frontier)
    return frontiers, nodes


def reader(nodes: dict[tuple[int, int], bytes]) -> merkle.ReadNode:
    return lambda level, index: nodes[(level, index)]


def test_known_answers_of_rfc_6962() -> None:
    # From the test data of Certificate Transparency's reference implementation: an empty leaf, and an empty tree.
    assert merkle.leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle.EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_roots_at_every_size(grown: Grown) -> None:
    frontiers, nodes = grown
    for size in range(MOST + 1):
        assert merkle.root_of(frontiers[size]) == naive_root(CONTENT[:size])
        assert merkle.read_frontier(size, reader(nodes)) == frontiers[size]
        if size:
            assert merkle.part_root((0, size), reader(nodes)) == naive_root(CONTENT[:size])


def test_many_at_once_are_as_one_by_one(grown: Grown) -> None:
    frontiers, _ = grown
    leaves = [merkle.leaf_hash(content) for content in CONTENT]
    for size in range(MOST + 1):
        for more in range(MOST + 1 - size):
            assert merkle.extend(frontiers[size], leaves[size : size + more]) == frontiers[size + more]


def test_every_inclusion_proof_holds_and_no_other(grown: Grown) -> None:
    frontiers, nodes = grown
    for size in range(1, MOST + 1):
        root = merkle.root_of(frontiers[size])
        for seq in range(size):
            leaf = merkle.leaf_hash(CONTENT[seq])
            proof = merkle.inclusion_proof(seq, size, reader(nodes))
            assert merkle.verify_inclusion(leaf, seq, size, proof, root)
            assert not merkle.verify_inclusion(merkle.leaf_hash(b"forged"), seq, size, proof, root)
            if proof:
                assert not merkle.verify_inclusion(leaf, seq, size, proof[:-1], root)
            assert not merkle.verify_inclusion(leaf, seq, size, [*proof, leaf], root)


def test_every_consistency_proof_holds_and_no_other(grown: Grown) -> None:
    frontiers, nodes = grown
    roots = [merkle.root_of(f) for f in frontiers]
    for size in range(1, MOST + 1):
        for earlier in range(1, size + 1):
            proof = merkle.consistency_proof(earlier, size, reader(nodes))
            assert merkle.verify_consistency(earlier, roots[earlier], size, roots[size], proof)
            assert not merkle.verify_consistency(earlier, b"\x00" * 32, size, roots[size], proof)
            assert not merkle.verify_consistency(earlier, roots[earlier], size, b"\x00" * 32, proof)
            assert not merkle.verify_consistency(earlier, roots[earlier], size, roots[size], [*proof, roots[1]])


@given(st.integers(1, MOST), st.data())
def test_an_altered_proof_fails(size: int, data: st.DataObject) -> None:
    nodes, frontier = {}, merkle.EMPTY_FRONTIER
    for content in CONTENT[:size]:
        frontier, completed = merkle.append(frontier, merkle.leaf_hash(content))
        nodes.update({(n.level, n.index): n.hash for n in completed})
    seq = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(seq, size, reader(nodes))
    if not proof:
        return
    at = data.draw(st.integers(0, len(proof) - 1))
    proof[at] = bytes([proof[at][0] ^ 1]) + proof[at][1:]
    assert not merkle.verify_inclusion(merkle.leaf_hash(CONTENT[seq]), seq, size, proof, merkle.root_of(frontier))


@pytest.mark.parametrize(("seq", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_leaf_outside_has_no_proof(seq: int, size: int) -> None:
    with pytest.raises(ValueError, match="leaf"):
        merkle.inclusion_proof(seq, size, lambda *_: b"")
    assert not merkle.verify_inclusion(b"", seq, size, [], b"")


@pytest.mark.parametrize(("earlier", "size"), [(0, 3), (4, 3)])
def test_sizes_out_of_order_have_no_consistency_proof(earlier: int, size: int) -> None:
    with pytest.raises(ValueError, match="size"):
        merkle.consistency_proof(earlier, size, lambda *_: b"")
    assert not merkle.verify_consistency(earlier, b"", size, b"", [])
