"""Where somebody comes back to whose form was not taken, and what is kept for them meanwhile."""

from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from starlette.routing import Match

from connective.frontend.domain.fields import SECRETS
from connective.frontend.domain.navigation import entries_for
from connective.frontend.domain.ways_on import ways_on
from connective.frontend.pages.browser import UNDONE, Browser, Form
from connective.frontend.pages.forms import VERSION, uuid_or_none
from connective.frontend.pages.routing import KEPT, Parts, browser_of

_NOT_TYPED = frozenset({VERSION, "act"})
"""The version that was seen, and the button that was pressed."""


async def keep(request: Request, parts: Parts, *, version: bool) -> str | None:
    """Keep what was typed for whoever typed it: the address that gives it back, or None where there is nothing to keep.

    What has a button alone has nothing to go on with, and what no page shows cannot be given back. The version that
    was seen is kept with it where nobody has changed the record meanwhile, as far as we know.
    """
    browser = await browser_of(request)
    form: Form | None = getattr(request.state, "form", None)
    if form is None or browser.visit is None or not opens(request, request.url.path) or not _typed(form):
        return None
    left_out = SECRETS if version else SECRETS | _NOT_TYPED
    content = {name: values for name, values in form.fields.items() if name not in left_out}
    await parts.drafts.put(browser.visit.session.person.id, request.url.path, content, browser.now)
    return _with(request, request.url.path, KEPT)


def undone(request: Request, browser: Browser) -> str:
    """The page on which a button was pressed, or the nearest, which then says that nothing was done."""
    path = request.url.path
    if opens(request, path):
        return _with(request, path, UNDONE)
    entries = [] if browser.visit is None else entries_for(browser.visit.session.person)
    ways = [href for _, href in ways_on(path, entries, sent=True) if opens(request, href)]
    return f"{ways[0] if ways else '/home'}?{UNDONE}=1"


def opens(request: Request, path: str) -> bool:
    """Whether there is a page at an address: where an id should stand there is one."""
    asked = {**request.scope, "method": "GET", "path": path}
    for route in request.app.routes:
        match, found = route.matches(asked)
        if match is Match.FULL:
            named = found.get("path_params", {}).items()
            return all(uuid_or_none(str(value)) for name, value in named if name.endswith("_id"))
    return False


def _typed(form: Form) -> bool:
    """Whether there is anything that somebody would have to type, choose or tick once more."""
    values = [each for name, values in form.fields.items() if name not in _NOT_TYPED for each in values]
    return bool(form.files) or any(values)


def _with(request: Request, path: str, mark: str) -> str:
    """The same page, whatever it was asked for in its address, with one mark."""
    query = [(name, value) for name, value in parse_qsl(request.url.query) if name not in {KEPT, UNDONE, "done"}]
    return f"{path}?{urlencode([*query, (mark, '1')])}"
