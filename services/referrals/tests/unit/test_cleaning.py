"""Files made anew: what they carried unseen is gone; what acts, is locked or is broken is refused."""

import io

import pikepdf
import pytest
from attached_files import (
    EICAR,
    WHERE,
    a_bomb,
    a_letter,
    a_letter_that_acts,
    a_locked_letter,
    a_photograph,
)
from PIL import Image

from connective.referrals.clients.cleaning.kinds import kind_of
from connective.referrals.clients.cleaning.making_anew import made_anew
from connective.referrals.domain.attachments import Flaw, Flawed, Kind, plain_name


def test_a_kind_is_told_by_the_content_alone() -> None:
    taken = {
        Kind.JPEG: a_photograph(),
        Kind.PNG: a_photograph("PNG"),
        Kind.WEBP: a_photograph("WEBP"),
        Kind.PDF: a_letter(),
        Kind.TEXT: "Mrs Ó Súilleabháin rang.\r\n".encode(),
    }
    assert {kind: kind_of(content[:8192]) for kind, content in taken.items()} == {kind: kind for kind in taken}
    for hostile in (
        b"",
        b"MZ\x90\0" + bytes(200),
        b"PK\x03\x04" + bytes(100),
        b"\x7fELF" + bytes(60),
        b"a\0b",
        b"\xff",
    ):
        assert kind_of(hostile) is None, hostile
    # Text in whatever language is text, and is only ever saved as such.
    assert kind_of(b"<svg onload=alert(1)>") is Kind.TEXT
    assert kind_of(EICAR) is Kind.TEXT


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_keeps_its_pixels_and_nothing_else(kind: str) -> None:
    made = made_anew(a_photograph(kind), Kind(kind.lower()))
    assert WHERE.encode() not in made
    assert b"Exif" not in made
    assert b"eXIf" not in made
    with Image.open(io.BytesIO(made)) as image:
        assert (image.format, image.size) == (kind, (48, 64)), "turned as the camera said"
        assert not dict(image.getexif())
        assert not {"exif", "icc_profile", "comment", "xmp"} & set(image.info)


def test_a_letter_loses_who_wrote_it_and_where_its_photograph_was_taken() -> None:
    content = a_letter()
    assert content.count(WHERE.encode()) > 0
    made = made_anew(b"<script>" + content + b"<html>trailing", Kind.PDF)
    assert WHERE.encode() not in made
    assert made.startswith(b"%PDF-")
    assert b"<script>" not in made
    assert b"trailing" not in made
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert len(pdf.pages) == 1
        assert "/Metadata" not in pdf.Root
        image = pdf.pages[0].Resources.XObject.Im0
        assert WHERE.encode() not in image.read_raw_bytes()
        with Image.open(io.BytesIO(image.read_raw_bytes())) as photograph:
            assert photograph.size == (64, 48)


def test_what_is_refused_and_why() -> None:
    inside = pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=pikepdf.Array([])))
    acting = pikepdf.Dictionary(XFA=pikepdf.String("x"))
    refused = {
        "a lock": (a_locked_letter(), Kind.PDF, Flaw.ENCRYPTED),
        "a script": (a_letter_that_acts(), Kind.PDF, Flaw.ACTIVE_CONTENT),
        "a program": (a_letter_that_acts("/Launch"), Kind.PDF, Flaw.ACTIVE_CONTENT),
        "a file inside": (a_letter(Names=inside), Kind.PDF, Flaw.ACTIVE_CONTENT),
        "a form that acts": (a_letter(AcroForm=acting), Kind.PDF, Flaw.ACTIVE_CONTENT),
        "half a letter": (a_letter()[:200], Kind.PDF, Flaw.NOT_READABLE),
        "a bomb": (a_bomb(), Kind.PNG, Flaw.TOO_MANY_PIXELS),
        "half a picture": (a_photograph()[:400], Kind.JPEG, Flaw.NOT_READABLE),
        "a picture of another kind": (a_photograph("PNG"), Kind.JPEG, Flaw.NOT_READABLE),
        "text that ends as a program": (b"Dear all" * 2000 + b"\x7fELF\0", Kind.TEXT, Flaw.NOT_READABLE),
        "nothing": (b"", Kind.JPEG, Flaw.NOT_READABLE),
    }
    found = {}
    for name, (content, kind, _) in refused.items():
        with pytest.raises(Flawed) as caught:
            made_anew(content, kind)
        found[name] = caught.value.flaw
    assert found == {name: flaw for name, (_, _, flaw) in refused.items()}


def test_a_name_is_no_path_and_turns_no_reading() -> None:
    typed = {
        "../../etc/passwd": "passwd",
        "C:\\Users\\me\\EHCP letter.pdf": "EHCP letter.pdf",
        "photo\u202egpj.exe": "photogpj.exe",
        "a\r\nSet-Cookie: x=1": "aSet-Cookie: x=1",
        "..": "attachment",
        "\u200b": "attachment",
        "Zo\u0065\u0301.pdf": "Zo\u00e9.pdf",
        "x" * 300: "x" * 120,
    }
    assert {name: plain_name(name) for name in typed} == typed
