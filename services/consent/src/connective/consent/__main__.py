"""`python -m connective.consent`: serve, work, migrate, openapi."""

import sys
from collections.abc import Sequence

from connective.kit.command_line import parser, run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; answers the exit status."""
    top, _ = parser("consent")
    return run("connective.consent.app:SERVICE", top.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
