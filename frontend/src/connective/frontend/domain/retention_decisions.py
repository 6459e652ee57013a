"""What officers decide about keeping: how long the place keeps a kind of record, and what becomes of an agreement."""

from collections.abc import Mapping, Sequence
from typing import Any

from connective.frontend.domain.fields import Field
from connective.frontend.domain.proving_acts import OFFICERS
from connective.frontend.domain.words import sentence, words

_TRIGGERS = {
    "agreement_ended": "the agreement ended",
    "case_closed": "the case was closed",
    "last_activity": "anything last happened",
    "youngest_born": "the youngest was born",
}
_UNITS = ("years", "months", "days")
_WHY = (
    Field(name="source", label="On what does it rest?", hint="A law, or your own policy with its reference",
          width="30", longest=200, required="Say on what it rests"),
    Field(name="reason", label="Why so long?", kind="long", longest=4_000, required="Say why so long",
          hint="Everybody can read this: it stands in the public register."),
)  # fmt: skip
END_FIELDS: tuple[Field, ...] = (
    Field(name="decision", label="What becomes of it?", kind="choice", required="Say what becomes of it",
          options=(("kept", "It is kept on"),
                   ("destroyed", "Its text is destroyed; hashes, days and signatures stay"))),
    Field(name="review_on", label="When will somebody look at it again?", kind="date",
          hint="Only where it is kept on. For example, 27 3 2031"),
    Field(name="reason", label="Why?", kind="long", longest=4_000, hint=OFFICERS, required="Say why"),
)  # fmt: skip
"""What is asked about an agreement whose time after its end is over."""


def rule_fields(rule: Mapping[str, Any]) -> tuple[Field, ...]:
    """The questions about one rule: how long after what, on what ground, and why."""
    spans = [
        Field(
            name=f"{unit}-{place}",
            label=f"{sentence(unit)} after {_TRIGGERS.get(each['trigger'], words(each['trigger']))}",
            kind="number",
            width="3",
            pointer=f"/counted/{place}/{unit}",
        )
        for place, each in enumerate(rule["counted"])
        for unit in _UNITS
    ]
    return (*spans, *_WHY)


def rule_typed(rule: Mapping[str, Any]) -> dict[str, list[str]]:
    """The rule as it stands, as somebody would have typed it."""
    typed = {name: [str(rule[name])] for name in ("source", "reason")}
    for place, each in enumerate(rule["counted"]):
        typed |= {f"{unit}-{place}": [str(each[unit])] for unit in _UNITS if each[unit]}
    return typed


def rule_body(rule: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What the API takes: what is counted from stays, how long is what was typed, and nothing counts as none."""
    counted: Sequence[Any] = [
        {"trigger": each["trigger"], **{unit: given[f"{unit}-{place}"] or 0 for unit in _UNITS}}
        for place, each in enumerate(rule["counted"])
    ]
    return {"counted": counted, "source": given["source"], "reason": given["reason"]}
