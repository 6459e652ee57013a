"""What happened in a family's record, in order: facts by code, and the sentence a worker reads."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from connective.contracts.referral_events import REQUEST_FACTS


class EntryKind(StrEnum):
    """What a chronology can be narrowed to, over the whole of it."""

    CASES = "cases"
    CONTACT = "contact"
    FAMILY = "family"
    NEEDS = "needs"
    REQUESTS = "requests"


RECORDS_OF = {
    EntryKind.CASES: ("case", "team"),
    EntryKind.CONTACT: ("contact", "notices"),
    EntryKind.FAMILY: ("address", "birth", "death", "family", "loss", "membership", "people", "person", "pregnancy",
                       "relationship", "relationships"),
    EntryKind.NEEDS: ("need", "strength"),
    EntryKind.REQUESTS: ("referral", "request", "signpost"),
}  # fmt: skip
"""By what an entry's code begins, which says of which kind it is."""
_OWN_SENTENCES = {
    "address": "An address was recorded.",
    "address.ended": "The family lives at an address no longer.",
    "birth": "A child was born into the family.",
    "case.assessed": "What the family needs was assessed.",
    "case.closed": "The case was closed.",
    "case.closure_proposed": "Somebody proposed to close the case.",
    "case.opened": "A case was opened.",
    "case.planned": "A plan was made.",
    "case.reopened": "The case was opened again.",
    "case.reviewed": "The plan was reviewed.",
    "contact": "A way to make contact was recorded.",
    "contact.ended": "A way to make contact must be used no longer.",
    "family.registered": "The family was registered.",
    "membership.ended": "Somebody left the family.",
    "death": "Somebody of the family died. Nobody is prompted to contact the family about them.",
    "loss": "A pregnancy ended in loss. Nobody is prompted to contact the family about it: speak to them with care.",
    "need": "A need was recorded.",
    "need.ended": "A need ended.",
    "notices.resumed": "Notices may be sent again, as somebody who knows the family said.",
    "notices.resumed_elsewhere": "Notices may be sent again, as another organisation that knows the person said.",
    "notices.stopped_elsewhere": (
        "Another organisation that knows somebody of the family asks that nobody is prompted to contact the family "
        "about them: speak to it before you write."
    ),
    "people": "Somebody joined the family's record.",
    "person": "A person's details were changed.",
    "person.merged": "Two records of one person became one.",
    "person.unmerged": "Two records that had been made one were taken apart again.",
    "pregnancy": "A pregnancy was recorded.",
    "referral.made": "A referral was made.",
    "relationship.ended": "A relationship ended.",
    "relationships": "A relationship was recorded.",
    "strength": "Something that goes well was recorded.",
    "strength.ended": "Something that went well does so no longer, or was recorded by mistake.",
    "team": "The team around the family changed.",
}
_REQUEST_SENTENCES = {
    "accepted": "{service} will help.",
    "amended": "The request to {service} was amended.",
    "answered": "A question of {service} was answered.",
    "blocked": "The request to {service} was not sent: sharing is not permitted yet.",
    "completed": "{service} finished its help.",
    "corrected": "The request to {service} was taken back unread, to correct it.",
    "declined": "{service} declined.",
    "held": "The request to {service} is on hold.",
    "information_requested": "{service} asked a question.",
    "lapsed": "The request to {service} lapsed without an answer.",
    "not_engaged": "{service} could not reach the family as often as it tried.",
    "overdue": "The request to {service} is overdue.",
    "paused": "{service} paused its help.",
    "received": "{service} opened the request.",
    "redirect_proposed": "{service} proposed another service.",
    "redirect_refused": "The request stays with {service}.",
    "redirected": "The family is sent to another service instead of {service}.",
    "released": "The request to {service} goes on.",
    "resumed": "{service} took up its help again.",
    "second_look_answered": "{service} looked at its no again.",
    "second_look_asked": "{service} was asked to look at its no again.",
    "started": "{service} made first contact.",
    "submitted": "A request was sent to {service}.",
    "waitlisted": "{service} put the family on its waiting list.",
    "withdrawn": "The request to {service} was withdrawn.",
}
_TOLD_OF = "The family was told of {service}; nothing was shared."
_UNKNOWN_FACT = "Something changed in the request to {service}."
"""For a fact of a later release than this one's, while both run."""
assert _REQUEST_SENTENCES.keys() == REQUEST_FACTS.keys()  # noqa: S101 - a fact without words is a fault of the program


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `id` is the id of the fact it came from, so that it is entered once."""

    id: UUID
    family_id: UUID
    at: datetime
    code: str
    """`request.accepted`, `family.registered`, `need` and so on."""
    organisation_id: UUID | None
    """Who acted; None when the Hub's clock did."""
    owner_organisation_id: UUID
    """Who referred, or who keeps the record: the only one to see a sensitive service's entries."""
    version: int
    person_id: UUID | None = None
    reference: str | None = None
    service_kind: str | None = None
    reason_code: str | None = None
    detail_code: str | None = None
    sensitive: bool = False


def sentence(entry: Entry) -> str:
    """What happened, in words without anybody's name."""
    record, _, fact = entry.code.partition(".")
    if record == "request":
        service = (entry.service_kind or "the service").replace("_", " ")
        words = _REQUEST_SENTENCES.get(fact, _UNKNOWN_FACT).format(service=service)
        return words[0].upper() + words[1:]
    if entry.code == "signpost.given":
        return _TOLD_OF.format(service=(entry.service_kind or "a service").replace("_", " "))
    return _OWN_SENTENCES[entry.code]


def may_see(entry: Entry, organisation_id: UUID) -> bool:
    """Whether an organisation that may see the family may see this: a sensitive service only who referred to it."""
    return not entry.sensitive or entry.owner_organisation_id == organisation_id


def without_service(entry: Entry) -> Entry:
    """The entry without what says which service it is about."""
    return replace(entry, service_kind=None, reference=None, reason_code=None)
