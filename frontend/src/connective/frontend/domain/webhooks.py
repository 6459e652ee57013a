"""Webhooks: addresses of an organisation that are told when something happens, and what became of each message."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from connective.frontend.domain.answers import Part
from connective.frontend.domain.fields import Field
from connective.frontend.domain.reached import came_of
from connective.frontend.domain.sheets import (
    Act,
    Acts,
    Cell,
    Facts,
    Link,
    Links,
    Rows,
    Secret,
    Section,
    Sheet,
    Table,
    Words,
    comma,
    tag,
)
from connective.frontend.domain.words import count, moment, sentence

EVENTS = (
    ("hub.referrals.request.*", "Requests: sent, received, accepted, declined and all else that happens to them"),
    ("hub.referrals.message.*", "Messages beside a request"),
    ("hub.referrals.attachment.*", "Files beside a request"),
    ("hub.referrals.voucher.*", "Vouchers"),
    ("hub.referrals.intake.*", "Requests from outside that wait to be matched"),
    ("hub.partners.service.*", "Our services in the directory"),
    ("hub.partners.organisation.*", "Our organisation"),
    ("hub.partners.assurance.*", "Our assurance: what runs out"),
    ("hub.consent.agreement.*", "Agreements on sharing that we are party to"),
    ("hub.consent.checkpoint.*", "Seals of the record of disclosures"),
)
_EVENTS = dict(EVENTS)
HOOK_FIELDS = (
    Field(
        name="url",
        label="Address that is told",
        kind="address",
        required="Enter the address that is told, like https://system.example.org/hub",
        hint="It must take HTTPS from the internet.",
    ),
    Field(
        name="events",
        label="What is it told of?",
        kind="choices",
        required="Choose what it is told of",
        options=EVENTS,
        hint="A message says that something happened, never what is in it: your system asks for that itself.",
    ),
    Field(name="description", label="What it is for", hint="For your own people."),
    Field(name="notice_email", label="Email address to tell when it fails", kind="email"),
)


def hook_fields(events: Sequence[str] = ()) -> list[Field]:
    """The questions about a webhook; what it is told of beside our choices, single facts say, can be kept."""
    more = tuple((each, event_words(each)) for each in events if each not in _EVENTS)
    return [replace(each, options=each.options + more) if each.name == "events" else each for each in HOOK_FIELDS]


DELIVERIES = {
    "delivered": ("Delivered", "green"),
    "pending": ("On its way", "blue"),
    "set_aside": ("Set aside", "red"),
}


def hooks_sheet(hooks: Part) -> Sheet:
    """The list."""
    rows: Rows = [
        [
            Cell(each["description"] or _host(each["url"]), f"/organisation/webhooks/{each['id']}"),
            _host(each["url"]),
            comma(event_words(one) for one in each["events"]),
            moment(each["last_success_at"]) or "Never",
            _hook_state(each),
        ]
        for each in hooks.items
    ]
    return Sheet(
        "Webhooks",
        [
            Words(
                ("Addresses of yours that are told when something happens, so that your systems need not keep asking.",)
            ),
            Links([Link("Add a webhook", "/organisation/webhooks/new", "primary")]),
            Table(
                "Webhooks, and when each was last reached",
                ("Name", "Where", "Told of", "Last reached", "State"),
                rows,
                "No address of yours is told of anything.",
                part=hooks,
                what="your webhooks",
            ),
        ],
        back=("Back to your organisation", "/organisation"),
    )


def _host(url: str) -> str:
    return url.partition("//")[2].partition("/")[0]


def event_words(code: str) -> str:
    """What a webhook is told of."""
    known = _EVENTS.get(code)
    return (
        known.partition(":")[0].partition(" beside")[0]
        if known
        else sentence(" ".join(code.split(".")[2:]).replace("*", "all"))
    )


def _hook_state(hook: Mapping[str, Any]) -> Cell:
    if hook["state"] == "disabled":
        return tag("Switched off", "red")
    return tag("Failing", "yellow") if hook["failing_since"] else tag("On", "green")


def hook_sheet(hook: Mapping[str, Any], deliveries: Part, *, state: str) -> Sheet:
    """One webhook, and what became of what was sent to it."""
    href = f"/organisation/webhooks/{hook['id']}"
    switch = Act("enable", "Switch it on") if hook["state"] == "disabled" else Act("disable", "Switch it off")
    rows: Rows = [
        [
            Cell(moment(each["created_at"]), f"{href}/deliveries/{each['id']}"),
            event_type(each["type"]),
            tag(*DELIVERIES[each["state"]]),
            str(each["tries"]),
            moment(each["next_try_at"]) if each["state"] == "pending" else "",
        ]
        for each in deliveries.items
    ]
    ways = [("", "All", href), *((code, words, f"{href}?state={code}") for code, (words, _) in DELIVERIES.items())]
    filters = [Link(words, to, chosen=code == state) for code, words, to in ways]
    return Sheet(
        "A webhook",
        [
            Facts(
                [
                    ("State", _hook_state(hook)),
                    ("Switched off because", came_of(hook["disabled_reason"])),
                    ("Address", hook["url"]),
                    ("Told of", "\n".join(_EVENTS.get(each, event_words(each)) for each in hook["events"])),
                    ("Failing since", moment(hook["failing_since"])),
                    ("Last reached", moment(hook["last_success_at"]) or "Never"),
                    ("Told when it fails", hook["notice_email"] or "Nobody"),
                    ("Old secret signs until", moment(hook["old_secret_until"])),
                ]
            ),
            Acts([Act("test", "Send a test message"), switch, Act("rotate", "New secret")]),
            Links(
                [
                    Link("Change it", f"{href}/change"),
                    Link("Send again what went wrong since a day", f"{href}/replay"),
                    Link("Remove it", f"{href}/remove"),
                ]
            ),
            Links(filters, heading="What was sent", narrows="Which messages"),
            Table(
                "Messages, the newest first",
                ("Made", "What", "State", "Tries", "Next try"),
                rows,
                "Nothing of this kind was sent.",
                part=deliveries,
                what="what was sent",
                numbers=frozenset({3}),
                path=f"{href}?state={state}" if state else href,
            ),
        ],
        heading=hook["description"] or _host(hook["url"]),
        back=("Back to webhooks", "/organisation/webhooks"),
    )  # fmt: skip


def event_type(code: str) -> str:
    """A message's type as words: "Request submitted"."""
    parts = [each for each in code.split(".") if each not in {"hub", "v1"}]
    return sentence(" ".join(parts[1:]).replace("_", " "))


