"""How somebody may be reached without putting them in danger: the safe-contact rule travels with every number."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from connective.families.domain.dates import ALWAYS, Period
from connective.families.domain.refusals import BadContact

_TELEPHONE = re.compile(r"^(?:\+44|0)[1-9]\d{8,9}$")
_EMAIL = re.compile(r"^[^@\s,;<>\"]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}$", re.IGNORECASE)
_LONGEST_EMAIL = 254


class ContactKind(StrEnum):
    """A telephone number or an e-mail address."""

    EMAIL = "email"
    PHONE = "phone"


class SafeContact(StrEnum):
    """What is safe. Somebody else may read the screen, answer, or hear the message."""

    ANY_WAY = "any_way"
    BETWEEN_HOURS = "between_hours"
    CALL_ONLY = "call_only"
    NEVER = "never"
    NO_MESSAGES = "no_messages"
    TEXT_ONLY = "text_only"
    THROUGH_WORKER = "through_worker"


_SENTENCES = {
    SafeContact.ANY_WAY: "Calls and messages are safe.",
    SafeContact.BETWEEN_HOURS: "Only between these hours",
    SafeContact.CALL_ONLY: "Call only: do not text.",
    SafeContact.NEVER: "Do not use.",
    SafeContact.NO_MESSAGES: "Leave no message, and do not say who is calling until you know who answers.",
    SafeContact.TEXT_ONLY: "Text only: do not call.",
    SafeContact.THROUGH_WORKER: "Only through the family's worker.",
}
_KEPT_BACK = frozenset({SafeContact.NEVER, SafeContact.THROUGH_WORKER})


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """One way to reach one person, for a time."""

    id: UUID
    person_id: UUID
    kind: ContactKind
    value: str
    rule: SafeContact = SafeContact.ANY_WAY
    hours: str | None = None
    period: Period = ALWAYS
    confirmed_on: date | None = None

    @property
    def sentence(self) -> str:
        """The rule in words, for whoever is about to call."""
        words = _SENTENCES[self.rule]
        return f"{words}: {self.hours}." if self.rule is SafeContact.BETWEEN_HOURS else words


def check_contact(kind: ContactKind, value: str, rule: SafeContact, hours: str | None) -> str:
    """The value in the form it is kept; refused where nobody could dial or write to it, or its rule lacks hours."""
    if (rule is SafeContact.BETWEEN_HOURS) != (hours is not None):
        raise BadContact("Say between which hours, and only with that rule.", "hours")
    return _telephone(value) if kind is ContactKind.PHONE else _email(value)


def _telephone(value: str) -> str:
    digits = re.sub(r"[\s()-]", "", value)
    if not _TELEPHONE.match(digits):
        raise BadContact("A telephone number of the United Kingdom has ten or eleven digits.", "value")
    return "0" + digits[3:] if digits.startswith("+44") else digits


def _email(value: str) -> str:
    tidied = value.strip()
    if len(tidied) > _LONGEST_EMAIL or not _EMAIL.match(tidied):
        raise BadContact("This is not an e-mail address.", "value")
    return tidied


def reach_of(contacts: tuple[ContactPoint, ...], kind: ContactKind, day: date) -> ContactPoint | None:
    """The way of this kind that a recipient may be given on a day: the latest that is not kept back."""
    usable = [c for c in contacts if c.kind is kind and c.period.holds_on(day) and c.rule not in _KEPT_BACK]
    return max(usable, key=lambda c: (c.period.since or date.min, c.id), default=None)


def rule_in_words(contacts: tuple[ContactPoint, ...], day: date) -> str | None:
    """What a recipient must know before reaching somebody: each way's rule once; None where no way is recorded."""
    held = [c for c in contacts if c.period.holds_on(day)]
    return " ".join(dict.fromkeys(c.sentence for c in held)) or None
