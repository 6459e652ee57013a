"""What a Task's owner sends to change it, and which action of the lifecycle that is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from connective.kit.problems import FieldError, Invalid
from connective.referrals.commands.refusals import InvalidDetails
from connective.referrals.domain.clocks import tell_family_by
from connective.referrals.domain.details import Completing, Declining, Details, Pausing, Waitlisting
from connective.referrals.domain.request import Decline, Outcome, Request
from connective.referrals.domain.states import Action, State
from connective.referrals.domain.status import FHIR_STATUS

Text = Annotated[str, StringConstraints(max_length=2000)]


class Element(BaseModel):
    """Part of a FHIR resource: what we do not use of it is let pass, as FHIR expects of a receiver."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class Coding(Element):
    """A code of some system."""

    system: Annotated[str, StringConstraints(max_length=300)] | None = None
    code: Annotated[str, StringConstraints(max_length=100)] | None = None


class CodeableConcept(Element):
    """Codes that mean the same, and words."""

    coding: Annotated[tuple[Coding, ...], Field(max_length=20)] = ()
    text: Text | None = None

    def code(self, system: str) -> str | None:
        """The code of this system, by the last part of its address; a code without a system counts too."""
        for coding in self.coding:
            if coding.system is None or coding.system.rpartition("/")[2] == system:
                return coding.code
        return None


class Reference(Element):
    """Where another resource is."""

    reference: Annotated[str, StringConstraints(max_length=300)] | None = None


class Period(Element):
    """A stretch of time."""

    end: Annotated[str, StringConstraints(max_length=40)] | None = None


class Restriction(Element):
    """Until when."""

    period: Period | None = None


class Output(Element):
    """One thing that came of it."""

    type: CodeableConcept
    value_string: Annotated[Text | None, Field(alias="valueString")] = None
    value_code: Annotated[Text | None, Field(alias="valueCode")] = None
    value_concept: Annotated[CodeableConcept | None, Field(alias="valueCodeableConcept")] = None


class TaskIn(Element):
    """A Task as its owner sends it: status, statusReason, businessStatus, restriction and output are taken."""

    resource_type: Annotated[Literal["Task"], Field(alias="resourceType")]
    id: Annotated[str, StringConstraints(max_length=64)]
    status: Annotated[str, StringConstraints(max_length=40)]
    intent: Literal["order"]
    focus: Reference | None = None
    for_: Annotated[Reference | None, Field(alias="for")] = None
    requester: Reference | None = None
    owner: Reference | None = None
    status_reason: Annotated[CodeableConcept | None, Field(alias="statusReason")] = None
    business_status: Annotated[CodeableConcept | None, Field(alias="businessStatus")] = None
    restriction: Restriction | None = None
    output: Annotated[tuple[Output, ...], Field(max_length=50)] = ()

    def said(self, name: str) -> str | None:
        """What an output of our own code system says."""
        for each in self.output:
            if each.type.code("task-output") == name:
                concept = each.value_concept
                coded = None if concept is None else concept.code(name) or concept.text
                return each.value_string or each.value_code or coded
        return None

    @property
    def business_state(self) -> str | None:
        """The state by our own name, where it is told."""
        return None if self.business_status is None else self.business_status.code("request-state")

    @property
    def reason(self) -> str:
        """The code of why."""
        return (self.status_reason and self.status_reason.code("reason")) or ""

    @property
    def until(self) -> date | None:
        """The day of `restriction.period.end`; None where it is not one."""
        period = self.restriction and self.restriction.period
        try:
            return date.fromisoformat(((period and period.end) or "")[:10])
        except ValueError:
            return None


