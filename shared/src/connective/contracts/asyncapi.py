"""`python -m connective.contracts.asyncapi > docs/asyncapi.json`: every event as an AsyncAPI 3 document, for programs.

It is generated from the classes that the services themselves send, and a test compares the two. Each event has a
channel on the broker (its NATS subject), and the message is the structured CloudEvents 1.0 document that is sent there,
alone or with others of its kind in an array; what webhooks send of it is described beside them, because partners are
outside the broker.
"""

import json
import sys
from inspect import cleandoc
from typing import Any

from connective.contracts.describe import consumers, matches
from connective.contracts.event import Event
from connective.contracts.events import EVENTS
from connective.contracts.subscriptions import WEBHOOKS

_UUID = {"type": "string", "format": "uuid"}
_TIME = {"type": "string", "format": "date-time"}
_ABOUT = (
    "Facts in the past tense, thin: identifiers, codes, times and the acting organisation; never a name, an address or "
    "free text. What a receiver may see beyond the fact, it fetches. On the broker, events of one subject that waited "
    "together travel as one message: a JSON array of the documents described here, sent as "
    "application/cloudevents-batch+json."
)


def document() -> dict[str, Any]:
    """The whole description."""
    channels: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for subject in sorted(EVENTS):
        event, name = EVENTS[subject], subject.replace(".", "_")
        channels[name] = _channel(event, name)
        messages[name] = _message(event, name)
        schemas |= _schemas(event, name)
        service = subject.split(".")[1]
        operations[f"{service}_sends_{name}"] = _operation("send", name, f"{service} announces it.")
        for listener in consumers(subject):
            operations[f"{listener}_hears_{name}"] = _operation("receive", name, f"{listener} consumes it.")
        if any(matches(subject, pattern) for pattern in WEBHOOKS):
            channels[f"webhook_{name}"] = _webhook_channel(event, name)
            messages[f"webhook_{name}"] = _webhook_message(event)
            operations[f"webhook_{name}"] = _operation("send", f"webhook_{name}", "Sent to webhooks that asked for it.")
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Connective events",
            "version": "1.0.0",
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/cloudevents+json",
        "servers": _SERVERS,
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": {"WebhookData": _WEBHOOK_DATA, **schemas}},
    }


_SERVERS: dict[str, Any] = {
    "broker": {
        "host": "nats.example.org:4222",
        "protocol": "nats",
        "description": "The Hub's own broker: services only, each under an account of its own.",
    },
    "receiver": {
        "host": "systems.example.org",
        "protocol": "https",
        "description": "A partner's system, told by webhooks (Standard Webhooks 1.0).",
    },
}
_WEBHOOK_DATA: dict[str, Any] = {
    "type": "object",
    "description": "The record the fact is about: fetch it to see what you may.",
    "required": ["id", "version"],
    "properties": {
        "id": _UUID,
        "version": {"type": "integer"},
        "reference": {"type": "string"},
        "state": {"type": "string"},
    },
}


def _words(event: type[Event]) -> str:
    return " ".join(cleandoc(event.__doc__ or "").split())


def _channel(event: type[Event], name: str) -> dict[str, Any]:
    return {
        "address": event.subject,
        "description": _words(event),
        "servers": [{"$ref": "#/servers/broker"}],
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
    }


def _webhook_channel(event: type[Event], name: str) -> dict[str, Any]:
    return {
        "address": "/",
        "title": f"Webhook: {event.type_name()}",
        "servers": [{"$ref": "#/servers/receiver"}],
        "messages": {f"webhook_{name}": {"$ref": f"#/components/messages/webhook_{name}"}},
    }


def _operation(action: str, channel: str, summary: str) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}, "summary": summary}


def _message(event: type[Event], name: str) -> dict[str, Any]:
    attributes = {
        **_envelope(event),
        "datacontenttype": {"const": "application/json"},
        "aggregateversion": {"type": "integer"},
        "placeid": _UUID,
        "traceparent": {"type": "string"},
        "data": {"$ref": f"#/components/schemas/{name}"},
    }
    return {
        "name": event.type_name(),
        "summary": _words(event),
        "contentType": "application/cloudevents+json",
        "payload": {"type": "object", "required": sorted(attributes), "properties": attributes},
        "bindings": {"nats": {}},
    }


def _webhook_message(event: type[Event]) -> dict[str, Any]:
    attributes = {**_envelope(event), "timestamp": _TIME, "data": {"$ref": "#/components/schemas/WebhookData"}}
    header = {"type": "string"}
    return {
        "name": event.type_name(),
        "summary": _words(event),
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "required": ["webhook-id", "webhook-timestamp", "webhook-signature"],
            "properties": {"webhook-id": _UUID, "webhook-timestamp": header, "webhook-signature": header},
        },
        "payload": {"type": "object", "required": sorted(attributes), "properties": attributes},
    }


def _envelope(event: type[Event]) -> dict[str, Any]:
    """The attributes that a message has on the broker and at a webhook alike."""
    return {
        "specversion": {"const": "1.0"},
        "id": _UUID,
        "source": {"const": f"/services/{event.subject.split('.')[1]}"},
        "type": {"const": event.type_name()},
        "subject": _UUID,
        "time": _TIME,
    }


def _schemas(event: type[Event], name: str) -> dict[str, Any]:
    """The payload's schema under the event's name, and those it refers to under theirs."""
    schema = event.model_json_schema(ref_template="#/components/schemas/{model}")
    referred = schema.pop("$defs", {})
    return {**referred, name: schema}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(document(), indent=1, sort_keys=True, ensure_ascii=False) + "\n")
