"""How it goes, for a family that asked by itself: by reference and code, without an account, and in no address."""

from fastapi import Response

from connective.frontend.domain.answers import Refused
from connective.frontend.domain.fields import Errors
from connective.frontend.domain.own_progress import ASKED, OwnProgress, own_progress, wrong_with
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.guests import OpenFormDep
from connective.frontend.pages.routing import BrowserDep, Parts, PartsDep, public_routes, visitor_of

routes = public_routes()
_UNKNOWN = "We find nothing under this reference and code together. Check both"
_LATER = "We cannot look just now. Try again in a minute, or telephone the service"
_SLOWLY = "Too many have been tried. Wait a minute, then try again"


@routes.page("/progress")
async def ask_reference(browser: BrowserDep, parts: PartsDep) -> Response:
    """Ask for the reference and the code."""
    return _shown(browser, parts, [])


@routes.form("/progress")
async def show_progress(browser: BrowserDep, parts: PartsDep, form: OpenFormDep) -> Response:
    """Say how it goes. It is an answer to a form, so that no address and no history leads back to it."""
    reference, code = form.one("reference")[:30], form.one("code")[:40]
    errors = wrong_with(reference, code)
    if errors:
        return _shown(browser, parts, errors, reference=reference)
    asked = {"reference": reference, "progress_code": code}
    try:
        hub = parts.visits.anybody(visitor_of(browser, parts))
        found = (await hub.post("/intake/self-referrals/progress", asked)).body
    except Refused as problem:
        words = {404: _UNKNOWN, 422: _UNKNOWN, 429: _SLOWLY, 503: _LATER, 504: _LATER}.get(problem.status)
        if words is None:
            raise
        return _shown(browser, parts, [("reference", words)], reference=reference)
    return _shown(browser, parts, [], view=own_progress(found))


def _shown(
    browser: Browser,
    parts: Parts,
    errors: Errors,
    *,
    view: OwnProgress | None = None,
    reference: str = "",
) -> Response:
    values = {"errors": errors, "view": view, "reference": reference, "fields": ASKED}
    return parts.pages.show(browser, "asking/progress.html", status=422 if errors else 200, **values)
