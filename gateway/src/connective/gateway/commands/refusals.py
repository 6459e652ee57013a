"""What the gateway refuses, for the rule each states."""

from collections.abc import Iterator
from contextlib import contextmanager

from connective.gateway.domain.access_review import UnfitDay
from connective.kit.problems import Conflict, FieldError, Invalid, TooMany


class InvitationClosed(Conflict):
    """The invitation was accepted or withdrawn, has run out, or was posted often enough."""

    code, title = "invitation-closed", "This cannot be done with the invitation any more"


class NameTaken(Conflict):
    """Somebody signs in by this e-mail address already."""

    code, title = "sign-in-name-taken", "Somebody signs in by this address already"


class NoProcessingAgreement(Conflict):
    """The organisation's legal entity has not signed the host's processing agreement.

    Only those who bring the contract about (signatory, data protection officer, agreement manager, the place's
    administrator) may have accounts before.
    """

    code, title = "processing-agreement-unsigned", "This organisation has no contract with the host yet"


class ProhibitedUsesNotAccepted(Conflict):
    """The organisation has not accepted the uses prohibited to everybody, in a version that is enough today."""

    code, title = "prohibited-uses-not-accepted", "This organisation has not accepted the prohibited uses"


class NoLinkPosted(Conflict):
    """The organisation has registered no address for links, or had enough for this request today."""

    code, title = "no-link-posted", "No link was posted"


class OwnAccess(Conflict):
    """Nobody reviews their own access."""

    code, title = "own-access", "This is for another officer to review"


class OwnProposal(Conflict):
    """Who proposes a change may not be the one who approves it; who did not may not withdraw it."""

    code, title = "own-proposal", "This is for another administrator to decide"


class ProposalClosed(Conflict):
    """The proposal was decided or its time is over, or what it is about has changed since."""

    code, title = "proposal-closed", "This proposal can no longer be decided"


class UnfitCredential(Invalid):
    """A client's key or method is not one that is safe."""

    code, title = "unfit-credential", "This credential cannot be registered"


class DaySpent(TooMany):
    """The account has opened as many different people's records as one may in a day."""

    code, title = "people-budget-spent", "You have opened as many people's records as one may in a day"


class UnfitProvider(Invalid):
    """An outside provider's address, secret or rules cannot stand."""

    code, title = "unfit-provider", "This provider cannot be set up"


@contextmanager
def days_checked() -> Iterator[None]:
    """Let a day that cannot be leave as a problem document that says where it was given."""
    try:
        yield
    except UnfitDay as unfit:
        raise Invalid(unfit.sentence, errors=(FieldError(unfit.pointer, "unfit", unfit.sentence),)) from unfit
