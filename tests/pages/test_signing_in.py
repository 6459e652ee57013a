"""Signing in through the gateway, staying signed in, being forgotten, and what strangers get."""

import asyncio
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import asyncpg
import httpx
from fastapi.routing import APIRoute
from pages_support import Site, Visitor, form_of, path_of, words_of

from connective.frontend.domain.secrets import digest
from connective.frontend.domain.sessions import Session
from connective.frontend.pages.journeys import ROUTERS
from connective.frontend.storage.sessions import Sessions, holder
from connective.local.plain import NO_TLS

PUBLIC = {
    "/",
    "/about",
    "/ask-for-help",
    "/ask-for-help/for",
    "/ask-for-help/{step}",
    "/directory",
    "/directory/{service_id}",
    "/place-{colour}.css",
    "/progress",
    "/sign-in",
    "/signed-in",
    "/signed-out",
    "/static/{name}",
    "/transparency",
}
COOKIE = "hub-pages"


async def stored(site: Site, visitor: Visitor) -> Session:
    """The session of somebody's browser as the server keeps it."""
    session_id = digest(visitor.client.cookies[COOKIE])
    found = await site.frontend.parts.visits._sessions.find(site.frontend.database, session_id)
    assert found is not None
    return found


async def age(site: Site, visitor: Visitor, *, tokens: bool = False) -> None:
    """Let a session have been left alone for two hours, or its tokens be about to end."""
    session = await stored(site, visitor)
    async with site.frontend.database.unit(holder(session.id)) as unit:
        if tokens:
            until = session.tokens.until - timedelta(minutes=10)
            renewed = session.with_tokens(type(session.tokens)(session.tokens.access, session.tokens.refresh, until))
            await site.frontend.parts.visits._sessions.renew(unit, renewed)
        else:
            before = session.seen_at - timedelta(hours=2)
            await unit.run("UPDATE browser_session SET seen_at = $2 WHERE id = $1", (session.id, before))


async def test_strangers_get_the_public_pages_and_nothing_else(site: Site) -> None:
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    assert {route.path for route in routes if not route.dependencies} == PUBLIC, "a page is personal unless listed here"
    stranger = site.nobody()
    for route in routes:
        path = route.path.replace("{", "").replace("}", "")
        method = next(iter(route.methods))
        answer = await stranger.client.request(method, path, headers={"Origin": site.base} if method == "POST" else {})
        if route.path not in PUBLIC:
            assert answer.status_code == 303, (method, path)
            assert answer.headers["location"] == "/" or answer.headers["location"].startswith("/sign-in?to="), path
    start = await stranger.get("/home")
    assert "01632 960101" in words_of(start), "whom to phone"
    await stranger.client.aclose()


async def test_somebody_signs_in_sees_their_home_and_signs_out(site: Site) -> None:
    visitor = site.nobody()
    home = await site.sign_in(visitor, "worker")
    assert (home.status_code, path_of(home)) == (200, "/home")
    assert "Maya" in words_of(home)
    assert "My families" in words_of(home)
    assert home.headers["cache-control"] == "no-store"
    assert "Maya" not in home.text[: home.text.index("</title>")], "titles are kept by browsers"
    old = httpx.Cookies(visitor.client.cookies)
    tokens = (await stored(site, visitor)).tokens
    left = await visitor.send(home, action="/sign-out")
    assert path_of(left) == "/signed-out"
    visitor.client.cookies = old
    assert path_of(await visitor.get("/home")) != "/home", "the cookie opens nothing any more"
    me = {"Authorization": f"Bearer {tokens.access}"}
    async with httpx.AsyncClient(base_url=site.gateway, verify=NO_TLS) as program:
        assert (await program.get("/api/v1/me", headers=me)).status_code == 401, "nor do its tokens"
    again = await visitor.client.get("/sign-in")
    assert parse_qs(urlsplit(again.headers["location"]).query)["max_age"] == ["3600"]
    await visitor.client.aclose()


