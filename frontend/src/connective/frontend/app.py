"""The pages, composed: the only module that knows every part."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from fastapi import FastAPI
from sqlalchemy import text

from connective.contracts.places import PlacesInForce, load_places
from connective.frontend.clients.authorization import Authorization, load_key
from connective.frontend.commands.places import CurrentPlaces
from connective.frontend.commands.visits import Visits
from connective.frontend.pages.browser import Keys, takes_files
from connective.frontend.pages.errors import pages_for_refusals, refused_at_the_door
from connective.frontend.pages.journeys import ROUTERS
from connective.frontend.pages.rendering import Pages, compile_templates, environment, static_names
from connective.frontend.pages.routing import Parts
from connective.frontend.settings import FORM_USE, SESSION_USE, FrontendSettings
from connective.frontend.storage.drafts import Drafts, forget_drafts
from connective.frontend.storage.sessions import Sessions
from connective.kit.actor import service_actor
from connective.kit.app import anonymous, build_app
from connective.kit.clock import Clock, system_clock
from connective.kit.database import Database
from connective.kit.http import Outgoing
from connective.kit.problems import Unavailable
from connective.kit.revisions import head_revision
from connective.kit.scheduler import Job, Scheduler
from connective.kit.sealing import Seal

NAME = "frontend"
_ACTOR = service_actor(NAME)


class Frontend:
    """The pages of one deployment: what serves them, and what forgets what is over."""

    def __init__(self, settings: FrontendSettings, clock: Clock = system_clock) -> None:
        self.settings = settings
        self.database = Database(NAME, settings)
        self.outgoing = Outgoing(timedelta(seconds=settings.deadline_seconds))
        key = settings.key(SESSION_USE)
        authorization = Authorization(
            self.outgoing,
            settings.gateway_url.rstrip("/"),
            settings.issuer,
            settings.client_id,
            settings.callback,
            load_key(settings.signing_key),
        )
        sessions = Sessions(key)
        places = PlacesInForce(load_places(settings.places))
        self.parts = Parts(
            visits=Visits(self.database, sessions, authorization, settings.gateway_url, settings.idle),
            drafts=Drafts(self.database, key),
            pages=Pages(places, settings.issuer),
            places=CurrentPlaces(places),
            keys=Keys(settings.key(FORM_USE), Seal(key), settings.address, settings.secure),
            clock=clock,
            issuer=settings.issuer,
            idle_seconds=int(settings.idle.total_seconds()),
            trusted_proxies=settings.trusted_proxies,
        )
        self.scheduler = Scheduler([Job("forget-expired", timedelta(minutes=10), self.forget)], clock)

    async def forget(self, now: datetime) -> None:
        """Remove sessions and drafts that are over."""
        async with self.database.unit(_ACTOR) as unit:
            await Sessions.forget(unit, now)
            await forget_drafts(unit, now)

    async def ready(self) -> dict[str, Any]:
        """Whether pages can be shown: the database answers and is migrated. The gateway is asked by each page."""
        async with self.database.reading(_ACTOR) as connection:
            found = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one_or_none()
        if found != head_revision(NAME):
            raise Unavailable("The database is not migrated to this release.")
        return {"status": "ready"}

    def app(self, *, with_work: bool = False) -> FastAPI:
        """The application; with `with_work` it also forgets what is over."""
        static_names()  # Without the built style it does not start.
        environment().get_template("trouble.html")
        made = build_app(
            "Connective pages",
            version="0.1.0",
            identify=anonymous,
            routers=ROUTERS,
            ready=self.ready,
            lifespan=self._lifespan([_ahead, *([self.scheduler.run] if with_work else [])]),
            larger=takes_files,
            at_the_door=partial(refused_at_the_door, self.parts),
        )
        pages_for_refusals(made)
        made.state.parts = self.parts
        return made

    def worker_app(self) -> FastAPI:
        """What a process that only works answers: its health."""
        return build_app(
            "Connective pages: worker",
            version="0.1.0",
            identify=anonymous,
            routers=(),
            ready=self.ready,
            lifespan=self._lifespan([self.scheduler.run]),
        )

    def _lifespan(self, loops: list[Callable[[], Awaitable[None]]]) -> Any:  # noqa: ANN401 - what FastAPI takes
        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            async with self.outgoing:
                working = [asyncio.ensure_future(loop()) for loop in loops]
                yield
                for each in working:
                    each.cancel()
                await asyncio.gather(*working, return_exceptions=True)
            await self.database.close()

        return lifespan


async def _ahead() -> None:
    """Beside what is asked first, which does not wait for it."""
    await asyncio.to_thread(compile_templates)
