"""Where reference data are, and the parts of the product that many tests read with."""

import os
from pathlib import Path

import pytest

from connective.partners.storage.postcodes import PostcodeDirectory, packaged_directory

_ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of third-party reference files, which the repository does not hold."""
    folder = Path(os.environ.get("REFERENCE_DATA", _ROOT / ".." / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("reference data are not here: set REFERENCE_DATA to their folder to run this test")
    return folder


@pytest.fixture(scope="session")
def postcodes() -> PostcodeDirectory:
    """The packaged postcode directory; letters stay read for the whole session."""
    return packaged_directory()
