"""What the rules about statements, agreements, memoranda and the register refuse; nothing here knows of HTTP.

    Refused
    ├── NotNow         the record's state does not allow it; `allowed` names what it does allow
    ├── NotYours       the asker's legal entity may not do this to this record
    ├── Unacceptable   what was given breaks a rule; `pointer` says where
    │   └── NoAuthority   the person who said yes or no may not speak for the person it is about
    └── Incomplete     the text is not fit for others to read; `findings` are an officer's sentences

`commands.refusals` turns each into a problem document.
"""

from connective.consent.domain.findings import Finding


class Refused(Exception):
    """Base of all of them: the code of the rule, and a sentence that says what to do instead."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence


class NotNow(Refused):
    """The state of the record does not allow the action."""

    def __init__(self, reason: str, sentence: str, allowed: tuple[str, ...] = ()) -> None:
        super().__init__(reason, sentence)
        self.allowed = allowed


class NotYours(Refused):
    """The asker may see the record but may not do this to it."""


class Unacceptable(Refused):
    """What was given breaks a rule."""

    def __init__(self, reason: str, sentence: str, pointer: str = "") -> None:
        super().__init__(reason, sentence)
        self.pointer = pointer


class NoAuthority(Unacceptable):
    """The giver may not speak for the person it is about."""


class Incomplete(Refused):
    """A text is not fit for review or signature: each finding is a sentence an officer can act on."""

    def __init__(self, sentence: str, findings: tuple[Finding, ...]) -> None:
        super().__init__("incomplete", sentence)
        self.findings = findings
