"""Where listings of the directory come from: sources, their readings with rows that could not be taken, and changes."""

from collections.abc import Mapping
from typing import Any

from connective.frontend.domain.answers import File, Part, Refused
from connective.frontend.domain.fields import Errors, Field
from connective.frontend.domain.reached import came_of
from connective.frontend.domain.sheets import (
    Act,
    Acts,
    Cell,
    Facts,
    Link,
    Links,
    Rows,
    Section,
    Sheet,
    Table,
    Watch,
    comma,
    tag,
)
from connective.frontend.domain.words import count, moment, sentence, words
from connective.frontend.domain.words import day as as_day

HERE = "/admin/sources"
FILE = f"{HERE}/file"
MOST_OF_A_FILE = 4 * 1024 * 1024
"""The API takes no more of a file of listings."""
RUNS = {
    "asked": ("Waits to begin", "blue"),
    "running": ("Under way", "blue"),
    "whole": ("Whole", "green"),
    "failed": ("Failed", "red"),
}
ENDED = frozenset({"whole", "failed"})
KINDS = {"hsds": "Open Referral UK feed", "file": "A file that was read in"}
CHANGES = {
    "new": ("New", "green"),
    "changed": ("Changed", "blue"),
    "differs": ("Differs from ours", "yellow"),
    "gone": ("Gone", "red"),
}
_CHANGE_STATES = {
    "waiting": ("Waits for you", "yellow"),
    "applied": ("Taken over", "green"),
    "rejected": ("Not taken over", "grey"),
    "superseded": ("The source said something else since", "grey"),
}
_NAME = Field(name="name", label="Name of the source", required="Enter a name, like “The county’s directory”")
_URL = Field(
    name="url",
    label="Address of its feed",
    kind="address",
    required="Enter the address of its feed",
    hint="An Open Referral UK feed, like https://directory.example.org/v3",
)
_REST = (
    Field(name="licence", label="Licence under which it may be used", hint="As its code, like OGL-UK-3.0."),
    Field(name="every_hours", label="Read it every how many hours?", kind="number"),
    Field(
        name="approves_itself",
        label="Are its changes taken over without anybody looking?",
        kind="yes_no",
        required="Say whether somebody looks first",
        hint="What somebody here has changed is never written over without asking.",
    ),
    Field(
        name="withdraws_after",
        label="After how many whole readings without it is a listing taken out?",
        kind="number",
        hint="Leave it empty to decide each time.",
    ),
)
NEW_FIELDS = (
    _NAME,
    Field(
        name="code",
        label="Short code",
        width="10",
        required="Enter a short code, like county",
        hint="Small letters and digits. It stands beside each listing from here, and cannot be changed.",
    ),
    _URL,
    *_REST,
)
CHANGE_FIELDS = (
    _NAME,
    _URL,
    *_REST,
    Field(
        name="state",
        label="Is it read?",
        kind="choice",
        required="Say whether it is read",
        options=(("active", "Yes"), ("paused", "No, it rests")),
    ),
)


def source_body(body: Mapping[str, Any]) -> dict[str, Any]:
    """What the API is asked: what was left empty is as it would be by itself, but for what may be nothing."""
    return {name: value for name, value in body.items() if value is not None or name in {"licence", "withdraws_after"}}


def listings_file(content: bytes) -> File:
    """A file of listings as the API takes it. What it is is seen from its beginning: browsers name sheets variously."""
    begins_as_json = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}
    return File(content, "application/json" if begins_as_json else "text/csv")


def file_errors(problem: Refused) -> Errors | None:
    """What is wrong with a file or its licence, beside its field; None for what no other file mends."""
    if problem.status not in {409, 413, 422}:
        return None
    if any("licence" in each.pointer for each in problem.errors):
        return [("licence", "Enter the licence as its code, like OGL-UK-3.0, or leave it empty")]
    if problem.code == "idempotency-key-reused":
        return [("file", "This form was sent before, with another file. Choose the file once more")]
    return [("file", problem.detail or "This file cannot be read in")]


def sources_sheet(sources: Part, waiting: int) -> Sheet:
    """The list."""
    rows: Rows = [
        [
            Cell(each["name"], f"{HERE}/{each['id']}"),
            KINDS.get(each["kind"], sentence(each["kind"])),
            moment(each["last_whole_at"]) or "Never",
            moment(each["next_run_at"]) if each["state"] == "active" else "",
            _source_state(each),
        ]
        for each in sources.items
    ]
    waits = [Link(f"{count(waiting, 'change')} to look through", f"{HERE}/changes")] if waiting else []
    return Sheet(
        "Import: where listings come from",
        [
            Links([Link("Add a source", f"{HERE}/new", "primary"), Link("Import a file", FILE, "secondary")]),
            *([Links(waits)] if waits else []),
            Table(
                "Sources, and when each was last read whole",
                ("Name", "What it is", "Last read", "Next", "State"),
                rows,
                "Every listing was written here. Add a source to read another directory.",
                part=sources,
                what="the sources",
            ),
        ],
        back=("Back to the place", "/admin"),
    )


