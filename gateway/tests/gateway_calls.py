"""Calls of the gateway's own resources by somebody with a token."""

import time
from typing import Any
from uuid import uuid4

import httpx
from gateway_hub import PLACE, Hub
from gateway_support import claims

from connective.kit.ids import new_id


def token(hub: Hub, *roles: str, **changes: Any) -> str:
    """An access token of somebody with these roles, who gave a second factor just now."""
    values = {"subject": str(new_id()), "place_id": PLACE, "organisation_id": hub.school, "session_id": new_id()}
    proved = {"methods": ("pwd", "otp"), "authenticated_at": int(time.time())} if roles else {}
    whole = {"roles": roles, "client_id": "pages"} | values | proved | changes
    issued: str = hub.parts.tokens.issue(claims(**whole))
    return issued


async def call(hub: Hub, method: str, path: str, bearer: str, body: Any = None, **headers: str) -> httpx.Response:
    sent = {"Authorization": f"Bearer {bearer}"} | {name.replace("_", "-"): value for name, value in headers.items()}
    if method == "POST":
        sent.setdefault("Idempotency-Key", str(uuid4()))
    return await hub.browser.request(method, f"/api/v1{path}", json=body, headers=sent)


async def approve(hub: Hub, made: httpx.Response) -> httpx.Response:
    """Let a second administrator of the place approve what was just made or proposed."""
    assert made.status_code == 201, made.text
    proposal = made.json().get("proposal_id") or made.json()["id"]
    answer = await call(hub, "POST", f"/proposals/{proposal}/approve", token(hub, "place_admin"), If_Match='"1"')
    assert answer.status_code == 200, answer.text
    return made
