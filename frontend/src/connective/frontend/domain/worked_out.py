"""What is worked out about people without a person, who decides, and the figures that may be given to anybody."""

from collections.abc import Mapping
from typing import Any

from connective.frontend.domain.proving_tables import Cell, Record, Table, fact
from connective.frontend.domain.proving_words import plain, purpose
from connective.frontend.domain.words import count, sentence, words

_ABOUT = {
    "service": "Services",
    "sharing": "Sharing",
    "record": "Records",
    "request": "Requests",
    "staff": "Those who work here",
}


def worked_out(found: Mapping[str, Any]) -> Record:
    """The officer's answer to: is anybody profiled, or decided about by a machine?"""
    rows = [
        (
            Cell(each["name"]),
            Cell(_ABOUT.get(each["about"], sentence(each["about"]))),
            Cell(", ".join(words(one) for one in each["from_what"]).capitalize()),
            Cell(plain(each["result"])),
            Cell(plain(each["decided_by"])),
            Cell("Yes", tag="yellow") if each["evaluates_people"] else Cell("No"),
        )
        for each in found["worked_out"]
    ]
    heads = ("What", "About", "From what", "What comes of it", "Who decides", "Profiling")
    small, log = found["small_numbers"], found["freedom_of_information"]
    figures = [
        (Cell(purpose(code)), Cell("Too few to tell" if number is None else f"{number:,}"))
        for code, number in found["disclosures_last_year"].items()
    ]
    decided = any(each["decides_about_people"] for each in found["worked_out"])
    nobody = "Nobody is decided about by a machine: each of these ends with a person who decides."
    return Record(
        "Profiling and automated decisions",
        ("Back to audit", "/audit"),
        [
            fact("Numbers that may be given to anybody", f"Under {small['smallest_shown']} untold, others rounded to "
                 f"{small['rounded_to']}"),
            fact("Freedom of information", f"{count(log['received'], 'request')} received, {log['answered']} answered, "
                 f"{log['answered_in_time']} of them in time, {log['overdue']} late now"),
        ],
        said=("Somebody is decided about by a machine: see below.",) if decided else (nobody,),
        tables=[
            Table("What is worked out without a person", heads, rows, "Nothing is."),
            Table("Disclosures in the last year", ("For", "How many"), figures, "Nothing was disclosed within a year."),
        ],
    )  # fmt: skip
