"""Whether a family's record has come to its end, by days that consent counted back to; birth dates stay here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from connective.contracts.retention import RuleAsked, Trigger


@dataclass(frozen=True, slots=True)
class RecordDays:
    """The days of one record that rules count from."""

    family_id: UUID
    version: int
    person_ids: tuple[UUID, ...]
    had_case: bool
    open_case: bool
    birth_unknown: bool
    """Somebody who may be a child has no birth date here, or nobody has one."""
    days: dict[Trigger, date]


def due_under(record: RecordDays, rules: Iterable[RuleAsked]) -> str | None:
    """The key of the rule under which the record is at its end, if any.

    A day that is not known stands in no rule's way: what is not known is told beside the answer, and held back.
    """
    for rule in rules:
        known = [each for each in rule.cutoffs if each.trigger in record.days]
        if rule.with_case == record.had_case and known and all(record.days[c.trigger] <= c.day for c in known):
            return rule.key
    return None
