"""An answer written once: plain values to JSON, without a model made and read again on the way."""

from typing import Any

import pydantic_core
from fastapi import Response

JSON = "application/json"


def json_answer(content: Any) -> Response:  # noqa: ANN401 - whatever the route's `response_model` describes
    """Plain values as the JSON that a model of them would be.

    The route's `response_model` still describes the answer, and a test holds the two against each other: FastAPI does
    not, because it takes a response as it is.
    """
    return Response(pydantic_core.to_json(content), media_type=JSON)
