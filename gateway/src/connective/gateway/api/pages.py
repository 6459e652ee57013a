"""Pages as HTML, from templates that escape everything."""

from importlib.resources import files
from typing import Any

from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from connective.gateway.api.browser import page_headers
from connective.gateway.api.reading_aloud import as_chosen, in_words, local_moment, local_time
from connective.gateway.api.tokens import open_router
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

routes = open_router("pages")


@routes.get("/assets/pages.css", include_in_schema=False, **operation(access=Access.PUBLIC))
async def read_style() -> Response:
    """The style of every page here."""
    return Response(_STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


def page(
    template: str,
    *,
    status: int = 200,
    origin: str | None = None,
    nonce: str | None = None,
    **values: Any,  # noqa: ANN401 - whatever the template shows
) -> HTMLResponse:
    """A page from its template; with a nonce, the script that carries it may run."""
    text = _TEMPLATES.get_template(template).render(nonce=nonce, **values)
    return HTMLResponse(text, status_code=status, headers=page_headers(origin, nonce))
