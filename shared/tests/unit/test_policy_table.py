"""The table of who may do what, as officers take it away."""

import csv
import io
import json
from pathlib import Path

from connective.contracts.policy_table import COLUMNS, write_table

DESCRIPTION = Path(__file__).parents[3] / "docs" / "openapi.json"


def test_every_operation_has_a_line_and_somebody_who_may() -> None:
    written = io.StringIO()
    write_table(json.loads(DESCRIPTION.read_text(encoding="utf-8")), written)
    rows = list(csv.DictReader(io.StringIO(written.getvalue())))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) > 100
    assert all(row["roles"] or row["scopes"] for row in rows if row["permission"])
    audit = next(row for row in rows if row["operation"].endswith("/audit/flows"))
    assert audit["roles"] == "auditor; dpo"
