"""The API descriptions of the services, read from each over HTTP and kept for a minute."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from pyreqwest.exceptions import PyreqwestError

from connective.kit.http import Outgoing
from connective.kit.logs import log
from connective.kit.problems import Unavailable

_KEPT_SECONDS = 60.0
_MADE_WITHIN = timedelta(seconds=20)
"""A service makes its description when first asked for it, which takes one with many routes some seconds."""


class Documents:
    """Each service's own OpenAPI document."""

    def __init__(
        self, outgoing: Outgoing, addresses: dict[str, str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._outgoing = outgoing
        self._addresses = addresses
        self._clock = clock
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    async def all(self) -> dict[str, dict[str, Any]]:
        """The documents by service. Raises Unavailable when one was never read and cannot be read now."""
        return {service: await self._one(service) for service in sorted(self._addresses)}

    async def reachable(self) -> dict[str, dict[str, Any]]:
        """The documents of those services that can be read now, or could a while ago."""
        found = {}
        for service in sorted(self._addresses):
            with suppress(Unavailable):
                found[service] = await self._one(service)
        return found

    async def _one(self, service: str) -> dict[str, Any]:
        kept = self._kept.get(service)
        if kept is not None and self._clock() - kept[0] < _KEPT_SECONDS:
            return kept[1]
        try:
            address = f"{self._addresses[service].rstrip('/')}/openapi.json"
            request = self._outgoing.client.get(address).timeout(_MADE_WITHIN).error_for_status().build()
            response = await request.send()
            document: dict[str, Any] = json.loads(bytes(await response.bytes()))
        except (PyreqwestError, OSError, ValueError) as error:
            log().warning("document_unreadable", peer=service, error=type(error).__name__)
            if kept is not None:
                return kept[1]
            raise Unavailable("Part of the Hub is away, so the API description is not complete. Try again.") from error
        self._kept[service] = (self._clock(), document)
        return document
