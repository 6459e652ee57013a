"""Loopback ports: finding a free one, and saying what to do about one that is taken."""

import errno
import random
import socket

LOOPBACK = "127.0.0.1"

# Below the range that systems lend to outgoing connections, so that none of those takes a port between choice and use.
_FREE_PORTS = range(20_000, 32_000)


class PortTakenError(RuntimeError):
    """A port that is needed is in use; the message says by whom it is needed and what to do."""


def listen(name: str, port: int) -> socket.socket:
    """A socket that listens on a loopback port (0 = any free one), to be handed to the service `name`.

    It listens already: two sockets may share a port until one of them does, so binding alone proves nothing.
    """
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((LOOPBACK, port))
        opened.listen(2048)
    except OSError as problem:
        opened.close()
        raise _explained(problem, name, port) from problem
    return opened


def require_free(name: str, port: int) -> None:
    """Raise PortTakenError unless a program could listen on this loopback port."""
    listen(name, port).close()


def free_port() -> int:
    """A loopback port that nothing listens on now."""
    for port in random.sample(_FREE_PORTS, 200):
        try:
            require_free("any", port)
        except PortTakenError:
            continue
        return port
    raise PortTakenError(f"No free port was found between {_FREE_PORTS.start} and {_FREE_PORTS.stop}.")


def _explained(problem: OSError, name: str, port: int) -> Exception:
    if problem.errno == errno.EADDRINUSE:
        return PortTakenError(
            f"Port {port}, wanted for {name}, is taken. See who has it with `ss -ltnp 'sport = :{port}'` and stop "
            f"that, or choose another port for {name}: `--port {name}=0` takes any free one."
        )
    if problem.errno == errno.EACCES:
        return PortTakenError(f"Port {port}, wanted for {name}, needs more rights than we have. Choose one above 1023.")
    return problem
