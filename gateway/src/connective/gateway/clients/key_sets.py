"""The keys that partners publish at an address of their own: fetched with care, kept for a while, never trusted far.

A partner changes its keys there without telling anybody, so a key that is not known is looked for again; but not more
often than every half minute, because whoever invents key ids could otherwise have us ask a partner all day.
"""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from connective.gateway.domain.public_keys import UnfitKey, public_key
from connective.kit.logs import log
from connective.kit.outward import NoAnswer, Outside, OutsideBody

KEPT_SECONDS = 600.0
"""How long a set counts without being read again: a key that its owner took out is refused after that at the latest."""
AGAIN_SECONDS = 30.0
"""How long between two readings of one address, whoever asks."""
_MOST_BYTES = 65_536
_MOST_KEYS = 20
_MOST_SETS = 1_000
_HEADERS = {"accept": "application/jwk-set+json, application/json", "user-agent": "Connective"}


@dataclass(frozen=True, slots=True)
class _Kept:
    keys: dict[str, dict[str, str]]
    read_at: float
    """When it was last read whole; minus infinity for never."""
    tried_at: float


class KeySets:
    """The published keys of every partner that has been asked about lately."""

    def __init__(self, outside: Outside, clock: Callable[[], float]) -> None:
        self._outside = outside
        self._clock = clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._reading: dict[str, asyncio.Lock] = {}

    def known(self, url: str, kid: str) -> dict[str, str] | None:
        """The key of this id, where the set was read lately enough; None when it must be read (again)."""
        kept = self._kept.get(url)
        if kept is None or self._clock() - kept.read_at > KEPT_SECONDS:
            return None
        return kept.keys.get(kid)

    async def read(self, url: str) -> None:
        """Read the set, unless somebody just did. Whatever goes wrong leaves what was known, until its time is over."""
        lock = self._reading.setdefault(url, asyncio.Lock())
        try:
            async with lock:
                kept = self._kept.get(url)
                if kept is None or self._clock() - kept.tried_at >= AGAIN_SECONDS:
                    self._keep(url, await self._ask(url, kept))
        finally:
            if not lock.locked():
                self._reading.pop(url, None)

    async def _ask(self, url: str, kept: _Kept | None) -> _Kept:
        now = self._clock()
        try:
            answer = await self._outside.get(url, _HEADERS, _MOST_BYTES)
            return _Kept(keys_of(answer), now, now)
        except NoAnswer as error:
            log().warning("key_set_not_read", error=error.code)
            return _Kept(kept.keys, kept.read_at, now) if kept else _Kept({}, float("-inf"), now)

    def _keep(self, url: str, kept: _Kept) -> None:
        self._kept[url] = kept
        self._kept.move_to_end(url)
        if len(self._kept) > _MOST_SETS:
            self._kept.popitem(last=False)


def keys_of(answer: OutsideBody) -> dict[str, dict[str, str]]:
    """The keys of a JWK Set that an assertion may be signed with, by their ids. Raises NoAnswer for what is no set.

    Others are left out without a word: a set may hold keys for encryption, or of kinds that we do not take.
    """
    if answer.status != 200:
        raise NoAnswer(f"status_{answer.status}")
    try:
        listed = json.loads(answer.body)["keys"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NoAnswer("no_key_set") from error
    if not isinstance(listed, list):
        raise NoAnswer("no_key_set")
    found = [_fit(each) for each in listed[:_MOST_KEYS]]
    return {key["kid"]: key for key in found if key is not None}


def _fit(jwk: Any) -> dict[str, str] | None:  # noqa: ANN401 - what a partner published
    if not isinstance(jwk, dict) or jwk.get("use", "sig") != "sig":
        return None
    try:
        return public_key(jwk)
    except UnfitKey:
        return None
