"""Whatever is sent to whichever operation, the answer is one that the API describes, and never a fault of ours.

Schemathesis makes the requests from the merged OpenAPI document: some that fit it, some that do not. Everything goes
through the gateway, as somebody who may use the operation, about records that exist wherever there is a sample.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from matrix_operations import METHODS
from matrix_samples import SAMPLES, WORDS, Records
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from connective.contracts.grants import permissions_of
from connective.local.services import GATEWAY
from connective.local.story.loading import World
from connective.local.story.signing_in import sign_in

_SEED = 20_260_301
_EXAMPLES = 2
"""For each operation and each kind of request. More find more: raise it for a night, the rest stays as it is."""
_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
_ASK_SECONDS = 60
_PEOPLE = ("worker", "admin", "manager", "officer", "trust_dpo", "trust_signs", "larder_dpo")
"""Of the cast, in the order in which they are tried: between them they hold almost every permission."""


@dataclass(frozen=True, slots=True)
class Told:
    """One answer that should not have been given."""

    operation: str
    request: str
    words: str


class Fuzz:
    """Makes requests for every operation, and keeps what was answered wrongly."""

    def __init__(self, document: dict[str, Any], base: str, records: Records, tokens: Mapping[str, str]) -> None:
        config = SchemathesisConfig.from_dict({"generation": {"with-security-parameters": False}})
        self._schema = schemathesis.openapi.from_dict(document, config=config)
        self._base, self._records, self._tokens = base, records, tokens
        self._session = requests.Session()
        self._session.trust_env = False
        self.wrong: list[Told] = []
        self.statuses: dict[str, set[int]] = {}

    def run(self) -> None:
        """Every operation with both kinds of request."""
        for result in self._schema.get_all_operations():
            operation = result.ok()
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                self._try(operation, mode)

    def _try(self, operation: Any, mode: GenerationMode) -> None:
        known = self._known(operation)
        if mode is GenerationMode.NEGATIVE and not operation.query and not operation.body:
            # Only the address can be wrong; while it is given, the search for a wrong request takes seconds and ends
            # with none.
            if not operation.path_parameters:
                return
            known = {}
        chosen: dict[str, Any] = {"path_parameters": known} if known else {}

        @seed(_SEED)
        @settings(
            max_examples=_EXAMPLES,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode, **chosen))
        def ask(case: Any) -> None:
            self._ask(case)

        try:
            ask()
        except Unsatisfiable:
            # Where every text is a name that could be, nothing wrong can be asked.
            assert mode is GenerationMode.NEGATIVE, operation.label

    def _known(self, operation: Any) -> dict[str, str]:
        """Ids that exist, so that what is sent is read further than to the address."""
        names = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
        ids = {name: self._records.ids.get(SAMPLES.get(name, ""), WORDS.get(name, "")) for name in names}
        return ids if all(ids.values()) else {}

    def _ask(self, case: Any) -> None:
        label = case.operation.label
        headers = {"Authorization": f"Bearer {self._token(case.operation)}"}
        response = case.call(base_url=self._base, headers=headers, session=self._session, timeout=_ASK_SECONDS)
        self.statuses.setdefault(label, set()).add(response.status_code)
        try:
            case.validate_response(response, checks=_CHECKS)
        except FailureGroup as group:
            words = " · ".join(" ".join(f"{each.title}: {each.message}".split())[:400] for each in group.exceptions)
            self.wrong.append(Told(label, case.as_curl_command(headers={})[:600], words))

    def _token(self, operation: Any) -> str:
        permission = operation.definition.raw.get("x-policy", {}).get("permission")
        return self._tokens.get(permission or "", self._tokens[""])


def _permissions(world: World, person: str) -> frozenset[str]:
    memberships = world.cast.raw["accounts"][person]["memberships"]
    return permissions_of(frozenset(next(iter(memberships.values()))), frozenset())


async def _tokens(world: World) -> dict[str, str]:
    """A fresh token for each permission somebody of the cast holds; under "" the worker's, for everything else."""
    tokens: dict[str, str] = {}
    cast = world.cast
    for person in _PEOPLE:
        organisation = cast.organisations[next(iter(cast.raw["accounts"][person]["memberships"]))]
        asker = await sign_in(world.base, cast.name(person), cast.credentials(person), organisation)
        await asker.client.aclose()
        tokens.setdefault("", asker.token)
        for permission in _permissions(world, person):
            tokens.setdefault(permission, asker.token)
    return tokens


def _one_of_each(wrong: list[Told]) -> Iterator[str]:
    seen = set()
    for told in wrong:
        if (told.operation, told.words[:60]) not in seen:
            seen.add((told.operation, told.words[:60]))
            yield f"{told.operation}\n    {told.request}\n    {told.words}"


async def test_every_answer_is_one_that_the_api_describes(
    loaded_hub: Any, documents: dict[str, Any], records: Records
) -> None:
    document = documents[GATEWAY]
    fuzz = Fuzz(document, loaded_hub.world.base, records, await _tokens(loaded_hub.world))
    started = time.monotonic()
    # In a thread, because the loop must go on reading what the services print.
    await asyncio.to_thread(fuzz.run)
    described = sum(method in METHODS for item in document["paths"].values() for method in item)
    assert len(fuzz.statuses) == described, "some operation was never asked"
    assert not fuzz.wrong, "\n".join([f"{len(fuzz.wrong)} answers are wrong:", *_one_of_each(fuzz.wrong)])
    reached = [name for name, statuses in fuzz.statuses.items() if statuses - {400, 401, 403, 404}]
    assert len(reached) > described * 0.7, f"too little was reached in {time.monotonic() - started:.0f} s"
