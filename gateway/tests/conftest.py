"""Makes the helpers of these tests importable; their names are theirs alone, as all tests run in one process."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
