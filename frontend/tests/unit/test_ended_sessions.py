"""Every form of every page, sent after its session has ended: nothing typed is lost, nothing is done unseen."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio
from fastapi.routing import APIRoute

from connective.contracts.places import PlacesInForce, load_places
from connective.frontend.commands.places import CurrentPlaces
from connective.frontend.commands.visits import Visit, Visits
from connective.frontend.domain.fields import Field
from connective.frontend.domain.secrets import digest, form_token
from connective.frontend.domain.sessions import Person, Session, Tokens
from connective.frontend.pages.browser import SESSION, TOKEN_FIELD, Keys
from connective.frontend.pages.errors import pages_for_refusals
from connective.frontend.pages.journeys import ROUTERS
from connective.frontend.pages.rendering import Pages
from connective.frontend.pages.routing import Parts
from connective.frontend.storage.drafts import Drafts
from connective.kit.app import anonymous, build_app
from connective.kit.sealing import Seal
from connective.local.services import EXAMPLE_PLACES

NOW = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
ADDRESS = "http://localhost:8123"
SECRET = "the-cookie-of-one-browser"
PERSON = Person(UUID(int=1), "Maya Parrett", UUID(int=2), UUID(int=3), "A School", frozenset(), frozenset(), 1)
ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
PAGES = {route.path for route in ROUTES if "GET" in route.methods}
FORMS = [route for route in ROUTES if "POST" in route.methods and route.dependencies]
"""Every form that somebody sends who has signed in."""
LEAVES = "/sign-out"
"""Whoever leaves is not asked to come in first."""
BUTTONS = {
    "/families/{family_id}/people/new": "/families/{family_id}",
    "/families/new/{draft_id}/forget": "/families/new",
    "/requests/{request_id}/files/{file_id}": "/requests/{request_id}",
    "/vouchers/{voucher_id}/{verb}": "/vouchers/{voucher_id}",
    "/agreements/joint/{arrangement_id}/confirm": "/agreements/joint/{arrangement_id}",
    "/agreements/{agreement_id}/versions": "/agreements/{agreement_id}",
    "/agreements/{agreement_id}/versions/{number}/comments/{comment_id}/resolve": (
        "/agreements/{agreement_id}/versions/{number}"
    ),
    "/memoranda/{memorandum_id}/submit": "/memoranda/{memorandum_id}",
}
"""Buttons on a page of another address, beside which nothing is typed: the page on which each stands."""


class Kept:
    """Drafts in memory."""

    def __init__(self) -> None:
        self.forms: dict[tuple[UUID, str], Mapping[str, Any]] = {}

    async def put(self, account_id: UUID, form: str, content: Mapping[str, Any], _: datetime) -> None:
        self.forms[account_id, form] = content

    async def get(self, account_id: UUID, form: str) -> Mapping[str, Any] | None:
        return self.forms.get((account_id, form))


class OneVisit:
    """A browser's session, that counts or has ended."""

    def __init__(self) -> None:
        tokens = Tokens("access", "refresh", NOW + timedelta(minutes=5))
        self.session = Session(digest(SECRET), PERSON, tokens, NOW, NOW)
        self.live = False
        self.left = False

    async def find(self, secret: str | None, _: datetime) -> Visit | None:
        return Visit(self.session, live=self.live) if secret == SECRET else None

    async def end(self, _: Session, __: datetime) -> None:
        self.left = True

    def hub(self, _: Session) -> None:
        return None


class Still:
    """Places that nobody changes."""

    async def follow(self, *_: object) -> None:
        return None


@asynccontextmanager
async def _nothing(_: object) -> AsyncIterator[None]:
    yield


class Desk:
    """The pages in this process, and one browser before them."""

    def __init__(self) -> None:
        self.kept, self.visit = Kept(), OneVisit()
        self.keys = Keys(b"a key for forms", Seal(b"k" * 32), ADDRESS, secure=False)

        async def ready() -> dict[str, Any]:
            return {}

        self.app = build_app("Pages", version="0", identify=anonymous, routers=ROUTERS, ready=ready, lifespan=_nothing)
        pages_for_refusals(self.app)
        self.app.state.parts = Parts(
            visits=cast("Visits", self.visit),
            drafts=cast("Drafts", self.kept),
            pages=Pages(PlacesInForce(load_places(EXAMPLE_PLACES)), "http://localhost:8000"),
            places=cast("CurrentPlaces", Still()),
            keys=self.keys,
            clock=lambda: NOW,
            issuer="http://localhost:8000",
            idle_seconds=3600,
        )
        self.browser = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url=ADDRESS, cookies={SESSION: SECRET}
        )

    async def send(self, path: str, fields: dict[str, Any], **more: Any) -> tuple[str, dict[str, list[str]]]:
        """Send a form: the path to which somebody comes back after signing in, and what is asked for there."""
        token = {TOKEN_FIELD: form_token(self.keys.form, digest(SECRET), str(uuid4()))}
        answer = await self.browser.post(path, data=fields | token, headers={"Origin": ADDRESS}, **more)
        assert answer.status_code == 303, (path, answer.status_code)
        to = urlsplit(answer.headers["location"])
        assert to.path == "/sign-in", path
        back = urlsplit(parse_qs(to.query)["to"][0])
        return back.path, parse_qs(back.query)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk() -> Any:
    made = Desk()
    yield made
    await made.browser.aclose()


