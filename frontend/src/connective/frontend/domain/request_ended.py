"""How a request ended: a no with what the family is told, or an outcome with each need then and now."""

from collections.abc import Mapping
from dataclasses import dataclass

from connective.frontend.domain.request_codes import FRONT_DOOR, NO_VIEW, OUTCOME, SEVERITIES, TOLD, of, reason
from connective.frontend.domain.request_people import Document, Fact
from connective.frontend.domain.words import count, day, moment, need


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended, as far as it may be shown here."""

    heading: str
    facts: list[Fact]
    withheld: str


def ended_of(record: Document, names: Mapping[str, str]) -> list[Ended]:
    """Why it was declined, or what came of it."""
    status = record["status"]
    found = []
    if status["decline"]:
        found.append(_decline(status["decline"]))
    if record.get("outcome"):
        found.append(_outcome(record["outcome"], names))
    elif status["outcome_code"]:
        found.append(Ended("How it ended", [Fact("Outcome", of(OUTCOME, status["outcome_code"]))], ""))
    return found


_TELLERS = {"lead_practitioner": "The worker who asked", "recipient": "The service that was asked"}


def _decline(decline: Document) -> Ended:
    told = decline["family_told"]
    facts = [
        Fact("Why", reason(decline["code"])),
        Fact("What the family is told", decline["family_sentence"]),
        Fact("What they can do next", decline["next_step"]),
        Fact("How to ask for a second look", decline["second_look"]),
        Fact("Front door", of(FRONT_DOOR, decline["front_door"]) if decline["front_door"] else ""),
        Fact("Who tells them, by when", f"{_TELLERS[decline['tells']]}, by {day(decline['tell_by'])}"),
        Fact("Told", f"{of(TOLD, told['code'])}, {moment(told['at'])}" if told else "Not yet"),
    ]
    return Ended("Why it was declined", [each for each in facts if each.value], "")


def _outcome(outcome: Document, names: Mapping[str, str]) -> Ended:
    facts = [Fact("Outcome", of(OUTCOME, outcome["code"]))]
    for each in outcome["needs"]:
        then = of(SEVERITIES, each["severity_then"]) if each["severity_then"] is not None else "not known"
        now = of(SEVERITIES, each["severity_now"]) if each["severity_now"] is not None else "not assessed"
        who = names.get(each["person_id"], "Somebody")
        facts.append(Fact(f"{need(each['code'])}, {who}", f"Then: {then.lower()}. Now: {now.lower()}."))
    for each in outcome["views"]:
        who = names.get(each["person_id"], "One person") if each["person_id"] else "The family"
        facts.append(Fact(f"{who} says", each["text"]))
    for each in outcome["no_views"]:
        who = names.get(each["person_id"], "One person") if each["person_id"] else "The family"
        facts.append(Fact(f"{who} did not say", of(NO_VIEW, each["reason"])))
    if outcome["no_view_reason"]:
        facts.append(Fact("Why nobody’s own view is here", of(NO_VIEW, outcome["no_view_reason"])))
    hidden = len(outcome["withheld"])
    return Ended(
        "How it ended", facts, f"{count(hidden, 'part')} of the outcome may not be shown to you." if hidden else ""
    )
