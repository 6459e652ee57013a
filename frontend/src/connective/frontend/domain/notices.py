"""What a family was told about sharing: each telling, and one of them whole."""

from collections.abc import Mapping
from typing import Any

from connective.frontend.domain import agreeing_words as said
from connective.frontend.domain.answers import Part
from connective.frontend.domain.sheets import Cell, Facts, Link, Links, Sheet, Shown, Table, Words, comma
from connective.frontend.domain.words import day, inline, moment, sentence

Body = Mapping[str, Any]


def notices_sheet(told: Part, names: Mapping[str, str], family_id: str) -> Sheet:
    """Every telling of anybody in the family, the newest first."""
    newest = sorted(told.items, key=lambda each: (each["told_on"], each["recorded_at"]), reverse=True)
    here = f"/families/{family_id}"
    rows: list[list[Shown]] = [
        [Cell(day(each["told_on"]), f"{here}/notices/{each['id']}"), _whom(each, names), _which(each),
         said.how(each["how"])]
        for each in newest
    ]  # fmt: skip
    table = Table(
        "What this family was told", ("Told on", "Whom", "Which notice", "How"), rows,
        "Nobody has recorded that this family was told what is shared, with whom and why.", part=told,
        what="what they were told", path=f"{here}/notices",
    )  # fmt: skip
    tell = Links([Link("Record that they were told", f"{here}/agreement/told", "secondary")])
    return Sheet("What a family was told", [table, tell], back=("Back to the family", here))


def _whom(notice: Body, names: Mapping[str, str]) -> str:
    return comma(names.get(each, "somebody of another family") for each in notice["person_ids"])


def _which(notice: Body) -> str:
    return f"{notice['document_reference']} {notice['document_version']}".strip() or "In words"


def notice_sheet(notice: Body, names: Mapping[str, str], organisations: Mapping[str, str], family_id: str) -> Sheet:
    """One telling, whole."""
    purposes = {each.code: each.text for each in said.PURPOSES}
    languages = {each.code: each.text for each in said.LANGUAGES}
    interpreter = notice["interpreter"]
    whom = comma(organisations.get(each, "another organisation") for each in notice["recipient_organisation_ids"])
    facts: list[tuple[str, Shown]] = [
        ("Whom", _whom(notice, names)),
        ("Told on", f"{day(notice['told_on'])}, {inline(said.how(notice['how']))}"),
        ("Which notice", _which(notice)),
        ("In which language", languages.get(notice["language"], "English" if notice["language"] == "en" else "")),
        ("Interpreter", interpreter["name"] if interpreter else ""),
        ("About sharing with", whom or "Everybody who is asked to help"),
        ("What for", comma(inline(purposes.get(each, sentence(each))) for each in notice["purposes"]).capitalize()
         or "Everything the notice says"),
        ("Recorded", moment(notice["recorded_at"])),
    ]  # fmt: skip
    words = Words(("Whoever shares under something else than consent must have told the family before.",))
    back = ("Back to what they were told", f"/families/{family_id}/notices")
    return Sheet("What they were told", [Facts(facts), words], back=back)
