"""What consent's routes take from the application, and how they shape what all of them answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, TypeVar

from fastapi import Depends, Request, Response
from pydantic import BaseModel, ConfigDict

from connective.consent.commands.ports import Families, Keepers
from connective.consent.domain.checkpoints import LedgerKey
from connective.consent.queries.audit_processing import Host
from connective.kit.clock import Clock
from connective.kit.database import Database
from connective.kit.etags import etag
from connective.kit.pages import Cursors
from connective.kit.tokens import Signer

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Parts:
    """What the composition root gives the routes."""

    database: Database
    clock: Clock
    cursors: Cursors
    families: Families
    keepers: Keepers
    signer: Signer
    ledger_key: LedgerKey
    is_holiday: Callable[[date], bool]
    override_review_working_days: int
    host: Host


async def parts_of(request: Request) -> Parts:
    """The application's parts."""
    parts: Parts = request.app.state.parts
    return parts


PartsDep = Annotated[Parts, Depends(parts_of)]


class Body(BaseModel):
    """Base of what is sent in: nothing unknown is let in."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    """Base of what is answered, built from records or rows."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


def no_store(response: Response) -> None:
    """Nothing about a person stays in a cache."""
    response.headers["Cache-Control"] = "no-store"


def show_version(response: Response, version: int) -> None:
    """Set the ETag of the resource that is answered."""
    response.headers["ETag"] = etag(version)
