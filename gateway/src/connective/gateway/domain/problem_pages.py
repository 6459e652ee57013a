"""What a problem document's `type` leads to: each refusal in words, for whoever meets it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

CODE = re.compile(r"[a-z][a-z0-9-]{1,60}")


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One documented kind of refusal."""

    code: str
    status: int | None
    title: str
    meaning: str


def described(code: str, known: Mapping[str, ProblemType]) -> ProblemType | None:
    """The kind of refusal with this code; None for what cannot be a code.

    A code that only a service knows has its own title and sentence in the answer; the page says where to look.
    """
    if not CODE.fullmatch(code):
        return None
    spoken = code.replace("-", " ").capitalize()
    return known.get(code) or ProblemType(code, None, spoken, "The answer's `detail` says what to do.")
