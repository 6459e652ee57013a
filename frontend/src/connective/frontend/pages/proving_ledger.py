"""Proving: the ledger's health, verifying it, and what officers take away as files."""

import json
import re
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Response
from fastapi.responses import StreamingResponse

from connective.frontend.clients.hub import LONG, Hub, Query, together
from connective.frontend.domain.answers import Refused
from connective.frontend.domain.article_30 import registers
from connective.frontend.domain.fields import Errors, Field, Typed
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.proving_filters import filled, query_of
from connective.frontend.domain.proving_ledger import ledger_page, verdict
from connective.frontend.domain.proving_retention import lists, schedule
from connective.frontend.domain.worked_out import worked_out
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.forms import show_form
from connective.frontend.pages.progress import Step, stream, waiting
from connective.frontend.pages.proving import HOME, known_of
from connective.frontend.pages.retention_decisions import CHANGES
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, Parts, PartsDep, onward, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_FOUND = "/audit/ledger/found"
"""Where the last verification of each officer is kept, and shown."""
_PACK = (
    Field(name="agreement_id", label="Which agreement?", kind="select", required="Choose an agreement"),
    Field(name="from", label="From", kind="date", hint="For example, 27 3 2026. Leave it empty for the last 90 days"),
    Field(name="to", label="Up to and with", kind="date", hint="For example, 27 4 2026"),
)
_OF_PACK = (
    "Everything that proves what moved under one agreement: its signed text as a PDF, each decision and disclosure as "
    "tables, and the proofs from the ledger. People are pseudonyms in it.",
    "You give a fresh sign-in code before it is made. That you took it is an entry of the ledger.",
)
_FILE = re.compile(
    r"/audit/(?:files/[a-z]+|copies/[0-9a-f-]{36}/(?:items/[0-9a-f]{16}/)?file|evidence/[0-9a-f-]{36}/file)(?:\?[A-Za-z0-9%:=&.-]*)?"
)
"""Addresses of files; nothing else is offered under this name."""
_ITEM = re.compile(r"[0-9a-f]{16}")
_FILES = {
    "controller": "/audit/processing-records/controller/csv",
    "processor": "/audit/processing-records/processor/csv",
    "export": "/ledger/export",
}


