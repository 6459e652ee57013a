"""The pages before a whole Hub: one server, and one sign-in a person."""

import asyncio
import os
import secrets
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import uvicorn

sys.path.insert(0, str(Path(__file__).parent))

from axe import LOOKED_AT
from browsing import page_of
from gallery import Gallery
from giving_back import GivingBack
from pages_support import Site
from playwright.async_api import Browser, async_playwright
from unlinked import IN_A_JOURNEY
from whole_hub import LoadedHub, loaded, started

from connective.frontend.app import NAME, Frontend
from connective.frontend.clients.authorization import load_key
from connective.frontend.settings import FrontendSettings
from connective.kit.migrations import migrate
from connective.local.pages import write_registration
from connective.local.ports import listen
from connective.local.services import EXAMPLE_PLACES, public_address
from connective.local.testing import DatabaseFactory
from connective.local.text_catcher import Catcher


async def migrate_pages(owner_url: str) -> None:
    await migrate(NAME, owner_url)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def mail() -> AsyncIterator[Catcher]:
    """What the Hub posts and texts."""
    async with Catcher() as catcher:
        yield catcher


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def loaded_hub(quick_folder: Path, mail: Catcher) -> AsyncIterator[LoadedHub]:
    """A Hub of the pages' own, in which nothing was suspended, refused or renamed by tests of something else."""
    async with started(quick_folder / "pages", mail.environment()) as stack, loaded(stack) as found:
        yield found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def site(
    loaded_hub: LoadedHub, database_factory: DatabaseFactory, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Site]:
    """The pages, serving on a port of this machine."""
    database = await database_factory.create(NAME, migrate_pages)
    opened = listen(NAME, 0)
    own = public_address(opened.getsockname()[1])
    gateway = loaded_hub.stack.addresses["gateway"]
    key = loaded_hub.stack.state.keys.signing_key(NAME)
    folder = tmp_path_factory.mktemp("pages")
    seed = write_registration(folder, key, own)
    await loaded_hub.stack.run("gateway", "seed", str(seed))
    assert load_key(key).kid
    frontend = Frontend(
        FrontendSettings(
            database_url=database.app_url,
            reader_url=database.reader_url,
            owner_url=database.owner_url,
            signing_key=key,
            secret=secrets.token_urlsafe(48),
            places=EXAMPLE_PLACES,
            address=own,
            issuer=gateway,
            gateway_url=gateway,
        )
    )
    gallery = Gallery()
    app = gallery.beside(frontend.app())
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on", access_log=False))
    serving = asyncio.create_task(server.serve(sockets=[opened]))
    while not server.started:  # noqa: ASYNC110 - uvicorn tells of its start by this alone
        await asyncio.sleep(0.01)
    made = Site(own, gateway, frontend, loaded_hub.world, gallery, GivingBack(frontend))
    yield made
    await made.close()
    server.should_exit = True
    await serving
    await database_factory.drop(database)


def _chromium() -> str | None:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    found = found or shutil.which("google-chrome")
    assert found or not os.environ.get("CI"), "continuous integration looks at the pages in a browser: install chromium"
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser_if_any() -> AsyncIterator[Browser | None]:
    """One browser for all tests; None on a machine that has none, which may not be where CI is set."""
    if (found := _chromium()) is None:
        yield None
        return
    async with async_playwright() as playwright:
        # Chromium's own sandbox needs rights that containers of continuous integration do not give.
        started = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield started
        await started.close()


@pytest.fixture(scope="session")
def browser(browser_if_any: Browser | None) -> Browser:
    """The browser. Without one the tests in it are skipped."""
    if browser_if_any is None:
        pytest.skip("NO BROWSER: install Debian's chromium, or name one in CHROMIUM; the pages were not looked at")
    return browser_if_any


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def looked_at(site: Site, browser_if_any: Browser | None) -> AsyncIterator[None]:
    """Look in a browser at pages that the test came to without one, so that it fails for what is wrong with them."""
    yield
    if site.gallery.waiting and browser_if_any is not None:
        async with page_of(browser_if_any, site, still=True) as screen:
            await site.gallery.look(screen)
    lost, site.giving_back.lost = site.giving_back.lost, []
    assert not lost, "typed, and not given back after the session ended: " + "; ".join(lost)


@pytest_asyncio.fixture(scope="module", autouse=True, loop_scope="session")
async def looked_at_what_it_says(
    site: Site, browser_if_any: Browser | None, request: pytest.FixtureRequest
) -> AsyncIterator[None]:
    """What a module is said to look at it has come to, when all of it was run."""
    yield
    config, module = request.config, Path(str(request.path)).stem
    in_part = config.getoption("keyword") or any("::" in each for each in config.args)
    said = {route for route, where in IN_A_JOURNEY.items() if where == module}
    if in_part or request.session.testsfailed:
        return
    not_given_back = site.giving_back.not_looked_at(said)
    assert not not_given_back, f"{module} opens no form of {not_given_back} that asks something (giving_back.py)"
    if browser_if_any is None:
        return
    missing = said - LOOKED_AT
    assert not missing, f"{module} looks at no page of {missing} (unlinked.py)"
