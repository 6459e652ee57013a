"""Run the referrals service: `python -m connective.referrals serve | work | migrate | openapi`."""

import sys

from connective.kit.command_line import parser, run


def main() -> int:
    """Read the command line and do what it says."""
    top, _ = parser("referrals")
    return run("connective.referrals.app:SERVICE", top.parse_args())


if __name__ == "__main__":
    sys.exit(main())
