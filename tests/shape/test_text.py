"""What must not stand in any file: places of one machine, hosts of one network, unfinished work, unexplained silence.

The patterns are spelt so that this file does not hold what it looks for.
"""

import re
from pathlib import Path

MACHINE_PATHS = re.compile(r"(?<![\w.-])/(?:wor[k]|roo[t]|User[s]|hom[e]/\w+)(?:/|\b)(?!\w)")
# Names of package indexes, and the addresses by which one is reached.
REGISTRY_HOSTS = re.compile(
    r"pyp[i]\.org|pythonhoste[d]\.org|npmj[s]\.(?:org|com)|proxy\.golan[g]|artifactor[y]|-index-ur[l][= ]"
    r"|fin[d]-links[= ]"
)
UNFINISHED = re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b|NotImplemente[d]")
SILENCED = re.compile(r"#\s*(?:noq[a]|type:\s*ignor[e])")
# A code, a dash and a reason; for mypy the reason is a comment of its own, because it reads the first one to its end.
REASONED = re.compile(r"#\s*noq[a]: [A-Z0-9, ]+ - \S+|#\s*type:\s*ignor[e]\[[a-z, -]+\]\s+# \S+")
PRIVATE_KEY = re.compile(r"-----BEGI[N] [A-Z ]*PRIVATE KEY-----|AKI[A][0-9A-Z]{16}|gh[p]_\w{30,}")
TELEPHONE = re.compile(r"(?<![\w+])0\d{4} ?\d{3} ?\d{3}(?!\w)")
DRAMA = re.compile(r"^(?:01632 ?960|07700 ?900)")

_TEXT = {
    ".py",
    ".md",
    ".toml",
    ".yaml",
    ".yml",
    ".txt",
    ".in",
    ".cfg",
    ".ini",
    ".conf",
    ".sh",
    ".sql",
    ".json",
    ".html",
    "",
}


def offences(files: list[Path], pattern: re.Pattern[str], suffixes: set[str] = _TEXT) -> list[str]:
    """Where the pattern stands, as `path:line: text`."""
    found = []
    for path in files:
        if path.suffix not in suffixes:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if match := pattern.search(line):
                found.append(f"{path}:{number}: {match[0]}")
    return found


def test_no_file_knows_a_machine(files: list[Path]) -> None:
    assert not offences(files, MACHINE_PATHS)


def test_no_file_knows_a_package_index(files: list[Path]) -> None:
    makefile = [path for path in files if path.name != "Makefile"]  # It names the options that leave the index out.
    assert not offences(makefile, REGISTRY_HOSTS)


def test_nothing_is_left_unfinished(files: list[Path]) -> None:
    assert not offences(files, UNFINISHED, {".py"})


def test_no_check_is_silenced_without_a_reason(python_files: list[Path]) -> None:
    silent = []
    for path in python_files:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if len(SILENCED.findall(line)) > len(REASONED.findall(line)):
                silent.append(f"{path}:{number}: {line.strip()}")
    assert not silent


def test_no_secret_is_kept_here(files: list[Path]) -> None:
    assert not offences(files, PRIVATE_KEY)


def test_telephone_numbers_are_nobodys(files: list[Path]) -> None:
    """Ofcom keeps ranges for drama: 01632 960 and 07700 900. Others could ring in somebody's home."""
    ours = [path for path in files if "requirements" not in path.parts]
    wrong = [each for each in offences(ours, TELEPHONE) if not DRAMA.match(each.rsplit(": ", 1)[1])]
    assert not wrong


def test_the_patterns_find_what_they_look_for() -> None:
    assert MACHINE_PATHS.search("see /" + "work/main")
    assert not MACHINE_PATHS.search("framework/main, net" + "/works")
    assert REGISTRY_HOSTS.search("https://py" + "pi.org/simple")
    assert SILENCED.search("x  # " + "noqa: S101")
    assert not REASONED.search("x  # " + "noqa: S101")
    assert REASONED.search("x  # " + "noqa: S101 - a wrong value is a programming error")
