"""The ledger's health in words: what its last signature covers, and what a verification found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connective.frontend.domain.answers import Part
from connective.frontend.domain.proving_tables import Cell, Fact, Table, fact
from connective.frontend.domain.proving_words import plain
from connective.frontend.domain.words import count, moment

_FAULTS = {
    "leaf_missing": "An entry is missing from the order of the log: it was taken out.",
    "entry_missing": "An entry has been removed.",
    "entry_altered": "An entry was changed after it was sealed.",
    "tree_altered": "The hashes that bind the entries together were changed.",
    "head_altered": "The log’s size or its root is not what its entries make.",
    "entry_unsealed": "Entries were taken out of the order of the log.",
    "checkpoint_forged": "The last checkpoint does not bear the ledger’s signature.",
    "checkpoint_contradicted": "The log is not the one that the last checkpoint signed: it was rewritten.",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found."""

    whole: bool
    heading: str
    sentences: list[str]
    facts: list[Fact]
    entry: int | None = None
    """The entry that is wrong, by its number in the log."""


def verdict(found: Mapping[str, Any], at: str) -> Verdict:
    """A verification's answer in words: whole, or which entry is wrong."""
    fault, signed, size = found["fault"], found["checkpoint"], found["size"]
    facts = [fact("Verified", moment(at)), fact("Entries read", f"{size:,}")]
    if signed:
        covers = f"{signed['size']:,} entries, on {moment(signed['signed_at'])}"
        facts.append(fact("Last signed for", covers))
    if fault is None:
        sentences = [
            f"Every one of {count(size, 'entry', 'entries')} was read again. "
            "Nothing was changed, removed, added or reordered.",
        ]
        if signed and signed["size"] < size:
            newer = count(size - signed["size"], "newer entry is", "newer entries are")
            sentences.append(f"The last signature fits. The {newer} sealed, and signed within five minutes.")
        elif signed:
            sentences.append("The last signature fits all of it.")
        return Verdict(True, "The ledger is whole", sentences, facts)
    seq = fault["seq"]
    heading = "The ledger is not whole" if seq is None else f"Entry {seq:,} of the ledger is wrong"
    sentences = [
        _FAULTS.get(fault["code"], plain(fault["sentence"])),
        "Change nothing. Tell whoever runs the Hub, and the other parties: each holds earlier checkpoints, which show "
        "from when on it differs.",
    ]
    if fault["entry_id"]:
        facts.append(fact("The entry’s mark", fault["entry_id"]))
    return Verdict(False, heading, sentences, facts, seq)


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """The page before anything is verified."""

    facts: list[Fact]
    checkpoints: Table
    keys: list[str]


def ledger_page(latest: Part, checkpoints: Part, keys: Part, now: datetime) -> LedgerPage:
    """What the last signature covers, the ones before it, and the keys that sign."""
    facts = []
    if latest.value:
        seconds = (now - datetime.fromisoformat(latest.value["signed_at"])).total_seconds()
        facts = [
            fact("Entries signed for", f"{latest.value['size']:,}"),
            fact("Signed", f"{moment(latest.value['signed_at'])} ({_ago(seconds)})"),
            fact("Fingerprint of the whole log", _grouped(latest.value["root"])),
            fact("By the key", latest.value["key_id"]),
        ]
    return LedgerPage(facts, _checkpoints(checkpoints.items), [each["kid"] for each in _keys(keys)])


def _keys(keys: Part) -> Sequence[Mapping[str, Any]]:
    return keys.value["keys"] if keys.value else ()


def _ago(seconds: float) -> str:
    minutes = int(max(0, seconds) // 60)
    if minutes < 1:
        return "less than a minute ago"
    return f"{count(minutes, 'minute')} ago" if minutes < 120 else f"{count(minutes // 60, 'hour')} ago"


def _grouped(root: str) -> str:
    """A fingerprint in groups that two people can read to each other."""
    return " ".join(root[at : at + 4] for at in range(0, len(root), 4))


def _mark(root: str) -> str:
    """Its beginning: enough to tell two apart by eye; a checkpoint's file holds the whole."""
    return f"{_grouped(root[:16])} …"


def _checkpoints(items: Sequence[Mapping[str, Any]]) -> Table:
    rows = [(Cell(moment(each["signed_at"])), Cell(f"{each['size']:,}"), Cell(_mark(each["root"]))) for each in items]
    return Table("The last checkpoints", ("Signed", "Entries", "Fingerprint"), rows, "None has been signed yet.")
