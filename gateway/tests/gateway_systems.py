"""Systems that prove themselves by keys which they publish, and where they publish them."""

import json
from typing import Any

from gateway_calls import approve, call, token
from gateway_hub import Hub
from gateway_support import Seen, Service, read_body
from joserfc.jwk import ECKey


def key(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid}, private=True)


def publishing(*keys: ECKey) -> Any:
    async def answer(service: Service, seen: Seen, reader: Any, writer: Any) -> None:
        await read_body(seen, reader)
        body = json.dumps({"keys": [each.as_dict(private=False) for each in keys]}).encode()
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
        writer.write(head % len(body) + body)

    return answer


def new_system(hub: Hub, url: str) -> dict[str, Any]:
    return {
        "name": "Our system",
        "organisation_id": str(hub.school),
        "authentication": "private_key_jwt",
        "scopes": ["requests:read"],
        "jwks_uri": url,
    }


async def registered(hub: Hub, url: str) -> str:
    answer = await call(hub, "POST", "/clients", token(hub, "partner_admin"), new_system(hub, url))
    await approve(hub, answer)
    return str(answer.json()["id"])
