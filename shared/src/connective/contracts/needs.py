"""The needs list: versioned data, worded by the place, never code.

Headlines are those of England's Supporting Families framework (programme guidance 2022 to 2025, chapter 5, Open
Government Licence v3), the historic default; a place replaces or adds.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from connective.contracts.categories import Category


@dataclass(frozen=True, slots=True)
class Need:
    """One coded difficulty of a person."""

    code: str
    name: str
    """What people read in its place."""
    headline: str
    reveals: frozenset[Category]
    """All categories the code reveals, `needs` included."""
    prompts_safeguarding: bool


@dataclass(frozen=True, slots=True)
class Strength:
    """One coded thing that goes well for a person: what help can build on."""

    code: str
    name: str
    """What people read in its place."""
    reveals: frozenset[Category]
    """All categories the code reveals, `needs` included: it is told where needs are."""


@dataclass(frozen=True, slots=True)
class ServiceKind:
    """A kind of service: which needs it usually answers, and whether its very use reveals something."""

    code: str
    name: str
    answers: frozenset[str]
    sensitive: bool


@dataclass(frozen=True, slots=True)
class NeedsList:
    """One version of the list."""

    id: str
    version: int
    headlines: dict[str, str]
    needs: dict[str, Need]
    strengths: dict[str, Strength]
    barriers: tuple[str, ...]
    service_kinds: dict[str, ServiceKind]

    @property
    def no_such_need(self) -> str:
        """What to say of a code that is no need: which there are, for whoever writes to us without pages of ours."""
        return f"The needs list has no such need: it has {', '.join(sorted(self.needs))}."

    @property
    def no_such_strength(self) -> str:
        """The same of a strength."""
        return f"The needs list has no such strength: it has {', '.join(sorted(self.strengths))}."

    @property
    def no_such_kind(self) -> str:
        """The same of a kind of service."""
        return f"The needs list has no such kind of service: it has {', '.join(sorted(self.service_kinds))}."


def _reveals(entry: dict[str, Any]) -> frozenset[Category]:
    return frozenset({Category.NEEDS} | {Category(c) for c in entry["reveals"]})


def _needs(raw: dict[str, Any]) -> dict[str, Need]:
    return {
        code: Need(
            code=code,
            name=entry["name"],
            headline=headline["code"],
            reveals=_reveals(entry),
            prompts_safeguarding=entry.get("prompt", False),
        )
        for headline in raw["headlines"]
        for code, entry in headline["needs"].items()
    }


@cache
def needs_list() -> NeedsList:
    """The default list that ships with the product."""
    text = files("connective.contracts").joinpath("data/needs.yaml").read_text(encoding="utf-8")
    raw = yaml.safe_load(text)
    return NeedsList(
        id=raw["framework"]["id"],
        version=raw["framework"]["version"],
        headlines={h["code"]: h["name"] for h in raw["headlines"]},
        needs=_needs(raw),
        strengths={code: Strength(code, each["name"], _reveals(each)) for code, each in raw["strengths"].items()},
        barriers=tuple(raw["barriers"]),
        service_kinds={
            code: ServiceKind(code, entry["name"], frozenset(entry["answers"]), entry.get("sensitive", False))
            for code, entry in raw["service_kinds"].items()
        },
    )
