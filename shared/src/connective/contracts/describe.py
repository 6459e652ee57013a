"""`python -m connective.contracts.describe > docs/events.md`: the events and who hears them, as a page.

The page is generated from the tables that the services themselves use, and a test compares the two, so that what
partners and developers read cannot fall behind what is sent.
"""

import sys
from inspect import cleandoc
from itertools import groupby
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

from connective.contracts.event import Event
from connective.contracts.events import EVENTS, OUTWARD
from connective.contracts.subscriptions import SUBSCRIPTIONS

_HEAD = """\
# Events

<!-- Generated: python -m connective.contracts.describe > docs/events.md -->

Every fact that a service announces. A payload holds identifiers, codes, times and the acting organisation; never a
name, an address or free text. What a receiver may see beyond the fact, it fetches, so that permission is asked and the
reading is recorded.

Each event is a structured [CloudEvents 1.0](https://cloudevents.io) document on the NATS subject in the table. Events
of one subject that waited together travel as one message, a CloudEvents batch: a JSON array of such documents, sent as
`application/cloudevents-batch+json`. A document has:

| attribute | what it holds |
|---|---|
| `id` | the event's id (UUIDv7); a consumer applies one id once |
| `source` | `/services/<service>`; a consumer refuses an event whose source is not its subject's service |
| `type` | the subject with `.v1`; a change that would break a reader becomes `.v2` beside it |
| `subject` | the id of the record the fact is about: the payload field named under *about* |
| `time` | when the deciding transaction began, RFC 3339, UTC |
| `aggregateversion` | the version of the record after the fact; order is kept per record, not between records |
| `placeid` | the place the record belongs to |
| `traceparent` | W3C trace context of the request that caused it |
| `data` | the payload: the fields of the table |
"""


def consumers(subject: str) -> tuple[str, ...]:
    """The services whose durable receives this subject, in alphabetical order."""
    return tuple(
        sorted(
            service
            for service, patterns in SUBSCRIPTIONS.items()
            if any(matches(subject, pattern) for pattern in patterns)
        )
    )


def matches(subject: str, pattern: str) -> bool:
    """Whether the broker would deliver this subject to a filter: `*` stands for one token, never for several."""
    tokens, wanted = subject.split("."), pattern.split(".")
    return len(tokens) == len(wanted) and all(want in ("*", token) for token, want in zip(tokens, wanted, strict=True))


def describe() -> str:
    """The whole page, as Markdown."""
    sections = [_HEAD]
    for service, subjects in groupby(sorted(EVENTS), key=_service):
        rows = "\n".join(_row(EVENTS[subject]) for subject in subjects)
        head = "| subject | meaning | about | other fields | heard by |\n|---|---|---|---|---|"
        sections.append(f"## {service}\n\n{head}\n{rows}\n")
    sections.append(_listeners())
    return "\n".join(sections)


def _service(subject: str) -> str:
    return subject.split(".")[1]


def _row(event: type[Event]) -> str:
    fields = [
        f"`{name}` {type_words(field.annotation)}" for name, field in event.model_fields.items() if name != event.about
    ]
    heard = ", ".join(consumers(event.subject)) or ("outward" if event.subject in OUTWARD else "nobody")
    meaning = " ".join(cleandoc(event.__doc__ or "").split())
    return f"| `{event.subject}` | {meaning} | `{event.about}` | {', '.join(fields)} | {heard} |"


def _listeners() -> str:
    rows = "\n".join(
        f"| {service} | {', '.join(f'`{pattern}`' for pattern in patterns) or 'nothing'} |"
        for service, patterns in sorted(SUBSCRIPTIONS.items())
    )
    return (
        "## Who listens to what\n\n"
        "Deployment makes one durable consumer per listening service, with these subjects as its filter. *Outward* "
        "facts are\nheard by no service: they are for webhooks, officers and measurement.\n\n"
        f"| service | subjects |\n|---|---|\n{rows}\n"
    )


def type_words(annotation: Any) -> str:  # noqa: ANN401 - an annotation may be any typing construct
    """A payload field's type in a reader's words: `uuid`, `code`, `list of uuid`, `time or null`."""
    arguments = get_args(annotation)
    if get_origin(annotation) is UnionType:
        inner = [type_words(each) for each in arguments if each is not NoneType]
        return " or ".join([*inner, "null"]) if NoneType in arguments else " or ".join(inner)
    if get_origin(annotation) is tuple:
        return f"list of {type_words(arguments[0])}"
    return _WORDS.get(annotation.__name__, f"code ({annotation.__name__})")


_WORDS = {"UUID": "uuid", "str": "code", "int": "number", "bool": "yes/no", "datetime": "time", "date": "date"}


if __name__ == "__main__":
    sys.stdout.write(describe())
