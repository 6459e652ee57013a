"""Several requests at once: which were chosen, what is asked of all of them, and what became of each."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connective.frontend.domain.fields import Field
from connective.frontend.domain.request_askings import ASKINGS
from connective.frontend.domain.request_forms import Asking, Body, Built
from connective.frontend.domain.words import count, state

MOST_AT_ONCE = 50
"""As many as the API takes in one call."""
_PICK = re.compile(r"^([0-9a-f-]{36}):([0-9]{1,9}):([A-Z0-9-]{3,20}):([a-z_]{3,30})$")


@dataclass(frozen=True, slots=True)
class Pick:
    """One request that was chosen, in the version and state in which it stood in the list."""

    id: str
    version: int
    reference: str
    state: str

    @property
    def unseen(self) -> bool:
        """Whether nobody has opened it: it has to be acknowledged before it can be decided."""
        return self.state == "submitted"


def picks_of(values: Sequence[str]) -> list[Pick]:
    """What was chosen, each once; whatever no list of ours wrote is left out."""
    found = (_PICK.match(each) for each in dict.fromkeys(values))
    return [Pick(each[1], int(each[2]), each[3], each[4]) for each in found if each][:MOST_AT_ONCE]


def triage_asking(do: str, picks: Sequence[Pick]) -> Asking:
    """What is asked once for all that were chosen."""
    which = f"{count(len(picks), 'request')}: {', '.join(each.reference for each in picks)}."
    opened = "Those that nobody has opened yet count as opened."
    if do == "decline":
        base = ASKINGS["decline"]
        words = (which, "All of them get the same reason and the same words.", opened)
        return Asking(
            title=f"Decline {count(len(picks), 'request')}",
            button="Decline all",
            warns=True,
            fields=base.fields,
            words=words,
            build=base.build,
        )
    if do == "waitlist":
        fields: tuple[Field, ...] = tuple(ASKINGS["waitlist"].fields)
        return Asking(
            title=f"Put {count(len(picks), 'request')} on the waiting list",
            button="Put all on the waiting list",
            fields=fields,
            words=(which, opened),
        )
    return Asking(
        title=f"Accept {count(len(picks), 'request')}", button="Accept all", words=(which, opened), build=_nothing
    )


def _nothing(_: Body) -> Built:
    return {}, []


def triage_body(do: str, body: Mapping[str, Any], picks: Sequence[Pick]) -> dict[str, Any]:
    """The call for all of them."""
    items = [{"request_id": each.id, "version": each.version} for each in picks]
    details: dict[str, Any] = {"decline": dict(body)} if do == "decline" else dict(body)
    return {"action": do, "items": items, **details}


def results_of(answer: Mapping[str, Any], picks: Sequence[Pick]) -> dict[str, list[str]]:
    """What became of each, in words, as it is kept until it was read: references, and where each stands now."""
    references = {each.id: each.reference for each in picks}
    lines: dict[str, list[str]] = {"done": [], "refused": []}
    for each in answer["items"]:
        reference = references.get(each["request_id"], "A request")
        if each["problem"] is None:
            lines["done"].append(f"{each['request_id']} {reference}: {state(each['request']['state'], 'recipient')}")
        else:
            lines["refused"].append(f"{each['request_id']} {reference}: {_why(each['problem'])}")
    return lines


def _why(problem: Mapping[str, Any]) -> str:
    if problem.get("status") == 412:
        return "somebody changed it meanwhile; open it to see how it is now"
    errors = problem.get("errors") or ()
    return str(errors[0]["detail"] if errors else problem.get("detail") or "this is not possible now")
