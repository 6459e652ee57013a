"""A receipt as a page to print and as plain text: no script, no picture, nothing fetched from anywhere."""

from html import escape
from textwrap import fill

from connective.consent.domain.receipt import Receipt, Section

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""What the page may load: nothing but its own styles."""
_WIDTH = 72
STANDARD_POINTS = 14
LARGE_POINTS = 20
"""Large print, as the RNIB asks: above 16 points."""
_STYLE = """
@page {{ size: A4; margin: 20mm; }}
body {{ color: #0b0c0c; background: #fff; font: {points}pt/1.5 Arial, Helvetica, sans-serif; }}
main {{ max-width: 38em; margin: 0 auto; padding: 1em; }}
h1 {{ font-size: 1.6em; line-height: 1.2; }}
h2 {{ font-size: 1.15em; margin: 1.2em 0 0.2em; break-after: avoid; }}
p, ul {{ margin: 0.3em 0; }}
section {{ break-inside: avoid; }}
@media print {{ main {{ max-width: none; padding: 0; }} }}
"""


def _section(section: Section) -> str:
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in section.sentences)
    items = "".join(f"<li>{escape(item)}</li>" for item in section.items)
    listed = f"<ul>{items}</ul>" if items else ""
    return f"<section><h2>{escape(section.heading)}</h2>{said}{listed}</section>"


def as_page(receipt: Receipt, *, large: bool) -> str:
    """The receipt as HTML for A4 paper and for screens."""
    style = _STYLE.format(points=LARGE_POINTS if large else STANDARD_POINTS)
    body = "\n".join(_section(section) for section in receipt.sections)
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(receipt.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(receipt.title)}</title>\n<style>{style}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{escape(receipt.title)}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _lines(section: Section) -> list[str]:
    said = [fill(sentence, _WIDTH) for sentence in section.sentences]
    items = [fill(item, _WIDTH, initial_indent="* ", subsequent_indent="  ") for item in section.items]
    return [section.heading.upper(), *said, *items, ""]


def as_text(receipt: Receipt) -> str:
    """The receipt as plain text, for a letter, an e-mail or a screen reader."""
    lines = [receipt.title, "=" * len(receipt.title), ""]
    for section in receipt.sections:
        lines += _lines(section)
    return "\n".join(lines)
