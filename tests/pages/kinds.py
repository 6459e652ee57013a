"""What an address is: the application's own routes say, and each of a route's forms is a page of its own."""

import re
from urllib.parse import urlsplit

from fastapi.routing import APIRoute

from connective.frontend.pages.journeys import ROUTERS

NO_PAGES = re.compile(
    r"^/static/|^/place-|\.csv$|/csv$|\.pdf$|^/audit/.+/file$|^/audit/files/|^/audit/ledger/(progress|checkpoint)$"
    r"|/runs/[^/]+/progress$|^/sign-in$|^/signed-in$|/export$|^/audit/disclosures/"
)
"""Style, files and streams; and what leads on to somewhere else at once."""
_ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
PAGES = [route for route in _ROUTES if "GET" in route.methods]
FORMS = {route.path for route in _ROUTES if "POST" in route.methods and route.dependencies}
"""Where somebody who has signed in sends something."""


def route_of(path: str) -> str | None:
    """The route that an address belongs to, as the application would find it."""
    return next((route.path for route in PAGES if route.path_regex.match(path)), None)


def kind_of(address: str) -> str:
    """A route, and which of its forms: `/requests/{request_id}/{verb}` is as many pages as there are verbs."""
    path = urlsplit(address).path
    route = route_of(path) or ""
    if route in {"/audit/{name}", "/audit/{name}/new"}:
        return path
    if route.endswith(("{verb}", "{say}", "{done_word}", "{act}", "{step}", "{key}")):
        return f"{route.rpartition('/')[0]}/{path.rpartition('/')[2]}"
    return route
