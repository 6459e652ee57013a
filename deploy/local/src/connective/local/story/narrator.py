"""Tells the story step by step, and stops it when an answer differs from what was promised."""

import textwrap
from dataclasses import dataclass, field
from typing import Any

import httpx

_WIDTH = 100


class StoryDiffers(AssertionError):
    """An answer was not what the story promises."""


@dataclass(slots=True)
class Narrator:
    """Prints who does what, the call, and the answer, in words; keeps the count of what was checked."""

    quiet: bool = False
    checks: int = 0
    lines: list[str] = field(default_factory=list)

    def step(self, number: int, title: str) -> None:
        """Begin a step of the story."""
        self._print("")
        self._print(f"{number}. {title}")
        self._print("-" * _WIDTH)

    def call(self, who: str, does: str, answer: httpx.Response) -> None:
        """Show one call: who, what they do, and how it was answered."""
        request = answer.request
        self._print(f"  {who}: {does}")
        self._print(f"      {request.method} {request.url.path} → {answer.status_code} {answer.reason_phrase}")

    def say(self, words: str) -> None:
        """Explain, in words a council officer follows."""
        for line in textwrap.wrap(words, _WIDTH - 6):
            self._print(f"      {line}")

    def check(self, holds: object, promise: str) -> None:
        """Check a promise of the story. Raises StoryDiffers."""
        self.checks += 1
        if not holds:
            raise StoryDiffers(promise)
        self._print(f"      ✓ {promise}")

    def _print(self, line: str) -> None:
        self.lines.append(line)
        if not self.quiet:
            print(line, flush=True)


_BASE = "/api/v1/"


def expect(answer: httpx.Response, status: int) -> Any:  # noqa: ANN401 - whatever JSON the API answers
    """The answer's JSON when it has the status promised. Raises StoryDiffers with the problem document otherwise."""
    if answer.status_code != status:
        call = f"{answer.request.method} {answer.request.url.path}"
        raise StoryDiffers(f"{call}: {status} was promised, {answer.status_code} came: {answer.text[:1500]}")
    where = answer.headers.get("location", _BASE)
    if answer.request.url.path.startswith(_BASE) and not where.startswith(_BASE):
        raise StoryDiffers(f"{answer.request.method} {answer.request.url.path}: nothing is found at {where}")
    return answer.json() if answer.content else None
