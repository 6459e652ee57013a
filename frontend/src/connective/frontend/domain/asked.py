"""One page of questions as its template shows it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from connective.frontend.domain.questions import Question


@dataclass(frozen=True, slots=True)
class Asked:
    """A page that asks something. Its title, unlike its heading, names nobody: browsers keep titles."""

    title: str
    heading: str
    questions: Sequence[Question]
    back: str
    button: str = "Continue"
    caption: str = ""
    intro: Sequence[str] = field(default_factory=tuple)
    version: str = ""
    """Which version of the record is being changed: goes back with the form."""
    warns: bool = False