def _source_state(source: Mapping[str, Any]) -> Cell:
    if source["state"] == "paused":
        return tag("Rests", "grey")
    return tag(f"Failed {source['failures']} times", "red") if source["failures"] else tag("Read", "green")


def source_sheet(source: Mapping[str, Any], runs: Part) -> Sheet:
    """One source and its readings."""
    href = f"{HERE}/{source['id']}"
    rows: Rows = [
        [
            Cell(moment(each["started_at"]), f"{href}/runs/{each['id']}"),
            tag(*RUNS[each["state"]]),
            str(each["rows"]),
            counts_words(each["counts"]),
        ]
        for each in runs.items
    ]
    may = set(source["allowed_actions"])
    acts: list[Section] = [
        *([Acts([Act("run", "Read it now", manner="primary")])] if "run" in may else []),
        *([Links([Link("Import another file", FILE, "primary")])] if source["kind"] == "file" else []),
        Links(
            [
                *([Link("Change it", f"{href}/change")] if "change" in may else []),
                Link("Changes from it", f"{HERE}/changes?source={source['id']}"),
            ]
        ),
    ]
    return Sheet(
        "A source",
        [
            *acts,
            Facts(
                [
                    ("State", _source_state(source)),
                    ("What it is", KINDS.get(source["kind"], sentence(source["kind"]))),
                    ("Address", source["url"] or ""),
                    ("Licence", source["licence"] or ""),
                    (
                        "Read",
                        f"Every {count(source['every_hours'], 'hour')}"
                        if source["kind"] == "hsds"
                        else "When somebody sends a file",
                    ),
                    ("Changes", "Taken over at once" if source["approves_itself"] else "Wait until somebody looks"),
                    ("Last read whole", moment(source["last_whole_at"])),
                ]
            ),
            Table(
                "Readings, the newest first",
                ("Begun", "State", "Rows", "What changed"),
                rows,
                "It has not been read yet.",
                heading="Readings",
                part=runs,
                what="its readings",
                numbers=frozenset({2}),
            ),
        ],
        heading=source["name"],
        back=("Back to sources", HERE),
    )


def counts_words(counts: Mapping[str, int]) -> str:
    """What a reading changed: "3 new, 1 gone". Records, not rows: one row may list an organisation and its service."""
    told = {kind: number for kind, number in counts.items() if kind != "kept"}
    return comma(f"{number} {words(kind)}" for kind, number in told.items() if number) or "Nothing"


def share_of(run: Mapping[str, Any]) -> float | None:
    """How far a reading is, of 1; None where the source does not say how much it has."""
    if run["state"] in ENDED:
        return 1.0
    total = run["told_total"]
    return min(run["rows"] / total, 1.0) if total else None


def progress_words(run: Mapping[str, Any]) -> str:
    """How far it is, in words."""
    if run["state"] == "asked":
        return "It waits to begin, which takes up to a minute."
    if run["state"] == "running":
        total = f" of {run['told_total']}" if run["told_total"] else ""
        kept, refused = (run["counts"].get(name) for name in ("kept", "refused"))
        rows = "" if kept is None else f" {kept} kept, {refused} refused."
        return f"Under way: {run['rows']}{total} rows read.{rows}"
    return f"{RUNS[run['state']][0]}: {count(run['rows'], 'row')} read."


