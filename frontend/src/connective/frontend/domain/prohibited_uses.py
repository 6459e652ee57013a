"""What nobody may use information for: the text, where each organisation stands, and accepting it for one's own."""

from collections.abc import Mapping
from typing import Any

from connective.frontend.domain.answers import Part
from connective.frontend.domain.fields import Errors, Field
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.sheets import Cell, Facts, Section, Sheet, Shown, Table, Words, tag
from connective.frontend.domain.words import day, sentence

Body = Mapping[str, Any]
HERE = "/prohibited-uses"
ACCEPTS = "gateway:terms:accept"
TITLE = "What nobody may use information for"


def uses_sheet(found: Body, names: Mapping[str, str], *, may_accept: bool) -> Sheet:
    """The text in force, the next one where it is announced, and who has accepted which."""
    current, coming = found["current"], found["coming"]
    sections: list[Section] = [
        Words(("Whoever sees what families said here uses it to help them, and never for any of these. Your "
               "organisation has promised it for everybody who works there.",)),
        Facts(_uses(current), heading=f"In force since {day(current['applies_from'])}"),
    ]  # fmt: skip
    if coming:
        sections.append(Facts(_uses(coming), heading=f"From {day(coming['applies_from'])} on"))
    rows: list[list[Shown]] = [_line(each, names, found, may_accept=may_accept) for each in found["items"]]
    sections.append(
        Table("Who has accepted it", ("Organisation", "Accepted", "Where it stands", ""), rows,
              "No organisation is known here yet.", heading="Who has accepted it", part=Part(found), path=HERE)
    )  # fmt: skip
    sections.append(
        Words(("Where it is not accepted, or a newer text is not accepted in time, nobody new gets an account. "
               "Accounts that are open stay open: no family loses help over paperwork.",))
    )  # fmt: skip
    return Sheet(TITLE, sections, back=("Back to your account", "/account"))


def _uses(text: Body) -> list[tuple[str, Shown]]:
    return [(sentence(code), words) for code, words in text["uses"].items()]


def to_accept(each: Body, found: Body) -> Body | None:
    """The text that an organisation may accept now: the one in force, or the one announced; None once it has both."""
    accepted = each["accepted_version"] or 0
    for text in (found["current"], found["coming"]):
        if text and text["version"] > accepted:
            return dict(text)
    return None


def _line(each: Body, names: Mapping[str, str], found: Body, *, may_accept: bool) -> list[Shown]:
    name = names.get(each["organisation_id"], "An organisation")
    accept: Shown = ""
    if may_accept and to_accept(each, found):
        accept = Cell("Read and accept", f"{HERE}/{each['organisation_id']}", hidden=f"for {name}")
    return [name, day(each["accepted_at"]) or "Not yet", state_of(each), accept]


def state_of(each: Body) -> Cell:
    """Where an organisation stands."""
    if each["state"] == "accepted":
        return tag("Accepted", "green")
    if each["state"] == "due":
        return tag(f"Accept by {day(each['due_by'])}", "yellow")
    return tag("Not accepted", "red")


def accepting(name: str, text: Body) -> FormView:
    """The form: each use by its own box, so that none is accepted unread."""
    return FormView(
        title="Accept for your organisation",
        heading=f"Accept for {name}",
        fields=(uses_field(text),),
        back=("Back to what nobody may use information for", HERE),
        button="Accept",
        words=(
            f"This is version {text['version']}, in force from {day(text['applies_from'])}.",
            "You promise it for everybody who works there. It stays on record, with your account and the day.",
        ),
    )


def uses_field(text: Body) -> Field:
    """One box for each use."""
    return Field(
        name="accepts",
        label="Nobody here will use what the Hub shows for any of these",
        kind="choices",
        options=tuple((code, words) for code, words in text["uses"].items()),
        hint="Tick each, once you have read it",
        required="Tick each of them: your organisation promises every one",
    )


def waits_for(found: Part | None, own: str | None) -> Body | None:
    """Where one's own organisation has something to accept: its line; None where it has not, or nobody knows."""
    lines = found.items if found is not None else []
    mine = next((each for each in lines if each["organisation_id"] == own), None)
    return None if mine is None or mine["state"] == "accepted" else dict(mine)


def missing(ticked: list[str], text: Body) -> Errors:
    """Nothing may be left out."""
    left = [code for code in text["uses"] if code not in ticked]
    return [("accepts", "Tick each of them: your organisation promises every one")] if left else []
