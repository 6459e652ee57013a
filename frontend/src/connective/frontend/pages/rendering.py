"""Pages as HTML: templates that escape everything, in the design system's components and the place's colour."""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, Undefined
from markupsafe import Markup

from connective.contracts.places import Place, PlacesInForce
from connective.frontend.domain import words
from connective.frontend.domain.charts import said
from connective.frontend.domain.navigation import as_shown, current, entries_for
from connective.frontend.pages.browser import GUEST, GUEST_SECONDS, TOKEN_FIELD, UNDONE, Browser, page_headers
from connective.frontend.pages.templating import LeanEnvironment, as_it_stands, govuk_attributes, loader, prepared

PACKAGE = "connective.frontend"


@cache
def static_names() -> dict[str, str]:
    """The built files by the names of templates; LookupError, with what to do, where nothing was built."""
    manifest = files(PACKAGE).joinpath("static", "manifest.json")
    if not manifest.is_file():
        raise LookupError("The style of the pages is not built: run `make install` (python frontend/build_assets.py).")
    names: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))["names"]
    return names


def asset(name: str) -> str:
    """The address of a built file: it holds the file's digest, so that browsers may keep it for good."""
    return f"/static/{static_names()[name]}"


@cache
def environment() -> Environment:
    """The templates."""
    made = LeanEnvironment(
        loader=loader(PACKAGE),
        autoescape=True,
        # A template changes with a release alone: no page looks at its files' times.
        auto_reload=False,
        # The design system's own templates ask for options that were not given.
        undefined=Undefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "count": words.count,
        "day": words.day,
        "in_time": words.in_time,
        "indent": as_it_stands,
        "moment": words.moment,
        "need": words.need,
        "role": words.role,
        "sentence": words.sentence,
        "service_kind": words.service_kind,
        "told": said,
        "words": words.words,
    }
    made.globals |= {
        "asset": asset,
        "govuk_attributes": govuk_attributes,
        "markup": Markup,
        "prepared": prepared,
    }
    return made


def compile_templates() -> None:
    """Compile every template of ours ahead, so that nobody waits for it who opens a page first; two seconds of work."""
    for name in PackageLoader(PACKAGE, "templates").list_templates():
        environment().get_template(name)


class Pages:
    """Shows pages of one deployment."""

    def __init__(self, places: PlacesInForce, issuer: str) -> None:
        self._places = places
        self._issuer = issuer

    def place(self, place_id: UUID | None) -> Place:
        """The place of whoever has signed in; for others the first, which is the only one of most deployments."""
        try:
            return self._places.get(place_id) if place_id else self._places.places[0]
        except KeyError:
            return self._places.places[0]

    def show(self, browser: Browser, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401 - whatever the template shows
        """A page. Its title and address never hold anything about a person: both are kept by browsers."""
        nonce = secrets.token_urlsafe(18)
        person = browser.person if browser.signed_in else None
        entries, path = entries_for(person) if person else [], browser.request.url.path
        here = current(entries, path)
        text = (
            environment()
            .get_template(template)
            .render(
                cspNonce=nonce,
                person=person,
                place=self.place(person.place_id if person else None),
                entries=entries,
                here=here,
                navigation=as_shown(entries, here, path),
                path=path,
                issuer=self._issuer,
                now=browser.now,
                form_token=_token_field(browser.form_token),
                open_form_token=_token_field(browser.open_form_token),
                undone=_undone(browser, values),
                **values,
            )
        )
        page = HTMLResponse(text, status_code=status, headers=page_headers(nonce, self._issuer, personal=True))
        if (timing := _timing(browser)) is not None:
            page.headers["Server-Timing"] = timing
        if browser.guest is not None:
            browser.keep(page, GUEST, browser.guest, GUEST_SECONDS)
        return page


def _undone(browser: Browser, values: Mapping[str, Any]) -> bool:
    """Whether somebody comes back to a page on which they pressed a button after their session had ended."""
    asked = UNDONE in browser.request.query_params
    return not values.get("errors") and (asked or (browser.kept is not None and not values.get("kept")))


def _timing(browser: Browser) -> str | None:
    """How long the page took here, and the slowest of its calls, for who measures (W3C Server Timing)."""
    timing = getattr(browser.request.state, "timing", None)
    if timing is None:
        return None
    started, calls = timing
    whole = (time.perf_counter() - started) * 1_000
    return f'page;dur={whole:.1f}, api;desc="slowest of {len(calls)}";dur={max(calls, default=0) * 1_000:.1f}'


def _token_field(token: Callable[[], str]) -> Any:  # noqa: ANN401 - a function for templates
    def field() -> Markup:
        """The hidden field that every form carries: its one-time key, signed for this session or guest."""
        return Markup('<input type="hidden" name="{}" value="{}">').format(TOKEN_FIELD, token())

    return field
