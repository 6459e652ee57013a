"""What the tests of the system's shape look at: the files of the repository, as they would be committed."""

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

ROOT = Path(__file__).resolve().parents[2]
_NOT_OURS = {".git", ".venv", ".state", "build", "node_modules", "__pycache__"}


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def files() -> list[Path]:
    """Every file that is tracked or about to be. Without git (an unpacked archive) every file but caches."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607 - git is where the developer has it
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split("\0")
        found = [ROOT / name for name in listed if name]
    except (OSError, subprocess.CalledProcessError):
        found = [path for path in ROOT.rglob("*") if not _NOT_OURS & set(path.relative_to(ROOT).parts)]
    return sorted(path for path in found if path.is_file())


@pytest.fixture(scope="session")
def python_files(files: list[Path]) -> list[Path]:
    return [path for path in files if path.suffix == ".py"]


@pytest.fixture(scope="session")
def source_files(python_files: list[Path]) -> list[Path]:
    """The product's own code: neither tests nor migrations, which are read once and never grow."""
    return [
        path
        for path in python_files
        if "tests" not in path.relative_to(ROOT).parts and "versions" not in path.relative_to(ROOT).parts
    ]
