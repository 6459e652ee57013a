"""What every verb that acts on a record takes, gathered once."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Response

from connective.consent.api.deps import PartsDep
from connective.consent.commands.refusals import NotNow, NotYours
from connective.kit.database import Database
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.idempotency import Done
from connective.kit.problems import KeyMissing, StillRunning

REFUSES = (KeyMissing, StillRunning, NotNow, NotYours)
"""What every verb may refuse, whatever else it does."""


class Acting:
    """Who acts, under which key, and where the answer goes."""

    def __init__(self, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response) -> None:
        self.actor, self.attempt, self.parts, self.response = actor, attempt, parts, response

    @property
    def database(self) -> Database:
        """Where the act is stored."""
        return self.parts.database

    def now(self) -> datetime:
        """The instant of the act."""
        return self.parts.clock()

    def show(self, done: Done, location: str | None = None) -> None:
        """Give the answer the first attempt's status, and say where the record is."""
        show_done(self.response, done)
        if location is not None:
            self.response.headers["Location"] = location


ActingDep = Annotated[Acting, Depends()]
