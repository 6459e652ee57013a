"""One request in the referrals service, read and worked in the name of whoever opened a link."""

import json
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pyreqwest.exceptions import PyreqwestError

from connective.contracts.permissions import BY_LINK, Role
from connective.gateway.domain.links import LinkSession
from connective.kit.context import trace
from connective.kit.http import Outgoing
from connective.kit.logs import log
from connective.kit.tokens import IDENTITY_HEADER, IDENTITY_TYPE, INTERNAL_AUDIENCE, LIFETIME_SECONDS, Signer

Answer = tuple[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class FormWords:
    """What a form calls its fields, and the choices of each."""

    labels: dict[str, str] = field(default_factory=dict)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)


class LinkedRequests:
    """Asks for the one request that a session is about, and for the day's list, and for nothing else."""

    def __init__(self, outgoing: Outgoing, address: str, signer: Signer) -> None:
        self._outgoing, self._address, self._signer = outgoing, address.rstrip("/"), signer

    async def read(self, session: LinkSession) -> Answer:
        """Read it: decided, recorded and live, as for every recipient."""
        return await self._send(session, "GET", f"/requests/{session.request_id}", {}, None)

    async def today(self, session: LinkSession) -> Answer:
        """What the organisation hands over today: each line decided and recorded, as for every volunteer."""
        return await self._send(session, "GET", "/requests/today", {}, None)

    async def words(self, session: LinkSession, kind: str, version: int) -> FormWords:
        """What the fields of its form and their choices are called; nothing when that cannot be read now."""
        status, form = await self._send(session, "GET", f"/forms/{kind}/versions/{version}", {}, None)
        fields = form["fields"] if status == 200 else []
        return FormWords(
            {asked["name"]: asked["label"] for asked in fields},
            {asked["name"]: {each["code"]: each["label"] for each in asked.get("choices") or ()} for asked in fields},
        )

    async def act(
        self, session: LinkSession, action: str, body: dict[str, Any] | None, held: tuple[int, UUID]
    ) -> Answer:
        """Take an action on the version that was shown, once, however often it is sent."""
        version, key = held
        headers = {"if-match": f'"{version}"', "idempotency-key": str(key)}
        return await self._send(session, "POST", f"/requests/{session.request_id}/{action}", headers, body)

    async def _send(
        self, session: LinkSession, method: str, path: str, headers: dict[str, str], body: dict[str, Any] | None
    ) -> Answer:
        present = trace()
        sent = {
            IDENTITY_HEADER: self._identity(session),
            "x-request-id": present.request_id,
            "traceparent": present.traceparent,
            "content-type": "application/json",
            **headers,
        }
        asked = self._outgoing.client.request(method, self._address + path).headers(sent)
        if body is not None:
            asked = asked.body_bytes(json.dumps(body).encode())
        try:
            response = await asked.build().send()
            content = bytes(await response.bytes())
            return response.status, json.loads(content)
        except (PyreqwestError, OSError, ValueError) as error:
            log().warning("linked_request_unreachable", error=type(error).__name__)
            return 503, {"detail": "This cannot be reached right now. Nothing was shown or changed. Try again shortly."}

    def _identity(self, session: LinkSession) -> str:
        """Who asks: the session itself, as somebody of the organisation who came by a link."""
        issued = int(time.time())
        claims = {
            "aud": INTERNAL_AUDIENCE,
            "sub": str(session.id),
            "client_id": "link",
            "org": str(session.organisation_id),
            "place": str(session.place_id),
            "roles": [str(Role.PARTNER_WORKER), BY_LINK],
            "scope": "",
            "sid": str(session.id),
            "iat": issued,
            "exp": issued + LIFETIME_SECONDS,
        }
        return self._signer.sign(IDENTITY_TYPE, claims)
