"""A text that people sign, as sections: printed, read aloud and hashed, it is always the same words."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and under it paragraphs, then points, then a table; each may be empty."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The whole text."""

    title: str
    reference: str
    version: int
    sections: tuple[Section, ...]


def _lines(document: Document) -> Iterator[str]:
    yield f"{document.title} ({document.reference}, version {document.version})"
    for number, section in enumerate(document.sections, start=1):
        yield ""
        yield f"{number}. {section.heading}"
        yield from section.paragraphs
        yield from (f"- {point}" for point in section.points)
        for row in section.rows:
            cells = zip(section.columns, row, strict=True)
            yield "- " + "; ".join(f"{column}: {cell}" for column, cell in cells if cell)


def as_text(document: Document) -> str:
    """The document as plain text: what its signatories sign the hash of."""
    return "\n".join(_lines(document)) + "\n"
