"""The page of one yes or no: what was said, on what ground, what it covers, and what can be done about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connective.frontend.domain import agreeing_words as said
from connective.frontend.domain.families import ANSWERS, Fact
from connective.frontend.domain.picture import short_name
from connective.frontend.domain.words import category, day, in_order, inline, moment, sentence, service_kind

_ACTS = {"given": "Said yes", "refused": "Said no", "withdrawn": "Took it back", "expired": "Ran out"}
EFFECTS = (
    "From the moment you press the button nobody is shown anything more because of this yes.",
    "Requests that rest on it stop: whoever is asked to help sees that it was taken back, and nothing else.",
    "What was seen before cannot be unseen. You can ask the organisation what it keeps.",
    "The record that a yes was given, and taken back, stays. Help that needs no yes goes on.",
)
"""What taking back a yes does, told before it is done."""


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """One record of what somebody said."""

    id: str
    what: str
    state: str
    tag: str
    facts: list[Fact]
    history: list[tuple[str, str]]
    may_withdraw: bool
    differs: list[str]
    """Where somebody else who may decide said otherwise."""


def consent_page(
    record: Mapping[str, Any],
    family: Mapping[str, Any],
    organisations: Mapping[str, str],
    others: Iterable[Mapping[str, Any]],
    earlier: Mapping[str, str] | None = None,
) -> ConsentPage:
    """Put the page together. `others` are what was said in the family, `earlier` the ids of records made one."""
    names = {each["person"]["id"]: short_name(each["person"]) for each in family["people"]}
    names |= {old: names[now] for old, now in (earlier or {}).items() if now in names}
    state, tag = ANSWERS.get(record["state"], (sentence(record["state"]), "grey"))
    helped = record["kind"] == "agreement_to_engage"
    return ConsentPage(
        id=record["id"],
        what="Being helped" if helped else "Sharing",
        state=state,
        tag=tag,
        facts=[each for each in _facts(record, names, organisations) if each.value],
        history=[(moment(each["at"]), _act(each)) for each in record["history"]],
        may_withdraw="withdraw" in record["allowed_actions"],
        differs=differences(record, others, names),
    )  # fmt: skip


def _act(act: Mapping[str, Any]) -> str:
    return f"{_ACTS.get(act['act'], sentence(act['act']))}, {inline(said.how(act['how']))}"


def _facts(record: Mapping[str, Any], names: Mapping[str, str], organisations: Mapping[str, str]) -> list[Fact]:
    body = record["given_for"]
    by = f"The council: {body['spoken_by']}" if body else names.get(record["given_by"] or "", "Somebody")
    helped = record["kind"] == "agreement_to_engage"
    notice, interpreter = record["notice"], record["interpreter"]
    return [
        Fact("Who said it", by),
        Fact("About", ". ".join(_about(each, names) for each in record["about"])),
        *_scope(record["scope"], organisations, helped=helped),
        Fact("Said on", f"{day(record['said_at'])}, {inline(said.how(record['how']))}"),
        Fact("Interpreter", f"{interpreter['name']}, {_language(interpreter['language'])}" if interpreter else ""),
        Fact("Notice they were shown", f"{notice['reference']} {notice['version']}".strip() if notice else ""),
        Fact("Kept at", record["evidence"]),
        Fact("Holds until", day(record["expires_at"]) if record["state"] == "given" else ""),
        Fact("Taken back on", day(record["withdrawn_at"])),
        Fact("Note", record["note"]),
    ]


def _language(code: str) -> str:
    return next((each.text for each in said.LANGUAGES if each.code == code), code)


def _about(about: Mapping[str, Any], names: Mapping[str, str]) -> str:
    seen = f" ({about['evidence']})" if about["evidence"] else ""
    return f"{names.get(about['person_id'], 'Somebody')}: {inline(said.ground(about['authority']))}{seen}"


def _scope(scope: Mapping[str, Any], organisations: Mapping[str, str], *, helped: bool) -> list[Fact]:
    kinds = ", ".join(inline(service_kind(each)) for each in scope["service_kinds"])
    whom = ", ".join(organisations.get(each, "another organisation") for each in scope["recipient_organisation_ids"])
    purposes = {each.code: each.text for each in said.PURPOSES}
    return [
        Fact("Kinds of help", (kinds or "Every kind that is offered here") if helped else ""),
        Fact("With whom", whom),
        Fact("What", ", ".join(inline(category(each)) for each in in_order(scope["categories"]))),
        Fact("What for", ", ".join(inline(purposes.get(each, sentence(each))) for each in scope["purposes"])),
    ]


def differences(record: Mapping[str, Any], others: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[str]:
    """Where two who may decide for a child say different things; who does is the practice lead's to weigh."""
    wanted = {"given": {"refused", "withdrawn"}, "refused": {"given"}, "withdrawn": {"given"}}.get(
        record["state"], set()
    )
    children = {each["person_id"] for each in record["about"] if each["person_id"] != record["given_by"]}
    found = []
    for other in {each["id"]: each for each in others}.values():
        shared = children & {each["person_id"] for each in other["about"]}
        if other["kind"] == record["kind"] and other["state"] in wanted and other["given_by"] != record["given_by"]:
            found += [_differ(record, other, child, names) for child in sorted(shared)]
    return found


def _differ(record: Mapping[str, Any], other: Mapping[str, Any], child: str, names: Mapping[str, str]) -> str:
    yes, no = (record, other) if record["state"] == "given" else (other, record)
    return (
        f"{names.get(yes['given_by'] or '', 'Somebody')} says yes about {names.get(child, 'a child')}, and "
        f"{names.get(no['given_by'] or '', 'somebody')} says no."
    )


@dataclass(frozen=True, slots=True)
class Block:
    """A heading of a receipt, with its text and its list."""

    heading: str
    text: str
    points: list[str]


def receipt_blocks(text: str) -> list[Block]:
    """The receipt's plain text as headings with what stands under them.

    Its headings are in capitals, `*` begins a point, and a line that is set in goes on with the point above it.
    """
    return [_block(each.splitlines()) for each in text.strip().split("\n\n") if each.strip()]


def _block(lines: list[str]) -> Block:
    said: list[str] = []
    points: list[str] = []
    for line in lines[1:]:
        if line.startswith("* "):
            points.append(line[2:])
        elif line.startswith("  ") and points:
            points[-1] = f"{points[-1]} {line.strip()}"
        elif line.strip("="):
            said.append(line)
    heading = lines[0].capitalize() if lines[0].isupper() else lines[0]
    # The text is wrapped to lines, at hyphens too.
    return Block(heading, " ".join(said).replace("- ", "-"), points)
