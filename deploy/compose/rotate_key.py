"""Change the key by which one of the Hub's own services signs who it is, in three steps, so that nobody is refused.

    python deploy/compose/rotate_key.py announce consent   # then restart every service
    python deploy/compose/rotate_key.py switch consent     # then restart that one
    python deploy/compose/rotate_key.py end consent        # then restart every service

The runbook is docs/runbooks/service-keys.md.
"""

import argparse
import os
import sys
from pathlib import Path

from connective.contracts.subscriptions import SUBSCRIPTIONS
from connective.local.keys import KeyStore

_STEPS = {"announce": KeyStore.announce_key, "switch": KeyStore.switch_key, "end": KeyStore.end_key}
_NEXT = {
    "announce": "Every service must trust the new key before it signs: restart all of them, then `switch {service}`.",
    "switch": "Restart {service}, which signs by the new key from then on; a minute later, `end {service}`.",
    "end": "Restart every service: the former key is believed no more.",
}


def main(arguments: list[str] | None = None) -> int:
    """Take one step. Answers the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=_STEPS)
    parser.add_argument("service", choices=sorted(SUBSCRIPTIONS))
    parser.add_argument("--keys", type=Path, default=Path(__file__).resolve().parent / "keys")
    options = parser.parse_args(arguments)
    owner = options.keys.stat()
    store = KeyStore(options.keys)
    try:
        _STEPS[options.step](store, options.service)
    except FileNotFoundError:
        sys.stderr.write(f"{options.step}: no key of {options.service} waits for this step.\n")
        return 1
    store.trusted_keys(SUBSCRIPTIONS)
    for path in options.keys.iterdir():
        os.chown(path, owner.st_uid, owner.st_gid)
    sys.stdout.write(_NEXT[options.step].format(service=options.service) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
