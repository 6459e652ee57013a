"""The rules' refusals as problem documents: the one place that translates.

Conflict 409 (kit)
└── NotNow                the record's state does not allow it; `allowed_actions` names what it does allow
NotAllowed 403 (kit)
└── NotYours              the asker's legal entity or role may not do this to this record
Invalid 422 (kit)
├── Unacceptable          what was given breaks a rule; `reason` is the rule's code
│   └── NoAuthority       the person who said yes or no may not speak for the person it is about
└── AgreementIncomplete   a text is not fit for others to read
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from connective.consent.domain import refusals as rules
from connective.kit.actor import Actor
from connective.kit.database import Database, Unit
from connective.kit.problems import Conflict, FieldError, Invalid, NotAllowed


class NotNow(Conflict):
    """The state of the record does not allow the action."""

    code, title = "illegal-transition", "This is not possible in the present state"

    def __init__(self, reason: str, sentence: str, allowed: tuple[str, ...] = ()) -> None:
        super().__init__(sentence, reason=reason, allowed_actions=list(allowed))


class NotYours(NotAllowed):
    """The asker may see the record but may not do this to it."""

    code, title = "not-yours", "This is for somebody else to do"

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence, reason=reason)


class Unacceptable(Invalid):
    """What was given breaks a rule."""

    code, title = "not-acceptable", "What was given breaks a rule"

    def __init__(self, reason: str, sentence: str, pointer: str = "") -> None:
        errors = (FieldError(pointer, reason, sentence),) if pointer else ()
        super().__init__(sentence, errors=errors, reason=reason)


class NoAuthority(Unacceptable):
    """The giver may not speak for the person."""

    code, title = "no-authority", "This person may not decide that"


class AgreementIncomplete(Invalid):
    """A text is not fit for review or signature: each error is a sentence an officer can act on."""

    code, title = "agreement-incomplete", "This text is not ready yet"


@contextmanager
def translated() -> Iterator[None]:
    """Let the rules' refusals leave as problem documents."""
    try:
        yield
    except rules.NotNow as refused:
        raise NotNow(refused.reason, refused.sentence, refused.allowed) from refused
    except rules.NotYours as refused:
        raise NotYours(refused.reason, refused.sentence) from refused
    except rules.NoAuthority as refused:
        raise NoAuthority(refused.reason, refused.sentence, refused.pointer) from refused
    except rules.Unacceptable as refused:
        raise Unacceptable(refused.reason, refused.sentence, refused.pointer) from refused
    except rules.Incomplete as refused:
        errors = tuple(FieldError(f.pointer, f.code, f.sentence) for f in refused.findings)
        raise AgreementIncomplete(refused.sentence, errors=errors) from refused


@asynccontextmanager
async def ruled_unit(database: Database, actor: Actor, *, work: str = "") -> AsyncIterator[Unit]:
    """A unit in which the rules may refuse: nothing is stored then, and the refusal leaves translated."""
    with translated():
        async with database.unit(actor, work=work) as unit:
            yield unit
