"""What the officers' pages share: who looks for which legal entity, what every entity is called, and one version."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path, Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.agreements import Asker
from connective.frontend.domain.answers import File, Part, Refused
from connective.frontend.domain.fields import Errors, Field, errors_of
from connective.frontend.domain.sessions import Person
from connective.frontend.domain.words import LONDON
from connective.frontend.pages.browser import Browser, Form
from connective.frontend.pages.forms import came_since, every, names_of
from connective.frontend.pages.routing import BrowserDep, HubDep, Parts, PartsDep, done

Number = Annotated[int, Path(ge=1, le=9999)]


class Desk:
    """What every page of an officer takes, gathered once."""

    def __init__(self, browser: Browser, parts: Parts, hub: Hub) -> None:
        self.browser, self.parts, self.hub = browser, parts, hub

    @property
    def person(self) -> Person:
        """Who has signed in."""
        return self.browser.person

    @property
    def today(self) -> date:
        """The day in England."""
        return self.browser.now.astimezone(LONDON).date()

    @property
    def kept(self) -> Form:
        """What was kept of the form while nobody was signed in; empty fields otherwise."""
        return Form("", self.browser.kept or {})

    async def asker(self) -> Asker:
        """Who looks, and what every legal entity is called."""
        return await asker_of(self.hub, self.person)

    def show(self, template: str, errors: Errors | None = None, **values: Any) -> Response:  # noqa: ANN401 - whatever the template shows
        """A page; with errors it is that of a form which was not taken. What is `stored` is for one over a version."""
        status, kept = 422 if errors else 200, self.browser.kept is not None
        values["meanwhile"] = came_since(self.browser, values.get("stored"))
        return self.parts.pages.show(self.browser, template, status=status, errors=errors or [], kept=kept, **values)

    async def done(self, target: str) -> Response:
        """A form was taken: go on."""
        return await done(self.parts, self.browser, target)


# Asynchronous, as those of `routing`: a plain class would be called in a thread.
async def _desk(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Desk:
    return Desk(browser, parts, hub)


DeskDep = Annotated[Desk, Depends(_desk)]


class Which:
    """One version of an agreement, by its address."""

    def __init__(self, agreement_id: UUID, number: int) -> None:
        self.agreement_id, self.number = agreement_id, number

    @property
    def path(self) -> str:
        """Its address: the same here and in the API."""
        return f"/agreements/{self.agreement_id}/versions/{self.number}"


async def _which(agreement_id: UUID, number: Number) -> Which:
    return Which(agreement_id, number)


WhichDep = Annotated[Which, Depends(_which)]


async def asker_of(hub: Hub, person: Person) -> Asker:
    """Who looks: without the register's answer names are missing, and nothing else."""
    entities, organisation = await together(every(hub, "/legal-entities"), _own(hub, person))
    names = names_of(entities)
    return Asker(person, organisation.value and organisation.value["legal_entity_id"], names)


async def _own(hub: Hub, person: Person) -> Part:
    return await hub.part(f"/organisations/{person.organisation_id}") if person.organisation_id else Part()


def named(asker: Asker) -> list[tuple[str, str]]:
    """Every legal entity by id and name, in the order of the alphabet: choices of a form."""
    return sorted(asker.names.items(), key=lambda each: each[1])


def wrong_with(problem: Refused, fields: Sequence[Field] = ()) -> Errors:
    """A refusal of what was typed, beside its fields; raises it again where it is about something else.

    Unlike elsewhere a conflict is no matter of the form: what is drafted or signed has moved on, as a page says.
    """
    if problem.status != 422:
        raise problem
    return errors_of(problem, fields)


def download(file: File, name: str) -> Response:
    """A file as a browser saves it; it stays in no cache."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)
