"""The built files: found once, kept in memory, and kept by browsers for good, as their names hold their digests."""

from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import Request, Response

from connective.frontend.pages.rendering import PACKAGE, static_names
from connective.frontend.pages.routing import public_routes
from connective.kit.problems import NotFound

_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_FOR_GOOD = "public, max-age=31536000, immutable"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"), (None, ""))

routes = public_routes()


@cache
def _content(name: str) -> dict[str | None, bytes]:
    folder = files(PACKAGE).joinpath("static")
    return {encoding: folder.joinpath(name + suffix).read_bytes() for encoding, suffix in _ENCODINGS}


@routes.page("/static/{name}")
async def read_static(name: str, request: Request) -> Response:
    """One built file, compressed as the browser takes it."""
    if name not in static_names().values():
        raise NotFound
    takes = request.headers.get("accept-encoding", "")
    encoding = next(each for each, _ in _ENCODINGS if each is None or each in takes)
    headers: dict[str, Any] = {
        "Cache-Control": _FOR_GOOD,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if encoding is not None:
        headers["Content-Encoding"] = encoding
    return Response(_content(name)[encoding], media_type=_TYPES[name.rpartition(".")[2]], headers=headers)


@routes.page("/place-{colour}.css")
async def read_colour(colour: str) -> Response:
    """The place's colour as a style sheet: no page holds style of its own."""
    if len(colour) != 6 or any(each not in "0123456789abcdef" for each in colour):
        raise NotFound
    headers = {"Cache-Control": _FOR_GOOD, "X-Content-Type-Options": "nosniff"}
    return Response(f":root{{--place-colour:#{colour}}}\n", media_type="text/css", headers=headers)
