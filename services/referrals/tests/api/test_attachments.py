"""Files with a request: attached in two steps, kept apart until looked at, had once by a link, gone when taken back."""

import asyncio
import contextlib
import hashlib
import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
from attached_files import EICAR, NOT_TAKEN, WHERE, a_letter, a_letter_that_acts, a_photograph

from connective.contracts.categories import Category
from connective.kit.ids import new_id
from connective.kit.scanning import NotScanned
from connective.kit.testing import eventually, key_header
from connective.referrals.commands import handing_over

LETTER = {"name": "EHCP letter Mara Test.pdf", "categories": ["health"]}


async def sent(world: Any) -> tuple[Any, dict[str, Any]]:
    service = world.service("housing_advice")
    request = (await world.make(world.ask(service)))["requests"][0]
    await world.act(request, "receive", world.partner(service))
    return service, request


async def attach(world: Any, request: dict[str, Any], who: dict[str, str], body: Any = LETTER) -> dict[str, Any]:
    answer = await world.post(f"/requests/{request['id']}/attachments", body, who)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def send(
    world: Any, file: dict[str, Any], who: dict[str, str], content: bytes, version: int = 1
) -> httpx.Response:
    headers = who | {"If-Match": f'"{version}"', "Content-Type": "application/octet-stream"}
    return await world.client.put(f"/attachments/{file['id']}/content", content=content, headers=headers)


async def look(world: Any) -> None:
    """What the worker does every few seconds."""
    await world.running.scheduler.run_once("files")


async def attached(world: Any, request: dict[str, Any], who: dict[str, str], content: bytes, body: Any = LETTER) -> Any:
    """A file that was attached and looked at."""
    file = await attach(world, request, who, body)
    assert (await send(world, file, who, content)).status_code == 200
    await look(world)
    return (await world.client.get(f"/attachments/{file['id']}", headers=who)).json()


async def link(world: Any, file: dict[str, Any], who: dict[str, str]) -> str:
    answer = await world.post(f"/attachments/{file['id']}/links", None, who)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["path"])


async def test_a_letter_goes_to_the_partner_and_every_fetching_is_a_disclosure(world: Any) -> None:
    service, request = await sent(world)
    worker, partner = world.worker(), world.partner(service)
    file = await attach(world, request, worker)
    assert (file["state"], file["name"], file["kind"]) == ("awaiting_content", None, None)
    content = a_letter()
    answer = await send(world, file, worker, content)
    assert (answer.status_code, answer.json()["state"]) == (200, "quarantined")
    assert answer.json()["uploaded_sha256"] == hashlib.sha256(content).hexdigest()
    for nobody in (worker, partner):
        refused = await world.post(f"/attachments/{file['id']}/links", None, nobody)
        assert refused.status_code == (409 if nobody is worker else 404), "nobody has it before it was looked at"
    await look(world)
    shown = (await world.client.get(f"/attachments/{file['id']}", headers=partner)).json()
    assert (shown["state"], shown["kind"], shown["categories"], shown["name"]) == ("available", "pdf", ["health"], None)
    assert world.consent.disclosed == [], "knowing that there is a file discloses nothing"

    path = await link(world, file, partner)
    assert world.consent.disclosed == []
    got = await world.client.get(path, headers=partner)
    assert got.status_code == 200, got.text
    assert got.headers["Content-Disposition"] == "attachment; filename*=UTF-8''EHCP%20letter%20Mara%20Test.pdf"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got.headers["Content-Security-Policy"]
    assert got.headers["Cache-Control"] == "no-store"
    assert got.headers["Content-Type"] == "application/pdf"
    assert hashlib.sha256(got.content).hexdigest() == shown["sha256"]
    assert WHERE.encode() not in got.content
    asked = world.consent.disclosed[-1]
    assert (str(asked.request_id), asked.question.categories) == (request["id"], frozenset({Category.HEALTH}))
    assert asked.question.recipient_organisation_id == service.organisation_id

    again = await world.client.get(path, headers=partner)
    assert (again.status_code, again.json()["type"].rsplit("/", 1)[-1]) == (410, "link-used")
    assert len(world.consent.disclosed) == 1
    assert await acts(world) == ["attachment.delivered"]
    names = (await world.client.get(f"/requests/{request['id']}/attachments", headers=worker)).json()["items"]
    assert [each["name"] for each in names] == [LETTER["name"]]
    told = await world.rows("SELECT subject, data::text AS data FROM outbox WHERE subject LIKE '%attachment%'")
    assert [row["subject"].rsplit(".", 1)[-1] for row in told] == ["received", "released"]
    assert "Mara" not in "".join(row["data"] for row in await world.rows("SELECT data::text AS data FROM outbox"))


