"""What one request is: who asks whom, where it stands, and what was said on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from connective.contracts.categories import Category
from connective.referrals.domain.states import Action, Party, State


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, in what capacity; the Hub's own clock and listeners act without an organisation."""

    party: Party
    actor_id: str
    organisation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """Free text, with the categories its author says it reveals; shown only if all of them are permitted."""

    text: str
    categories: frozenset[Category]


@dataclass(frozen=True, slots=True)
class Missing:
    """What may not be shared now: why, in a code and a sentence, and what would clear it."""

    category: Category | None
    """None when nothing may go at all, as to a suspended organisation."""
    code: str
    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Hold:
    """Why the Hub or a coordinator holds a request, and the state it was held in."""

    reasons: tuple[str, ...]
    held_in: State


@dataclass(frozen=True, slots=True)
class Pause:
    """Why the recipient paused its work, and when it looks again."""

    reason_code: str
    review_on: date


@dataclass(frozen=True, slots=True)
class Decline:
    """A no, with what the family is told, by whom and by when (domain rules, section 4, "Declining")."""

    code: str
    family_sentence: str
    next_step: str
    tells: str
    """`lead_practitioner` or `recipient`."""
    tell_by: date
    second_look: str
    """How the family can ask for the decision to be looked at again."""
    front_door: str | None = None
    """For `needs_statutory_help`: `recipient_phoned` or `referrer_must_phone`."""


@dataclass(frozen=True, slots=True)
class FamilyTold:
    """How the task of telling the family about a decline ended: `told` or `unsafe_to_tell`."""

    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NeedNow:
    """How severe one need of one person is at the end, on the scale of the record; None when not assessed."""

    person_id: UUID
    code: str
    severity: int | None


@dataclass(frozen=True, slots=True)
class View:
    """What one person, or the family together (no person), says of the help; or why one person's view is not there."""

    person_id: UUID | None
    words: Words | None
    reason: str | None = None
    """Without words: why there are none."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a completed request ended: was the service received, did each need get better, what do they say."""

    code: str
    needs: tuple[NeedNow, ...]
    views: tuple[View, ...]
    no_view_reason: str | None
    """Why a view is not there, for everybody of whom nothing else is said."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What the service promised when the request was sent: its clocks, and how often it tries to reach a family."""

    acknowledge_within_days: int
    decide_within_days: int
    contact_attempts: int


@dataclass(frozen=True)
class PeopleAsked:
    """Whom a request is about: those to be helped, and the adult to speak to."""

    subjects: tuple[UUID, ...]
    contact: UUID

    @cached_property
    def everyone(self) -> tuple[UUID, ...]:
        """All of them, each once; kept, because every rule asks it."""
        return tuple(dict.fromkeys((*self.subjects, self.contact)))


@dataclass(frozen=True, slots=True)
class AskedNeed:
    """A coded need of one person that the request is about, and how severe it was then (0 to 4)."""

    person_id: UUID
    code: str
    severity: int


@dataclass(frozen=True, slots=True)
class Content:
    """What the referrer wrote: form answers, needs, free text. Each amendment is a new one; old ones are kept."""

    answers: Mapping[str, Any]
    needs: tuple[AskedNeed, ...]
    words: Words | None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something worth knowing before a request goes; shown, never silently blocking."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Relied:
    """What the decision at sending relied on: when it ends, the request is held."""

    agreement_id: UUID | None = None
    consent_record_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One ask of one service. Every act makes a new value with the next version."""

    id: UUID
    place_id: UUID
    referral_id: UUID
    family_id: UUID
    reference: str
    """Spoken aloud; each request has its own, so that recipients learn nothing of each other."""
    referrer_organisation_id: UUID
    discloser_organisation_id: UUID
    """Who keeps the family's record: the referrer, unless it works in another organisation's team."""
    recipient_organisation_id: UUID
    service_id: UUID
    service_kind: str
    sensitive: bool
    promise: Promise
    form_version: int
    people: PeopleAsked
    content_version: int = 1
    """The request's version when its content was last written."""
    state: State = State.DRAFT
    version: int = 1
    since: datetime
    """When it came into its state, or was last confirmed as needed: clocks run from here."""
    needed_by: datetime | None = None
    submitted_at: datetime | None = None
    received_at: datetime | None = None
    asked_in: State | None = None
    """The state a question was asked in, until it is answered."""
    expected_on: date | None = None
    """When a place is expected, while it waits."""
    hold: Hold | None = None
    pause: Pause | None = None
    decline: Decline | None = None
    family_told: FamilyTold | None = None
    outcome: Outcome | None = None
    missing: tuple[Missing, ...] = ()
    """What blocks it."""
    without: tuple[Missing, ...] = ()
    """Useful categories it went without."""
    relied: Relied = Relied()
    notices: tuple[Notice, ...] = ()
    contact_attempts: int = 0
    escalations: int = 0
    """Steps of escalation taken in this state."""
    replaces: UUID | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """What happened: the row of history and the event both come from it."""

    name: str
    action: Action | None
    """None for the passing of a clock."""
    before: State
    after: State
    version: int
    at: datetime
    by: By
    reason_code: str | None = None
    words: Words | None = field(default=None, repr=False)
    """People's words stay out of logs, so they stay out of the representation."""
    escalated_to: UUID | None = None
    """The account of the coordinator who is told, where one is."""
    announced: bool = True
    """Whether an event tells it; what is noted beside the lifecycle stands in the history alone."""
