"""Forms for anybody: their cross-site protection without a session, and what a guest had typed a page before.

A guest's browser gets a random secret in a cookie of this host. Each form carries a one-time key signed for that
secret, so that a form counts only where it was shown; what was typed is kept sealed under the secret's digest, for
two hours, and in no address. The cookie tells nothing about anybody, and dies with the browser.
"""

import json
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response

from connective.frontend.domain.answers import Refused
from connective.frontend.domain.secrets import digest
from connective.frontend.pages.browser import GUEST, GUEST_SECONDS, Browser, Form
from connective.frontend.pages.routing import BrowserDep, PartsDep
from connective.frontend.storage.drafts import Drafts
from connective.kit.sealing import NotSealedHere

GUEST_KEPT = timedelta(seconds=GUEST_SECONDS)
NEAR = "hub-search"


class Guest:
    """What one browser in which nobody has signed in is remembered by."""

    def __init__(self, browser: Browser, drafts: Drafts) -> None:
        self._browser = browser
        self._drafts = drafts

    @property
    def _id(self) -> UUID | None:
        secret = self._browser.cookie(GUEST)
        return None if secret is None else UUID(bytes=digest(secret)[:16])

    async def kept(self, form: str) -> dict[str, Any]:
        """What was typed so far; nothing for a browser that is new, or was away for too long."""
        return {} if self._id is None else await self._drafts.get(self._id, form) or {}

    async def keep(self, form: str, content: dict[str, Any]) -> None:
        """Keep what was typed so far. Raises Refused where the browser takes no cookies."""
        if self._id is None:
            raise over()
        await self._drafts.put(self._id, form, content, self._browser.now, kept_for=GUEST_KEPT)

    async def forget(self, form: str) -> None:
        """Forget it: it was sent, or somebody asked for that."""
        if self._id is not None:
            await self._drafts.drop(self._id, form)

    def searched(self) -> dict[str, Any]:
        """What this browser looked for last, from its sealed cookie."""
        try:
            sealed = bytes.fromhex(self._browser.cookie(NEAR) or "")
            found: dict[str, Any] = json.loads(self._browser.keys.going.open(sealed, NEAR.encode()))
        except (NotSealedHere, ValueError):
            return {}
        return found

    def search(self, response: Response, content: dict[str, Any]) -> None:
        """Remember what it looks for: in the cookie alone, sealed, so that no address and no history tells it."""
        sealed = self._browser.keys.going.close(json.dumps(content).encode(), NEAR.encode()).hex()
        self._browser.keep(response, NEAR, sealed, GUEST_SECONDS)


def over() -> Refused:
    """A form for anybody that was left for too long, or shown in another browser."""
    return Refused(400, "form-over", "")


async def guest_of(browser: BrowserDep, parts: PartsDep) -> Guest:
    """The guest of this browser."""
    return Guest(browser, parts.drafts)


GuestDep = Annotated[Guest, Depends(guest_of)]


async def open_form_of(browser: BrowserDep) -> Form:
    """What a guest sent. Raises Refused for a form that was not shown by us in this browser."""
    form = await browser.read_open_form()
    if form is None:
        raise over()
    return form


OpenFormDep = Annotated[Form, Depends(open_form_of)]