def delivery_sheet(delivery: Mapping[str, Any], hook_id: str) -> Sheet:
    """One message: what was said, and how each try ended."""
    rows: Rows = [
        [str(each["number"]), moment(each["at"]), outcome_words(each), count(each["took_ms"], "millisecond")]
        for each in delivery["log"]
    ]
    return Sheet(
        "A message",
        [
            Facts(
                [
                    ("State", tag(*DELIVERIES[delivery["state"]])),
                    ("Made", moment(delivery["created_at"])),
                    ("Ended", moment(delivery["ended_at"])),
                    ("Next try", moment(delivery["next_try_at"])),
                    ("Message id", delivery["message_id"]),
                ]
            ),
            Acts([Act("replay", "Send it again", manner="primary")]),
            Table(
                "Tries",
                ("Try", "When", "How it ended", "Took"),
                rows,
                "It has not been tried yet.",
                heading="Tries",
                numbers=frozenset({3}),
            ),
            Facts([("As it is sent", _readable(delivery["payload"]))], heading="What it says"),
        ],
        heading=event_type(delivery["type"]),
        back=("Back to the webhook", f"/organisation/webhooks/{hook_id}"),
    )


def outcome_words(entry: Mapping[str, Any]) -> str:
    """How one try ended."""
    status = f" (it answered {entry['status']})" if entry["status"] else ""
    return f"{came_of(entry['outcome'])}{status}"


def _readable(payload: str) -> str:
    """A message as people read it, where it is JSON."""
    try:
        return json.dumps(json.loads(payload), indent=1, ensure_ascii=False)
    except ValueError:
        return payload


def hook_secret_sheet(hook: Mapping[str, Any], words: Sequence[str]) -> Sheet:
    """A webhook's new secret: shown on this page and never again."""
    secret = hook.get("secret")
    shown: list[Section] = [
        Words(("The secret was shown when you first sent this form. Make a new one if you lost it.",))
    ]
    if secret:
        shown = [
            Words(("Copy the secret now. It is not shown again.",), manner="warning"),
            Secret("Secret that signs each message", secret, words),
        ]
    return Sheet(
        "Made",
        [*shown, Links([Link("Go on to the webhook", f"/organisation/webhooks/{hook['id']}")])],
        heading="The webhook’s secret, shown once",
    )