def _came(run: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What came of it, once it has ended; until then the words that move say how far it is."""
    kept, refused = (run["counts"].get(name) for name in ("kept", "refused"))
    rows = [] if kept is None else [("Rows kept", str(kept)), ("Rows refused", str(refused))]
    return [("Rows read", str(run["rows"])), *rows, ("What changed", counts_words(run["counts"]))]


def run_sheet(run: Mapping[str, Any], changes: Part) -> Sheet:
    """One reading: how far it is, what changed, and each row that could not be taken, with what to do about it."""
    href = f"{HERE}/{run['source_id']}/runs/{run['id']}"
    under_way = run["state"] not in ENDED
    problems = [
        [
            # What is odd about a feed as a whole stands before its first row.
            f"Row {each['row']}" if each["row"] else "The whole",
            *(sentence(each[part]) for part in ("column", "reason", "effect", "fix")),
        ]
        for each in run["problems"]
    ]
    waiting = [each for each in changes.items if each["state"] == "waiting" and each["run_id"] == run["id"]]
    return Sheet(
        "A reading",
        [
            *([Watch(progress_words(run), f"{href}/progress", share_of(run))] if under_way else []),
            Facts(
                [
                    ("State", tag(*RUNS[run["state"]])),
                    ("Why it failed", came_of(run["failure"])),
                    ("Begun", moment(run["started_at"])),
                    ("Ended", moment(run["ended_at"])),
                    *([] if under_way else _came(run)),
                ]
            ),
            *([Links([Link(f"Look through {count(len(waiting), 'change')}",
                           f"{HERE}/changes?source={run['source_id']}", "primary")])] if waiting else []),
            Table(
                "Rows with something wrong",
                ("Row", "Where", "What is wrong", "What became of it", "What to do"),
                problems,
                "No row has anything wrong so far." if under_way else "No row had anything wrong.",
                heading=f"Rows with something wrong ({len(problems)})" if problems else "Rows with something wrong",
            ),
        ],
        heading="A reading of the source",
        back=("Back to the source", f"{HERE}/{run['source_id']}"),
    )  # fmt: skip


def changes_sheet(changes: Part, *, source: str, state: str) -> Sheet:
    """What sources propose, each with what differs; a click leads to the decision."""
    rows: Rows = [
        [
            Cell(each["name"], f"{HERE}/changes/{each['id']}?source={each['source_id']}"),
            tag(*CHANGES[each["kind"]]),
            sentence(each["record"]),
            _difference_words(each),
            tag(*_CHANGE_STATES[each["state"]]),
        ]
        for each in changes.items
    ]
    query = f"{HERE}/changes?" + (f"source={source}&" if source else "")
    filters = [Link("Waiting", f"{query}state=waiting"), Link("All", f"{query}state=all")]
    return Sheet(
        "Changes from sources",
        [
            Links(filters),
            Table(
                "Changes that sources propose",
                ("Listing", "What", "Kind", "Differs in", "State"),
                rows,
                "No change waits.",
                part=changes,
                what="changes",
                path=f"{query}state={state or 'all'}",
            ),
            *([Links([Link("Decide on all of these at once", f"{HERE}/all-changes?source={source}", "secondary")])]
              if state == "waiting" and rows else []),
        ],
        back=("Back to sources", HERE),
    )  # fmt: skip


def _difference_words(change: Mapping[str, Any]) -> str:
    if change["gone"]:
        return "The source says it has ended" if change["gone"] == "closed" else "The source lists it no more"
    return comma(words(each["field"]) for each in change["differences"])


def change_sheet(change: Mapping[str, Any]) -> Sheet:
    """One change: ours beside theirs, and the decision."""
    rows: Rows = [
        [sentence(each["field"]), _readable(each["ours"]), _readable(each["theirs"]),
         "We changed it here" if each["kept"] else ""]
        for each in change["differences"]
    ]  # fmt: skip
    acts = _decisions(change) if change["state"] == "waiting" else []
    return Sheet(
        "A change",
        [
            Facts(
                [
                    ("What", tag(*CHANGES[change["kind"]])),
                    ("State", tag(*_CHANGE_STATES[change["state"]])),
                    ("Proposed", as_day(change["made_at"])),
                    ("Why", _difference_words(change) if change["gone"] else ""),
                ]
            ),
            Table("Ours beside theirs", ("What", "Ours", "Theirs", ""), rows, "Nothing differs field by field."),
            *([Acts(acts)] if acts else []),
        ],
        heading=change["name"],
        back=("Back to the changes", f"{HERE}/changes?state=waiting"),
    )


def _decisions(change: Mapping[str, Any]) -> list[Act]:
    """What can be decided. What somebody changed here is written over only where that is said on the button."""
    ours = [each["kept"] for each in change["differences"]]
    leave = Act("reject", "Leave ours as it is")
    if ours and all(ours):
        return [Act("reject", "Keep what we changed", manner="primary"), Act("overwrite", "Take theirs instead")]
    if any(ours):
        keep = Act("approve", "Take theirs, but keep what we changed", manner="primary")
        return [keep, Act("overwrite", "Take all of theirs"), leave]
    return [Act("approve", "Take it over", manner="primary"), leave]


def _readable(value: Any) -> str:  # noqa: ANN401 - whatever a listing holds
    """A value of a listing as people read it, however deep it is."""
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, Mapping):
        return comma(_readable(each) for each in value.values() if each not in (None, "", [], {}))
    if isinstance(value, list):
        return "; ".join(_readable(each) for each in value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return words(value)
