"""Whether a PDF can be read aloud: what PDF/UA-1 (ISO 14289-1) asks and a program can see, by another's parser.

Seen to: the catalogue's promises, the title and language, the tree of tags (headings without a gap, tables of rows and
cells, pictures with words), text only within tags, fonts that carry their letters, pages that follow the tree. Whether
words for a picture are good words, and the contrast of its colours, people have to judge.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream, DictionaryObject

_SHOWS_TEXT = {b"Tj", b"TJ", b"'", b'"'}
_ROWS = {"/TR", "/THead", "/TBody", "/TFoot", "/Caption"}


def accessibility_faults(pdf: bytes) -> list[str]:
    """What is wrong, in words; empty for a paper that keeps the rules."""
    reader = PdfReader(BytesIO(pdf), strict=True)
    elements = list(_elements(reader.trailer["/Root"].get("/StructTreeRoot")))
    return [*_of_the_catalogue(reader), *_of_the_tree(elements), *_of_the_pages(reader)]


def _of_the_catalogue(reader: PdfReader) -> Iterator[str]:
    root = reader.trailer["/Root"]
    if not _true(root.get("/MarkInfo", {}).get("/Marked")):
        yield "it does not say that it is tagged"
    if _true(root.get("/MarkInfo", {}).get("/Suspects")):
        yield "its tags are suspect"
    if root.get("/Lang") != "en-GB":
        yield f"its language is {root.get('/Lang')}"
    if not _true(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle")):
        yield "its window would be named after the file"
    if not (reader.metadata and reader.metadata.title):
        yield "it has no title"
    if "/ParentTree" not in root.get("/StructTreeRoot", {}):
        yield "its pages do not find their tags"
    if reader.is_encrypted:
        yield "it is encrypted"
    if b"pdfuaid:part" not in root["/Metadata"].get_data():
        yield "it does not claim PDF/UA"


def _true(value: Any) -> bool:
    """The parser's own booleans are objects, all of them true to Python."""
    return bool(getattr(value, "value", value))


def _elements(node: Any, level: int = 0) -> Iterator[DictionaryObject]:
    """The elements of the tree in reading order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            yield from _elements(each, level)
    elif isinstance(node, dict):
        if "/S" in node and node.get("/Type") not in {"/MCR", "/OBJR"}:
            yield DictionaryObject(node)
        if "/K" in node:
            yield from _elements(node["/K"], level + 1)


def _children(element: DictionaryObject) -> list[str]:
    kids = element.get("/K", [])
    found = [each.get_object() for each in (kids if isinstance(kids, list) else [kids])]
    return [each["/S"] for each in found if isinstance(each, dict) and "/S" in each]


def _of_the_tree(elements: list[DictionaryObject]) -> Iterator[str]:
    kinds = [str(element["/S"]) for element in elements]
    if "/Document" not in kinds:
        yield "its tree has no document"
    level = 0
    for kind in (each for each in kinds if each[:2] == "/H" and each[2:].isdigit()):
        if int(kind[2:]) > level + 1:
            yield f"a heading {kind} follows level {level}"
        level = int(kind[2:])
    if not level:
        yield "it has no headings"
    for element, kind in zip(elements, kinds, strict=True):
        if kind == "/Figure" and not element.get("/Alt"):
            yield "a picture has no words"
        if kind == "/Table" and not set(_children(element)) <= _ROWS:
            yield f"a table holds {_children(element)}"
        if kind == "/TR" and not set(_children(element)) <= {"/TH", "/TD"}:
            yield f"a row holds {_children(element)}"
    if "/Table" in kinds and "/TH" not in kinds:
        yield "no table has a heading for its columns or rows"


def _of_the_pages(reader: PdfReader) -> Iterator[str]:
    for number, page in enumerate(reader.pages, 1):
        if "/StructParents" not in page:
            yield f"page {number} does not find its tags"
        if "/Annots" in page and page.get("/Tabs") != "/S":
            yield f"on page {number} the tab key does not follow the tree"
        depth = 0
        for _, operator in ContentStream(page.get_contents(), reader).operations:
            depth += (operator in {b"BDC", b"BMC"}) - (operator == b"EMC")
            if operator in _SHOWS_TEXT and depth < 1:
                yield f"page {number} shows text outside of every tag"
                break
        for font in page["/Resources"].get("/Font", {}).values():
            if "/ToUnicode" not in font.get_object():
                yield f"page {number} has a font that does not say its letters"
