"""The rules' refusals as problem documents: what each is called on the wire, and the one place that translates.

Conflict 409 ── AlreadyReceived · FormStands · IllegalAction · IntakeEnded · NotReady · VoucherNotUsable
Gone 410     ── LinkUsed
Invalid 422  ── InvalidAnswers · InvalidDetails · NoForm · NotAReportingRoute · ReportConcernFirst · UnfitFile
NotAllowed 403 ── ProcessingRestricted · SharingNotPermitted
Refusal 410 ── FeedRemoved
"""

from collections.abc import Iterator
from contextlib import contextmanager

from connective.contracts.places import Safeguarding
from connective.kit.problems import Conflict, FieldError, Invalid, NotAllowed, Refusal, Unavailable
from connective.referrals.domain import refusals as rules


class IllegalAction(Conflict):
    """The request's state does not allow the action; `allowed_actions` lists those it does."""

    code, title = "illegal-action", "This is not possible in the request's state"


class InvalidDetails(Invalid):
    """What came with an action breaks a rule of that action."""

    code, title = "invalid-details", "What came with this action is not right"


class InvalidAnswers(Invalid):
    """The answers do not fit the form."""

    code, title = "invalid-answers", "Some answers do not fit the form"


class NoForm(Invalid):
    """Services of this kind take no requests through the Hub yet."""

    code, title = "no-form", "This kind of service takes no requests here yet"


class NotAReportingRoute(Invalid):
    """A concern is phoned, never sent as a request."""

    code, title = "not-a-reporting-route", "The Hub is not where a concern is reported"


class ReportConcernFirst(Invalid):
    """The worker is reporting a concern now: the drafts wait."""

    code, title = "report-concern-first", "Report the concern first"


class FormStands(Conflict):
    """It was published, or is retired, or another draft of its kind waits."""

    code, title = "form-stands", "This is not possible with the form as it is"


class SharingNotPermitted(NotAllowed):
    """The request may not be read now, and says why."""

    code, title = "sharing-not-permitted", "Sharing is not permitted now"


class ProcessingRestricted(NotAllowed):
    """Somebody's data are stored and not used, at their request (UK GDPR Article 18)."""

    code, title = "processing-restricted", "Processing of this person's data is restricted"


class FeedRemoved(Refusal):
    """Some of what happened after this cursor is kept no longer: the follower has to look at the requests anew."""

    status, code, title = 410, "feed-removed", "The feed no longer goes back that far"


class IntakeEnded(Conflict):
    """It was matched, closed, taken back, or has lapsed."""

    code, title = "intake-ended", "Nobody waits in this intake any more"


class AlreadyReceived(Conflict):
    """The sender's own reference stands for something else that was sent before."""

    code, title = "already-received", "Something else was sent under this reference"


class VoucherNotUsable(Conflict):
    """None may be issued for this request, or this one stands no longer."""

    code, title = "voucher-not-usable", "This voucher cannot be issued or used"


class UnfitFile(Invalid):
    """What was sent is not a file that is taken."""

    code, title = "unfit-file", "This file cannot be attached"


class NotReady(Conflict):
    """The file's state does not allow it: it waits to be scanned, or has its content."""

    code, title = "not-ready", "This is not possible with the file as it is"


class LinkUsed(Refusal):
    """The link was used, has expired, or was made for somebody else."""

    status, code, title = 410, "link-used", "This link opens nothing any more"


_BY_CODE: dict[str, type[Refusal]] = {
    kind.code: kind
    for kind in (
        *(FormStands, IllegalAction, IntakeEnded, InvalidDetails, InvalidAnswers),
        *(NoForm, NotAReportingRoute, VoucherNotUsable),
    )
}


@contextmanager
def translated() -> Iterator[None]:
    """Let the rules' refusals leave as problem documents."""
    try:
        yield
    except rules.IllegalAction as refused:
        raise IllegalAction(refused.sentence, allowed_actions=list(refused.legal)) from refused
    except rules.DetailsRefused as refused:
        errors = tuple(FieldError(e.pointer, e.code, e.detail) for e in refused.errors)
        raise _BY_CODE[refused.code](refused.sentence, errors=errors) from refused
    except rules.Refused as refused:
        raise _BY_CODE[refused.code](refused.sentence) from refused


@contextmanager
def unavailable_instead() -> Iterator[None]:
    """On the way to a disclosure any hop that fails, however it fails, is 503: nothing is shown."""
    try:
        yield
    except Unavailable:
        raise
    except Refusal as refused:
        raise Unavailable("Another part of the Hub could not answer; nothing was shown.") from refused


def numbers(safeguarding: Safeguarding) -> dict[str, str]:
    """Whom to phone, as members of a problem document."""
    return {
        "emergency": "999",
        "front_door_name": safeguarding.front_door_name,
        "front_door_number": safeguarding.front_door_number,
        "out_of_hours_number": safeguarding.out_of_hours_number,
        "adults_number": safeguarding.adults_number,
    }
