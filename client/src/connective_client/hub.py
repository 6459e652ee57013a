"""The client that waits for each answer. `async_hub` is the same, awaited."""

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import httpx

from connective_client import files, records
from connective_client.credentials import Credential
from connective_client.feed import Bookmark, bookmark_of
from connective_client.files import File
from connective_client.records import Change, Opened, RequestItem, Status
from connective_client.retrying import Answered, Params, Patience, Session

Json = Mapping[str, Any]
T = TypeVar("T")


class Hub:
    """A Hub, asked as one system. `scope` narrows what the token may do; by default it may all that was granted."""

    def __init__(
        self,
        base: str,
        credential: Credential,
        *,
        scope: str | None = None,
        patience: Patience | None = None,
        http: httpx.Client | None = None,
    ) -> None:
        self._session = Session(base.rstrip("/"), credential, scope, patience or Patience())
        self._http = http or httpx.Client(timeout=20)

    def __enter__(self) -> "Hub":
        """Open."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,  # noqa: ANN401 - JSON
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        key: str | None = None,
    ) -> httpx.Response:
        """Anything under /api/v1, with the same retries. Raises HubError and NotReached."""
        return self._carry_out(self._session.talk(method, path, params=params, body=body, headers=headers, key=key))

    def requests(self, *states: str, direction: str = "received") -> Iterator[RequestItem]:
        """Requests of your organisation, newest first, page by page; only these states, where any is given."""
        params = [("direction", direction), *(("state", state) for state in states)]
        for told in self.pages("/requests", params):
            yield records.request_item(told)

    def pages(self, path: str, params: Params) -> Iterator[Json]:
        """Every item of a list, cursor by cursor."""
        cursor: list[tuple[str, str]] = []
        while True:
            page = (self.call("GET", path, params=[*params, *cursor])).json()
            yield from page["items"]
            if page["next_cursor"] is None:
                return
            cursor = [("cursor", page["next_cursor"])]

    def changes(self, bookmark: Bookmark | Path | str | None = None) -> Iterator[Change]:
        """What happened since the bookmark, to the feed's present end.

        The bookmark moves when you come back for more after a page's last change, so a change is never skipped, and one
        whose handling was cut short comes again.
        """
        mark = bookmark_of(bookmark)
        more = True
        while more:
            cursor = mark.read()
            params = [("limit", "200"), *([("cursor", cursor)] if cursor else [])]
            page = (self.call("GET", "/requests/changes", params=params)).json()
            for told in page["items"]:
                yield records.change(told)
            mark.keep(page["next_cursor"])
            more = page["more"]

    def follow(self, bookmark: Bookmark | Path | str | None = None, *, every: float = 5.0) -> Iterator[Change]:
        """The feed for ever: what happened since the bookmark, and then what happens, asked for so often."""
        mark = bookmark_of(bookmark)
        while True:
            yield from self.changes(mark)
            time.sleep(every)

    def read(self, request_id: str) -> Opened:
        """Read one request: a recorded disclosure, and its receipt. Raises NotFound for what you may not know of."""
        return records.opened(request_id, self.call("GET", f"/requests/{request_id}"))

    def version(self, request_id: str) -> int:
        """The version it is in: discloses nothing, receives nothing."""
        return records.version_of(self.call("HEAD", f"/requests/{request_id}"))

    def act(
        self,
        request_id: str,
        verb: str,
        body: Json | None = None,
        *,
        version: int | None = None,
        key: str | None = None,
    ) -> Status:
        """Any verb of the lifecycle, on the version that you read; on the present one, where you name none.

        Raises Stale when it changed since, Conflict when its state does not allow this.
        """
        based_on = version if version is not None else self.version(request_id)
        path, headers = f"/requests/{request_id}/{verb}", {"If-Match": f'"{based_on}"'}
        return records.status(request_id, self.call("POST", path, body, headers=headers, key=key))

    def accept(self, request_id: str, *, version: int | None = None) -> Status:
        """Say that you will help."""
        return self.act(request_id, "accept", version=version)

    def decline(
        self,
        request_id: str,
        code: str,
        *,
        family_sentence: str,
        next_step: str,
        second_look: str,
        version: int | None = None,
    ) -> Status:
        """Say no: the code, what the family is told, what they can do next, and whom to ask for a second look."""
        told = {"family_sentence": family_sentence, "next_step": next_step, "second_look": second_look}
        return self.act(request_id, "decline", {"code": code, **told}, version=version)

    def start(self, request_id: str, *, version: int | None = None) -> Status:
        """Say that first contact was made."""
        return self.act(request_id, "start", version=version)

    def ask(self, request_id: str, text: str, categories: Sequence[str], *, version: int | None = None) -> Status:
        """Ask the referrer; `categories` says what the words reveal (`progress`: nothing of anybody)."""
        return self.act(request_id, "ask", {"text": text, "categories": list(categories)}, version=version)

    def complete(
        self,
        request_id: str,
        code: str,
        *,
        needs: Sequence[Json] = (),
        views: Sequence[Json] = (),
        no_view_reason: str | None = None,
        version: int | None = None,
    ) -> Status:
        """Close it with an outcome: was the service received, each need now, what they say, or why they say nothing."""
        body = {"code": code, "needs": list(needs), "views": list(views), "no_view_reason": no_view_reason}
        return self.act(request_id, "complete", body, version=version)

    def attach(
        self,
        request_id: str,
        name: str,
        content: bytes,
        categories: Sequence[str],
        *,
        answers: str | None = None,
        at_most: float = 60.0,
        key: str | None = None,
    ) -> File:
        """Attach a file and wait until it was looked at; `categories` says what it reveals.

        Answers it as it stands after `at_most` seconds: `available`, `refused` with a detail, or `quarantined` still.
        """
        new = files.NewFile(name, categories, content, answers)
        return self._carry_out(files.attaching(self._session, request_id, new, at_most=at_most, key=key))

    def file(self, file_id: str, *, at_most: float = 0.0) -> File:
        """One file as it stands, waited for so many seconds while nobody has looked at it. Discloses nothing."""
        return self._carry_out(files.awaiting(self._session, file_id, at_most=at_most))

    def fetch(self, file_id: str) -> bytes:
        """The content of a file, by a link that opens once: a recorded disclosure. Raises NotAllowed, Conflict."""
        return self._carry_out(files.fetching(self._session, file_id))

    def _carry_out(self, talk: Generator[httpx.Request | float, Answered | None, T]) -> T:
        said: Answered | None = None
        try:
            while True:
                step = talk.send(said)
                if not isinstance(step, httpx.Request):
                    time.sleep(step)
                    said = None
                else:
                    said = self._send(step)
        except StopIteration as end:
            answer: T = end.value
            return answer

    def _send(self, request: httpx.Request) -> Answered:
        try:
            return self._http.send(request)
        except httpx.TransportError as error:
            return error
