"""A person as the record knows them, from before birth (on the mother) until after death."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from connective.families.domain.dates import ADULT_AT, age_in_years
from connective.families.domain.names import Name
from connective.families.domain.refusals import AlreadyEnded, ImplausibleDate, StoppedElsewhere

_LONGEST_PREGNANCY_DAYS = 300
_SHORTEST_BIRTH_DAYS_EARLY = 140


class Sex(StrEnum):
    """As the family states it; the codes of FHIR's administrative gender, so that partners' systems read them."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class AgeGroup(StrEnum):
    """Which side of eighteen, for somebody whose birth date is not known."""

    ADULT = "adult"
    CHILD = "child"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a family. Kept by one organisation: the same human known to another has a record of theirs there."""

    id: UUID
    name: Name
    sex: Sex = Sex.UNKNOWN
    date_of_birth: date | None = None
    age_group: AgeGroup | None = None
    """Stated by the worker where no birth date is known; the birth date outweighs it."""
    died_on: date | None = None
    nhs_number: str | None = None
    upn_recorded: bool = False
    """A pupil number is a blind number: kept sealed, never shown, never passed on; only that there is one is known."""
    language: str | None = None
    interpreter: bool | None = None
    education_setting: str | None = None
    gp_practice: str | None = None
    quiet_elsewhere: bool = False
    """Whether another keeper's record of the same person stops notices. Why is known there alone."""
    processing_restricted: bool = False
    """Whether an officer restricted processing of their data (UK GDPR Article 18): stored, and not otherwise used."""
    version: int = 1

    @property
    def living(self) -> bool:
        """Whether no death is recorded."""
        return self.died_on is None

    def age_on(self, day: date) -> int | None:
        """Whole years on a day; None where the birth date is unknown or still to come."""
        if self.date_of_birth is None or self.date_of_birth > day:
            return None
        return age_in_years(self.date_of_birth, day)

    def is_adult_on(self, day: date) -> bool:
        """Whether of full age. An unknown age counts as a child's: the careful answer protects more."""
        age = self.age_on(day)
        if age is not None:
            return age >= ADULT_AT
        return self.age_group is AgeGroup.ADULT


class PregnancyEnd(StrEnum):
    """How a pregnancy ended."""

    BIRTH = "birth"
    LOSS = "loss"


@dataclass(frozen=True, slots=True)
class Pregnancy:
    """An unborn child, recorded on the mother: health data of hers until birth, and nobody else's say."""

    id: UUID
    mother_id: UUID
    due_on: date
    ended_on: date | None = None
    end: PregnancyEnd | None = None
    notices_resumed_on: date | None = None
    """When, after a loss, a worker who knows the family said that notices may be sent again."""

    @property
    def open(self) -> bool:
        """Whether the child is still expected."""
        return self.end is None


def expect_child(pregnancy_id: UUID, mother: Person, due_on: date, today: date) -> Pregnancy:
    """A pregnancy noted today. The day it is due lies no further off than one lasts."""
    if not mother.living:
        raise AlreadyEnded("A death is recorded for this person.")
    if not -60 <= (due_on - today).days <= _LONGEST_PREGNANCY_DAYS:
        raise ImplausibleDate("A child is due within the next ten months.", "due_on")
    return Pregnancy(pregnancy_id, mother.id, due_on)


def record_birth(pregnancy: Pregnancy, born_on: date, today: date) -> Pregnancy:
    """The pregnancy ended in birth: only now does the child become a person of their own."""
    if not pregnancy.open:
        raise AlreadyEnded("The end of this pregnancy is recorded already.")
    if born_on > today or (pregnancy.due_on - born_on).days > _SHORTEST_BIRTH_DAYS_EARLY:
        raise ImplausibleDate("A birth date cannot be in the future, nor months before a child can live.", "born_on")
    return replace(pregnancy, ended_on=born_on, end=PregnancyEnd.BIRTH)


def record_loss(pregnancy: Pregnancy, on: date, today: date) -> Pregnancy:
    """The pregnancy ended in loss: every notice about the mother stops at once."""
    if not pregnancy.open:
        raise AlreadyEnded("The end of this pregnancy is recorded already.")
    if on > today:
        raise ImplausibleDate("Choose today or an earlier day.", "on")
    return replace(pregnancy, ended_on=on, end=PregnancyEnd.LOSS)


def notices_stop(person: Person, pregnancies: tuple[Pregnancy, ...]) -> bool:
    """Whether no automatic notice may reach this person: they died, or a pregnancy of theirs was lost.

    So it is, too, where another keeper's record of the same person says so.
    A letter that comes after a loss wounds; after one, a person writes or nobody does.
    """
    lost = any(
        p.mother_id == person.id and p.end is PregnancyEnd.LOSS and p.notices_resumed_on is None for p in pregnancies
    )
    return not person.living or lost or person.quiet_elsewhere


def resume_notices(person: Person, pregnancies: tuple[Pregnancy, ...], today: date) -> tuple[Pregnancy, ...]:
    """The losses after which notices may be sent again from today, because somebody who knows the family says so.

    Raises AlreadyEnded for somebody who has died, and where nothing had stopped; StoppedElsewhere where only who keeps
    another record of the same person knows why.
    """
    if not person.living:
        raise AlreadyEnded("A death is recorded for this person, so notices stay stopped.")
    if person.quiet_elsewhere:
        raise StoppedElsewhere(
            "Another organisation that knows this person stopped them. Speak to it: they go again when it says so."
        )
    if not notices_stop(person, pregnancies):
        raise AlreadyEnded("Notices about this person are not stopped.")
    return tuple(
        replace(p, notices_resumed_on=today)
        for p in pregnancies
        if p.mother_id == person.id and p.end is PregnancyEnd.LOSS and p.notices_resumed_on is None
    )
