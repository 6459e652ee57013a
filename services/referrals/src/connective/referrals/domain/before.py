"""What is looked at before a request goes: whether the service takes it at all, and what the worker should know.

Age, area, room and "already waiting" are shown, never silently blocking (domain rules, section 4, "Before it is
sent"). A service or organisation that takes nothing now blocks, with something else to do today.
"""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from connective.contracts.needs import NeedsList
from connective.contracts.sharing import PersonEssentials, ServiceFacts
from connective.referrals.domain.clocks import answers_in_time
from connective.referrals.domain.forms import Form
from connective.referrals.domain.refusals import FieldError
from connective.referrals.domain.request import Content, Missing, Notice, PeopleAsked
from connective.referrals.domain.states import FINAL, State

WITH_CARE = (
    "Nobody is to be prompted to contact this family about somebody named here. Speak to them yourself before you send "
    "this, and tell the service by telephone what it needs to know."
)

_LAPSED = "Something this organisation had shown is out of date; whether to send is yours to weigh."


def takes_nothing(service: ServiceFacts, suspended: frozenset[UUID], referrer: UUID) -> tuple[Missing, ...]:
    """Why nothing can go to this service now, if so."""
    phone = "Phone the service, or choose another one."
    if referrer in suspended:
        why = "Your organisation is suspended: it sends no new requests."
        return (Missing(None, "referrer_suspended", why, "Ask the place's administrator."),)
    if not service.organisation_active or service.organisation_id in suspended:
        return (Missing(None, "recipient_suspended", "The organisation takes no new requests now.", phone),)
    if service.status != "active" or not service.takes_requests:
        return (Missing(None, "service_closed", "The service takes no new requests now.", phone),)
    return ()


def notices(
    service: ServiceFacts, people: Mapping[UUID, PersonEssentials], asked: PeopleAsked, waiting: str | None, today: date
) -> tuple[Notice, ...]:
    """What the worker should know: an age that does not fit, a family that waits there already or needs care, a lapse.

    `waiting` is the reference of the organisation's own open request to the same service. A sensitive service answers
    "none" and "not shown to you" alike, so nothing is said of it.
    """
    told = []
    if waiting is not None and not service.sensitive:
        told.append(Notice("already_waiting", f"The family already has an open request there: {waiting}."))
    for person_id in asked.subjects:
        age = people[person_id].age_years
        low, high = service.minimum_age, service.maximum_age
        if age is not None and ((low is not None and age < low) or (high is not None and age > high)):
            span = f"{low if low is not None else 0} to {high}" if high is not None else f"{low} and over"
            told.append(Notice("outside_age", f"The service is for ages {span}; somebody asked for is {age}."))
    if any(people[person_id].notices_stopped for person_id in asked.everyone):
        told.append(Notice("with_care", WITH_CARE))
    told += [Notice("assurance_lapsed", f"{_LAPSED} {end.sentence}") for end in service.assurance if end.until < today]
    return tuple(told)


def check_people(form: Form, asked: PeopleAsked, people: Mapping[UUID, PersonEssentials], at: str) -> list[FieldError]:
    """What is wrong with whom a request is about: one subject where the form says so, and nobody who has died."""
    errors = []
    if form.one_subject and len(asked.subjects) != 1:
        errors.append(FieldError(f"{at}/subjects", "one-subject", "Make one request for each person here."))
    if len(set(asked.subjects)) != len(asked.subjects):
        errors.append(FieldError(f"{at}/subjects", "repeated", "Name each person once."))
    for index, person_id in enumerate(asked.subjects):
        if not people[person_id].living:
            errors.append(FieldError(f"{at}/subjects/{index}", "not-living", "The record says this person has died."))
    if not people[asked.contact].living:
        detail = "The record says this person has died: choose somebody else to speak to."
        errors.append(FieldError(f"{at}/contact_person_id", "not-living", detail))
    return errors


def check_content(content: Content, asked: PeopleAsked, needs: NeedsList, at: str) -> list[FieldError]:
    """What is wrong with needs and free text: unknown codes, people not asked for, text without categories."""
    errors = []
    for index, need in enumerate(content.needs):
        if need.code not in needs.needs:
            errors.append(FieldError(f"{at}/needs/{index}/code", "unknown-code", "Use a code of the needs list."))
        if need.person_id not in asked.everyone:
            detail = "A need belongs to somebody the request is about."
            errors.append(FieldError(f"{at}/needs/{index}/person_id", "not-asked-for", detail))
    if content.words is not None and not content.words.categories:
        detail = "Tick every category the text reveals; `needs` when it only says why help is needed."
        errors.append(FieldError(f"{at}/free_text/categories", "required", detail))
    return errors


def check_time(service: ServiceFacts, needed_by: datetime | None, now: datetime, at: str) -> list[FieldError]:
    """A service that cannot answer before `needed_by` is not offered; a time that has passed is no time."""
    if needed_by is None:
        return []
    pointer = f"{at}/needed_by"
    if needed_by <= now:
        return [FieldError(pointer, "in-the-past", "That time has passed.")]
    if answers_in_time(service.same_day, service.decide_within_days, now, needed_by):
        return []
    phone = f" Phone {service.telephone} now." if service.telephone else ""
    detail = f"This service cannot answer before then.{phone} Or choose another service."
    return [FieldError(pointer, "cannot-answer-in-time", detail)]


def check_replaces(replaced_state: State | None, already_replaced: bool, at: str) -> list[FieldError]:
    """Only a final request of the same family can be replaced, and only once (domain rules, section 4)."""
    pointer = f"{at}/replaces"
    if replaced_state is None:
        return [FieldError(pointer, "unknown", "There is no such request of yours for this family.")]
    if replaced_state not in FINAL:
        return [FieldError(pointer, "still-open", "That request is still open: withdraw or redirect it first.")]
    if already_replaced:
        return [FieldError(pointer, "already-replaced", "Another request replaces that one already.")]
    return []
