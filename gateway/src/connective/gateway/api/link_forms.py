"""From the few forms of the link's page to the bodies that the API takes."""

from collections.abc import Mapping
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
