"""What the domain refuses, each with a stable code and a sentence for the person who asked.

Refused
├── NotNow       the record's state does not allow it; `allowed` names what it does allow
├── NotYours     the person who asked may not do this to this record
└── Unacceptable what was given breaks a rule; `findings` may say where
"""

from connective.consent.domain.findings import Finding


class Refused(Exception):
    """Base of every refusal: the code is for programs, the sentence for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class NotNow(Refused):
    """The state of the record does not allow the action."""

    def __init__(self, code: str, sentence: str, allowed: tuple[str, ...] = ()) -> None:
        super().__init__(code, sentence)
        self.allowed = allowed


class NotYours(Refused):
    """The asker may see the record but may not do this to it."""


class Unacceptable(Refused):
    """What was given breaks a rule."""

    def __init__(self, code: str, sentence: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(code, sentence)
        self.findings = findings
