"""Every package installs alone: namespace, types, declared dependencies, migrations."""

import ast
import itertools
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from connective.kit.revisions import head_revision

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "shared",
    "services/consent",
    "services/families",
    "services/partners",
    "services/referrals",
    "gateway",
    "frontend",
)
DEPLOYED = {name.rsplit("/", maxsplit=1)[-1]: name for name in PACKAGES[1:]}
ALL = (*PACKAGES, "deploy/local")


# Modules of a dependency's own foundation, which it documents as part of its interface.
COMES_WITH = {"pydantic_core": "pydantic", "markupsafe": "jinja2", "starlette": "fastapi"}
# What a package lends to tests is imported by pytest, and by nothing that runs in production.
LENT_TO_TESTS = {"comparing.py", "testing.py"}

each_package = pytest.mark.parametrize("package", ALL)
each_service = pytest.mark.parametrize("service", DEPLOYED)


def project(package: str) -> dict[str, Any]:
    with (ROOT / package / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)


def normal(name: str) -> str:
    return name.lower().replace("_", "-")


def declared(package: str) -> set[str]:
    """The distributions a package names, those that some of its uses need, and those the shared one brings."""
    own = project(package)["project"]
    named = [*own["dependencies"], *itertools.chain(*own.get("optional-dependencies", {}).values())]
    names = {normal(re.split(r"[\[<>=!~; ]", each, maxsplit=1)[0]) for each in named}
    return names | (declared("shared") if package != "shared" else set())


def imported(package: str) -> set[str]:
    """The top-level modules that a package's own code imports."""
    found: set[str] = set()
    for path in (ROOT / package / "src").rglob("*.py"):
        if path.name in LENT_TO_TESTS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names)


def test_connective_is_a_namespace_that_no_package_owns() -> None:
    for package in ALL:
        assert not (ROOT / package / "src" / "connective" / "__init__.py").exists(), package


@each_package
def test_a_package_says_that_it_is_typed(package: str) -> None:
    modules = [folder for folder in (ROOT / package / "src" / "connective").iterdir() if folder.name != "__pycache__"]
    assert modules
    for module in modules:
        assert (module / "py.typed").exists(), module
        assert (module / "__init__.py").exists(), module


@each_package
def test_a_package_declares_what_it_imports(package: str) -> None:
    distributions = packages_distributions()
    known = declared(package)
    for module in imported(package) - {"connective"}:
        owners = {normal(name) for name in distributions.get(COMES_WITH.get(module, module), [])}
        assert owners & known, f"{package} imports {module} ({', '.join(sorted(owners))}) without declaring it"


@each_package
def test_a_package_is_built_and_described_alike(package: str) -> None:
    described = project(package)
    assert described["build-system"]["build-backend"] == "hatchling.build"
    assert described["project"]["requires-python"] == ">=3.11"
    assert described["project"]["license"] == "Apache-2.0"
    assert described["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["src/connective"]


def test_every_package_has_the_same_version() -> None:
    assert len({project(package)["project"]["version"] for package in ALL}) == 1


@each_service
def test_a_service_has_one_chain_of_migrations(service: str) -> None:
    folder = ROOT / DEPLOYED[service] / "src" / "connective" / service / "migrations"
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    assert script.get_heads() == [head_revision(service)], f"{service}: {script.get_heads()}"
    for revision in script.walk_revisions():
        assert Path(revision.path).name.startswith(f"{revision.revision}_"), revision.path
        assert callable(revision.module.downgrade), revision.path


@each_service
def test_a_service_can_be_run(service: str) -> None:
    assert (ROOT / DEPLOYED[service] / "src" / "connective" / service / "__main__.py").exists()
