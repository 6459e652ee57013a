"""Who will see what, before anything is sent: for each service what it may see, what not and why, and what is blocked.

The API weighs it by the rules of sending; it decides anew when the request is sent, and at every reading after that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connective.frontend.domain.words import category, in_order, in_words, telephone

_SAID_BY_ITSELF = frozenset({"already_waiting"})
"""Notices of what the page asks for by itself, and says in full."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is not shown, and what would clear it."""

    what: str
    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen to one request."""

    service_id: str
    service: str
    organisation: str
    about: str
    contact: str
    goes: bool
    sees: list[tuple[str, list[str]]]
    """Each category that may be seen, with the lines of the form in it."""
    withheld: list[Reason]
    blocked_by: list[Reason]
    warnings: list[str]
    notices: list[str]
    already: str
    telephone: str
    needed_by: str = ""


def preview_of(
    weighed: Mapping[str, Any],
    service: Mapping[str, Any],
    request: Mapping[str, Any],
    names: Mapping[str, str],
    *,
    already: str,
    needed_by: str,
) -> Preview:
    """What one service would see, and what stands in the way."""
    return Preview(
        service_id=service["id"],
        service=service["name"],
        organisation=service["organisation_name"],
        about=_list([names.get(each, "somebody") for each in request["subjects"]]),
        contact=names.get(request["contact_person_id"], "somebody"),
        goes=weighed["goes"],
        sees=[(category(each["category"]), list(each["lines"])) for each in _ordered(weighed["sees"])],
        withheld=reasons(weighed["without"]),
        blocked_by=reasons(weighed["missing"]),
        warnings=list(weighed["warnings"]),
        notices=[each["sentence"] for each in weighed["notices"] if each["code"] not in _SAID_BY_ITSELF],
        already=already,
        telephone=telephone(service["telephone"] or ""),
        needed_by=needed_by,
    )


def reasons(missing: Iterable[Mapping[str, Any]]) -> list[Reason]:
    """What is not shared and why; where one sentence stands for several categories it is said once for all."""
    said: dict[tuple[str, str], list[str]] = {}
    for each in _ordered(missing):
        whats = said.setdefault((in_words(each["sentence"]), in_words(each["remedy"])), [])
        what = category(each["category"]) if each["category"] else ""
        if what not in whats:
            whats.append(what)
    return [Reason("; ".join(filter(None, whats)), *told) for told, whats in said.items()]


def _ordered(told: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What is said of categories in the order of every list; what is of no category comes last."""
    by_category: dict[str, list[Mapping[str, Any]]] = {}
    for each in told:
        by_category.setdefault(each["category"] or "", []).append(each)
    return [each for code in in_order(by_category) for each in by_category[code]]


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
