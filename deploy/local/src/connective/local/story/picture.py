"""A picture of the demo at work, for the README: lines that it printed, drawn as a terminal shows them."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

_FIRST, _LAST = "4. One referral", "6. The mother"
_LINE_PIXELS, _MARGIN, _WIDTH = 19, 22, 880
_COLOURS = {"✓": "#85e89d", "•": "#c9d1d9", "→": "#79b8ff"}
_MOST_LINES = 58


def draw(lines: Sequence[str], target: Path) -> Path:
    """Draw the steps in which one referral goes to four agencies, from what the narrator printed."""
    first = next(number for number, line in enumerate(lines) if line.startswith(_FIRST))
    last = next(number for number, line in enumerate(lines) if line.startswith(_LAST))
    shown = lines[first:last][:_MOST_LINES]
    height = _LINE_PIXELS * len(shown) + 2 * _MARGIN
    rows = "\n".join(_row(number, line) for number, line in enumerate(shown))
    target.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">\n'
        f"<title>The demo: one referral, four agencies, and what each may see</title>\n"
        f'<rect width="{_WIDTH}" height="{height}" rx="8" fill="#0d1117"/>\n'
        f'<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13.5" xml:space="preserve">\n'
        f"{rows}\n</g>\n</svg>\n",
        encoding="utf-8",
    )
    return target


def _row(number: int, line: str) -> str:
    top = _MARGIN + _LINE_PIXELS * (number + 1) - 5
    return f'<text x="{_MARGIN}" y="{top}" fill="{_colour(line)}">{_kept(line)}</text>'


def _kept(line: str) -> str:
    """The line with its indentation, which a picture would otherwise swallow."""
    words = line.lstrip(" ")
    return "\u00a0" * (len(line) - len(words)) + escape(words)


def _colour(line: str) -> str:
    if line[:1].isdigit():
        return "#ffffff"
    return next((colour for mark, colour in _COLOURS.items() if mark in line), "#e6edf3")
