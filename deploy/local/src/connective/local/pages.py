"""What the gateway is told of the web pages, so that people can sign in through them."""

import json
from pathlib import Path

from connective.frontend.clients.authorization import load_key, registration
from connective.local.folders import write_private

CLIENT_ID = "frontend"


def write_registration(folder: Path, key: Path, address: str) -> Path:
    """Write the gateway's seed file for pages that answer at this address and sign with this key."""
    path = folder / "pages.json"
    path.unlink(missing_ok=True)
    client = registration(CLIENT_ID, f"{address}/signed-in", load_key(key))
    write_private(path, json.dumps({"clients": [client]}))
    return path
