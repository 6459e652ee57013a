"""The rules' refusals as problem documents: the one place that translates.

Conflict 409 ── NotNow
NotAllowed 403 ── NotYours
Invalid 422 ── Unacceptable ── NoAuthority · AgreementIncomplete
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from connective.consent.domain import refusals as rules
from connective.consent.domain.refused import NoAuthority, NotNow, NotYours, Unacceptable
from connective.kit.actor import Actor
from connective.kit.database import Database, Unit
from connective.kit.problems import FieldError, Invalid


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
async def ruled_unit(database: Database, actor: Actor) -> AsyncIterator[Unit]:
    """A unit in which the rules may refuse: nothing is stored then, and the refusal leaves translated."""
    with translated():
        async with database.unit(actor) as unit:
            yield unit
