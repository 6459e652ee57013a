"""`python -m connective.families serve | work | migrate | openapi | seed`."""

import sys

from connective.families.app import SERVICE
from connective.kit.service import parser, run


def main() -> int:
    """Run the verb of the command line."""
    top, _ = parser("families")
    return run(SERVICE, top.parse_args())


if __name__ == "__main__":
    sys.exit(main())
