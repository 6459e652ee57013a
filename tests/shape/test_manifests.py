"""The manifests of a cluster keep their promises: locked-down pods, probes, closed networks, and no secret."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from connective.contracts.permissions import SERVICE_PERMISSIONS
from connective.contracts.subscriptions import SUBSCRIPTIONS

ROOT = Path(__file__).resolve().parents[2]
K8S = ROOT / "deploy" / "k8s"
PAGES = "frontend"
SERVICES = sorted([*SUBSCRIPTIONS, PAGES])
Document = dict[str, Any]


def documents() -> list[tuple[str, Document]]:
    """Every manifest under deploy/k8s, with the file it stands in."""
    return [
        (str(path.relative_to(ROOT)), document)
        for path in sorted(K8S.rglob("*.yaml"))
        if path.name != "places.yaml"
        for document in yaml.safe_load_all(path.read_text(encoding="utf-8"))
    ]


def of_kind(*kinds: str) -> list[Document]:
    return [document for _, document in documents() if document["kind"] in kinds]


WORKLOADS = of_kind("Deployment", "Job")
each_workload = pytest.mark.parametrize("workload", WORKLOADS, ids=lambda each: each["metadata"]["name"])


def container(workload: Document) -> Document:
    containers = workload["spec"]["template"]["spec"]["containers"]
    assert len(containers) == 1
    found: Document = containers[0]
    return found


def test_every_document_has_a_kind_and_a_name() -> None:
    for path, document in documents():
        assert document["apiVersion"], path
        assert document["kind"] == "Kustomization" or document["metadata"]["name"], path


def test_there_is_something_to_check() -> None:
    assert {workload["metadata"]["name"] for workload in WORKLOADS} == {"serve", "work", "migrate", "broker"}


@each_workload
def test_a_pod_may_do_nothing_it_need_not(workload: Document) -> None:
    pod, own = workload["spec"]["template"]["spec"], container(workload)["securityContext"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] >= 10_000
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert own == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


@each_workload
def test_a_pod_says_what_it_needs(workload: Document) -> None:
    resources = container(workload)["resources"]
    assert set(resources["requests"]) == {"cpu", "memory"}
    assert "memory" in resources["limits"]


def test_what_serves_is_probed() -> None:
    (serve,) = [each for each in of_kind("Deployment") if each["metadata"]["name"] == "serve"]
    assert container(serve)["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert container(serve)["livenessProbe"]["httpGet"]["path"] == "/livez"
    assert serve["spec"]["replicas"] >= 2
    (budget,) = of_kind("PodDisruptionBudget")
    assert budget["spec"]["selector"]["matchLabels"] == serve["spec"]["selector"]["matchLabels"]


def test_only_migrations_know_the_owner() -> None:
    for workload in WORKLOADS:
        secrets = {each["secretRef"]["name"] for each in container(workload)["envFrom"] if "secretRef" in each}
        assert ("owner" in secrets) == (workload["metadata"]["name"] == "migrate")


def test_secrets_are_referred_to_and_never_kept() -> None:
    assert not of_kind("Secret")
    for path, document in documents():
        assert "secretGenerator" not in document, path
        literals = [each for made in document.get("configMapGenerator", ()) for each in made.get("literals", ())]
        assert not [each for each in literals if re.search(r"PASSWORD|_SECRET=|NATS_URL|DATABASE_URL", each)], path
    for workload in WORKLOADS:
        assert not [each for each in container(workload).get("env", ()) if "PASSWORD" in each["name"]]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_named_alike_everywhere(service: str) -> None:
    (made,) = yaml.safe_load_all((K8S / "base" / service / "kustomization.yaml").read_text(encoding="utf-8"))
    assert made["namePrefix"] == f"{service}-"
    assert made["images"] == [{"name": "connective-service", "newName": f"connective-{service}"}]
    assert made["labels"][0]["pairs"]["app.kubernetes.io/name"] == service
    prefix = f"{service.upper()}_"
    for literal in made["configMapGenerator"][0]["literals"]:
        assert literal.startswith(prefix), literal
    patches = "\n".join(each["patch"] for each in made["patches"])
    for name in (f"{service}-secrets", f"{service}-keys", f"{service}-owner"):
        assert f"value: {name}" in patches


def asked() -> dict[str, set[str]]:
    """Which services each one asks: what its permissions name; the gateway forwards to all, the pages ask it alone."""
    found = {name: {p.value.split(":")[0] for p in held} - {name} for name, held in SERVICE_PERMISSIONS.items()}
    return found | {"gateway": set(SERVICES) - {"gateway", PAGES}, PAGES: {"gateway"}}


@pytest.mark.parametrize("service", SERVICES)
def test_the_network_lets_through_exactly_what_services_ask(service: str) -> None:
    policies = {each["metadata"]["name"]: each["spec"] for each in of_kind("NetworkPolicy")}
    asks = policies.get(f"{service}-asks", {"egress": [{"to": []}]})
    assert {names(each) for each in asks["egress"][0]["to"]} == asked()[service]
    callers: set[str | None] = {names(each) for each in policies[f"{service}-asked"]["ingress"][0]["from"]}
    expected: set[str | None] = {caller for caller, others in asked().items() if service in others}
    from_outside: set[str | None] = {None} if service in {"gateway", PAGES} else set()
    assert callers == expected | from_outside, service


def names(peer: Document) -> str | None:
    """The service a peer of a policy selects; None for a namespace."""
    selector = peer.get("podSelector")
    return selector["matchLabels"]["app.kubernetes.io/name"] if selector else None


def test_the_network_is_closed_first() -> None:
    (closed,) = [each for each in of_kind("NetworkPolicy") if each["metadata"]["name"] == "default-deny"]
    assert closed["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_a_service_is_told_where_those_it_asks_are() -> None:
    for service in SERVICES:
        (made,) = yaml.safe_load_all((K8S / "base" / service / "kustomization.yaml").read_text(encoding="utf-8"))
        literals = made["configMapGenerator"][0]["literals"]
        told = {match[1] for each in literals if (match := re.search(r"=http://([a-z]+)-http:8000$", each))}
        assert told == asked()[service], service


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on this machine")
@pytest.mark.parametrize("folder", ["base", "overlays/example"])
def test_kustomize_builds(folder: str) -> None:
    built = subprocess.run(
        [shutil.which("kubectl") or "kubectl", "kustomize", str(K8S / folder)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    made = list(yaml.safe_load_all(built))
    assert {each["metadata"].get("namespace", "connective") for each in made} == {"connective"}
    deployed = {each["metadata"]["name"] for each in made if each["kind"] == "Deployment"}
    assert deployed == {f"{service}-{half}" for service in SERVICES for half in ("serve", "work")}
    settings = {each["metadata"]["name"] for each in made if each["kind"] == "ConfigMap"}
    for workload in (each for each in made if each["kind"] in {"Deployment", "Job"}):
        for source in container(workload)["envFrom"]:
            assert "configMapRef" not in source or source["configMapRef"]["name"] in settings


def test_what_works_is_probed() -> None:
    """A worker whose loops hang is restarted, and its probes ask the port that it was told to open."""
    (work,) = [each for each in of_kind("Deployment") if each["metadata"]["name"] == "work"]
    own = container(work)
    assert {own[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe")} == {"/livez"}
    assert own["readinessProbe"]["httpGet"]["path"] == "/readyz"
    (port,) = own["ports"]
    assert own["args"][own["args"].index("--port") + 1] == str(port["containerPort"])
    assert work["spec"]["replicas"] == 1, "relay and sealer hold a lock: a second would only wait"


def test_a_network_policy_opens_ports_and_never_all_of_them() -> None:
    """Each rule names whom and which port: a rule without either opens everything."""
    for policy in of_kind("NetworkPolicy"):
        rules = [*policy["spec"].get("ingress", ()), *policy["spec"].get("egress", ())]
        for rule in rules:
            assert rule.get("from") or rule.get("to"), policy["metadata"]["name"]
            assert all("port" in each for each in rule["ports"]), policy["metadata"]["name"]
        if policy["metadata"]["name"] != "default-deny":
            assert rules, policy["metadata"]["name"]


def test_what_a_pod_mounts_it_is_given() -> None:
    """Each mount has its volume, each volume its mount, and each file in the settings lies in a mounted folder."""
    for workload in WORKLOADS:
        pod, own = workload["spec"]["template"]["spec"], container(workload)
        mounted = {each["name"]: each["mountPath"] for each in own.get("volumeMounts", ())}
        assert mounted.keys() == {each["name"] for each in pod.get("volumes", ())}, workload["metadata"]["name"]
    serve = next(each for each in WORKLOADS if each["metadata"]["name"] == "serve")
    folders = tuple(each["mountPath"] for each in container(serve)["volumeMounts"])
    for service in SERVICES:
        (made,) = yaml.safe_load_all((K8S / "base" / service / "kustomization.yaml").read_text(encoding="utf-8"))
        for literal in made["configMapGenerator"][0]["literals"]:
            value = literal.partition("=")[2]
            assert not value.startswith("/") or value.startswith(folders), literal