@routes.page("/audit/ledger")
async def show_ledger(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What the last signature covers; verifying it begins here."""
    latest, before, keys = await together(
        hub.part("/ledger/checkpoint"), hub.part("/ledger/checkpoints", {"limit": 10}), hub.part("/ledger/keys")
    )
    view = ledger_page(latest, before, keys, browser.now)
    failed = next((each for each in (latest, before, keys) if each.problem), None)
    return parts.pages.show(browser, "audit/ledger.html", view=view, failed=failed)


@routes.page("/audit/ledger/verify")
async def show_verifying(browser: BrowserDep, parts: PartsDep) -> Response:
    """Shows how it goes on, where a script runs; elsewhere a button verifies, and the browser waits."""
    return parts.pages.show(browser, "audit/verifying.html")


@routes.form("/audit/ledger/verify")
async def verify(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Verify without script: the answer comes when all was read."""
    await _verify(browser, parts, hub)
    return onward(_FOUND)


@routes.page("/audit/ledger/progress")
async def follow(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Verify with script: says that it goes on until it is done."""

    async def work() -> Step:
        await _verify(browser, parts, hub)
        return Step("Every entry has been read.", done=True, target=_FOUND)

    words = "Every entry is read again, and held against the signatures. A large ledger takes some minutes."
    return stream(browser.request, waiting(work(), words), LONG.total_seconds())


async def _verify(browser: Browser, parts: Parts, hub: Hub) -> None:
    found = (await hub.post("/ledger/verify", within=LONG)).body
    kept = {"found": [json.dumps(found)], "at": [parts.clock().isoformat()]}
    await parts.drafts.put(browser.person.id, _FOUND, kept, browser.now)


@routes.page("/audit/ledger/found")
async def show_found(browser: BrowserDep, parts: PartsDep) -> Response:
    """What the last verification of this officer found."""
    kept = await parts.drafts.get(browser.person.id, _FOUND)
    if kept is None:
        return onward("/audit/ledger")
    return parts.pages.show(browser, "audit/found.html", view=verdict(json.loads(kept["found"][0]), kept["at"][0]))


@routes.page("/audit/ledger/checkpoint")
async def take_checkpoint(hub: HubDep) -> Response:
    """The last checkpoint and the keys, to keep: whoever holds an earlier one sees any later rewriting."""
    latest, keys = await together(hub.get("/ledger/checkpoint"), hub.get("/ledger/keys"))
    text = json.dumps({"checkpoint": latest, "keys": keys["keys"]}, indent=2)
    headers = {"Content-Disposition": 'attachment; filename="ledger-checkpoint.json"', "Cache-Control": "no-store"}
    return Response(text, media_type="application/json", headers=headers)


async def _passed_on(browser: Browser, hub: Hub, path: str, query: Query | None = None) -> Response:
    """A file of the API, passed on piece by piece.

    Where it asks for a fresh second factor, somebody comes back to a page with a button: a file alone would leave them
    on the page of the sign-in, as if nothing had happened.
    """
    try:
        poured = await hub.pour(path, query)
    except Refused as problem:
        if problem.status != 401:
            raise
        ready = f"/audit/ready?{urlencode({'file': browser.here})}"
        return onward(f"/sign-in?{urlencode({'to': ready, 'fresh': 'true'})}")
    headers = {
        "Content-Disposition": poured.disposition,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(poured.pieces, media_type=poured.media_type, headers=headers)


@routes.page("/audit/ready")
async def show_ready(browser: BrowserDep, parts: PartsDep, file: str = "") -> Response:
    """Somebody has given a fresh code: here is the file they asked for."""
    if _FILE.fullmatch(file) is None:
        raise NotFound
    return parts.pages.show(browser, "audit/ready.html", file=file)


@routes.page("/audit/files/{name}")
async def take_file(name: str, browser: BrowserDep, hub: HubDep) -> Response:
    """The export of the ledger, or a record of processing as a table."""
    if name not in _FILES:
        raise NotFound
    return await _passed_on(browser, hub, _FILES[name])


@routes.page("/audit/copies/{copy_id}/file")
async def take_copy(copy_id: UUID, browser: BrowserDep, hub: HubDep) -> Response:
    """A copy for somebody who asked, once it was released."""
    return await _passed_on(browser, hub, f"/audit/access-copies/{copy_id}/file")


@routes.page("/audit/copies/{copy_id}/items/{item_key}/file")
async def take_copied_file(copy_id: UUID, item_key: str, browser: BrowserDep, hub: HubDep) -> Response:
    """A file of a copy, to be read before it is given or held back."""
    if _ITEM.fullmatch(item_key) is None:
        raise NotFound
    return await _passed_on(browser, hub, f"/audit/access-copies/{copy_id}/items/{item_key}/file")


@routes.page("/audit/evidence")
async def ask_pack(browser: BrowserDep, parts: PartsDep, hub: HubDep, *, agreement: str = "") -> Response:
    """The form of an evidence pack."""
    return await _pack_form(browser, parts, hub, {"agreement_id": [agreement]}, [])


@routes.form("/audit/evidence")
async def choose_pack(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Go on to the file, or say what is missing."""
    known = await known_of(hub, browser, agreements=True)
    query, errors = query_of(filled(_PACK, known), form.fields)
    if errors:
        return await _pack_form(browser, parts, hub, form.fields, errors)
    return onward(f"/audit/evidence/{query.pop('agreement_id')}/file?{urlencode(query)}")


async def _pack_form(browser: Browser, parts: Parts, hub: Hub, typed: Typed, errors: Errors) -> Response:
    known = await known_of(hub, browser, agreements=True)
    view = FormView(
        title="Evidence pack", fields=filled(_PACK, known), back=HOME, button="Download the pack (ZIP)", words=_OF_PACK
    )
    return show_form(parts, browser, view, typed, errors=errors)


@routes.page("/audit/evidence/{agreement_id}/file")
async def take_pack(agreement_id: UUID, browser: BrowserDep, hub: HubDep) -> Response:
    """The pack itself."""
    wanted = {name: browser.request.query_params.get(name) for name in ("from", "to")}
    return await _passed_on(browser, hub, f"/audit/agreements/{agreement_id}/evidence", wanted)


@routes.page("/audit/article-30")
async def show_article_30(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """The records of processing."""
    controller, processor = await together(
        hub.part("/audit/processing-records/controller"), hub.part("/audit/processing-records/processor")
    )
    return parts.pages.show(
        browser,
        "audit/article_30.html",
        controller=controller,
        processor=processor,
        tables=registers(controller.items, processor.items),
        back=HOME,
    )


@routes.page("/audit/profiling")
async def show_worked_out(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What is worked out about anybody, and who decides."""
    return parts.pages.show(browser, "audit/record.html", view=worked_out(await hub.get("/audit/profiling")))


@routes.page("/audit/retention")
async def show_retention(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """How long records are kept, and where the runs, holds and erasures are."""
    found = await hub.part("/retention/schedule")
    table = schedule(found.items, may_change=browser.person.may(CHANGES))
    return parts.pages.show(browser, "audit/retention.html", part=found, table=table, lists=lists(), back=HOME)
