"""`/link`: the pages for partners without a system. Opening the address consumes nothing: mail scanners do that."""

from importlib.resources import files
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from connective.gateway.api.browser import Browser
from connective.gateway.api.link_forms import ASKED, DECLINE_CODES, body_of, in_the_pages_words
from connective.gateway.api.pages import page, page_router, wear
from connective.gateway.api.parts import Parts, PartsDep
from connective.gateway.api.tokens import form_operation
from connective.gateway.clients.requests import FormWords
from connective.gateway.commands.open_link import Opening, open_link, renew_link
from connective.gateway.commands.send_codes import request_code
from connective.gateway.domain.links import ACTIONS, LONGEST_TOKEN, SESSION_LIVES, LinkSession, clean_name
from connective.gateway.domain.opaque import digest
from connective.gateway.storage.links import end_session, find_session
from connective.kit.actor import service_actor
from connective.kit.ids import new_id
from connective.kit.policy import Access, operation
from connective.kit.problems import BadRequest, NotFound

routes = page_router("links")
_COOKIE = "hub-link"
_ACTOR = service_actor("gateway")
_SCRIPT = files("connective.gateway.api").joinpath("assets", "link.js").read_bytes()
_HIDDEN: dict[str, Any] = {"include_in_schema": False, **operation(access=Access.PUBLIC)}
_WRONG = "The link and what you typed do not open anything together. The link may have been used, or have run out."


def _browser(request: Request, parts: Parts) -> Browser:
    return Browser(request, parts.secure, parts.form_key)