Said = Details | Callable[[datetime], Details]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The action that a Task asks for, with what comes with it."""

    action: Action
    details: Said = None


_PLAIN = {"accepted": Action.ACCEPT, "received": Action.RECEIVE}
_ASK = "Ask by POST /api/v1/requests/{id}/ask: whoever writes to the referrer ticks what the words reveal."
_OTHERS = (
    "The owner sets received, accepted, rejected, in-progress, on-hold and completed; nothing else is the owner's."
)
_STARTED = frozenset({State.ACCEPTED, State.IN_PROGRESS})


def wanted_of(request: Request, task: TaskIn) -> Wanted | None:
    """The action between where the request stands and what its owner sent; None where that is the same.

    Raises InvalidDetails for a status that is not the owner's to set. Whether the action is legal, the lifecycle says.
    """
    named = task.business_state
    if task.status == FHIR_STATUS[request.state] and named in {None, str(request.state)}:
        return None
    if task.status in _PLAIN:
        return Wanted(_PLAIN[task.status])
    if task.status == "rejected":
        again = request.state in _STARTED
        return Wanted(Action.REASSESS if again else Action.DECLINE, partial(_declining, task))
    if task.status == "in-progress":
        return _in_progress(request, task)
    if task.status == "on-hold":
        if named == State.INFORMATION_REQUESTED:
            raise _refused("status", "not-here", _ASK)
        return Wanted(Action.PAUSE, Pausing(task.reason, _day(task)))
    if task.status == "completed":
        return Wanted(Action.COMPLETE, _completing(task))
    raise _refused("status", "not-the-owners", _OTHERS)


def _in_progress(request: Request, task: TaskIn) -> Wanted:
    if task.business_state == State.WAITLISTED:
        return Wanted(Action.WAITLIST, Waitlisting(_day(task)))
    return Wanted(Action.RESUME if request.state is State.ON_HOLD else Action.START)


def _refused(element: str, code: str, words: str) -> InvalidDetails:
    return InvalidDetails("This change is not taken.", errors=(FieldError(f"Task.{element}", code, words),))


def _day(task: TaskIn) -> date:
    """The day looked at again, or expected. Raises InvalidDetails."""
    day = task.until
    if day is None:
        raise _refused("restriction.period.end", "required", "Say until which day: a date such as 2026-03-09.")
    return day


def _declining(task: TaskIn, at: datetime) -> Declining:
    decline = Decline(
        code=task.reason,
        family_sentence=task.said("family_sentence") or (task.status_reason and task.status_reason.text) or "",
        next_step=task.said("next_step") or "",
        tells=task.said("tells") or "lead_practitioner",
        tell_by=tell_family_by(at),
        second_look=task.said("second_look") or "",
        front_door=task.said("front_door"),
    )
    return Declining(decline, None)


def _completing(task: TaskIn) -> Completing:
    outcome = Outcome(
        code=task.said("outcome") or "", needs=(), views=(), no_view_reason=task.said("no_view_reason") or "not_asked"
    )
    return Completing(outcome, None)


def changed_references(task: TaskIn, current: dict[str, Any]) -> list[str]:
    """Elements that name others than they do now: a Task keeps whom and what it is about."""
    sent = {"focus": task.focus, "for": task.for_, "requester": task.requester, "owner": task.owner}
    return [
        name
        for name, reference in sent.items()
        if reference is not None
        and reference.reference is not None
        and not _same(reference.reference, current[name]["reference"])
    ]


def _same(sent: str, now: str) -> bool:
    return sent == now or sent.endswith(f"/{now}")


def organisation_of(task: TaskIn) -> UUID | None:
    """The organisation a Task names as its owner; None where it names no id of ours."""
    named = task.owner.reference if task.owner is not None else None
    try:
        return UUID((named or "").rpartition("/")[2])
    except ValueError:
        return None


ELEMENTS = {
    "/code": "Task.statusReason",
    "/family_sentence": "Task.statusReason.text",
    "/no_view_reason": "Task.output",
    "/reason": "Task.statusReason",
    "/review_on": "Task.restriction.period.end",
    "/expected_on": "Task.restriction.period.end",
}
"""Where the lifecycle's own fields stand in a Task; the others are outputs."""


def in_fhir(refused: Invalid) -> Invalid:
    """A refusal of what came with an action, with each field where a Task has it."""
    errors = tuple(
        FieldError(ELEMENTS.get(each.pointer, "Task.output"), each.code, f"{each.pointer[1:]}: {each.detail}")
        for each in refused.errors
    )
    return type(refused)(refused.detail, errors=errors)
