"""A text that people sign, as sections: printed, read aloud and hashed, it is always the same words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest


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


def recovered(text: str, reference: str, version: int) -> Document | None:
    """The sections of a text that was frozen before they were kept beside it.

    None when they do not make the same words again, to the letter: then what was signed can be read, but not printed.
    """
    first, *lines = text.removesuffix("\n").split("\n")
    title = first.removesuffix(f" ({reference}, version {version})")
    sections: list[Section] = []
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        heading = f"{len(sections) + 1}. "
        if line == "" and following.startswith(heading):
            sections.append(Section(following.removeprefix(heading)))
        elif sections and line.startswith("- "):
            sections[-1] = replace(sections[-1], points=(*sections[-1].points, line.removeprefix("- ")))
        elif sections and line != f"{len(sections)}. {sections[-1].heading}":
            sections[-1] = replace(sections[-1], paragraphs=(*sections[-1].paragraphs, line))
    found = Document(title, reference, version, tuple(sections))
    return found if as_text(found) == text else None
