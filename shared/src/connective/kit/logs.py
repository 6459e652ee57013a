"""Logs of ids and codes: a field that is not on the list is dropped, so that people's words stay in the database."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from connective.kit.context import current_trace

ALLOWED_FIELDS = frozenset(
    {
        "attempt",
        "backlog",
        "batch",
        "client_id",
        "code",
        "consumer",
        "count",
        "error",
        "event",
        "event_id",
        "job",
        "level",
        "lag_ms",
        "method",
        "operation",
        "peer",
        "port",
        "request_id",
        "route",
        "service",
        "state",
        "status",
        "subject",
        "timestamp",
        "took_ms",
        "version",
    }
)
"""Every field a log line may have: identifiers, codes, counts and durations. `error` is an exception's class name."""


def _only_allowed(_: object, __: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: value for name, value in fields.items() if name in ALLOWED_FIELDS}


def _with_request(_: object, __: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    found = current_trace.get()
    if found is not None:
        fields.setdefault("request_id", found.request_id)
    return fields


def configure(service: str, level: str = "INFO") -> None:
    """Set up one JSON line per event on standard output, and keep libraries that print tokens or rows quiet."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _with_request,
            _only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        # Without a file it looks standard output up when it writes, so that it follows whoever redirects it.
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.clear_contextvars()
    logging.basicConfig(stream=sys.stdout, level=logging.WARNING, format="%(levelname)s %(name)s", force=True)
    for name in ("authlib", "sqlalchemy", "nats", "asyncio", "uvicorn", "httpx"):
        logging.getLogger(name).setLevel(logging.WARNING)
    log().info("logging", service=service)


def log() -> structlog.typing.FilteringBoundLogger:
    """The logger of this process."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return logger
