"""Runs a stack of stand-ins in the foreground, as `up` does, for tests that stop or kill it from outside.

python run_stack.py STATE SERVICE...
"""

import asyncio
import sys
from pathlib import Path

from connective.local.control import run_until_told
from connective.local.services import PORTS, Service
from connective.local.stack import Stack


async def main(folder: Path, names: list[str]) -> None:
    script = str(Path(__file__).with_name("stand_in.py"))
    services = [Service(name, (sys.executable, script, name)) for name in names]
    await run_until_told(Stack(folder, services=services, ports=dict.fromkeys(PORTS, 0)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2:]))
