"""From where somebody tries to sign in: what guesses are counted by.

A browser that somebody has signed in with before has a count of its own, so that no stranger's failures, from
whichever network, make its holder wait (the device cookies of OWASP). Strangers are counted by account and network.
"""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass

from connective.gateway.domain.devices import device_name
from connective.gateway.domain.opaque import digest, new_secret
from connective.gateway.storage.devices import Device

_IPV6_PREFIX = 64


@dataclass(frozen=True, slots=True)
class Visitor:
    """One browser, and where it is."""

    address: str
    device_token: str | None = None
    """What the device's cookie holds; None for a browser never seen."""
    user_agent: str = ""

    @property
    def device_hash(self) -> bytes:
        """The digest of what its cookie holds; of nothing, when it holds nothing."""
        return digest(self.device_token or "")

    def device(self) -> tuple[str, Device]:
        """What the cookie holds from now on, and what is stored of it."""
        token = self.device_token or new_secret()
        return token, Device(digest(token), device_name(self.user_agent))

    def network(self) -> str:
        """What counts as one network: an IPv4 address, or the /64 that one household or office has in IPv6."""
        try:
            address = ipaddress.ip_address(self.address)
        except ValueError:
            return self.address
        if address.version == 4:
            return str(address)
        return str(ipaddress.ip_network((address, _IPV6_PREFIX), strict=False))


def counter(key: bytes, what: str, whose: str, where: str) -> bytes:
    """Under which tries are counted: a keyed hash, as it is stored before anybody is known."""
    return hmac.new(key, f"{what}\0{whose}\0{where}".encode(), hashlib.sha256).digest()
