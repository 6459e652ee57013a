"""Where people who may decide for a child differ: what waits for a practice lead, and what was ruled."""

from collections.abc import Iterable, Mapping
from typing import Any

from connective.frontend.domain import agreeing_words as said
from connective.frontend.domain.answers import Part
from connective.frontend.domain.fields import Field
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.sheets import Cell, Facts, Link, Links, Sheet, Shown, Table, Words, comma
from connective.frontend.domain.words import category, count, day, in_order, inline, moment, sentence, service_kind

Body = Mapping[str, Any]
RULE = "consent:ruling:decide"
READ = "consent:consent:read"
LIST = "/families/differences"
RULINGS = "/families/rulings"
UNNAMED = "Somebody whose name is not shown"
_KINDS = {"agreement_to_engage": "Being helped", "consent": "Sharing"}
_SHARES = {
    "agreement_to_engage": ("The child is helped", "The child is not helped in this way"),
    "consent": ("It is shared", "It is not shared"),
}
"""A ruling of each kind: yes, and no."""
_PURPOSES = {each.code: each.text for each in said.PURPOSES}
_WORDS = (
    "The Hub tells none of them what the others said. Speak with each, and with the child.",
    "What you decide counts at once, for this child and for what is named here, in place of the yes and of the no. "
    "Decide in the child’s interest.",
)


def kind(code: str) -> str:
    """What a difference or a ruling is about."""
    return _KINDS.get(code, sentence(code))


def differences_sheet(listed: Part) -> Sheet:
    """What waits, the oldest first: one line for each child, none with a name."""
    rows: list[list[Shown]] = [
        [Cell(f"Since {day(each['said_at'])}", f"{LIST}/{each['consent_id']}/{about['person_id']}"),
         kind(each["kind"]), _no(each, about), count(len(about["others"]), "yes", "yes")]
        for each in listed.items for about in each["people"]
    ]  # fmt: skip
    table = Table(
        "What waits for a ruling", ("Difference", "About", "No", "Against"), rows,
        "Nobody differs now.", part=listed, what="differences", path=LIST,
    )  # fmt: skip
    words = Words(("One person who may decide for a child says no, another says yes. Until somebody rules, "
                   "requests say that they differ.",))  # fmt: skip
    links = Links((Link("What was ruled", RULINGS),))
    return Sheet("Where people differ about a child", [words, table, links], back=("Back to families", "/families"))


def _no(difference: Body, about: Body) -> str:
    what = "Taken back" if difference["state"] == "withdrawn" else "Said"
    return f"{what}: {inline(said.ground(about['authority']))}"


def difference_in(items: Iterable[Body], consent_id: str, person_id: str) -> tuple[Body, Body]:
    """One difference and the child it is about. Raises LookupError where there is none, or none any more."""
    for each in items:
        for about in each["people"]:
            if (each["consent_id"], about["person_id"]) == (consent_id, person_id):
                return each, about
    raise LookupError(consent_id)


def ruling_view(difference: Body, about: Body, names: Mapping[str, str], organisations: Mapping[str, str]) -> FormView:
    """The form of a ruling, with who says what, and since when."""
    yes, no = _SHARES.get(difference["kind"], ("Yes", "No"))
    child = names.get(about["person_id"], "this child")
    refused = "The child’s own no" if about["own"] else f"No: {names.get(difference['refused_by'], UNNAMED)}"
    lines = [f"{refused}, {inline(said.ground(about['authority']))}, on {day(difference['said_at'])}."]
    lines += [
        f"Yes: {names.get(each['given_by'], UNNAMED)}, {inline(said.ground(each['authority']))}, "
        f"on {day(each['said_at'])}."
        for each in about["others"]
    ]  # fmt: skip
    covered = scope_words(difference["scope"], organisations)
    return FormView(
        title="Decide where people differ",
        heading=f"What is to hold for {child}?",
        fields=(
            Field(name="share", label="What do you decide?", kind="yes_no", options=(("yes", yes), ("no", no)),
                  required="Choose what you decide"),
            Field(name="reasons", label="Why is it in the child’s interest?", kind="long", longest=4000,
                  required="Say why it is in the child’s interest",
                  hint="Whoever works with families in your organisation can read this"),
        ),
        back=("Back to all", LIST),
        button="Decide",
        words=(f"It is about {inline(kind(difference['kind']))}{': ' + covered if covered else ''}.", *lines, *_WORDS),
        about_families=True,
    )  # fmt: skip


def ruling_body(found: Body, difference: Body, person_id: str) -> dict[str, Any]:
    """A ruling as the API takes it: about exactly what the no is about."""
    return {"person_id": person_id, "kind": difference["kind"], "scope": dict(difference["scope"]),
            "share": found["share"], "reasons": found["reasons"]}  # fmt: skip


def scope_words(scope: Body, organisations: Mapping[str, str]) -> str:
    """What something covers, in one line; nothing where it covers everything."""
    return comma((
        *(organisations.get(each, "another organisation") for each in scope["recipient_organisation_ids"]),
        *(inline(service_kind(each)) for each in scope["service_kinds"]),
        *(inline(_PURPOSES.get(each, sentence(each))) for each in scope["purposes"]),
        *(inline(category(each)) for each in in_order(scope["categories"])),
    ))  # fmt: skip


def rulings_sheet(listed: Part) -> Sheet:
    """What was ruled, without a name: each leads to its reasons."""
    rows: list[list[Shown]] = [
        [Cell(f"Ruled on {moment(each['decided_at'])}", f"{RULINGS}/{each['id']}"), kind(each["kind"]), _held(each)]
        for each in listed.items
    ]
    table = Table(
        "What practice leads of your organisation ruled", ("Ruling", "About", "What holds"), rows,
        "No practice lead has ruled yet.", part=listed, what="rulings", path=RULINGS,
    )  # fmt: skip
    return Sheet("Rulings", [table], back=("Back to families", "/families"))


def ruling_sheet(ruling: Body, child: str, organisations: Mapping[str, str]) -> Sheet:
    """One ruling with its reasons."""
    facts = Facts((
        ("About whom", Cell(child, f"/families/of/{ruling['person_id']}")),
        ("About what", kind(ruling["kind"])),
        ("Covers", scope_words(ruling["scope"], organisations) or "Everything of this kind"),
        ("What holds", _held(ruling)),
        ("Why", ruling["reasons"]),
        ("Ruled on", moment(ruling["decided_at"])),
    ))  # fmt: skip
    words = Words(("Where one of them says no again after it, a practice lead decides again.",))
    return Sheet("A ruling", [facts, words], back=("Back to rulings", RULINGS))


def _held(ruling: Body) -> str:
    return _SHARES.get(ruling["kind"], ("Yes", "No"))[0 if ruling["share"] else 1]
