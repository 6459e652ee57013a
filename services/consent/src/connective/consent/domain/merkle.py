"""The Merkle tree of RFC 6962 (Certificate Transparency): roots, appends, and proofs anybody can check.

The tree over n leaves is left-balanced: its left part holds the largest power of two smaller than n. Every perfect
subtree inside it is named by its level (0 for leaves) and index, and never changes once complete: an append adds the
subtrees it completes and nothing else, and a proof reads a handful of them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

Hash = bytes
ReadNode = Callable[[int, int], Hash]
"""Answers the hash of the completed subtree at (level, index)."""
Part = tuple[int, int]
"""A range of leaves: from the first to, but not including, the second."""

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(content: bytes) -> Hash:
    """Hash of one entry. The prefix 0x00 keeps an entry from ever being taken for an inner node (RFC 6962 §2.1)."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: Hash, right: Hash) -> Hash:
    """Hash of an inner node, prefixed 0x01."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Node:
    """A completed subtree: 2**level leaves, the index-th of its level."""

    level: int
    index: int
    hash: Hash


@dataclass(frozen=True, slots=True)
class Frontier:
    """The roots of the perfect subtrees that make up a tree of this size, largest first: all an append needs."""

    size: int
    roots: tuple[Hash, ...]


EMPTY_FRONTIER = Frontier(0, ())


def append(frontier: Frontier, leaf: Hash) -> tuple[Frontier, list[Node]]:
    """Add one leaf. Answers the new frontier and every subtree it completed, the leaf itself first."""
    roots = list(frontier.roots)
    node = Node(0, frontier.size, leaf)
    completed = [node]
    carry = frontier.size
    while carry & 1:
        node = Node(node.level + 1, node.index >> 1, node_hash(roots.pop(), node.hash))
        completed.append(node)
        carry >>= 1
    return Frontier(frontier.size + 1, (*roots, node.hash)), completed


def extend(frontier: Frontier, leaves: Sequence[Hash]) -> Frontier:
    """Add many leaves at once, level by level: the frontier that as many appends would make, at half their cost."""
    held, kept = list(frontier.roots), list[Hash]()
    row, rest = list(leaves), frontier.size
    while row or rest:
        if rest & 1:
            row.insert(0, held.pop())
        if len(row) & 1:
            kept.append(row.pop())
        row = [sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=True)]
        rest >>= 1
    return Frontier(frontier.size + len(leaves), tuple(reversed(kept)))


def frontier_parts(size: int) -> Iterator[tuple[int, int]]:
    """Level and index of each perfect subtree in a tree of this size, largest first."""
    start = 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            yield level, start >> level
            start += 1 << level


def read_frontier(size: int, read: ReadNode) -> Frontier:
    """The frontier of a stored tree at this size, from its completed subtrees."""
    return Frontier(size, tuple(read(level, index) for level, index in frontier_parts(size)))


def root_of(frontier: Frontier) -> Hash:
    """The root: the subtrees folded together from the right."""
    if not frontier.roots:
        return EMPTY_ROOT
    *rest, result = frontier.roots
    for left in reversed(rest):
        result = node_hash(left, result)
    return result


def _split(part: Part) -> tuple[Part, Part]:
    start, end = part
    middle = start + (1 << (end - start - 1).bit_length() - 1)
    return (start, middle), (middle, end)


def part_root(part: Part, read: ReadNode) -> Hash:
    """The root over a range that begins where a subtree of its tree begins."""
    start, end = part
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return read(level, start >> level)
    left, right = _split(part)
    return node_hash(part_root(left, read), part_root(right, read))


def _inclusion_parts(seq: int, part: Part) -> Iterator[Part]:
    if part[1] - part[0] == 1:
        return
    left, right = _split(part)
    inside, beside = (left, right) if seq < left[1] else (right, left)
    yield from _inclusion_parts(seq, inside)
    yield beside


def inclusion_proof(seq: int, size: int, read: ReadNode) -> list[Hash]:
    """The path from leaf `seq` to the root at `size` (RFC 6962 §2.1.1). Raises ValueError for a leaf outside it."""
    if not 0 <= seq < size:
        raise ValueError("the leaf is not in a tree of that size")
    return [part_root(part, read) for part in _inclusion_parts(seq, (0, size))]


def _consistency_parts(earlier: int, part: Part, whole: bool) -> Iterator[Part]:
    if earlier == part[1]:
        if not whole:
            yield part
        return
    left, right = _split(part)
    if earlier <= left[1]:
        yield from _consistency_parts(earlier, left, whole)
        yield right
    else:
        yield from _consistency_parts(earlier, right, whole=False)
        yield left


def consistency_proof(earlier: int, size: int, read: ReadNode) -> list[Hash]:
    """Proof that the tree at `size` extends the one at `earlier` (RFC 6962 §2.1.2). Raises ValueError unless
    0 < earlier <= size.
    """
    if not 0 < earlier <= size:
        raise ValueError("the earlier size must be between one and the later size")
    return [part_root(part, read) for part in _consistency_parts(earlier, (0, size), whole=True)]


def verify_inclusion(leaf: Hash, seq: int, size: int, proof: Sequence[Hash], root: Hash) -> bool:
    """Does the path lead from this leaf to this root?"""
    if not 0 <= seq < size:
        return False
    result, position, last = leaf, seq, size - 1
    for step in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            result = node_hash(step, result)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            result = node_hash(result, step)
        position, last = position >> 1, last >> 1
    return last == 0 and result == root


def verify_consistency(earlier: int, earlier_root: Hash, size: int, root: Hash, proof: Sequence[Hash]) -> bool:
    """Does the tree with the later root contain the earlier one, unchanged, as its beginning?"""
    if not 0 < earlier <= size:
        return False
    if earlier == size:
        return not proof and earlier_root == root
    path = [earlier_root, *proof] if earlier & (earlier - 1) == 0 else list(proof)
    if not path:
        return False
    position, last = earlier - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, step)
        position, last = position >> 1, last >> 1
    return last == 0 and old == earlier_root and new == root
