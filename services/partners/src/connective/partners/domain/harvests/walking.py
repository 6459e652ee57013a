"""Walking through a feed page by page, and knowing at the end whether that was all of it.

Feeds miscount, repeat pages and change while they are read. What a feed says of itself is therefore never believed
alone: a walk ends when a page brings nothing new, and it is whole only when it found at least as many as were told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connective.partners.domain.imports.hsds_shapes import Record

MOST_RECORDS = 20_000
"""More than any council's directory; a feed with more is not what it says, and would fill the database."""
MOST_PAGES = 2_000
_PARTS = frozenset(
    {
        *("service_at_locations", "locations", "schedules", "service_areas", "phones", "attributes", "languages"),
        *("cost_options", "contacts", "eligibility", "fundings"),
    }
)
"""What a full record has and a summary has not."""


class NotWhole(Exception):
    """A feed was not read to its end, or not as it claims to be: nothing of it is used. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Walk:
    """What was found so far."""

    records: dict[str, Record] = field(default_factory=dict)
    """By key, in the order they came."""
    told_total: int | None = None
    pages: int = 0
    strays: int = 0
    """Entries that are no records, or have no id."""
    repeated: int = 0

    def take(self, document: object) -> bool:
        """Take one page; answers whether there may be another. Raises NotWhole."""
        contents, total = _page(document)
        self.pages += 1
        if self.pages == 1:
            self.told_total = total
        elif total != self.told_total:
            raise NotWhole("changed_while_read")
        known = len(self.records)
        for each in contents:
            self._keep(each)
        if len(self.records) > MOST_RECORDS or self.pages >= MOST_PAGES:
            raise NotWhole("too_many")
        brought = len(self.records) > known
        is_last = isinstance(document, dict) and document.get("last_page") is True
        return brought and not (is_last and len(self.records) == self.told_total)

    def _keep(self, each: object) -> None:
        key = key_of(each) if isinstance(each, dict) else ""
        if not isinstance(each, dict) or not key:
            self.strays += 1
        elif key in self.records:
            self.repeated += 1
        else:
            self.records[key] = each

    def end(self) -> None:
        """Look back on the whole walk. Raises NotWhole for one that found fewer than it was told of, or nothing."""
        if not self.records:
            raise NotWhole("empty")
        if self.told_total is not None and len(self.records) + self.strays < self.told_total:
            raise NotWhole("fewer_than_told")

    @property
    def summaries(self) -> bool:
        """Whether the pages hold summaries only, so that each record has to be asked for."""
        return not any(_PARTS & each.keys() for each in self.records.values())

    def problems(self) -> list[dict[str, Any]]:
        """What was odd about the feed and did no harm."""
        found = []
        if self.told_total is not None and len(self.records) > self.told_total:
            reason = f"It says that it has {self.told_total} records and has {len(self.records)}."
            found.append(_oddity("total_items", reason, "Count what the pages hold."))
        if self.strays:
            reason = f"{self.strays} entries are no records with an id."
            found.append(_oddity("id", reason, "Give every record an id that stays the same."))
        return found


def key_of(record: Record) -> str:
    """By what a record is known; empty where it has no id."""
    value = record.get("id")
    return "" if value is None or isinstance(value, (dict, list, bool)) else " ".join(str(value).split()).casefold()


def _page(document: object) -> tuple[list[Any], int | None]:
    if not isinstance(document, Mapping) or not isinstance(document.get("contents"), list):
        raise NotWhole("not_a_page")
    total = document.get("total_items")
    counts = isinstance(total, int) and not isinstance(total, bool) and total >= 0
    return document["contents"], total if counts else None


def _oddity(column: str, reason: str, fix: str) -> dict[str, Any]:
    return {"row": 0, "column": column, "effect": "noted", "reason": reason, "fix": fix}
