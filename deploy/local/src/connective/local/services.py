"""What runs on one machine: the services, their ports, and the environment each is given."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from connective.local.databases import DatabaseUrls
from connective.local.keys import KeyStore
from connective.local.ports import LOOPBACK

PORTS: dict[str, int] = {
    "gateway": 8080,
    "frontend": 8090,
    "families": 8101,
    "referrals": 8102,
    "partners": 8103,
    "consent": 8104,
    "postgres": 8111,
    "nats": 8112,
    "nats-monitor": 8113,
}
SERVICES = ("families", "referrals", "partners", "consent", "gateway")
GATEWAY = "gateway"
PAGES = "frontend"
"""The web pages. They are no service: they hear no events, and ask the gateway alone."""
EVERYTHING = (*SERVICES, PAGES)
LEDGER_KEEPER = "consent"
FILE_KEEPER = "referrals"
"""Scans what is attached with ClamAV where the environment says where it listens; without one it demonstrates."""

# A small place of the product's own, so that the Hub starts before anybody has written theirs.
EXAMPLE_PLACES = Path(__file__).with_name("data") / "places.yaml"


_HOST = {"HOST_NAME": "Whoever runs this demonstration", "HOST_CONTACT": "host@example.org"}
"""Named in the record of processing (Article 30(2))."""


@dataclass(frozen=True)
class Service:
    """A service to run. `command` is for stand-ins; without one it is `python -m connective.<name>`."""

    name: str
    command: tuple[str, ...] = ()

    @property
    def argv(self) -> tuple[str, ...]:
        """The command, before its verb."""
        return self.command or (sys.executable, "-m", f"connective.{self.name}")

    @property
    def prefix(self) -> str:
        """What the names of its settings begin with."""
        return self.name.upper() + "_"


def address(port: int) -> str:
    """The base URL of what listens on a port of this machine."""
    return f"http://{LOOPBACK}:{port}"


def public_address(port: int) -> str:
    """The base URL of what people's browsers are sent to.

    By name, because a passkey is made for a domain and an IP address is none (Web Authentication, section 5.1.2);
    browsers take `localhost` for a secure context without TLS (W3C Secure Contexts, section 3.1).
    """
    return f"http://localhost:{port}"


@dataclass(frozen=True)
class Surroundings:
    """What the environments of all services have in common."""

    services: Sequence[Service]
    ports: Mapping[str, int]
    keys: KeyStore
    places: Path
    extra: Mapping[str, str]

    def of(self, service: Service, databases: DatabaseUrls, broker_url: str) -> dict[str, str]:
        """The environment of a serving service: its own settings, and nobody else's secrets."""
        if service.name == PAGES:
            return self._of_pages(service, databases)
        own = {
            "DATABASE_URL": databases.app,
            "READER_URL": databases.reader,
            "NATS_URL": broker_url,
            "TRUSTED_KEYS": str(self.keys.trusted_keys(other.name for other in self.services if other.name != PAGES)),
            "SIGNING_KEY": str(self.keys.signing_key(service.name)),
            "SECRET": self.keys.service(service.name).secret,
            "PLACES": str(self.places.absolute()),
        }
        for other in self.services:
            if other != service and other.name != PAGES:
                own[f"{other.prefix}URL"] = address(self.ports[other.name])
        if service.name == GATEWAY:
            own["ISSUER"] = public_address(self.ports[GATEWAY])
        if service.name == FILE_KEEPER:
            own["OBJECTS_FOLDER"] = str(self.keys.folder.parent / "files")
            if f"{service.prefix}CLAMD" not in os.environ:
                own["DEMONSTRATION"] = "true"
        if service.name == LEDGER_KEEPER:
            own["LEDGER_KEY"] = str(self.keys.ledger_key())
            own |= {name: said for name, said in _HOST.items() if f"{service.prefix}{name}" not in os.environ}
        return self._environment(service, own)

    def _of_pages(self, service: Service, databases: DatabaseUrls) -> dict[str, str]:
        """The environment of the web pages, which know the gateway and nothing else of the Hub."""
        own = {
            "DATABASE_URL": databases.app,
            "READER_URL": databases.reader,
            "SIGNING_KEY": str(self.keys.signing_key(service.name)),
            "SECRET": self.keys.service(service.name).secret,
            "PLACES": str(self.places.absolute()),
            "ADDRESS": public_address(self.ports[PAGES]),
            "ISSUER": public_address(self.ports[GATEWAY]),
            "GATEWAY_URL": address(self.ports[GATEWAY]),
        }
        return self._environment(service, own)

    def _environment(self, service: Service, own: Mapping[str, str]) -> dict[str, str]:
        settings = {service.prefix + name: value for name, value in own.items()}
        # Unbuffered, so that the last words of one that crashes reach the log.
        return {**self._inherited(service), "PYTHONUNBUFFERED": "1", **settings, **self.extra}

    def with_owner(self, service: Service, databases: DatabaseUrls, broker_url: str) -> dict[str, str]:
        """The environment of a migration or an import, which may also act as the owner of the database."""
        return {**self.of(service, databases, broker_url), f"{service.prefix}OWNER_URL": databases.owner}

    def _inherited(self, service: Service) -> dict[str, str]:
        """Our own environment, without what would redirect a client or tell one service another's secret."""
        foreign = tuple(other.prefix for other in self.services if other != service)
        return {name: value for name, value in os.environ.items() if not name.startswith((*foreign, "PG", "NATS_"))}
