"""What may be sent: nothing unknown, everything bounded."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from connective.contracts.categories import Category
from connective.referrals.commands.checking import Ask
from connective.referrals.domain.request import AskedNeed, Content, NeedNow, Outcome, PeopleAsked, View, Words
from connective.referrals.domain.safeguarding import SafeguardingCheck

_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def _in_our_time(value: datetime) -> datetime:
    if not _FIRST_YEAR <= value.year < _LAST_YEAR:
        raise ValueError(f"a time between the years {_FIRST_YEAR} and {_LAST_YEAR}")
    return value.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
Day = Annotated[date, Field(ge=date(_FIRST_YEAR, 1, 1), lt=date(_LAST_YEAR, 1, 1))]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
Paragraph = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
Severity = Annotated[int, Field(ge=0, le=4)]


class Body(BaseModel):
    """Base of everything that is sent."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class WordsIn(Body):
    """Free text, with the categories its author ticks. Never a concern: that is phoned, nobody watches for it here."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=4000)]
    categories: Annotated[frozenset[Category], Field(min_length=1)]

    def value(self) -> Words:
        """The domain's value."""
        return Words(self.text, self.categories)


def words_of(said: WordsIn | None) -> Words | None:
    """The domain's value of free text that may be left out."""
    return None if said is None else said.value()


class SafeguardingCheckIn(Body):
    """Is somebody being harmed? `already_reported` says to whom, when, and under which reference; never what."""

    answer: Literal["already_reported", "no_concern", "reporting_now"]
    reported_to: Annotated[str, StringConstraints(max_length=200)] | None = None
    reported_at: Moment | None = None
    reference: Annotated[str, StringConstraints(max_length=100)] | None = None

    def value(self) -> SafeguardingCheck:
        """The domain's value."""
        return SafeguardingCheck(self.answer, self.reported_to, self.reported_at, self.reference)


class NeedIn(Body):
    """A coded need of one person, and how severe it is: 0 none, 1 slight, 2 moderate, 3 serious, 4 severe."""

    person_id: UUID
    code: Code
    severity: Severity


class ContentIn(Body):
    """What the referrer writes: answers of the form, needs, free text."""

    needs: Annotated[tuple[NeedIn, ...], Field(max_length=60)] = ()
    answers: Annotated[
        dict[Annotated[str, StringConstraints(max_length=60)], JsonValue], Field(default_factory=dict, max_length=100)
    ]
    free_text: WordsIn | None = None

    def content(self) -> Content:
        """The domain's value."""
        needs = tuple(AskedNeed(need.person_id, need.code, need.severity) for need in self.needs)
        return Content(self.answers, needs, words_of(self.free_text))


class RequestIn(ContentIn):
    """One service asked: for whom, with whom to speak, and by when."""

    service_id: UUID
    subjects: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=20)]
    contact_person_id: UUID
    needed_by: Moment | None = None
    replaces: UUID | None = None

    def ask(self) -> Ask:
        """What the command takes."""
        people = PeopleAsked(self.subjects, self.contact_person_id)
        return Ask(self.service_id, people, self.content(), self.needed_by, self.replaces)


class ReferralIn(Body):
    """One ask on behalf of a family, of up to ten services."""

    family_id: UUID
    safeguarding_check: SafeguardingCheckIn
    requests: Annotated[tuple[RequestIn, ...], Field(min_length=1, max_length=10)]
    submit: bool = True
    """False keeps drafts."""


class PreviewIn(Body):
    """What a referral would ask; whether somebody is harmed is asked when it is sent."""

    family_id: UUID
    requests: Annotated[tuple[RequestIn, ...], Field(min_length=1, max_length=10)]


class SubmitIn(Body):
    """Sending a draft: the safeguarding answer is given anew when a report has been made since."""

    safeguarding_check: SafeguardingCheckIn | None = None


class QuestionIn(WordsIn):
    """A question to the referrer, or its answer. Tick `progress` when it says nothing of anybody."""


class WaitlistIn(Body):
    """When a place is expected."""

    expected_on: Day


class DeclineIn(Body):
    """A no: the code, a plain sentence for the family, what next, who tells them by when, and a second look."""

    code: Code
    family_sentence: Paragraph
    next_step: Paragraph
    second_look: Paragraph
    tells: Literal["lead_practitioner", "recipient"] = "lead_practitioner"
    tell_by: Day | None = None
    """Two working days from now unless named."""
    front_door: Literal["recipient_phoned", "referrer_must_phone"] | None = None
    text: WordsIn | None = None


class PauseIn(Body):
    """Why the work pauses, and when it is looked at again."""

    reason: Code
    review_on: Day


class WithdrawIn(Body):
    """Why the referrer takes it back."""

    reason: Code


class RedirectIn(Body):
    """The service to ask instead."""

    service_id: UUID


class NeedNowIn(Body):
    """How severe one need is at the end; null when not assessed."""

    person_id: UUID
    code: Code
    severity_now: Severity | None


class ViewIn(WordsIn):
    """What one person says of the help; without a person, the family together."""

    person_id: UUID | None = None


class NoViewIn(Body):
    """Why one person's own view is not there."""

    person_id: UUID
    reason: Code


class CompleteIn(Body):
    """How it ended: was the service received, did each need get better, what do they say, or why not.

    `text` is the worker's own view. The family together and each person helped, children among them, has a view or a
    reason why there is none.
    """

    code: Code
    needs: Annotated[tuple[NeedNowIn, ...], Field(max_length=60)] = ()
    views: Annotated[tuple[ViewIn, ...], Field(max_length=30)] = ()
    no_view_reason: Code | None = None
    """Why there is no view, for everybody of whom nothing else is said."""
    no_views: Annotated[tuple[NoViewIn, ...], Field(max_length=30)] = ()
    text: WordsIn | None = None

    def outcome(self) -> Outcome:
        """The domain's value."""
        return Outcome(
            code=self.code,
            needs=tuple(NeedNow(need.person_id, need.code, need.severity_now) for need in self.needs),
            views=tuple(View(view.person_id, view.value()) for view in self.views)
            + tuple(View(each.person_id, None, each.reason) for each in self.no_views),
            no_view_reason=self.no_view_reason,
        )


class FamilyToldIn(Body):
    """How the task of telling the family ended."""

    code: Literal["told", "unsafe_to_tell"]


class ContactAttemptIn(Body):
    """One try to reach the family, and whether somebody of it was reached."""

    method: Literal["home_visit", "letter", "message", "telephone"]
    reached: bool = False


class ConcernReportedIn(Body):
    """A concern was reported elsewhere: to whom, when, under which reference; never what."""

    reported_to: Line
    reported_at: Moment
    reference: Line
