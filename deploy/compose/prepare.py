"""`python deploy/compose/prepare.py`: make every secret that docker-compose.yml asks for, once.

Writes `.env` (passwords, 0600), a folder of keys, and an empty one for attached files, beside this file. What exists is
kept: run it again after an upgrade that needs something new. Containers run as the account that owns the keys, so that
nobody else may read them; root gives the keys to the images' own account.
"""

import argparse
import os
import re
import secrets
import sys
from pathlib import Path

from connective.contracts.subscriptions import SUBSCRIPTIONS
from connective.local.keys import KeyStore

ROOT = Path(__file__).resolve().parents[2]
IMAGE_ACCOUNT = 10001
"""The account that the Dockerfile makes."""


def password() -> str:
    """256 random bits that stand in a URL as they are; the letter before them keeps NATS from reading a number."""
    return f"p{secrets.token_urlsafe(32)}"


def wanted(keys: Path, files: Path) -> dict[str, str]:
    """The variables of docker-compose.yml, each with a value for the first time; passwords are fresh."""
    found = {
        "FRONTEND_ADDRESS": "http://localhost:8090",
        "FILES_FOLDER": str(files),
        "CONSENT_HOST_CONTACT": "host@example.org",
        "CONSENT_HOST_NAME": "Whoever runs this demonstration",
        "GATEWAY_ISSUER": "http://localhost:8080",
        "KEYS_FOLDER": str(keys),
        "PLACES_FILE": str(ROOT / "deploy/local/src/connective/local/data/places.yaml"),
        "POSTGRES_PASSWORD": password(),
        "ADMIN_NATS_PASSWORD": password(),
    }
    for service in SUBSCRIPTIONS:
        for name in ("OWNER_PASSWORD", "APP_PASSWORD", "READER_PASSWORD", "NATS_PASSWORD", "SECRET"):
            found[f"{service.upper()}_{name}"] = password()
    # The pages hear no events, so they are no user of the broker.
    for name in ("OWNER_PASSWORD", "APP_PASSWORD", "READER_PASSWORD", "SECRET"):
        found[f"FRONTEND_{name}"] = password()
    return found


def read(path: Path) -> dict[str, str]:
    """The variables of an environment file; one that is there but empty counts as unset."""
    if not path.exists():
        return {}
    pairs = re.findall(r"^([A-Z_]+)=(.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {name: value.strip() for name, value in pairs}


def write(path: Path, variables: dict[str, str]) -> None:
    """Replace an environment file by one that only its owner may read."""
    draft = path.with_name(f"{path.name}.draft")
    draft.unlink(missing_ok=True)
    text = "".join(f"{name}={value}\n" for name, value in sorted(variables.items()))
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write("# Written by deploy/compose/prepare.py. Keep it out of version control.\n" + text)
    draft.replace(path)


def make_keys(folder: Path, owner: tuple[int, int]) -> None:
    """The services' signing keys, the public halves of all of them, and the ledger's key."""
    store = KeyStore(folder)
    store.trusted_keys(SUBSCRIPTIONS)
    store.ledger_key()
    store.signing_key("frontend")
    for path in folder.iterdir():
        os.chown(path, *owner)


def main(arguments: list[str] | None = None) -> int:
    """Make what is missing. Answers the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--environment", type=Path, default=ROOT / ".env")
    parser.add_argument("--keys", type=Path, default=Path(__file__).resolve().parent / "keys")
    parser.add_argument("--files", type=Path, default=Path(__file__).resolve().parent / "files")
    options = parser.parse_args(arguments)
    owner = (IMAGE_ACCOUNT, IMAGE_ACCOUNT) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
    make_keys(options.keys, owner)
    options.files.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chown(options.files, *owner)
    accounts = {"CONNECTIVE_UID": str(owner[0]), "CONNECTIVE_GID": str(owner[1])}
    write(
        options.environment,
        wanted(options.keys.absolute(), options.files.absolute()) | read(options.environment) | accounts,
    )
    sys.stdout.write(f"{options.environment} and {options.keys} are complete. Set PLACES_FILE to your own places.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