def filled(route: str) -> str:
    """An address of a route."""
    return re.sub(r"{(\w+)}", lambda found: str(UUID(int=7)) if found[1].endswith("_id") else "1", route)


@pytest.mark.asyncio(loop_scope="session")
async def test_every_form_is_kept_but_its_secrets_and_given_back_at_its_own_address(desk: Desk) -> None:
    lost = []
    for route in (each.path for each in FORMS if each.path in PAGES):
        path = filled(route)
        typed = {"words": "Typed words", "ticked": ["one", "two"], "version": "3", "act": "go", "pin": "8642975310"}
        back, asked = await desk.send(f"{path}?from=check&kept=1", typed)
        given = desk.kept.forms.pop((PERSON.id, path), None)
        if (back, asked) != (path, {"from": ["check"], "kept": ["1"]}):
            lost.append(f"{route} leads to {back} {asked}")
        if given != {"words": ["Typed words"], "ticked": ["one", "two"], "version": ["3"], "act": ["go"]}:
            lost.append(f"{route} keeps {given}")
    assert not lost
    assert len(FORMS) > 140


@pytest.mark.asyncio(loop_scope="session")
async def test_a_button_leads_back_to_its_page_which_says_that_nothing_was_done(desk: Desk) -> None:
    wrong = []
    for route in (each.path for each in FORMS if each.path != LEAVES):
        back, asked = await desk.send(filled(route), {"version": "3", "act": "go"})
        here = route if route in PAGES else BUTTONS.get(route, "?")
        if (back, asked) != (filled(here), {"undone": ["1"]}):
            wrong.append(f"{route} leads to {back} {asked}")
    assert not wrong, "a button on another page: name that page in BUTTONS, and in `domain.ways_on`"
    assert not desk.kept.forms, "there is nothing to give back"
    assert BUTTONS.keys() | {LEAVES} == {each.path for each in FORMS} - PAGES
    assert set(BUTTONS.values()) <= PAGES


@pytest.mark.asyncio(loop_scope="session")
async def test_a_file_is_not_kept_and_what_is_beside_it_is(desk: Desk) -> None:
    path = f"/requests/{UUID(int=7)}/attach"
    for typed in ({"categories": "progress"}, {}):
        letter = {"file": ("letter.txt", b"Dear family", "text/plain")}
        assert await desk.send(path, dict(typed), files=letter) == (path, {"kept": ["1"]})
        assert desk.kept.forms.pop((PERSON.id, path)) == {name: [value] for name, value in typed.items()}


@pytest.mark.asyncio(loop_scope="session")
async def test_whoever_leaves_has_left_though_the_session_was_over(desk: Desk) -> None:
    answer = await desk.browser.post(LEAVES, data={}, headers={"Origin": ADDRESS})
    assert answer.status_code == 400, "a form that was not shown by us"
    token = {TOKEN_FIELD: form_token(desk.keys.form, digest(SECRET), str(uuid4()))}
    answer = await desk.browser.post(LEAVES, data=token, headers={"Origin": ADDRESS})
    assert (answer.headers["location"], desk.visit.left) == ("/signed-out", True)
    desk.browser.cookies.set(SESSION, SECRET)


@pytest.mark.asyncio(loop_scope="session")
async def test_the_page_to_which_somebody_comes_back_says_what_was_not_done(desk: Desk) -> None:
    desk.visit.live = True
    try:
        undone = await desk.browser.get("/families/find?undone=1")
        desk.kept.forms[PERSON.id, "/families/find"] = {"family_name": ["Kept-Name"]}
        kept = await desk.browser.get("/families/find?kept=1")
    finally:
        desk.visit.live = False
    assert "what you pressed was not done" in undone.text
    assert "Kept-Name" in kept.text
    assert ("We kept what you had typed" in kept.text, "was not done" in kept.text) == (True, False)


def test_a_secret_is_known_by_its_name_so_that_it_is_never_kept() -> None:
    with pytest.raises(ValueError, match="SECRETS"):
        Field(name="password", label="A password", kind="secret")
    with pytest.raises(ValueError, match="SECRETS"):
        Field(name="pin", label="A PIN")
