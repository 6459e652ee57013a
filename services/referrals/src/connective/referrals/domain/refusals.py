"""Every refusal the rules of this service can give.

    Refused
    ├── AnswersRefused           the form's answers do not fit its version
    ├── DetailsRefused           what came with an action breaks a rule of that action
    ├── FormStands               a form that was published never changes, and a kind has one draft at a time
    ├── IllegalAction            the request's state, or the party, does not allow the action
    ├── IntakeEnded              nobody waits in this intake any more
    ├── NoForm                   this kind of service takes no requests through the Hub yet
    ├── NotAReportingRoute       a front door, police or designated officer takes no requests
    ├── ReportConcernFirst       the worker is reporting a concern now: the draft waits
    └── VoucherNotUsable         none may be issued here, or this one stands no longer

The edge of the service turns each into a problem document; nothing here knows of HTTP.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar


class Refused(Exception):
    """Base of all refusals: a stable code, and a sentence that says what to do instead."""

    code: ClassVar[str] = "refused"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class IllegalAction(Refused):
    """The action is not legal for this party in this state; the legal ones are listed (domain rules, section 4)."""

    code = "illegal-action"

    def __init__(self, action: str, state: str, legal: Iterable[str]) -> None:
        self.legal = tuple(sorted(legal))
        offered = ", ".join(self.legal) if self.legal else "none"
        super().__init__(f"A request that is {state} cannot take the action {action}. Legal actions now: {offered}.")


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with what was sent: where (JSON Pointer), which rule, and what to do about it."""

    pointer: str
    code: str
    detail: str


class DetailsRefused(Refused):
    """What came with an action breaks a rule of that action."""

    code = "invalid-details"

    def __init__(self, errors: Iterable[FieldError]) -> None:
        self.errors = tuple(errors)
        super().__init__(" ".join(error.detail for error in self.errors))


class AnswersRefused(DetailsRefused):
    """The answers do not fit the form version they were given on."""

    code = "invalid-answers"


class FormStands(Refused):
    """A form that requests may have been made on never changes; one draft of a kind is worked on at a time."""

    code = "form-stands"


class IntakeEnded(Refused):
    """An intake is matched, closed or taken back once; what was sent in it is gone then."""

    code = "intake-ended"


class NoForm(Refused):
    """A kind of service that takes no requests through the Hub yet can be phoned or signposted."""

    code = "no-form"


class NotAReportingRoute(Refused):
    """A concern is phoned to the front door, police or designated officer, never sent as a request (section 10)."""

    code = "not-a-reporting-route"


class ReportConcernFirst(Refused):
    """The worker said a concern is being reported now: everything stays a draft until that is noted (section 10)."""

    code = "report-concern-first"


class VoucherNotUsable(Refused):
    """A voucher stands in for a blocked request to a service that takes them, once, until it expires."""

    code = "voucher-not-usable"
