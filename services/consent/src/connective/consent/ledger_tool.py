"""`connective-ledger`: check an exported ledger on any machine, without a database, a broker or the Hub."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from connective.consent.domain.export_check import Kept, Report, check
from connective.consent.domain.export_format import Damaged
from connective.consent.domain.signed_notes import fingerprint, read_keys, read_notes

WHOLE, TAMPERED, UNREADABLE = 0, 1, 2
"""Exit codes: nothing altered; a fault was found and named; a file cannot be read, or wrong usage."""
_EPILOG = """
Exit codes: 0 nothing was altered; 1 a fault was found and is named; 2 a file cannot be read, or wrong usage.

Without a checkpoint that you kept yourself, only changes that its maker did not sign anew are found: give every one
you have. Without --key the keys are those of the file, or of your checkpoints: compare the fingerprint.
"""


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    top = argparse.ArgumentParser("connective-ledger", description=__doc__, epilog=_EPILOG, formatter_class=raw)
    verbs = top.add_subparsers(dest="verb", required=True)
    verify = verbs.add_parser("verify", help="check an export", epilog=_EPILOG, formatter_class=raw)
    verify.add_argument("file", type=Path, help="what GET /api/v1/ledger/export answered")
    more: dict[str, Any] = {"action": "append", "default": [], "type": Path, "metavar": "FILE"}
    verify.add_argument("--checkpoint", help="checkpoints you kept (as the API answers them); may be repeated", **more)
    verify.add_argument("--key", help="the ledger's public key (JWK or JWKS), handed over apart from the file", **more)
    verify.add_argument("--json", action="store_true", help="answer in JSON, for programs")
    return top


def run(arguments: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Check one file; answers the exit code."""
    try:
        kept = [Kept(path.name, note) for path in arguments.checkpoint for note in read_notes(_text(path))]
        keys = [key for path in arguments.key for key in read_keys(_text(path))]
        with arguments.file.open("rb") as lines:
            report = check(lines, kept, keys)
    except (OSError, Damaged, ValueError) as error:
        err.write(f"connective-ledger: {error}\n")
        return UNREADABLE
    out.write((json.dumps(_document(report)) if arguments.json else _words(report)) + "\n")
    return TAMPERED if report.fault else WHOLE


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _document(report: Report) -> dict[str, Any]:
    """What both verifiers answer under --json, member for member."""
    fault = report.fault
    return {
        "whole": fault is None,
        "place_id": str(report.header.place_id),
        "size": report.size,
        "root": report.root.hex(),
        "checkpoints": report.checkpoints,
        "signed_size": report.signed_size,
        "kept": report.kept,
        "fault": fault and {"code": fault.code, "first": fault.first, "last": fault.last, "entry_id": fault.entry_id},
    }


def _words(report: Report) -> str:
    header = report.header
    lines = [
        f"Ledger of place {header.place_id}, exported {header.exported_at:%Y-%m-%d %H:%M:%S} UTC",
        f"  entries      {report.size:,} of {header.size:,} are what was sealed, in their order",
        f"  tree         rebuilt from them (RFC 6962): root {report.root.hex()}",
        f"  checkpoints  {report.checkpoints:,} in the file hold; the newest covers {report.signed_size:,} entries",
        f"  yours        {report.kept:,} that you kept hold"
        + ("" if report.kept else ": give some with --checkpoint, or a log rewritten as a whole goes unnoticed"),
    ]
    lines += [f"  key          {kid}, fingerprint {fingerprint(key)}" for kid, key in report.used_keys.items()]
    fault = report.fault
    if fault is None:
        after = report.size - report.signed_size
        lines.append(f"WHOLE: nothing was altered, removed, added or moved{_tail(after)}.")
    else:
        where = f" (id {fault.entry_id})" if fault.entry_id else ""
        lines.append(f"NOT WHOLE: {fault.sentence}{where} [{fault.code}]")
    return "\n".join(lines)


def _tail(after: int) -> str:
    return f"; the last {after:,} entries are under no checkpoint yet" if after else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; answers its exit code."""
    return run(_parser().parse_args(arguments), sys.stdout, sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
