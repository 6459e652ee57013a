"""Every refusal has a stable code of its own that reads as words, and a title a person understands."""

import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator

import pytest

import connective.consent
import connective.families
import connective.gateway
import connective.kit
import connective.partners
import connective.referrals
from connective.kit.problems import Refusal

PACKAGES = (
    connective.kit,
    connective.consent,
    connective.families,
    connective.gateway,
    connective.partners,
    connective.referrals,
)
CODE = re.compile(r"^[a-z]+(-[a-z]+)*$")


def modules() -> Iterator[str]:
    for package in PACKAGES:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not re.search(r"\.(?:__main__|testing|migrations)(?:\.|$)", found.name):
                yield found.name


@pytest.fixture(scope="module")
def refusals() -> list[type[Refusal]]:
    """Every kind of refusal there is, once every module that could define one is imported."""
    for name in modules():
        importlib.import_module(name)
    found, waiting = [], [Refusal]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return [kind for kind in found if kind.__module__.startswith("connective.")]


def test_there_are_refusals(refusals: list[type[Refusal]]) -> None:
    assert len(refusals) > 30


def test_a_code_reads_as_words(refusals: list[type[Refusal]]) -> None:
    for kind in refusals:
        assert CODE.match(kind.code), kind


def test_a_title_is_a_phrase_for_people(refusals: list[type[Refusal]]) -> None:
    for kind in refusals:
        assert kind.title[0].isupper(), kind
        assert not kind.title.endswith("."), kind


def test_a_refusal_says_which_rule_it_states(refusals: list[type[Refusal]]) -> None:
    for kind in refusals:
        assert (kind.__doc__ or "").strip(), kind


def test_a_status_is_one_that_the_api_documents(refusals: list[type[Refusal]]) -> None:
    documented = {400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 415, 422, 428, 429, 500, 503, 504}
    for kind in refusals:
        assert kind.status in documented, kind


def test_one_code_means_one_thing(refusals: list[type[Refusal]]) -> None:
    """Wherever a code comes from, it has one status and one title; a class may hand its code down unchanged."""
    meanings: dict[str, set[tuple[int, str]]] = defaultdict(set)
    for kind in refusals:
        meanings[kind.code].add((kind.status, kind.title))
    assert not {code: each for code, each in meanings.items() if len(each) > 1}