def _shown(browser: Browser, template: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - what templates show
    secret = browser.form_secret()
    response = page(template, status=status, form_token=browser.form_token(secret), **values)
    if template == "link.html":
        policy = response.headers["Content-Security-Policy"]
        response.headers["Content-Security-Policy"] = f"{policy}; script-src 'self'"
    browser.keep(response, "hub-form", secret, int(SESSION_LIVES.total_seconds()) * 4)
    return response


@routes.get("/assets/link.js", **_HIDDEN)
async def read_script() -> Response:
    """Moves the link's secret from the address into the form, and out of the address."""
    return Response(_SCRIPT, media_type="text/javascript", headers={"Cache-Control": "public, max-age=3600"})


@routes.get("/link", **_HIDDEN)
async def show_door(request: Request, parts: PartsDep) -> Response:
    """The page a link leads to. Its secret is behind the `#`, which no server is sent, so nothing happens yet."""
    return _door(parts, _browser(request, parts))


def _door(parts: Parts, browser: Browser, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - what templates show
    blank = {"wrong": None, "field": "pin", "named": "", "renewed": False, "coded": False, "key": ""}
    shown: dict[str, Any] = blank | values
    return _shown(browser, "link.html", status, texts=parts.texts, **shown)


@routes.post("/link/open", include_in_schema=False, **form_operation("key", "pin", "name", "form_token"))
async def open_door(request: Request, parts: PartsDep) -> Response:
    """Open it with the PIN and one's own name."""
    browser = _browser(request, parts)
    fields = await browser.read_form(parts.issuer)
    key, named = fields.get("key", "")[:LONGEST_TOKEN], clean_name(fields.get("name", ""))
    if named is None:
        return _door(parts, browser, 422, wrong="Enter your own name.", field="name", key=key)
    opening = Opening(key, fields.get("pin", "").replace(" ", ""), named, parts.clock())
    secret = await open_link(parts.database, parts.passwords, opening)
    if secret is None:
        # The link's secret goes back to whoever sent it: a mistyped PIN must not cost them another link.
        return _door(parts, browser, 422, wrong=_WRONG, named=named, key=key)
    response = RedirectResponse("/link/request", status_code=303)
    browser.keep(response, _COOKIE, secret, int(SESSION_LIVES.total_seconds()))
    return response


@routes.post("/link/code", include_in_schema=False, **form_operation("key", "form_token"))
async def send_code(request: Request, parts: PartsDep) -> Response:
    """Have a code sent to the registered telephone; the answer is the same whatever was sent."""
    browser = _browser(request, parts)
    fields = await browser.read_form(parts.issuer)
    key = fields.get("key", "")[:LONGEST_TOKEN]
    if parts.texts:
        await request_code(parts.database, key, parts.clock())
    return _door(parts, browser, key=key, coded=True)


@routes.post("/link/renew", include_in_schema=False, **form_operation("key", "form_token"))
async def renew(request: Request, parts: PartsDep) -> Response:
    """Have another link posted to the registered address; the answer is the same whatever was sent."""
    browser = _browser(request, parts)
    fields = await browser.read_form(parts.issuer)
    await renew_link(parts.database, fields.get("key", "")[:LONGEST_TOKEN], parts.clock())
    return _door(parts, browser, renewed=True)


async def _session(browser: Browser, parts: Parts) -> LinkSession | None:
    secret = browser.cookie(_COOKIE)
    if secret is None:
        return None
    async with parts.database.reading(_ACTOR) as connection:
        session = await find_session(connection, digest(secret), parts.clock())
    if session is not None:
        wear(parts.places, session.place_id)
    return session


@routes.get("/link/request", **_HIDDEN)
async def show_request(request: Request, parts: PartsDep) -> Response:
    """The request, decided, recorded and read at this moment."""
    browser = _browser(request, parts)
    session = await _session(browser, parts)
    return _over(browser) if session is None else await _show(browser, parts, session, None)


def _over(browser: Browser) -> Response:
    return _shown(browser, "link_over.html", 401)


async def _show(browser: Browser, parts: Parts, session: LinkSession, refused: dict[str, Any] | None) -> Response:
    status, read = await parts.linked.read(session)
    if status != 200:
        # Also once it was declined or completed through another way, or is not to be shown any more.
        return _shown(browser, "link_closed.html", 404 if status == 404 else status, detail=str(read.get("detail", "")))
    words = FormWords()
    if "form" in read:
        words = await parts.linked.words(session, read["form"]["kind"], read["form"]["version"])
    allowed = [action for action in ACTIONS if action in read["status"]["allowed_actions"]]
    return _shown(
        browser,
        "link_request.html",
        200 if refused is None else 422,
        read=read,
        words=words,
        asked=ASKED,
        allowed=allowed,
        named=session.named,
        until=session.expires_at,
        key=str(new_id()),
        refused=refused,
        decline_codes=DECLINE_CODES,
    )


@routes.post("/link/request/{action}", include_in_schema=False, **form_operation("version", "key", "form_token"))
async def act(action: str, request: Request, parts: PartsDep) -> Response:
    """Take one of the few actions; the service decides whether it is legal, and says why not."""
    if action not in ACTIONS:
        raise NotFound
    browser = _browser(request, parts)
    fields = await browser.read_form(parts.issuer)
    session = await _session(browser, parts)
    if session is None:
        return _over(browser)
    try:
        held = int(fields["version"]), UUID(fields["key"])
    except (KeyError, ValueError) as error:
        raise BadRequest("The form cannot be read.") from error
    status, answer = await parts.linked.act(session, action, body_of(action, fields), held)
    if status >= 400:
        return await _show(browser, parts, session, {"errors": in_the_pages_words(answer), "typed": fields})
    return RedirectResponse("/link/request", status_code=303)


@routes.get("/link/today", **_HIDDEN)
async def show_today(request: Request, parts: PartsDep) -> Response:
    """Today's list, for whoever packs: each line decided, recorded and read at this moment."""
    browser = _browser(request, parts)
    session = await _session(browser, parts)
    if session is None:
        return _over(browser)
    status, read = await parts.linked.today(session)
    if status != 200:
        return _shown(browser, "link_closed.html", status, detail=str(read.get("detail", "")))
    return _shown(browser, "link_today.html", read=read, named=session.named, until=session.expires_at)


@routes.post("/link/end", include_in_schema=False, **form_operation("form_token"))
async def end(request: Request, parts: PartsDep) -> Response:
    """Close it before the quarter of an hour is over."""
    browser = _browser(request, parts)
    await browser.read_form(parts.issuer)
    secret = browser.cookie(_COOKIE)
    if secret is not None:
        async with parts.database.unit(_ACTOR) as unit:
            await end_session(unit, digest(secret), parts.clock())
    response = _shown(browser, "link_over.html")
    browser.keep(response, _COOKIE, "", 0)
    return response
