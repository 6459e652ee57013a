"""What intake takes and shows. Its answers carry nothing of anybody but where a recipient reads one."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from connective.contracts.categories import Category
from connective.referrals.api.bodies import Body, Code, Day, Line, SafeguardingCheckIn, WordsIn, words_of
from connective.referrals.domain.intake import Closing, IntakeContent, IntakeState, Part, Reach, Someone, Source

Name = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
Telephone = Annotated[str, StringConstraints(pattern=r"^[+0-9][0-9 ()-]{6,24}$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]{1,64}@[^@\s]{1,180}\.[^@\s]{2,60}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Postcode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 ]{5,8}$")]


class SomeoneIn(Body):
    """One person of the family, as far as the sender knows them."""

    first_name: Name
    last_name: Name
    part: Part
    birth_date: Day | None = None

    def value(self) -> Someone:
        """The domain's value."""
        return Someone(self.first_name, self.last_name, self.part, self.birth_date)


class ContactIn(Body):
    """How to reach the family: one of the two at least, and whether a message may be left."""

    telephone: Telephone | None = None
    email: Email | None = None
    safe_to_leave_message: bool = False


class FamilyIn(Body):
    """A family from outside, as far as it is known. Never a concern about harm: that is phoned, nobody watches here."""

    service_id: UUID
    safeguarding_check: SafeguardingCheckIn
    people: Annotated[tuple[SomeoneIn, ...], Field(min_length=1, max_length=20)]
    contact: ContactIn
    language: Language | None = None
    """BCP 47, where English is not the best language to speak."""
    interpreter_needed: bool = False
    address: Line | None = None
    postcode: Postcode | None = None
    needs: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    words: WordsIn | None = None

    def content(self) -> IntakeContent:
        """The domain's value."""
        contact = self.contact
        return IntakeContent(
            people=tuple(person.value() for person in self.people),
            reach=Reach(
                telephone=contact.telephone,
                email=contact.email,
                safe_to_leave_message=contact.safe_to_leave_message,
                language=self.language,
                interpreter_needed=self.interpreter_needed,
            ),
            address=self.address,
            postcode=self.postcode,
            needs=tuple(dict.fromkeys(self.needs)),
            words=words_of(self.words),
        )


class SelfReferralIn(FamilyIn):
    """A family asks a service of a place for help by itself."""

    place_id: UUID | None = None
    """Needed only where one deployment serves several places."""


class AgreementIn(Body):
    """The family's yes to being helped and to this being sent: when, how, and which notice it was shown before."""

    agreed_on: date
    how: Literal["in_person", "online", "telephone", "video", "written"]
    notice_reference: Line


class IntakeIn(FamilyIn):
    """A family that a partner sends: with its yes, and under the partner's own reference, so that it is sent once."""

    external_reference: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    family_agrees: AgreementIn


class MatchIn(Body):
    """Whose it is: a family you may see, found or registered, and the person in it whom the intake names."""

    family_id: UUID
    person_id: UUID


class CloseIn(Body):
    """Why it is closed without a record of the family, and a plain sentence for its sender that names nobody."""

    code: Closing
    sentence: Annotated[str, StringConstraints(min_length=1, max_length=300)] | None = None


class WithheldOut(BaseModel):
    """A category that does not go to the recipient."""

    category: Category
    code: str
    sentence: str
    remedy: str


class IntakeItem(BaseModel):
    """An intake in a list: reading one shows who it is about, to its recipient alone."""

    id: UUID
    reference: str
    source: Source
    state: IntakeState
    version: int
    service_id: UUID
    service_kind: str
    sender_organisation_id: UUID | None
    recipient_organisation_id: UUID
    received_at: datetime
    due_at: datetime
    overdue: bool
    ended_at: datetime | None
    end_code: str | None


class SomeoneOut(BaseModel):
    """One person, as the sender knows them."""

    first_name: str
    last_name: str
    part: Part
    birth_date: date | None


class ContactOut(BaseModel):
    """How to reach the family."""

    telephone: str | None
    email: str | None
    safe_to_leave_message: bool


class WordsOut(BaseModel):
    """Free text, with the categories its author ticked."""

    text: str
    categories: list[Category]


class IntakeContentOut(BaseModel):
    """What was sent, as far as it may be shown to the recipient."""

    people: list[SomeoneOut]
    contact: ContactOut | None
    language: str | None
    interpreter_needed: bool | None
    address: str | None
    postcode: str | None
    needs: list[str]
    words: WordsOut | None


class IntakeOut(IntakeItem):
    """One intake. `content` is null for its sender, and once it has ended; `withheld` is for its sender."""

    external_reference: str | None
    withheld: list[WithheldOut]
    content: IntakeContentOut | None
    lapses_at: datetime
    sentence: str | None
    allowed_actions: list[str]
    safeguarding: str


class SelfReferralOut(BaseModel):
    """What a family that asked by itself is told: a reference to say on the telephone, and what happens next."""

    reference: str
    progress_code: str
    """With the reference it tells how the asking goes, without an account. It is told this once."""
    answered_by: datetime
    next: str
    safeguarding: str


class OwnProgressIn(Body):
    """What a family was told when it asked: the reference, and the code that goes with it."""

    reference: Annotated[str, StringConstraints(min_length=8, max_length=30)]
    progress_code: Annotated[str, StringConstraints(min_length=12, max_length=40)]


class OwnProgressOut(BaseModel):
    """How a family's own asking goes: nothing of what it sent, and nothing of anybody."""

    reference: str
    state: IntakeState
    asked_on: date
    answered_by: datetime
    ended_on: date | None
    next: str
    safeguarding: str
