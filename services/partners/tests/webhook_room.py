"""What tests of webhooks share: setting one up, letting something happen, and sending what is due."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from partners_room import PLACE, Room
from standardwebhooks.webhooks import Webhook as Independent
from webhook_receiver import Arrived

from connective.contracts.events import EVENTS
from connective.kit.ids import new_id
from connective.partners.commands.send_messages import Sender

KINDS = ["hub.referrals.request.*"]


@dataclass
class Hooks:
    """A partners room with organisations that listen."""

    room: Room

    @property
    def sender(self) -> Sender:
        owners = (getattr(loop, "__self__", None) for loop in self.room.running.composition.background)
        return next(owner for owner in owners if isinstance(owner, Sender))

    async def set_up(
        self, url: str, organisation: UUID, events: list[str] | None = None, **told: Any
    ) -> dict[str, Any]:
        body = {"url": url, "events": events or KINDS} | told
        answer = await self.room.post("/webhooks", body, self.room.partner_admin(organisation))
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def read(self, webhook: dict[str, Any], organisation: UUID) -> dict[str, Any]:
        return dict((await self.room.get(f"/webhooks/{webhook['id']}", self.room.partner_admin(organisation))).json())

    async def deliveries(self, webhook: dict[str, Any], organisation: UUID, query: str = "") -> list[dict[str, Any]]:
        path = f"/webhooks/{webhook['id']}/deliveries{query}"
        return list((await self.room.get(path, self.room.partner_admin(organisation))).json()["items"])

    async def log(self, delivery: dict[str, Any], organisation: UUID) -> list[dict[str, Any]]:
        path = f"/webhooks/{delivery['webhook_id']}/deliveries/{delivery['id']}"
        return list((await self.room.get(path, self.room.partner_admin(organisation))).json()["log"])

    async def act(self, webhook: dict[str, Any], what: str, organisation: UUID, body: Any = None) -> Any:
        return await self.room.post(f"/webhooks/{webhook['id']}/{what}", body, self.room.partner_admin(organisation))

    async def send(self, after: timedelta = timedelta()) -> None:
        self.room.clock.move(after)
        await self.sender.send_due()

    async def happens(self, subject: str, *, at_version: int = 1, place: UUID = PLACE, **data: Any) -> str:
        """Let a fact arrive through the real consumer and inbox; answers the event's id."""
        return (await self.happen([(subject, data)], at_version=at_version, place=place))[0]

    async def happen(
        self, facts: list[tuple[str, dict[str, Any]]], *, at_version: int = 1, place: UUID = PLACE
    ) -> list[str]:
        messages, ids = [], []
        for subject, data in facts:
            event = EVENTS[subject](**data)
            document = {
                "specversion": "1.0",
                "id": str(new_id()),
                "source": f"/services/{subject.split('.')[1]}",
                "type": event.type_name(),
                "subject": str(event.aggregate_id),
                "time": "2026-03-03T09:59:00.000000Z",
                "traceparent": "",
                "aggregateversion": at_version,
                "placeid": str(place),
                "data": json.loads(event.model_dump_json()),
            }
            messages.append((subject, json.dumps(document).encode()))
            ids.append(str(document["id"]))
        await self.room.running.consumer.apply(messages)
        return ids


async def see_all(owner: asyncpg.Connection) -> None:
    """Let the owner's connection see what the Hub's own work sees."""
    await owner.execute("SELECT set_config('app.kind', 'service', false), set_config('app.place', '', false)")


def a_request(recipient: UUID, referrer: UUID | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "request_id": uuid4(),
        "referral_id": uuid4(),
        "family_id": uuid4(),
        "referrer_organisation_id": referrer or uuid4(),
        "recipient_organisation_id": recipient,
        "service_id": uuid4(),
        "service_kind": "food_bank",
        "sensitive": False,
        "state": "submitted",
        "by_organisation_id": None,
        "reference": "REQ-7K3M-92QD",
        "at": "2026-03-03T09:59:00Z",
        "sent": True,
    } | changes


def verified(arrived: Arrived, *secrets: str) -> dict[str, Any]:
    """The payload, as an independent verifier understands it under each of these secrets.

    The room's clock stands elsewhere than the machine's, so the verifier is asked for the signature, not for the time.
    """
    headers = arrived.headers
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    wanted = [Independent(secret).sign(headers["webhook-id"], at, arrived.body.decode()) for secret in secrets]
    assert headers["webhook-signature"].split(" ") == wanted
    return dict(json.loads(arrived.body))
