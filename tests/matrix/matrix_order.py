"""In which order the matrix asks its operations, so that none spoils the sample of another."""

from matrix_operations import Operation

LAST = (
    *("sign", "resolve", "lift", "use", "cancel", "decline", "hold", "release"),
    *("withdraw", "match", "close", "revoke", "disable", "end"),
    "sessions",
    *("suspend", "reinstate", "terminate"),
)
"""Verbs that close a record for what follows, and those that open it again: their operations come last, like this.

Whom the partners suspend, the gateway refuses as soon as it is told, and until it is told of the reinstatement: so
nothing is asked of the gateway after these. Before them everybody ends what they have open elsewhere (`/me/sessions`).
"""


def in_order(operations: list[Operation]) -> list[Operation]:
    """Readings first, what closes a record last."""

    def key(operation: Operation) -> tuple[bool, int, str]:
        verb = operation.path.rsplit("/", 1)[-1]
        return operation.method not in {"GET", "HEAD"}, LAST.index(verb) + 1 if verb in LAST else 0, operation.name

    return sorted(operations, key=key)
