"""Who may say and hear what on the broker, as NATS's own configuration.

One account per service. Permissions of users inside one account would not do: a reply subject is unchecked, and a
service could have the broker store its reply as another service's event. Across accounts a reply stays at home.
"""

import json
from collections.abc import Mapping

from connective.kit.bus import STREAM

HUB = "HUB"
ADMIN = "admin"

# Services ask JetStream as `client.jetstream(domain=DOMAIN)`, that is under `$JS.hub.API`. Under plain `$JS.API` every
# account also hears the server's own refusal ("JetStream not enabled for account"), which arrives before HUB's answer.
DOMAIN = "hub"

Subscriptions = Mapping[str, tuple[str, ...]]
"""For each service, the subjects it listens to; an empty tuple for one that only publishes."""


def shared_subjects(service: str, consumes: bool) -> list[str]:
    """The subjects of account HUB that a service may send to: its own events and its own durable, nothing else."""
    subjects = [f"hub.{service}.>", f"$JS.API.STREAM.INFO.{STREAM}"]
    if consumes:
        subjects += [
            f"$JS.API.CONSUMER.INFO.{STREAM}.{service}",
            f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{service}",
            f"$JS.ACK.{STREAM}.{service}.>",
        ]
    return subjects


def accounts(subscriptions: Subscriptions, passwords: Mapping[str, str]) -> str:
    """The `accounts` block. `passwords` has one for every service and one for the administrator."""
    blocks = [_hub(subscriptions, passwords[ADMIN])]
    for service, subjects in sorted(subscriptions.items()):
        blocks.append(_service(service, shared_subjects(service, bool(subjects)), passwords[service]))
    return "accounts {\n" + "\n".join(blocks) + "\n}\n"


def quoted(value: object) -> str:
    """A value in NATS's configuration, which takes JSON except for its escapes by code point."""
    return json.dumps(value, ensure_ascii=False)


def local_subject(subject: str) -> str:
    """How a subject of account HUB is called inside a service's account."""
    return subject.replace("$JS.API.", f"$JS.{DOMAIN}.API.", 1)


def account_name(service: str) -> str:
    """The account of a service."""
    return service.upper()


def _hub(subscriptions: Subscriptions, password: str) -> str:
    exports: dict[str, list[str]] = {}
    for service, subjects in sorted(subscriptions.items()):
        for subject in shared_subjects(service, bool(subjects)):
            exports.setdefault(subject, []).append(account_name(service))
    lines = [_export(subject, importers) for subject, importers in exports.items()]
    return (
        f"  {HUB} {{\n    jetstream: enabled\n"
        f"    users: [ {{ user: {ADMIN}, password: {quoted(password)} }} ]\n"
        f"    exports: [\n{''.join(lines)}    ]\n  }}"
    )


def _export(subject: str, importers: list[str]) -> str:
    # One pull is answered by many messages.
    kind = ", response_type: stream" if ".MSG.NEXT." in subject else ""
    return f"      {{ service: {quoted(subject)}, accounts: {quoted(importers)}{kind} }}\n"


def _import(subject: str) -> str:
    local = local_subject(subject)
    return (
        f"      {{ service: {{ account: {HUB}, subject: {quoted(subject)} }}"
        + (f", to: {quoted(local)}" if local != subject else "")
        + " }\n"
    )


def _service(service: str, subjects: list[str], password: str) -> str:
    imports = "".join(map(_import, subjects))
    wake = f"wake.{service}"
    permissions = {
        "publish": {"allow": [*map(local_subject, subjects), wake]},
        "subscribe": {"allow": ["_INBOX.>", wake]},
    }
    user = f"user: {service}, password: {quoted(password)}, permissions: {quoted(permissions)}"
    return f"  {account_name(service)} {{\n    users: [ {{ {user} }} ]\n    imports: [\n{imports}    ]\n  }}"
