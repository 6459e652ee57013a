"""The client against a Hub that says what each test has it say: signing in, trying again, following, refusing."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from standardwebhooks.webhooks import Webhook as Independent

from connective_client import (
    AsyncHub,
    Conflict,
    Hub,
    Invalid,
    KeyCredential,
    NotFound,
    NotGenuine,
    NotReached,
    Patience,
    SecretCredential,
    Stale,
    Unauthenticated,
    Unavailable,
    verify_webhook,
)

BASE = "https://hub.example.org"
SECRET = SecretCredential("0190a5c0", "hubs_secret")
AT_ONCE = Patience(tries=3, first_pause=0.001, longest_pause=0.002)
Answer = httpx.Response | Exception


class FakeHub:
    """Answers calls in turn, and keeps them; tokens it gives to anybody."""

    def __init__(self, *answers: Answer, life: int = 300) -> None:
        self.answers: Iterator[Answer] = iter(answers)
        self.calls: list[httpx.Request] = []
        self.signed_in: list[httpx.Request] = []
        self.life = life

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            self.signed_in.append(request)
            return httpx.Response(200, json={"access_token": f"t{len(self.signed_in)}", "expires_in": self.life})
        self.calls.append(request)
        answer = next(self.answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def hub(self, credential: Any = SECRET) -> Hub:
        return Hub(BASE, credential, patience=AT_ONCE, http=httpx.Client(transport=httpx.MockTransport(self)))


def state(name: str = "accepted", version: int = 3) -> httpx.Response:
    told = {"state": name, "allowed_actions": ["start"]}
    return httpx.Response(200, json=told, headers={"ETag": f'"{version}"'})


def problem(status: int, code: str = "conflict", **headers: str) -> httpx.Response:
    told = {"type": f"/problems/{code}", "title": "No", "status": status, "detail": "Because.", "instance": "r-1"}
    errors = [{"pointer": "/code", "code": "unknown", "detail": "There is none."}] if status == 422 else []
    return httpx.Response(status, json=told | {"errors": errors}, headers=headers)


def test_a_secret_goes_to_the_token_endpoint_alone_and_a_token_is_used_again() -> None:
    fake = FakeHub(state(), state())
    hub = fake.hub()
    hub.accept("r1", version=2)
    hub.start("r1", version=3)
    (asked,) = fake.signed_in
    assert base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")) == b"0190a5c0:hubs_secret"
    assert {call.headers["authorization"] for call in fake.calls} == {"Bearer t1"}
    assert "hubs_secret" not in repr(SECRET)


def test_a_key_signs_an_assertion_anew_for_each_token() -> None:
    key = ECKey.generate_key("P-256", {"kid": "k1"}, private=True)
    fake = FakeHub(state(), state(), life=0)
    fake.life = 1
    hub = fake.hub(KeyCredential("0190a5c0", key.as_dict(private=True)))
    hub.accept("r1", version=2)
    hub._session._good_until = 0
    hub.accept("r1", version=2)
    claims = []
    for asked in fake.signed_in:
        form = httpx.QueryParams(asked.content.decode())
        claims.append(jwt.decode(form["client_assertion"], key, algorithms=["ES256"]).claims)
    assert {(each["iss"], each["sub"], each["aud"]) for each in claims} == {("0190a5c0", "0190a5c0", BASE)}
    assert claims[0]["jti"] != claims[1]["jti"]
    assert claims[0]["exp"] - claims[0]["iat"] <= 300


@pytest.mark.parametrize("first", [httpx.ReadError("cut"), problem(503, **{"Retry-After": "0"}), problem(429)])
def test_an_act_is_tried_again_under_one_key(first: Answer) -> None:
    fake = FakeHub(first, first, state())
    assert fake.hub().accept("r1", version=2).state == "accepted"
    assert len({call.headers["idempotency-key"] for call in fake.calls}) == 1
    assert [call.headers["if-match"] for call in fake.calls] == ['"2"'] * 3


def test_a_first_attempt_that_still_runs_is_waited_for() -> None:
    assert FakeHub(problem(409, "still-running", **{"Retry-After": "1"}), state()).hub().start("r1", version=2)


def test_patience_ends() -> None:
    with pytest.raises(Unavailable) as refused:
        FakeHub(*[problem(503, "unavailable")] * 3).hub().accept("r1", version=2)
    assert (refused.value.code, refused.value.instance) == ("unavailable", "r-1")
    with pytest.raises(NotReached):
        FakeHub(*[httpx.ConnectError("away")] * 3).hub().accept("r1", version=2)


def test_pauses_grow_heed_the_hub_and_have_an_end() -> None:
    patience = Patience(first_pause=1, longest_pause=8)
    assert [0.5 <= patience.pause(nth, None) / most <= 1 for nth, most in ((1, 1), (2, 2), (3, 4), (9, 8))] == [
        True
    ] * 4
    assert patience.pause(1, "3") == 3
    assert patience.pause(1, "3600") == 8
    assert patience.pause(1, "soon") <= 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(problem(404), NotFound), (problem(409), Conflict), (problem(412), Stale), (problem(422), Invalid)],
)
def test_a_refusal_is_an_exception_and_no_reason_to_try_again(answer: httpx.Response, kind: type[Exception]) -> None:
    fake = FakeHub(answer)
    with pytest.raises(kind) as refused:
        fake.hub().accept("r1", version=2)
    assert len(fake.calls) == 1
    assert "Because." in str(refused.value)
    if isinstance(refused.value, Invalid):
        assert refused.value.errors[0].pointer == "/code"


def test_an_answer_that_is_no_problem_document_is_an_error_all_the_same() -> None:
    for text in ("<html>", "[1]", ""):
        with pytest.raises(Unavailable):
            FakeHub(*[httpx.Response(500, text=text)] * 3).hub().read("r1")


def test_a_token_that_is_refused_is_replaced_once() -> None:
    fake = FakeHub(problem(401, "not-signed-in"), state())
    assert fake.hub().accept("r1", version=2)
    assert fake.calls[-1].headers["authorization"] == "Bearer t2"
    fake = FakeHub(*[problem(401, "not-signed-in")] * 2)
    with pytest.raises(Unauthenticated):
        fake.hub().accept("r1", version=2)


def test_without_a_version_the_present_one_is_asked_for() -> None:
    fake = FakeHub(httpx.Response(200, headers={"ETag": '"7"'}), state(version=8))
    assert fake.hub().decline("r1", "at_capacity", family_sentence="a", next_step="b", second_look="c").version == 8
    head, post = fake.calls
    assert (head.method, post.headers["if-match"]) == ("HEAD", '"7"')
    assert json.loads(post.content)["code"] == "at_capacity"


def a_change(nth: int) -> dict[str, Any]:
    at = "2026-03-03T10:00:00Z"
    return {"request_id": "r", "reference": "REQ", "fact": "accepted", "state": "accepted", "version": nth, "at": at}


def feed(*numbers: int, cursor: str, more: bool = False) -> httpx.Response:
    return httpx.Response(200, json={"items": [a_change(n) for n in numbers], "next_cursor": cursor, "more": more})


def test_the_feed_goes_on_from_its_bookmark_and_never_past_what_was_handled(tmp_path: Path) -> None:
    kept = tmp_path / "cursor"
    fake = FakeHub(
        feed(1, 2, cursor="c1", more=True), feed(3, 4, cursor="c2"), feed(3, 4, cursor="c2"), feed(cursor="c3")
    )
    hub = fake.hub()
    for change in hub.changes(kept):
        if change.version == 3:
            break
    assert kept.read_text() == "c1", "3 was not handled to its end"
    assert [change.version for change in hub.changes(kept)] == [3, 4]
    assert kept.read_text() == "c2"
    assert list(hub.changes(str(kept))) == []
    assert [call.url.params.get("cursor") for call in fake.calls] == [None, "c1", "c1", "c2"]


def test_lists_are_walked_to_their_end() -> None:
    item = {"id": "r1", "reference": "REQ", "state": "submitted", "version": 1, "service_id": "s", "service_kind": "k"}
    pages = [{"items": [item | {"urgent": True}], "next_cursor": cursor} for cursor in ("c1", None)]
    fake = FakeHub(*[httpx.Response(200, json=page) for page in pages])
    assert [each.urgent for each in fake.hub().requests("submitted", "received")] == [True, True]
    assert fake.calls[1].url.params.get_list("state") == ["submitted", "received"]
    assert fake.calls[1].url.params["cursor"] == "c1"


async def test_awaiting_does_the_same() -> None:
    fake = FakeHub(problem(503), feed(1, cursor="c1"), httpx.Response(200, headers={"ETag": '"2"'}), state())
    http = httpx.AsyncClient(transport=httpx.MockTransport(fake))
    async with AsyncHub(BASE, SECRET, patience=AT_ONCE, http=http) as hub:
        assert [change.version async for change in hub.changes()] == [1]
        assert (await hub.accept("r1")).state == "accepted"


WEBHOOK_SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OTHER_SECRET = "whsec_" + base64.b64encode(bytes(range(32, 64))).decode()
BODY = json.dumps({"type": "hub.referrals.request.accepted.v1", "data": {"id": "r1", "version": 4}}).encode()


def signed(body: bytes = BODY, secret: str = WEBHOOK_SECRET, seconds: float = 0) -> dict[str, str]:
    """Headers as an independent signer makes them."""
    from datetime import UTC, datetime, timedelta

    at = datetime.now(UTC) + timedelta(seconds=seconds)
    signature = Independent(secret).sign("msg_1", at, body.decode())
    return {"Webhook-Id": "msg_1", "Webhook-Timestamp": str(int(at.timestamp())), "Webhook-Signature": signature}


def test_a_genuine_message_is_read() -> None:
    for secrets in (WEBHOOK_SECRET, [OTHER_SECRET, WEBHOOK_SECRET]):
        message = verify_webhook(BODY, signed(), secrets)
        assert (message.id, message.record_id, message.version) == ("msg_1", "r1", 4)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: (BODY + b" ", signed()),
        lambda: (BODY, signed(secret=OTHER_SECRET)),
        lambda: (BODY, signed(seconds=-360)),
        lambda: (BODY, signed(seconds=360)),
        lambda: (BODY, signed() | {"Webhook-Id": "msg_2"}),
        lambda: (BODY, signed() | {"Webhook-Timestamp": "soon"}),
        lambda: (BODY, signed() | {"Webhook-Signature": "v2,\u00e4"}),
        lambda: (BODY, signed() | {"Webhook-Signature": "v1,\u00e4"}),
        lambda: (BODY, {}),
        lambda: (b"[]", signed(b"[]")),
    ],
)
def test_anything_else_is_not_genuine(spoil: Callable[[], tuple[bytes, dict[str, str]]]) -> None:
    body, headers = spoil()
    with pytest.raises(NotGenuine):
        verify_webhook(body, headers, WEBHOOK_SECRET)


def test_a_secret_that_is_none_is_said_to_be() -> None:
    with pytest.raises(ValueError, match="whsec_"):
        verify_webhook(BODY, signed(), "not a secret")


def a_file(stands: str, version: int = 1, **told: Any) -> httpx.Response:
    said = {"id": "f1", "request_id": "r1", "state": stands, "kind": "pdf", "sha256": None, "detail": None}
    return httpx.Response(200, json=said | told, headers={"ETag": f'"{version}"'})


def a_link(path: str | None) -> httpx.Response:
    return httpx.Response(201, json={"path": path, "expires_at": "2026-03-02T10:01:00Z"})


CONTENT = b"%PDF-1.7 a letter"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def test_a_file_is_attached_and_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    cut, quarantined = httpx.ReadError("cut"), a_file("quarantined", 2)
    fake = FakeHub(a_file("awaiting_content"), cut, quarantined, quarantined, a_file("available", 3, sha256=DIGEST))
    file = fake.hub().attach("r1", "Letter.pdf", CONTENT, ["health"], at_most=5)
    assert (file.id, file.state, file.sha256) == ("f1", "available", DIGEST)
    named, first, again, *looked = fake.calls
    assert (named.url.path, json.loads(named.content)["categories"]) == ("/api/v1/requests/r1/attachments", ["health"])
    assert {(each.method, each.url.path, each.content) for each in (first, again)} == {
        ("PUT", "/api/v1/attachments/f1/content", CONTENT)
    }
    assert (first.headers["if-match"], first.headers["content-type"]) == ('"1"', "application/octet-stream")
    assert ([each.method for each in looked], waits[-1]) == (["GET", "GET"], 1.0)


def test_a_file_that_nobody_looked_at_is_told_as_it_stands_and_a_refused_one_with_its_reason() -> None:
    assert FakeHub(a_file("quarantined")).hub().file("f1").state == "quarantined"
    refused = FakeHub(a_file("refused", detail="It holds a macro.")).hub().file("f1", at_most=60)
    assert (refused.state, refused.detail) == ("refused", "It holds a macro.")


def test_a_download_that_breaks_off_is_asked_for_anew_and_compared() -> None:
    there, path = a_file("available", sha256=DIGEST), "/api/v1/attachments/f1/downloads/secret"
    whole, part = httpx.Response(200, content=CONTENT), httpx.Response(200, content=CONTENT[:4])
    links = [a_link(path), a_link(None), a_link(path)]
    fake = FakeHub(there, links[0], problem(410, "link-used"), links[1], links[2], whole)
    assert fake.hub().fetch("f1") == CONTENT
    asked = [call.headers["idempotency-key"] for call in fake.calls if call.method == "POST"]
    assert len(set(asked)) == 3, "each link is asked for under a key of its own"
    with pytest.raises(NotReached, match="whole"):
        FakeHub(there, *[answer for _ in range(3) for answer in (a_link(path), part)]).hub().fetch("f1")


async def test_files_awaited() -> None:
    there, path = a_file("available", sha256=DIGEST), "/api/v1/attachments/f1/downloads/secret"
    fake = FakeHub(
        a_file("awaiting_content"),
        a_file("quarantined"),
        there,
        there,
        a_link(path),
        httpx.Response(200, content=CONTENT),
    )
    http = httpx.AsyncClient(transport=httpx.MockTransport(fake))
    async with AsyncHub(BASE, SECRET, patience=AT_ONCE, http=http) as hub:
        assert (await hub.attach("r1", "Letter.pdf", CONTENT, ["health"])).state == "available"
        assert await hub.fetch("f1") == CONTENT
