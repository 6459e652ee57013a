"""Run the referrals service: `python -m connective.referrals serve | work | migrate | openapi`."""

import sys

from connective.kit.process import parser, run
from connective.referrals.app import NAME, SERVICE


def main() -> int:
    """Read the command line and do what it says."""
    top, _ = parser(NAME)
    return run(SERVICE, top.parse_args())


if __name__ == "__main__":
    sys.exit(main())
