"""The package's own data: how sheets are read, the words by which listings are recognised, rules of assurance."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from connective.contracts.categories import AssuranceLevel
from connective.contracts.needs import needs_list
from connective.partners.domain.assurance import AssuranceRules, ItemKind, KindRule, LevelRule
from connective.partners.domain.imports.sheets import SheetKind
from connective.partners.domain.imports.vocabulary import Vocabulary

_DATA = files("connective.partners").joinpath("data")


@cache
def sheet_kinds() -> tuple[SheetKind, ...]:
    """Every kind of sheet that can be read, one file each."""
    folder = _DATA.joinpath("sheets")
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".yaml"))
    return tuple(_sheet_kind(yaml.safe_load(folder.joinpath(name).read_text(encoding="utf-8"))) for name in names)


@cache
def vocabulary() -> Vocabulary:
    """The words that point to codes."""
    raw = yaml.safe_load(_DATA.joinpath("words.yaml").read_text(encoding="utf-8"))
    return Vocabulary(
        needs_list=needs_list(),
        service_kinds=_phrases(raw["service_kinds"]),
        needs=_phrases(raw["needs"]),
        organisation_kinds=_phrases(raw["organisation_kinds"]),
    )


@cache
def assurance_rules() -> AssuranceRules:
    """What a dossier holds, how long each item vouches, and which level follows."""
    raw = yaml.safe_load(_DATA.joinpath("assurance.yaml").read_text(encoding="utf-8"))
    levels = (
        LevelRule(AssuranceLevel(each["level"]), _kinds(each["needs"]), _kinds(each["never_with"]))
        for each in raw["levels"]
    )
    return AssuranceRules(
        version=raw["version"],
        warn_days=tuple(sorted(raw["warn_days"], reverse=True)),
        kinds={kind: _kind_rule(raw["kinds"][kind]) for kind in ItemKind},
        levels=tuple(levels),
    )


def own_file(name: str) -> bytes:
    """One of the package's own reference files: `directory.hsds.json` or `organisations.csv`."""
    return _DATA.joinpath(name).read_bytes()


def _sheet_kind(raw: dict[str, Any]) -> SheetKind:
    return SheetKind(**{**raw, "recognised_by": frozenset(raw["recognised_by"])})


def _kind_rule(raw: dict[str, Any]) -> KindRule:
    return KindRule(raw["label"], raw.get("lasts_days"), raw["expected"], raw.get("by_place", False))


def _kinds(raw: list[str]) -> frozenset[ItemKind]:
    return frozenset(map(ItemKind, raw))


def _phrases(raw: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {code: tuple(phrases) for code, phrases in raw.items()}