async def test_an_answer_to_nobodys_question_signs_nobody_in(site: Site) -> None:
    visitor = site.nobody()
    asked = await visitor.client.get("/sign-in?to=https://elsewhere.example.org/")
    state = parse_qs(urlsplit(asked.headers["location"]).query)["state"][0]
    for query in (
        f"code=x&state=other&iss={site.gateway}",
        f"code=x&state={state}&iss=https://other.example.org",
        f"code=x&state={state}&iss={site.gateway}",
    ):
        page = await visitor.get(f"/signed-in?{query}")
        assert page.status_code == 400
        assert "You are not signed in" in words_of(page)
    assert COOKIE not in visitor.client.cookies
    await visitor.client.aclose()


async def test_tokens_are_renewed_once_however_many_pages_are_opened_at_once(site: Site) -> None:
    visitor = await site.visitor("worker")
    await age(site, visitor, tokens=True)
    before = (await stored(site, visitor)).tokens
    pages = await asyncio.gather(*(visitor.client.get("/home") for _ in range(6)))
    assert {page.status_code for page in pages} == {200}
    after = (await stored(site, visitor)).tokens
    assert after.refresh != before.refresh
    assert (await visitor.client.get("/home")).status_code == 200, "a refresh token used twice would have ended it"


async def test_a_form_counts_only_where_it_was_shown(site: Site) -> None:
    visitor = await site.visitor("worker")
    home = await visitor.get("/home")
    fields = form_of(home.text, "/sign-out").fields
    foreign = [
        ({"Origin": "https://elsewhere.example.org"}, fields),
        ({"Origin": site.base, "Sec-Fetch-Site": "cross-site"}, fields),
        ({"Origin": site.base}, {}),
        ({"Origin": site.base}, {"form_token": "x." + fields["form_token"].partition(".")[2]}),
    ]
    for headers, sent in foreign:
        answer = await visitor.client.post("/sign-out", data=sent, headers=headers)
        assert answer.status_code == 400, headers
    assert (await visitor.get("/home")).status_code == 200


async def test_a_session_left_alone_ends_and_asks_for_a_second_factor_again(site: Site) -> None:
    visitor = site.nobody()
    await site.sign_in(visitor, "worker")
    find = await visitor.get("/families/find")
    await age(site, visitor)
    away = await visitor.send(find, {"family_name": "Kept-Name"})
    assert parse_qs(urlsplit(away.headers["location"]).query)["max_age"] == ["3600"]
    drafts, account_id = site.frontend.parts.drafts, (await stored(site, visitor)).person.id
    kept = await drafts.get(account_id, "/families/find")
    assert kept is not None
    assert kept["family_name"] == ["Kept-Name"], "what was typed is kept for its owner"
    await drafts.drop(account_id, "/families/find")
    left = await visitor.send(find, action="/sign-out")
    assert path_of(left) == "/signed-out", "whoever leaves is not asked to come in first"
    assert COOKIE not in visitor.client.cookies
    await visitor.client.aclose()


async def test_what_is_stored_opens_for_nobody_else(site: Site) -> None:
    """The database alone gives no token: it is sealed, and a row is seen by the holder of its cookie alone."""
    visitor = await site.visitor("worker")
    session = await stored(site, visitor)
    connection = await asyncpg.connect(site.frontend.settings.owner_url)
    await connection.execute("ALTER TABLE browser_session NO FORCE ROW LEVEL SECURITY")
    sealed = b"".join([row["sealed"] for row in await connection.fetch("SELECT sealed FROM browser_session")])
    await connection.execute("ALTER TABLE browser_session FORCE ROW LEVEL SECURITY")
    await connection.close()
    assert sealed
    assert session.tokens.access.encode() not in sealed
    assert b"Maya" not in sealed
    async with site.frontend.database.unit(holder(b"\0" * 32)) as unit:
        assert await Sessions(b"\0" * 32).locked(unit, session.id) is None


async def test_static_files_are_kept_for_good_and_pages_never(site: Site) -> None:
    stranger = site.nobody()
    start = await stranger.get("/")
    address = start.text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    style = await stranger.client.get(address, headers={"Accept-Encoding": "br"})
    assert style.headers["content-encoding"] == "br"
    assert "immutable" in style.headers["cache-control"]
    assert "GDS Transport" not in style.text
    assert "@font-face" not in style.text
    assert (await stranger.client.get("/static/manifest.json")).status_code == 404
    missing = await stranger.client.get("/nowhere")
    assert missing.status_code == 404
    assert "We cannot show you this" in words_of(missing)
    await stranger.client.aclose()
