"""What is answered, field by field: an allow-list, without defaults, so that clients know what is always there."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from connective.contracts.categories import Category
from connective.referrals.domain.place_forms import FormState

Instant = datetime
"""RFC 3339 in UTC with `Z`: the database hands out UTC, and that is how pydantic writes it."""


class DueOut(BaseModel):
    """What is owed next: which clock, whose turn, until when."""

    clock: str
    owner: str
    at: Instant


class MissingOut(BaseModel):
    """What may not be shared: the category (null when nothing may go), why, and what would clear it."""

    category: Category | None
    code: str
    sentence: str
    remedy: str


class TodayOut(BaseModel):
    """Something that can be done today although nothing was sent."""

    kind: str
    sentence: str


class NoticeOut(BaseModel):
    """Something worth knowing; it blocks nothing."""

    code: str
    sentence: str


class FamilyToldOut(BaseModel):
    """How the task of telling the family ended."""

    code: str
    at: Instant


class DeclineOut(BaseModel):
    """A no, as it always returns to the referrer."""

    code: str
    family_sentence: str
    next_step: str
    tells: str
    tell_by: date
    second_look: str
    front_door: str | None
    family_told: FamilyToldOut | None


class StatusOut(BaseModel):
    """Where one request stands. Nothing in it is category data. What blocks is shown to the referrer alone."""

    id: UUID
    reference: str
    state: str
    version: int
    fhir_status: str | None
    service_id: UUID
    service_kind: str
    referrer_organisation_id: UUID
    recipient_organisation_id: UUID
    submitted_at: Instant | None
    received_at: Instant | None
    needed_by: Instant | None
    expected_on: date | None
    due: DueOut | None
    allowed_actions: list[str]
    hold_reasons: list[str]
    missing: list[MissingOut]
    without: list[MissingOut]
    today: list[TodayOut]
    notices: list[NoticeOut]
    replaces: UUID | None
    decline: DeclineOut | None
    outcome_code: str | None
    contact_attempts: int
    safeguarding: str


class AttemptOut(BaseModel):
    """One try to reach the family."""

    at: Instant
    method: str
    reached: bool


class ReferralOut(BaseModel):
    """A referral and where each of its requests stands; its status is derived from theirs."""

    id: UUID
    family_id: UUID
    made_at: Instant
    status: str
    safeguarding_check: str
    safeguarding: str
    requests: list[StatusOut]


class ReferralItem(BaseModel):
    """A referral in a list."""

    id: UUID
    family_id: UUID
    made_at: Instant
    status: str


class RequestItem(BaseModel):
    """A request in a list: no category data. `referral_id` is null for its recipient, who learns of no siblings.

    `family_id`, for the referrer alone: whose it is, so that a list of many can be told apart.

    `queued`, for the referrer: sent, and not yet announced to its recipient; it goes out by itself, once.
    """

    id: UUID
    reference: str
    referral_id: UUID | None
    family_id: UUID | None
    service_id: UUID
    service_kind: str
    referrer_organisation_id: UUID
    recipient_organisation_id: UUID
    state: str
    since: Instant
    """When it came into this state."""
    version: int
    urgent: bool
    queued: bool
    submitted_at: Instant | None
    received_at: Instant | None
    needed_by: Instant | None
    due: DueOut | None


class ChangeOut(BaseModel):
    """Something that happened to a request: fetch it to see what you may."""

    request_id: UUID
    reference: str
    fact: str
    state: str
    version: int
    reason_code: str | None
    at: Instant


class ChangesOut(BaseModel):
    """A part of the feed. `next_cursor` is always there: keep it, and come back with it; `more` says whether now."""

    items: list[ChangeOut]
    next_cursor: str
    more: bool


class HistoryOut(BaseModel):
    """One thing that happened, without anybody's words."""

    version: int
    fact: str
    before: str
    after: str
    reason_code: str | None
    party: str
    organisation_id: UUID | None
    at: Instant


class WordsOut(BaseModel):
    """Free text and the categories its author ticked."""

    text: str
    categories: list[Category]


class MessageOut(BaseModel):
    """Something one side wrote to the other; `text` is null, with the categories, when it may not be shown."""

    at: Instant
    party: str
    fact: str
    text: str | None
    withheld: list[Category]


class NeedOut(BaseModel):
    """A coded need and its severity when asked."""

    person_id: UUID
    code: str
    severity: int


