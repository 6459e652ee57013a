"""What the domain refuses, for the rule each states.

Conflict 409 (kit)
└── NotNow                the record's state does not allow it; `allowed_actions` names what it does allow
NotAllowed 403 (kit)
└── NotYours              the asker's legal entity or role may not do this to this record
Invalid 422 (kit)
└── Unacceptable          what was given breaks a rule; `reason` is the rule's code
    └── NoAuthority       the person who said yes or no may not speak for the person it is about
"""

from connective.kit.problems import Conflict, FieldError, Invalid, NotAllowed


class NotNow(Conflict):
    """The state of the record does not allow the action."""

    code, title = "illegal-transition", "This is not possible in the present state"

    def __init__(self, reason: str, sentence: str, allowed: tuple[str, ...] = ()) -> None:
        super().__init__(sentence, reason=reason, allowed_actions=list(allowed))


class NotYours(NotAllowed):
    """The asker may see the record but may not do this to it."""

    code, title = "not-yours", "This is for somebody else to do"

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence, reason=reason)


class Unacceptable(Invalid):
    """What was given breaks a rule."""

    code, title = "not-acceptable", "What was given breaks a rule"

    def __init__(self, reason: str, sentence: str, pointer: str = "") -> None:
        errors = (FieldError(pointer, reason, sentence),) if pointer else ()
        super().__init__(sentence, errors=errors, reason=reason)


class NoAuthority(Unacceptable):
    """The giver may not speak for the person."""

    code, title = "no-authority", "This person may not decide that"
