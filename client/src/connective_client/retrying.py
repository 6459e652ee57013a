"""One call, tried again while that is safe and may help: a conversation of requests, answers and pauses.

It sends nothing itself: `Hub` and `AsyncHub` each carry the conversation out in their own way.
"""

import random
import time
import uuid
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from connective_client.credentials import Credential
from connective_client.problems import NotReached, problem_of

Answered = httpx.Response | httpx.TransportError
Talk = Generator[httpx.Request | float, Answered | None, httpx.Response]
"""Gives requests to send and seconds to wait; takes answers; ends with the last of them."""
Params = Sequence[tuple[str, str]]
_MAY_PASS = frozenset({429, 502, 503, 504})
_EARLY_SECONDS = 20.0
"""How long before its end a token is replaced."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a call is tried, and how long is waited in between, at most."""

    tries: int = 5
    first_pause: float = 0.5
    longest_pause: float = 30.0

    def pause(self, nth: int, retry_after: str | None) -> float:
        """Seconds to wait after the nth try: as the Hub asks, else doubling with chance in it."""
        if retry_after is not None and retry_after.isascii() and retry_after.isdigit():
            return min(float(retry_after), self.longest_pause)
        most: float = min(self.first_pause * 2 ** (nth - 1), self.longest_pause)
        return most * (0.5 + random.random() / 2)  # noqa: S311 - spreads retries; nothing secret


@dataclass(slots=True)
class Session:
    """Where the Hub is, who we are, and the token we hold."""

    base: str
    credential: Credential
    scope: str | None
    patience: Patience
    _token: str = field(default="", repr=False)
    _good_until: float = 0.0

    def talk(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        body: Any = None,  # noqa: ANN401 - JSON
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        key: str | None = None,
    ) -> Talk:
        """One call, JSON or bytes. A POST keeps one Idempotency-Key over its tries. Raises HubError, NotReached."""
        sent = dict(headers or {})
        if method == "POST":
            sent["Idempotency-Key"] = key or str(uuid.uuid4())
        renewed = False
        while True:
            if time.monotonic() >= self._good_until:
                yield from self._sign_in()
            sent["Authorization"] = f"Bearer {self._token}"
            url = f"{self.base}/api/v1{path}"
            answer = yield from self._tried(
                httpx.Request(method, url, params=tuple(params or ()), json=body, content=content, headers=sent)
            )
            if answer.status_code == 401 and not renewed:
                # A token may be refused before its end: once, a fresh one is worth a try.
                renewed, self._good_until = True, 0.0
                continue
            if answer.status_code >= 400:
                raise problem_of(answer)
            return answer

    def _sign_in(self) -> Generator[httpx.Request | float, Answered | None, None]:
        asked = time.monotonic()
        nth = 0
        while True:
            nth += 1
            # Made anew for each try: an assertion is good once.
            answer = yield self.credential.token_request(self.base, self.scope)
            if not (yield from self._again(answer, nth)):
                break
        if isinstance(answer, httpx.Response) and answer.status_code != 200:
            raise problem_of(answer)
        assert isinstance(answer, httpx.Response)  # noqa: S101 - `_again` raised where there is none
        told = answer.json()
        self._token = told["access_token"]
        self._good_until = asked + max(float(told["expires_in"]) - _EARLY_SECONDS, 1.0)

    def _tried(self, request: httpx.Request) -> Talk:
        nth = 0
        while True:
            nth += 1
            answer = yield request
            if not (yield from self._again(answer, nth)):
                assert isinstance(answer, httpx.Response)  # noqa: S101 - `_again` raised where there is none
                return answer

    def _again(self, answer: Answered | None, nth: int) -> Generator[float, Any, bool]:
        """Whether to try again, after a pause. Raises NotReached where no answer came at the last try."""
        last = nth >= self.patience.tries
        if not isinstance(answer, httpx.Response):
            if last:
                raise NotReached("The Hub did not answer.") from answer
            yield self.patience.pause(nth, None)
            return True
        # A first attempt that still runs (409 still-running) says itself when to ask again.
        still_running = answer.status_code == 409 and "retry-after" in answer.headers
        if last or not (still_running or answer.status_code in _MAY_PASS):
            return False
        yield self.patience.pause(nth, answer.headers.get("retry-after"))
        return True
