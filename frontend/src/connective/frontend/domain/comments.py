"""What officers say of an agreement's clauses, in threads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connective.frontend.domain import sharing_words as say
from connective.frontend.domain.agreements import Asker
from connective.frontend.domain.words import moment

_CLAUSES = {
    "": "The whole agreement",
    "/summary": "The summary",
    "/parties": "The parties",
    "/necessity": "Why it is necessary",
    "/prohibited_uses": "What it may never be used for",
    "/onward_sharing": "Passing it on",
    "/security": "Security",
    "/retention": "How long it is kept",
    "/dpia": "The impact assessment",
    "/privacy_notice": "The privacy notice",
    "/ends_on": "The dates",
}


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment."""

    id: str
    who: str
    when: str
    text: str


@dataclass(frozen=True, slots=True)
class Thread:
    """What was said of one thing; the comment that opened it, and the replies."""

    about: str
    first: Comment
    replies: list[Comment]
    resolved: str
    """When it was settled; empty while it is open."""


def subjects(terms: Mapping[str, Any], asker: Asker) -> dict[str, str]:
    """Everything that can be commented on, by its pointer."""
    flows = {
        f"/flows/{number}": f"What {asker.name(flow['from_entity_id'])} shares with {asker.name(flow['to_entity_id'])}"
        for number, flow in enumerate(terms["flows"])
    }
    bases = {
        f"/bases/{number}": f"The basis of {asker.name(basis['legal_entity_id'])}: {say.purpose(basis['purpose'])}"
        for number, basis in enumerate(terms["bases"])
    }
    return _CLAUSES | flows | bases


def threads(items: Iterable[Mapping[str, Any]], known: Mapping[str, str], asker: Asker) -> list[Thread]:
    """The threads in the order in which they were opened."""
    replies: dict[str, list[Comment]] = {}
    first: list[Mapping[str, Any]] = []
    for each in items:
        if each["thread_id"]:
            replies.setdefault(each["thread_id"], []).append(_comment(each, asker))
        else:
            first.append(each)
    return [
        Thread(
            known.get(each["pointer"], "The agreement"),
            _comment(each, asker),
            replies.get(each["id"], []),
            moment(each["resolved_at"]),
        )
        for each in first
    ]


def _comment(one: Mapping[str, Any], asker: Asker) -> Comment:
    return Comment(one["id"], asker.name(one["legal_entity_id"]), moment(one["at"]), one["text"])
