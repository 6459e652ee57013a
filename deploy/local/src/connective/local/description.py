"""`make openapi`: the merged description of the API, written down so that a change of it is seen in review."""

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

import httpx

from connective.local.plain import NO_TLS
from connective.local.services import GATEWAY, PORTS
from connective.local.stack import Stack
from connective.local.state import remove_state

PUBLISHED = Path("docs") / "openapi.json"
_TRIES = 10
_ANYWHERE = "https://hub.example.org"


def published(document: dict[str, Any], issuer: str) -> str:
    """The document as it is written down: without the address of the deployment that it was read from."""
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False)
    return text.replace(issuer, _ANYWHERE) + "\n"


async def read_published(base: str) -> str:
    """What a running Hub publishes."""
    async with httpx.AsyncClient(verify=NO_TLS, trust_env=False, timeout=180) as client:
        for _ in range(_TRIES):
            answer = await client.get(f"{base}/api/v1/openapi.json")
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            # A service on a busy machine may need longer for its first description than the gateway waits.
            await asyncio.sleep(1)
        answer.raise_for_status()
    return published(answer.json(), base)


async def write_description(root: Path) -> Path:
    """Start the Hub, read what it publishes, and write it below `root`."""
    folder = Path(tempfile.mkdtemp(prefix="connective-openapi-"))
    stack = Stack(folder, ports=dict.fromkeys(PORTS, 0), console=None, durable=False)
    await stack.start()
    try:
        text = await read_published(stack.addresses[GATEWAY])
    finally:
        await stack.stop()
        remove_state(folder)
    target = root / PUBLISHED
    await asyncio.to_thread(target.write_text, text, encoding="utf-8")
    return target
