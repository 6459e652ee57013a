"""Pages as HTML, from templates that escape everything."""

from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from importlib.resources import files
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from connective.contracts.places import Place, PlacesInForce
from connective.gateway.api.browser import page_headers
from connective.gateway.api.parts import parts_of
from connective.gateway.api.reading_aloud import as_chosen, in_words, local_moment, local_time
from connective.gateway.api.tokens import OpenRoute, open_router
from connective.kit.policy import Access, operation

_TEMPLATES = Environment(
    loader=PackageLoader("connective.gateway.api", "templates"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters |= {
    "as_chosen": as_chosen,
    "in_words": in_words,
    "local_moment": local_moment,
    "local_time": local_time,
}
_STYLE = files("connective.gateway.api").joinpath("assets", "pages.css").read_bytes()

_place: ContextVar[Place | None] = ContextVar("place_of_the_page", default=None)
"""Whose name and colour the page that is made now wears."""

routes = open_router("pages")


class PageRoute(OpenRoute):
    """A page for people. What it wears is set around its handler: what a dependency sets stays in the dependency."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, in the clothes of whoever's place it is."""
        handle = super().get_route_handler()

        async def dressed(request: Request) -> Response:
            wear((await parts_of(request)).places, None)
            return await handle(request)

        return dressed


def wear(places: PlacesInForce, place_id: UUID | None) -> None:
    """Let the page that is made now wear this place's name and colour; the first's where nobody is known yet.

    That is the only one of most deployments. A place that is not served here is nobody's: the first again.
    """
    known = {place.id: place for place in places.places}
    _place.set(known.get(place_id) if place_id in known else next(iter(known.values()), None))


def page_router(tag: str) -> APIRouter:
    """A router of pages for people: each wears its place's name and colour."""
    return APIRouter(route_class=PageRoute, tags=[tag])


@routes.get("/assets/pages.css", include_in_schema=False, **operation(access=Access.PUBLIC))
async def read_style() -> Response:
    """The style of every page here."""
    return Response(_STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


@routes.get("/assets/place-{colour}.css", include_in_schema=False, **operation(access=Access.PUBLIC))
async def read_colour(colour: Annotated[str, Path(pattern="^[0-9a-f]{6}$")]) -> Response:
    """The colour of a place, as a style: pages may hold no style of their own."""
    return Response(
        f":root {{ --place: #{colour}; }}", media_type="text/css", headers={"Cache-Control": "public, max-age=86400"}
    )


def page(
    template: str,
    *,
    status: int = 200,
    origin: str | None = None,
    nonce: str | None = None,
    **values: Any,  # noqa: ANN401 - whatever the template shows
) -> HTMLResponse:
    """A page from its template; with a nonce, the script that carries it may run."""
    text = _TEMPLATES.get_template(template).render(nonce=nonce, place=_place.get(), **values)
    return HTMLResponse(text, status_code=status, headers=page_headers(origin, nonce))
