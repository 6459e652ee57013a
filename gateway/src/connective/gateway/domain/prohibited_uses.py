"""The uses that are prohibited to everybody: which version of the text each organisation accepted, and until when.

The host's processing agreement binds a legal entity (UK GDPR Article 28); this text is accepted by each organisation, a
team or site, because it is its people who see what families said (domain rules, sections 6 and 9).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class UnfitText(ValueError):
    """The data cannot be right: no version, two with one number, or a later one that applies earlier."""


class Unaccepted(ValueError):
    """What was sent accepts no text: `pointer` says where, `sentence` why."""

    def __init__(self, pointer: str, sentence: str) -> None:
        super().__init__(sentence)
        self.pointer, self.sentence = pointer, sentence


class AcceptanceState(StrEnum):
    """Where an organisation stands."""

    ACCEPTED = "accepted"
    DUE = "due"
    """A newer version applies, and its days of grace run."""
    LACKING = "lacking"
    """Nothing is accepted that is enough: nobody gets a new account."""


@dataclass(frozen=True, slots=True)
class Text:
    """One version, in force from a day on; who accepted an older one has days of grace from then."""

    version: int
    applies_from: date
    grace_days: int
    uses: dict[str, str]
    """Each use by its code, as a sentence."""

    @property
    def due_by(self) -> date:
        """The last day on which an older version is enough."""
        return self.applies_from + timedelta(days=self.grace_days)


@dataclass(frozen=True, slots=True)
class Texts:
    """Every version, oldest first. Raises UnfitText."""

    versions: tuple[Text, ...]

    def __post_init__(self) -> None:
        order = [(text.version, text.applies_from) for text in self.versions]
        numbers = {version for version, _ in order}
        if not order or order != sorted(order) or len(numbers) != len(order):
            raise UnfitText("versions need numbers and days that rise")

    def current(self, today: date) -> Text:
        """The version in force; before the first one, that one."""
        in_force = [text for text in self.versions if text.applies_from <= today]
        return in_force[-1] if in_force else self.versions[0]

    def coming(self, today: date) -> Text | None:
        """The next version that is announced, which may be accepted already."""
        return next((text for text in self.versions if text.version > self.current(today).version), None)

    def due_by(self, accepted: int, today: date) -> date | None:
        """The last day on which this version is enough; None while none that is in force replaces it."""
        newer = [text for text in self.versions if accepted < text.version <= self.current(today).version]
        return min((text.due_by for text in newer), default=None)

    def enough(self, today: date) -> frozenset[int]:
        """The versions each of which is enough today for an account to be opened."""
        known = (text.version for text in self.versions)
        return frozenset(version for version in known if self.state(version, today) is not AcceptanceState.LACKING)

    def state(self, accepted: int | None, today: date) -> AcceptanceState:
        """Where an organisation stands that accepted this version last."""
        if accepted is None:
            return AcceptanceState.LACKING
        due = self.due_by(accepted, today)
        if due is None:
            return AcceptanceState.ACCEPTED
        return AcceptanceState.DUE if today <= due else AcceptanceState.LACKING

    def check(self, version: int, uses: frozenset[str], today: date) -> None:
        """Refuse what accepts nothing that is in force or announced, or not each of its uses. Raises Unaccepted."""
        current = self.current(today)
        text = next((each for each in self.versions if each.version == version), None)
        if text is None or version < current.version:
            raise Unaccepted("/version", f"Version {current.version} is in force: read that one, and accept it.")
        missing, unknown = sorted(text.uses.keys() - uses), sorted(uses - text.uses.keys())
        if missing or unknown:
            what = f"missing: {', '.join(missing) or 'none'}; unknown: {', '.join(unknown) or 'none'}"
            raise Unaccepted("/accepts", f"Accept each use of version {version}, and no other ({what}).")
