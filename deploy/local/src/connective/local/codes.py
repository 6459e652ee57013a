"""The codes that the cast's authenticator apps would show: for a person who signs in to the demo by hand.

The demo keeps the apps' secrets in its own state folder, for its own invented people.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pyotp import TOTP

from connective.local.folders import write_private

_FILE = "authenticator-apps.json"


class NobodyOfThatNameError(LookupError):
    """The demo knows nobody by that name."""


def keep_apps(folder: Path, secrets: Mapping[str, str]) -> None:
    """Keep everybody's secret, by their e-mail address, where only the owner of the demo reads it."""
    write_private(folder / _FILE, json.dumps(dict(secrets)))


def code_of(folder: Path, name: str, now: datetime) -> str:
    """What the app of somebody shows now, by the first part of their e-mail address or the whole of it.

    Raises NobodyOfThatNameError, also where no demo has been loaded.
    """
    try:
        secrets: dict[str, str] = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NobodyOfThatNameError("No demo is loaded here: `make demo` loads one.") from error
    wanted = name.lower()
    for email, secret in secrets.items():
        if wanted in {email, email.partition("@")[0]}:
            return TOTP(secret).at(now)
    raise NobodyOfThatNameError(f"Nobody of the demo is called {name!r}; it knows {', '.join(sorted(secrets))}.")