class NeedNowOut(BaseModel):
    """A coded need, its severity when asked (null where it was not asked for, or not yours to know) and at the end."""

    person_id: UUID
    code: str
    severity_then: int | None
    severity_now: int | None


class ViewOut(BaseModel):
    """What somebody says of the help."""

    person_id: UUID | None
    text: str


class NoViewOut(BaseModel):
    """Why somebody's own view is not there."""

    person_id: UUID
    reason: str


class OutcomeOut(BaseModel):
    """How it ended; `withheld` names what may not be shown to this reader."""

    code: str
    needs: list[NeedNowOut]
    views: list[ViewOut]
    no_view_reason: str | None
    no_views: list[NoViewOut]
    withheld: list[str]


class FormUsed(BaseModel):
    """The form version a request was made on."""

    kind: str
    version: int


class ServiceShown(BaseModel):
    """The service as the directory names it."""

    name: str
    organisation_name: str
    telephone: str | None


class OwnRequestOut(BaseModel):
    """A request as its referrer sees it."""

    view: Literal["referrer"]
    status: StatusOut
    queued: bool
    """Sent, and not yet announced to its recipient: it is kept and goes out by itself, once."""
    referral_id: UUID
    family_id: UUID
    subjects: list[UUID]
    contact_person_id: UUID
    processing_restricted: list[UUID]
    """Whose data are stored and not used, at their request (Article 18): answers, words and files rest meanwhile."""
    form: FormUsed
    answers: dict[str, Any]
    needs: list[NeedOut]
    free_text: WordsOut | None
    messages: list[MessageOut]
    outcome: OutcomeOut | None
    service: ServiceShown | None


class PersonShown(BaseModel):
    """One person as the permit allows: fields under the form's own names, read live."""

    person_id: UUID
    subject: bool
    contact: bool
    fields: dict[str, Any]


class DisclosureShown(BaseModel):
    """Under what the reading took place; officers find it in the ledger."""

    disclosure_id: UUID | None
    decision_id: UUID
    agreement_reference: str | None
    agreement_version: int | None
    basis: str | None


class OpenedOut(BaseModel):
    """A request as its recipient may see it at this moment."""

    view: Literal["recipient"]
    status: StatusOut
    form: FormUsed
    people: list[PersonShown]
    answers: dict[str, Any]
    needs: list[NeedOut]
    free_text: WordsOut | None
    messages: list[MessageOut]
    withheld: list[str]
    disclosure: DisclosureShown


class TombstoneOut(BaseModel):
    """What is left of a final request for its recipient: dates, state, why, and what it wrote itself."""

    view: Literal["tombstone"]
    status: StatusOut
    messages: list[MessageOut]
    outcome: OutcomeOut | None


class ChoiceOut(BaseModel):
    """One answer to choose."""

    code: str
    label: str


class RequiredWhenOut(BaseModel):
    """The field is required when another field's answer is one of these."""

    field: str
    answers: list[str]


class FieldOut(BaseModel):
    """One thing a form asks; `source` is `answer`, or the field of the record it is read from live."""

    name: str
    label: str
    help: str
    type: str
    required: bool
    categories: list[Category]
    source: str
    about: str
    choices: list[ChoiceOut]
    required_when: RequiredWhenOut | None
    minimum: int | None
    maximum: int | None


class FormOut(BaseModel):
    """One version of a form, with the JSON Schema of its answers."""

    kind: str
    version: int
    origin: Literal["place", "product"]
    """`place`: added by your place, numbered from 1001; `product`: came with the Hub."""
    state: FormState
    """New requests are made on the published version; a retired one stays for the requests that were made on it."""
    published_at: datetime | None
    retired_at: datetime | None
    title: str
    one_subject: bool
    required_categories: list[Category]
    useful_categories: list[Category]
    fields: list[FieldOut]
    answers_schema: dict[str, Any]
    safeguarding: str


class FormItem(BaseModel):
    """A form in the list: the version that new requests are made on, and all there are."""

    kind: str
    title: str
    version: int | None
    """None where no new request can be made: every version that there was is retired."""
    versions: list[int]
    origin: Literal["place", "product"]
    draft: int | None
    """The draft that waits to be published, for who administers the place."""


class FormsOut(BaseModel):
    """All forms."""

    items: list[FormItem]
    safeguarding: str
