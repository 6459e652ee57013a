"""From the few forms of the link's page to the bodies that the API takes."""

from collections.abc import Iterator, Mapping
from typing import Any

DECLINE_CODES = {
    "at_capacity": "We have no room now",
    "not_eligible": "The family does not fit what we do",
    "out_of_area": "They live outside our area",
    "already_supported": "We help them already",
    "unable_to_contact": "We could not reach them",
    "not_appropriate": "Somebody else could help better",
}
"""The codes offered on the page, in plain words; the rest need an account."""


ASKED = {
    "family_sentence": "A plain sentence for the family",
    "next_step": "What the family can do next",
    "second_look": "How they can ask for a second look",
    "text": "Your question",
}
"""What the page calls the fields that are typed."""
_EMPTY = frozenset({"missing", "string_too_short"})


def in_the_pages_words(answer: Mapping[str, Any]) -> list[str]:
    """What was not right, each told by the name of its field; the service's own sentence where it names none."""
    return list(_told(answer.get("errors") or ())) or [str(answer.get("detail", ""))]


def _told(errors: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    for each in errors:
        label = ASKED.get(str(each.get("pointer", "")).rsplit("/", 1)[-1])
        if label is None:
            yield str(each.get("detail", ""))
        elif each.get("code") in _EMPTY:
            yield f"Fill in “{label}”."
        else:
            yield f"{label}: {each.get('detail', '')}"


def body_of(action: str, fields: Mapping[str, str]) -> dict[str, Any] | None:
    """The body of an action; None for one that takes none. The service says what is missing in it."""
    if action == "decline":
        said = {name: fields.get(name, "").strip() for name in ("family_sentence", "next_step", "second_look")}
        return {"code": fields.get("code", ""), **said}
    if action == "ask":
        # Words may reveal anything that need is about; nobody ticks boxes here, so all of it is assumed.
        return {"text": fields.get("text", "").strip(), "categories": ["identity", "needs"]}
    if action == "complete":
        return {"code": fields.get("code", ""), "no_view_reason": "not_asked"}
    return None
