"""What is unusual in who looked at what, and why somebody should ask (trust, "Browsing by insiders").

A finding accuses nobody: it is a question with its reason, for a named officer to answer. Each kind is found once per
account and day. Thresholds are data, so that a place can tighten them without new rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from connective.consent.domain.refusals import NotNow, NotYours


class FindingKind(StrEnum):
    """In what way reading was unusual."""

    NO_RELATIONSHIP = "no_relationship"
    """Records of families that the reader has no recorded work with."""
    OUT_OF_HOURS = "out_of_hours"
    OWN_RECORD = "own_record"
    """A record that is the reader's own, or from which a conflict shuts them out."""
    VOLUME = "volume"
    """Far more people than colleagues of the same organisation look at in a day."""


class FindingState(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    EXPLAINED = "explained"
    """There was a good reason."""
    REFERRED = "referred"
    """Passed on to be looked into: a line manager, an investigation, or a breach record."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on a day of reading is a question."""

    day_begins: int = 7
    """Local hour; reading before it is out of hours."""
    day_ends: int = 20
    out_of_hours_acts: int = 3
    """One look late at night is a worker on call; three are a question."""
    families_without_work: int = 3
    volume_at_least: int = 15
    """Below this many people a day nobody stands out, however small the team."""
    volume_times_peers: float = 3.0
    """Times the median day of colleagues in the last 28 days."""


USUAL = Thresholds()


@dataclass(frozen=True, slots=True)
class DayOfReading:
    """What one account looked at on one day, for one organisation."""

    actor_id: str
    organisation_id: UUID
    on_day: date
    people: int
    acts: int
    out_of_hours: int
    families_without_work: int
    shut_out_of: int
    """Acts on records that are the reader's own or from which a conflict shuts them out."""
    broke_glass: int
    """Acts under break-glass or without any relation, as the keeper of the record told it."""
    peers_median: float | None
    """People a day, of colleagues in the 28 days before; None without colleagues."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One question to ask, with its reason and the figures it rests on."""

    kind: FindingKind
    actor_id: str
    organisation_id: UUID
    on_day: date
    sentence: str
    facts: dict[str, int | float]


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _own_record(day: DayOfReading) -> tuple[str, dict[str, int | float]] | None:
    if not day.shut_out_of:
        return None
    looks = _counted(day.shut_out_of, "look", "looks")
    return f"{looks} at a record that is the reader's own or that a conflict closes to them.", {"acts": day.shut_out_of}


def _no_relationship(day: DayOfReading, limits: Thresholds) -> tuple[str, dict[str, int | float]] | None:
    facts: dict[str, int | float] = {"families": day.families_without_work, "broke_glass": day.broke_glass}
    if day.broke_glass:
        return (
            f"{_counted(day.broke_glass, 'look', 'looks')} without a relation to the record, or by breaking glass.",
            facts,
        )
    if day.families_without_work >= limits.families_without_work:
        return f"{day.families_without_work} families were looked at with whom the reader has no work on record.", facts
    return None


def _volume(day: DayOfReading, limits: Thresholds) -> tuple[str, dict[str, int | float]] | None:
    if day.people < limits.volume_at_least:
        return None
    if day.peers_median is not None and day.people <= limits.volume_times_peers * day.peers_median:
        return None
    facts: dict[str, int | float] = {"people": day.people}
    if day.peers_median is None:
        return f"{day.people} people were looked at in one day; there are no colleagues to compare with.", facts
    facts["peers_median"] = day.peers_median
    return f"{day.people} people were looked at in one day; colleagues look at {day.peers_median:g}.", facts


def _out_of_hours(day: DayOfReading, limits: Thresholds) -> tuple[str, dict[str, int | float]] | None:
    if day.out_of_hours < limits.out_of_hours_acts:
        return None
    hours = f"before {limits.day_begins:02}:00, after {limits.day_ends:02}:00 or on a day off"
    return f"{day.out_of_hours} looks {hours}.", {"acts": day.out_of_hours, "of": day.acts}


def unusual(day: DayOfReading, limits: Thresholds = USUAL) -> Iterator[Finding]:
    """The questions that a day of reading raises, at most one of each kind."""
    found = {
        FindingKind.OWN_RECORD: _own_record(day),
        FindingKind.NO_RELATIONSHIP: _no_relationship(day, limits),
        FindingKind.VOLUME: _volume(day, limits),
        FindingKind.OUT_OF_HOURS: _out_of_hours(day, limits),
    }
    for kind, reason in found.items():
        if reason is not None:
            yield Finding(kind, day.actor_id, day.organisation_id, day.on_day, *reason)


def check_review(state: FindingState, actor_id: str, reviewer: str) -> None:
    """May this officer answer the finding now? Raises NotYours for the one it is about, NotNow once it is answered."""
    if reviewer == actor_id:
        raise NotYours("own_finding", "Somebody other than the person a finding is about answers it.")
    if state is not FindingState.OPEN:
        raise NotNow("already_reviewed", "This finding has been answered already.")
