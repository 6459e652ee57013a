"""Questions of officers with the choices of their place, and the filters of their lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from connective.frontend.domain.fields import Errors, Field, Options, Typed, answered
from connective.frontend.domain.proving_tables import Known
from connective.frontend.domain.sharing_words import CATEGORIES, PURPOSES, category
from connective.frontend.domain.words import LONDON


def filled(fields: Iterable[Field], known: Known) -> list[Field]:
    """The questions with the choices that this place has: its agreements, organisations, purposes and categories."""
    choices: dict[str, Options] = {
        "agreement_id": tuple(known.agreements.items()),
        "agreement_ids": tuple(known.agreements.items()),
        "organisation_id": tuple(sorted(known.organisations.items(), key=lambda each: each[1].lower())),
        "purpose": tuple(PURPOSES.items()),
        "category": _category_options(),
        "categories": _category_options(),
    }
    return [each if each.options else replace(each, options=choices.get(each.name, ())) for each in fields]


def _category_options() -> Options:
    return tuple((code, category(code)) for code in CATEGORIES)


_FILTERS = {
    "agreement_id": Field(name="agreement_id", label="Agreement", kind="select", empty="Any"),
    "organisation_id": Field(name="organisation_id", label="Organisation", kind="select", empty="Any"),
    "purpose": Field(name="purpose", label="Purpose", kind="select", empty="Any"),
    "category": Field(name="category", label="Kind of information", kind="select", empty="Any"),
    "person": Field(name="person", label="Person", kind="person",
                    hint="The whole pseudonym, as links of these pages carry it"),
    "outcome": Field(name="outcome", label="Answer", kind="select",
                     options=(("permit", "Permitted"), ("partial", "Permitted in part"), ("deny", "Refused")),
                     empty="Any"),
    "review": Field(name="review", label="Review", kind="select",
                    options=(("awaiting", "Waiting"), ("overdue", "Overdue"), ("reviewed", "Reviewed")),
                    empty="Any"),
    "from": Field(name="from", label="From", kind="date", hint="For example, 27 3 2026"),
    "to": Field(name="to", label="Up to and with", kind="date", hint="For example, 27 4 2026"),
}  # fmt: skip


def filters(names: Iterable[str], known: Known, extra: Mapping[str, Field] | None = None) -> list[Field]:
    """The filters of a list, with the choices of this place."""
    every = {**_FILTERS, **(extra or {})}
    return filled([every[each] for each in names], known)


def query_of(fields: Sequence[Field], typed: Typed) -> tuple[dict[str, str], Errors]:
    """What a filtered list asks the API for: days as the instants at which they begin and end in England."""
    body, errors = answered(fields, typed)
    query: dict[str, str] = {}
    for name, value in body.items():
        if name in {"from", "to"}:
            on = date.fromisoformat(value)
            on = date.fromordinal(on.toordinal() + 1) if name == "to" else on
            query[name] = datetime.combine(on, time(0), LONDON).astimezone(UTC).isoformat().replace("+00:00", "Z")
        else:
            query[name] = str(value)
    return query, errors
