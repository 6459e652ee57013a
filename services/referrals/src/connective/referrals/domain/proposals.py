"""A recipient that knows somewhere better says so; the referrer alone decides (domain rules, section 4, redirect)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from connective.referrals.domain.refusals import DetailsRefused, FieldError, IllegalAction
from connective.referrals.domain.request import By, Fact, Request
from connective.referrals.domain.states import OPEN

PROPOSED, REFUSED = "redirect_proposed", "redirect_refused"


class ProposalReason(StrEnum):
    """Why another service would be better; never a word about the family."""

    AT_CAPACITY = "at_capacity"
    BETTER_SUITED = "better_suited"
    NOT_ELIGIBLE = "not_eligible"
    OTHER = "other"
    OUT_OF_AREA = "out_of_area"


@dataclass(frozen=True, slots=True)
class Noted:
    """What was noted of proposals, in order: one made (with its service), or the open one refused (without)."""

    id: UUID
    at: datetime
    service_id: UUID | None
    reason: ProposalReason | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal, and whether it still waits for the referrer."""

    id: UUID
    at: datetime
    service_id: UUID
    reason: ProposalReason
    state: str
    """`open`, `refused`, `superseded` by a later one, or `closed` with the request."""


def proposals(request: Request, noted: Sequence[Noted]) -> tuple[Proposal, ...]:
    """Every proposal with its state: only the newest of an open request can wait for an answer."""
    found: list[Proposal] = []
    for each in noted:
        last = found[-1] if found else None
        if last is not None and last.state == "open":
            found[-1] = replace(last, state="refused" if each.service_id is None else "superseded")
        if each.service_id is not None and each.reason is not None:
            found.append(Proposal(each.id, each.at, each.service_id, each.reason, "open"))
    if request.state not in OPEN:
        return tuple(replace(p, state="closed") if p.state == "open" else p for p in found)
    return tuple(found)


def refuse_same_service(request: Request, service_id: UUID) -> None:
    """Raise DetailsRefused for a proposal of the service that has the request already."""
    if service_id == request.service_id:
        detail = "This service has the request already: propose another one."
        raise DetailsRefused([FieldError("/service_id", "same-service", detail)])


def refuse_proposal(request: Request, noted: Sequence[Noted], by: By, at: datetime) -> tuple[Request, Fact]:
    """The request stays where it is. Raises IllegalAction unless a proposal is open."""
    if not any(p.state == "open" for p in proposals(request, noted)):
        raise IllegalAction("refuse-redirect", request.state, ())
    after = replace(request, version=request.version + 1)
    return after, Fact(REFUSED, None, request.state, request.state, after.version, at, by)
