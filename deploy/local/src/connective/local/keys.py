"""The secrets of one deployment: made once, kept in files that only their owner may read."""

import json
import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from joserfc.jwk import ECKey, OKPKey

from connective.local.databases import RolePasswords
from connective.local.folders import own_folder, write_private


@dataclass(frozen=True)
class ServiceSecrets:
    """What one service knows and no other: its passwords, and what its keys derive from."""

    owner: str
    app: str
    reader: str
    nats: str
    secret: str

    @property
    def roles(self) -> RolePasswords:
        """The passwords of its database roles."""
        return RolePasswords(self.owner, self.app, self.reader)


class KeyStore:
    """A folder of secrets. Whatever is asked for is made the first time, and the same ever after."""

    def __init__(self, folder: Path) -> None:
        self.folder = own_folder(folder, 0o700)

    def service(self, name: str) -> ServiceSecrets:
        """The passwords and the secret of a service."""

        def make() -> str:
            owner, app, reader, nats = (secrets.token_urlsafe(32) for _ in range(4))
            return json.dumps(asdict(ServiceSecrets(owner, app, reader, nats, secrets.token_urlsafe(48))), indent=2)

        return ServiceSecrets(**json.loads(self._once(f"{name}.json", make)))

    def broker_admin(self) -> str:
        """The password of the broker's administrator."""
        return self._once("broker_admin", lambda: secrets.token_urlsafe(32))

    def signing_key(self, service: str) -> Path:
        """The file of a service's private signing key, a JWK on curve P-256."""
        self._once(f"{service}.jwk", lambda: _signing_key(service))
        return self.folder / f"{service}.jwk"

    def ledger_key(self) -> Path:
        """The file of the private key that signs the ledger's checkpoints, an Ed25519 JWK."""
        self._once("ledger.jwk", _ledger_key)
        return self.folder / "ledger.jwk"

    def trusted_keys(self, services: Iterable[str]) -> Path:
        """The file of every service's public key, a JWK Set whose members say whose they are."""
        keys = [key for service in sorted(services) for key in self._public_keys(service)]
        path = self.folder / "trusted_keys.json"
        _replace(path, json.dumps({"keys": keys}, indent=2))
        return path

    def announce_key(self, service: str) -> None:
        """Make a service's next key, which every service is to trust before it signs; again changes nothing."""
        self.signing_key(service)
        self._once(f"{service}.next.jwk", lambda: _signing_key(service))

    def switch_key(self, service: str) -> None:
        """Let the announced key sign; the former one is trusted until `end_key`. Raises FileNotFoundError for none."""
        announced = self.folder / f"{service}.next.jwk"
        if not announced.exists():
            raise FileNotFoundError(f"No key of {service} was announced.")
        _replace(self.folder / f"{service}.former.jwk", json.dumps(_public(self.signing_key(service)), indent=2))
        announced.replace(self.folder / f"{service}.jwk")

    def end_key(self, service: str) -> None:
        """Trust the former key no more. Raises FileNotFoundError where no key was changed."""
        (self.folder / f"{service}.former.jwk").unlink()

    def _public_keys(self, service: str) -> list[dict[str, object]]:
        """All that this service is believed by: its key, and while it changes the next or the former one."""
        self.signing_key(service)
        paths = (self.folder / f"{service}{part}.jwk" for part in ("", ".next", ".former"))
        return [{**_public(path), "owner": service} for path in paths if path.exists()]

    def _once(self, name: str, make: Callable[[], str]) -> str:
        path = self.folder / name
        if not path.exists():
            _replace(path, make())
        return path.read_text(encoding="utf-8")


def _signing_key(service: str) -> str:
    # Bound to its owner by name, and to its content by thumbprint, so that a new key never goes by an old name.
    key = ECKey.generate_key("P-256")
    named = {**key.as_dict(private=True), "kid": f"{service}-{key.thumbprint()[:12]}", "use": "sig", "alg": "ES256"}
    return json.dumps(named | {"made_at": datetime.now(UTC).isoformat(timespec="seconds")}, indent=2)


def _public(path: Path) -> dict[str, object]:
    """What may be told of a key in a file."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    public: dict[str, object] = {**ECKey.import_key(kept).as_dict(private=False)}
    return public | {name: kept[name] for name in ("made_at",) if name in kept}


def _ledger_key() -> str:
    key = OKPKey.generate_key("Ed25519")
    named = {**key.as_dict(private=True), "kid": f"ledger-{key.thumbprint()[:12]}", "use": "sig", "alg": "Ed25519"}
    return json.dumps(named, indent=2)


def _replace(path: Path, text: str) -> None:
    """Put a whole file in place: whoever is killed half way leaves none, not half of one."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    draft.unlink(missing_ok=True)
    write_private(draft, text)
    draft.replace(path)
