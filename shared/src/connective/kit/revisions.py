"""Which revision of its database a release knows: told by the files it carries, without loading what migrates."""

from functools import cache
from importlib.resources import files
from pathlib import Path


def script_location(service: str) -> Path:
    """The folder of a service's migrations, inside its package."""
    return Path(str(files(f"connective.{service}").joinpath("migrations")))


@cache
def head_revision(service: str) -> str:
    """The newest revision that the package carries; LookupError where it has none.

    Each file's name begins with its revision, in the order of the one chain (a test of the repository's shape sees to
    it): asking Alembic would load it, and execute every migration, each time somebody asks whether a service is ready.
    """
    names = [path.name for path in (script_location(service) / "versions").glob("[0-9]*.py")]
    if not names:
        raise LookupError(f"{service} has no migrations")
    return max(names).split("_", 1)[0]
