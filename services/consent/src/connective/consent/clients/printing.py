"""Agreements on paper: PDF/UA-1, tagged, and the same bytes for the same agreement, by the Typst typesetter.

The wheel carries its fonts, so nothing of the machine enters the paper. Data go in as one JSON document, never as
markup.
"""

import asyncio
import json
from datetime import datetime
from importlib.resources import files
from threading import Lock
from typing import Any

import typst

from connective.kit.problems import Unavailable

_TEMPLATE = files("connective.consent").joinpath("data/print/agreement.typ").read_bytes()
_ONE_AT_A_TIME = Lock()
"""Typesetting takes a core; two at once would take both from those who decide."""
_SECONDS = 20.0


def typeset(data: dict[str, Any], stamp: datetime) -> bytes:
    """The PDF of these data. `stamp` is the instant it claims to be made at: the agreement's last change."""
    with _ONE_AT_A_TIME:
        made = typst.compile(
            _TEMPLATE,
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=int(stamp.timestamp()),
            ignore_system_fonts=True,
        )
    assert isinstance(made, bytes)  # noqa: S101 - one PDF is one sequence of bytes
    return made


async def print_pdf(data: dict[str, Any], stamp: datetime) -> bytes:
    """The same beside the event loop. Raises Unavailable when many wait for the typesetter."""
    try:
        return await asyncio.wait_for(asyncio.to_thread(typeset, data, stamp), _SECONDS)
    except TimeoutError:
        raise Unavailable("Too much is being printed at the moment: ask again shortly.", retry_after=10) from None