async def acts(world: Any) -> list[str]:
    """What consent is told of, for the ledger."""
    rows = await world.rows("SELECT data FROM outbox WHERE subject = 'hub.referrals.audit.recorded' ORDER BY id")
    return [json.loads(row["data"])["act"] for row in rows]


async def test_a_download_that_breaks_off_is_told_as_what_it_was(world: Any) -> None:
    service, request = await sent(world)
    file = await attached(world, request, world.worker(), a_letter())
    path = await link(world, file, partner := world.partner(service))
    app, begun = world.running.app(), asyncio.Event()
    body = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict[str, Any]:
        if (message := next(body, None)) is not None:
            return message
        await begun.wait()
        return {"type": "http.disconnect"}

    async def send_to(message: Any) -> None:
        if message["type"] == "http.response.body":
            begun.set()
            await asyncio.sleep(3600)

    headers = [(name.lower().encode(), value.encode()) for name, value in partner.items()]
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http"}
    scope |= {"path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": headers}
    scope |= {"client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80)}
    calling = asyncio.create_task(app(scope, receive, send_to))
    async with asyncio.timeout(30):
        await begun.wait()
    calling.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await calling
    await eventually("the ledger is told that it broke off", lambda: broke_off(world))
    assert len(world.consent.disclosed) == 1


async def broke_off(world: Any) -> bool:
    return await acts(world) == ["attachment.cut_off"]


async def test_a_download_whose_process_died_is_settled_as_not_known(world: Any, monkeypatch: Any) -> None:
    service, request = await sent(world)
    file = await attached(world, request, world.worker(), a_letter())
    path = await link(world, file, partner := world.partner(service))

    async def dies(*_: Any) -> None:
        """What a process that is ended tells: nothing."""

    with monkeypatch.context() as dying:
        dying.setattr(handing_over, "_tell", dies)
        assert (await world.client.get(path, headers=partner)).status_code == 200
    for after, told in ((59, []), (40, ["attachment.end_not_known"]), (60, ["attachment.end_not_known"])):
        world.clock.move(timedelta(minutes=after))
        await world.running.scheduler.run_once("files-tidied")
        assert await acts(world) == told, after
    (act,) = await world.rows("SELECT data FROM outbox WHERE subject = 'hub.referrals.audit.recorded'")
    told_of = json.loads(act["data"])
    assert told_of["organisation_id"] == str(service.organisation_id)
    assert (told_of["request_id"], told_of["family_id"]) == (request["id"], str(world.families.family_id))
    assert await world.rows("SELECT FROM attachment_link") == [], "settled, and forgotten"


async def test_a_link_is_of_one_session_and_short(world: Any) -> None:
    service, request = await sent(world)
    worker, partner = world.worker(), world.partner(service)
    file = await attached(world, request, worker, a_photograph(), {"name": "damp wall.jpg", "categories": ["housing"]})
    assert (file["state"], file["kind"]) == ("available", "jpeg")
    path = await link(world, file, partner)
    for other in (world.partner(service), worker):
        assert (await world.client.get(path, headers=other)).status_code == 410
    stranger = world.identities.client(place=world.place, organisation=new_id(), scope="requests:work")
    assert (await world.client.get(path, headers=stranger)).status_code == 404
    assert (await world.post(f"/attachments/{file['id']}/links", None, stranger)).status_code == 404
    world.clock.move(timedelta(seconds=61))
    assert (await world.client.get(path, headers=partner)).status_code == 410
    # A repeat under the same key makes no second link, and shows no secret twice.
    key = partner | key_header()
    first = await world.client.post(f"/attachments/{file['id']}/links", headers=key)
    repeat = await world.client.post(f"/attachments/{file['id']}/links", headers=key)
    assert (first.status_code, repeat.status_code, repeat.json()["path"]) == (201, 201, None)
    assert repeat.headers["Idempotent-Replay"] == "true"
    # A room that is away costs nobody their link.
    path = first.json()["path"]
    world.consent.away = True
    assert (await world.client.get(path, headers=partner)).status_code == 503
    world.consent.away = False
    assert (await world.client.get(path, headers=partner)).status_code == 200


async def test_sharing_is_decided_at_each_fetching_and_a_closed_request_closes_its_files(world: Any) -> None:
    service, request = await sent(world)
    worker, partner = world.worker(), world.partner(service)
    file = await attached(world, request, worker, a_letter())
    back = await attached(
        world, request, partner, b"We called on Tuesday.\n", {"name": "n.txt", "categories": ["voice"]}
    )
    world.consent.refused[service.organisation_id] = {Category.HEALTH: "no_article_9_condition"}
    refused = await world.client.get(await link(world, file, partner), headers=partner)
    assert (refused.status_code, "Mara" in refused.text) == (403, False)
    del world.consent.refused[service.organisation_id]
    path = await link(world, file, partner)
    got = await world.client.get(await link(world, back, worker), headers=worker)
    assert (got.status_code, got.content, got.headers["Content-Type"]) == (
        200,
        b"We called on Tuesday.\n",
        "text/plain; charset=utf-8",
    )
    question = world.consent.disclosed[-1].question
    assert (question.discloser_organisation_id, question.recipient_organisation_id) == (
        service.organisation_id,
        world.school,
    )
    version = int((await world.client.head(f"/requests/{request['id']}", headers=worker)).headers["ETag"].strip('"'))
    held = await world.post(f"/requests/{request['id']}/hold", None, world.coordinator(), version)
    assert held.status_code == 200, held.text
    assert (await world.client.get(path, headers=partner)).status_code == 403
    assert (await world.client.get(f"/attachments/{file['id']}", headers=partner)).status_code == 403
    assert (await world.post(f"/requests/{request['id']}/attachments", LETTER, worker)).status_code == 422
    released = await world.post(f"/requests/{request['id']}/release", None, world.coordinator(), version + 1)
    assert released.status_code == 200, released.text
    await world.act(request, "withdraw", worker, {"reason": "no_longer_needed"})
    listed = (await world.client.get(f"/requests/{request['id']}/attachments", headers=partner)).json()["items"]
    assert [each["id"] for each in listed] == [back["id"]], "what it wrote itself is what a recipient keeps"
    assert (await world.client.get(path, headers=partner)).status_code in {404, 410}
    assert (await world.post(f"/attachments/{file['id']}/links", None, partner)).status_code == 404
    own = await world.client.get(await link(world, back, partner), headers=partner)
    assert own.status_code == 200


async def test_malware_and_what_acts_is_refused_and_told_without_its_name(world: Any) -> None:
    service, request = await sent(world)
    worker = world.worker()
    found = {}
    for name, content in {
        "infected": EICAR,
        "active_content": a_letter_that_acts(),
        "not_readable": b"%PDF-1.7\nx",
    }.items():
        file = await attached(world, request, worker, content)
        found[name] = (file["state"], file["reason"], file["size"], bool(file["detail"]))
        assert (await world.post(f"/attachments/{file['id']}/links", None, worker)).status_code == 409
        assert (await world.client.get(f"/attachments/{file['id']}", headers=world.partner(service))).status_code == 404
    assert found == {name: ("refused", name, None, True) for name in found}
    acts = await world.rows("SELECT data FROM outbox WHERE subject = 'hub.referrals.audit.recorded'")
    assert sum("attachment.infected" in row["data"] for row in acts) == 1
    world.clock.move(timedelta(hours=3))
    await world.running.scheduler.run_once("files-tidied")
    assert not [*(world.running.settings.objects_folder).iterdir()], "nothing of it is kept anywhere"


async def test_without_a_verdict_a_file_waits_and_an_alarm_rises(world: Any, monkeypatch: Any) -> None:
    _, request = await sent(world)
    worker = world.worker()
    scanner = world.running.composition.parts.files.scanner

    async def away(_: Any) -> None:
        raise NotScanned("away")

    with monkeypatch.context() as down:
        down.setattr(type(scanner), "scan", lambda _, content: away(content))
        file = await attached(world, request, worker, a_letter())
        assert (file["state"], file["reason"]) == ("quarantined", "scanner_away")
        assert (await world.post(f"/attachments/{file['id']}/links", None, worker)).status_code == 409
        world.clock.move(timedelta(minutes=11))
        conditions = {each.name: each for each in await world.running.composition.conditions()}
        assert (conditions["files_unscanned"].alarm, conditions["files_unscanned"].waiting) == (True, 1)
    await look(world)
    assert (await world.client.get(f"/attachments/{file['id']}", headers=worker)).json()["state"] == "available"
    assert not {each.name: each for each in await world.running.composition.conditions()}["files_unscanned"].alarm


async def test_content_is_sent_again_without_harm_and_other_content_is_not_taken(world: Any) -> None:
    _, request = await sent(world)
    worker = world.worker()
    key = worker | key_header()
    path = f"/requests/{request['id']}/attachments"
    first = await world.client.post(path, json=LETTER, headers=key)
    repeat = await world.client.post(path, json=LETTER, headers=key)
    assert (first.json()["id"], repeat.headers["Idempotent-Replay"]) == (repeat.json()["id"], "true")
    file, content = first.json(), a_photograph()
    assert (await send(world, file, worker, content, version=7)).status_code == 412
    bare = await world.client.put(f"/attachments/{file['id']}/content", content=content, headers=worker)
    assert bare.status_code == 428
    assert (await send(world, file, worker, content)).status_code == 200
    assert (await send(world, file, worker, content)).status_code == 200
    assert (await send(world, file, worker, content + b"x")).json()["type"].endswith("/not-ready")
    await look(world)
    assert (await send(world, file, worker, content)).json()["state"] == "available"
    items = (await world.client.get(path, headers=worker)).json()["items"]
    assert len(items) == 1
    gone = await world.post(f"/attachments/{file['id']}/remove", None, worker, version=3)
    assert (gone.status_code, gone.json()["state"]) == (200, "removed"), gone.text
    assert (await world.client.get(path, headers=worker)).json()["items"] == []
    assert (await send(world, file, worker, content + b"x")).status_code == 409
    again = await world.post(f"/attachments/{file['id']}/remove", None, worker, version=4)
    assert again.status_code == 409


async def test_hostile_input_is_answered_clearly_and_never_as_a_fault(world: Any) -> None:
    service, request = await sent(world)
    worker, partner = world.worker(), world.partner(service)
    path = f"/requests/{request['id']}/attachments"
    names = ["../../x", "a\x00b", "\u202egpj.exe", "", "x" * 300, "\ud800", "%00", "CON", "a/b\\c", None, 7, ["x"]]
    for name in names:
        body = {"name": name, "categories": ["needs"]} if name != "\ud800" else None
        raw = {"content": b'{"name": "\\ud800", "categories": ["needs"]}'} if body is None else {"json": body}
        answer = await world.client.post(path, headers=worker | key_header(), **raw)
        assert answer.status_code in {201, 400, 422}, (name, answer.status_code, answer.text)
    for body in ({"name": "x"}, {"name": "x", "categories": []}, {"name": "x", "categories": ["nothing"]}, {}, [], "x"):
        assert (await world.client.post(path, json=body, headers=worker | key_header())).status_code == 422
    unknown = {**LETTER, "answers": "no_such_field"}
    assert (await world.client.post(path, json=unknown, headers=worker | key_header())).status_code == 422

    file = await attach(world, request, worker)
    for content in (*NOT_TAKEN.values(), b"\xff\xfe\0\0", bytes(100)):
        answer = await send(world, file, worker, content)
        assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]) == (422, "unfit-file"), content[:40]
        assert "Attach a PDF" in answer.json()["detail"]
    too_large = await send(world, file, worker, bytes(20 * 1024 * 1024 + 1))
    assert too_large.status_code == 413

    async def pieces() -> Any:
        for _ in range(21):
            yield b"a" * 1024 * 1024

    unannounced = await send(world, file, worker, pieces())  # type: ignore[arg-type] # httpx streams it
    assert unannounced.status_code == 413
    world.clock.move(timedelta(hours=3))
    await world.running.scheduler.run_once("files-tidied")
    assert not [*world.running.settings.objects_folder.iterdir()], "nothing of what was refused is kept"
    assert (await send(world, file, partner, b"text")).status_code == 404, "the other side's is nobody else's to fill"
    assert (await send(world, {"id": new_id()}, worker, b"text")).status_code == 404
    good = await send(world, file, worker, b"After all that, a note.")
    assert good.status_code == 200, good.text
    await look(world)
    for secret in ("x" * 43, "../../etc", quote("\0"), "a" * 300):
        assert (
            await world.client.get(f"/attachments/{file['id']}/downloads/{secret}", headers=worker)
        ).status_code in {
            400,
            404,
            410,
            422,
        }
