"""One registration that is being typed: where it is kept, and what its pages share."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response

from connective.frontend.domain.answers import Refused
from connective.frontend.domain.registering import Draft
from connective.frontend.domain.troubles import ANSWERS_GONE
from connective.frontend.domain.words import LONDON
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.routing import BrowserDep, Parts, PartsDep, onward

BEGINNING = "/families/new"


@dataclass(slots=True)
class Desk:
    """A draft, and the browser in which it is worked on. The draft is kept sealed, for its owner alone."""

    parts: Parts
    browser: Browser
    draft_id: UUID
    draft: Draft

    @property
    def address(self) -> str:
        """Where its pages begin; it names the draft too."""
        return f"{BEGINNING}/{self.draft_id}"

    @property
    def today(self) -> date:
        """The day in England."""
        return self.browser.now.astimezone(LONDON).date()

    @property
    def checking(self) -> bool:
        """Whether one answer is changed from the page on which all are looked through."""
        return self.browser.request.query_params.get("from") == "check"

    async def save(self) -> None:
        """Keep what was typed so far."""
        await self.parts.drafts.put(self.browser.person.id, self.address, asdict(self.draft), self.browser.now)

    async def load(self) -> bool:
        """Find what was kept; whether there was anything."""
        found = await self.parts.drafts.get(self.browser.person.id, self.address)
        if found is not None:
            self.draft = Draft(**found)
        return found is not None

    def sent(self) -> Response:
        """It has been sent: whoever goes back comes to the family."""
        return onward(f"/families/{self.draft.sent}")

    def onward(self, step: str) -> Response:
        """Go on to one of its pages."""
        return onward(f"{self.address}/{step}")


async def desk_of(draft_id: UUID, browser: BrowserDep, parts: PartsDep) -> Desk:
    """The registration that an address names. Raises Refused for one that is not this person's, or is forgotten."""
    desk = Desk(parts, browser, draft_id, Draft())
    if not await desk.load():
        raise Refused(404, ANSWERS_GONE, "")
    return desk


DeskDep = Annotated[Desk, Depends(desk_of)]
