"""A charity without a system of its own, as tests of links need it: a mailbox, a browser, a stand-in for referrals."""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from gateway_hub import ISSUER, PLACE, Hub, form_token
from gateway_support import Seen, Service, claims, read_body

from connective.gateway.commands.post_links import posting
from connective.kit.clock import SetClock
from connective.kit.ids import new_id
from connective.kit.mail import KeptPost, Mail

PIN = "482915"
READ: dict[str, Any] = {
    "view": "recipient",
    "status": {
        "reference": "REQ-7K3M-92QD",
        "service_kind": "food_bank",
        "state": "received",
        "version": 3,
        "allowed_actions": ["accept", "ask", "decline", "waitlist"],
        "safeguarding": "If someone is in danger now, call 999.",
    },
    "form": {"kind": "food_bank", "version": 1},
    "people": [{"person_id": "p", "subject": True, "contact": True, "fields": {"collector_name": "<b>Mara</b> Test"}}],
    "answers": {"how": "collect_today", "baby_items": ["nappies", "wipes"]},
    "needs": [],
    "free_text": {"text": "Please ring before noon.", "categories": ["needs"]},
    "messages": [],
    "withheld": ["outward_postcode"],
}
HOW = [{"code": "collect_today", "label": "They collect it today"}]
FORM = {
    "fields": [
        {"name": "collector_name", "label": "Who will collect", "choices": []},
        {"name": "how", "label": "How the family gets it", "choices": HOW},
    ]
}
BAG = {"reference": "REQ-7K3M-92QD", "first_name": "<i>Mara", "slot": "Collect today", "packing_notes": ["No nuts"]}
TODAY = {"items": [{**BAG, "withheld": ["baby_items"]}], "safeguarding": "If someone is in danger now, call 999."}


async def answer(service: Service, seen: Seen, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """As referrals would; the tests change `READ` where it matters."""
    seen.body = await read_body(seen, reader)
    body: Any = FORM if b"/forms/" in seen.line else READ if seen.line.startswith(b"GET") else {}
    body = TODAY if b"/requests/today" in seen.line else body
    status = b"200 OK"
    if b"/decline" in seen.line:
        status, body = (
            b"422 Invalid",
            {
                "detail": "Some fields are not right: see errors.",
                "errors": [
                    {"pointer": "/next_step", "code": "string_too_short", "detail": "String should have at least 1"},
                    {"pointer": "/code", "code": "enum", "detail": "Not a code."},
                ],
            },
        )
    text = json.dumps(body).encode()
    writer.write(
        b"HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (status, len(text), text)
    )


def token(hub: Hub, *roles: str, organisation: UUID | None = None) -> str:
    """An access token of somebody with these roles."""
    who = {"subject": str(new_id()), "place_id": PLACE, "organisation_id": organisation or hub.school}
    issued: str = hub.parts.tokens.issue(claims(roles=roles, client_id="pages", session_id=new_id(), **who))
    return issued


async def call(hub: Hub, method: str, path: str, bearer: str, body: Any = None) -> httpx.Response:
    sent = {"Authorization": f"Bearer {bearer}", "Idempotency-Key": str(new_id())}
    return await hub.browser.request(method, f"/api/v1{path}", json=body, headers=sent)


class Desk:
    """A charity without a system: its mailbox, its browser, and the gateway."""

    def __init__(self, hub: Hub, service: Service) -> None:
        self.hub, self.service, self.post, self.request = hub, service, KeptPost(), new_id()
        self.clock = SetClock(datetime.now(UTC))
        object.__setattr__(hub.parts, "clock", self.clock)

    async def register(self) -> None:
        body = {"organisation_id": str(self.hub.charity), "email": "desk@charity.example.org", "pin": PIN}
        made = await call(self.hub, "POST", "/links/contacts", self.admin(), body)
        assert (made.status_code, "pin" in made.text) == (201, False), made.text

    def admin(self) -> str:
        return token(self.hub, "partner_admin", organisation=self.hub.charity)

    async def waits(self, fact: str = "submitted") -> None:
        """Referrals says that a request waits for the charity."""
        ids = ("referral_id", "family_id", "referrer_organisation_id", "service_id")
        said = {name: str(new_id()) for name in ids} | {
            "request_id": str(self.request),
            "recipient_organisation_id": str(self.hub.charity),
            "service_kind": "food_bank",
            "sensitive": False,
            "state": "submitted",
            "by_organisation_id": None,
            "reason_code": None,
            "reference": "REQ-7K3M-92QD",
            "at": self.clock().isoformat(),
            "sent": True,
        }
        await self.hub.event(f"hub.referrals.request.{fact}", self.request, said, 2)

    async def mails(self) -> list[Mail]:
        """What has been posted by now."""
        await posting(self.hub.running.database, self.post, ISSUER)(datetime.now(UTC) + timedelta(seconds=1))
        return self.post.sent

    async def key(self) -> str:
        """The secret of the newest link."""
        found = re.search(rf"{re.escape(ISSUER)}/link#(\S+)", (await self.mails())[-1].text)
        assert found
        return found[1]

    async def form(self, path: str, **fields: str) -> httpx.Response:
        page = await self.hub.browser.get("/link")
        sent = {"form_token": form_token(page.text)} | fields
        return await self.hub.browser.post(path, data=sent)

    async def open(self, key: str, pin: str = PIN, name: str = "Ada  Desk") -> httpx.Response:
        return await self.form("/link/open", key=key, pin=pin, name=name)
