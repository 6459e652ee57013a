"""What somebody does with a request: at once, or on a form of its own."""

from uuid import UUID

from fastapi import Response

from connective.frontend.domain.request_steps import AT_ONCE
from connective.frontend.pages.browser import Form
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, done, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()


@routes.form("/requests/{request_id}/{verb}")
async def act(
    *, request_id: UUID, verb: str, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Do it, on the version that was looked at: whoever was quicker is not overruled unseen."""
    if verb in AT_ONCE:
        await hub.post(f"/requests/{request_id}/{verb}", key=form.key, version=version_of(form))
        return await done(parts, browser, f"/requests/{request_id}?done={verb}")
    raise NotFound


def version_of(form: Form) -> str | None:
    """The version somebody looked at, as the API quotes it; None where the form carries none."""
    text = form.one("version")
    return f'"{text}"' if text.isdecimal() else None
