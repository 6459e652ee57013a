"""Makes the builders beside this file importable from every test of this service."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
