"""Files as people attach them, honest and otherwise; made here, so that none of anybody's is in the repository."""

import io
import struct
import zipfile
import zlib

import pikepdf
from PIL import Image

EICAR = b"".join((rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$", b"EICAR-STANDARD-ANTIVIRUS", b"-TEST-FILE!$H+H*"))
GPS, MAKER, WHERE = 0x8825, 0x010F, "Canary Cameras"


def a_photograph(kind: str = "JPEG", size: tuple[int, int] = (64, 48)) -> bytes:
    """A picture that says where and with what it was taken, and is to be turned."""
    image = Image.new("RGB", size, (120, 90, 60))
    exif = Image.Exif()
    exif[MAKER] = WHERE
    exif[0x0112] = 6
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (51.0, 28.0, 38.0)
    out = io.BytesIO()
    extra = {"comment": WHERE.encode()} if kind == "JPEG" else {}
    image.save(out, kind, exif=exif.tobytes(), icc_profile=WHERE.encode() * 20, **extra)
    return out.getvalue()


def a_letter(**entries: object) -> bytes:
    """A PDF of one page with an author, a photograph inside, and whatever else its catalogue is given."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    picture = pikepdf.Stream(pdf, a_photograph())
    picture.Type, picture.Subtype, picture.Filter = (
        pikepdf.Name.XObject,
        pikepdf.Name.Image,
        pikepdf.Name.DCTDecode,
    )
    pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=pdf.make_indirect(picture)))
    pdf.docinfo["/Author"] = WHERE
    with pdf.open_metadata() as metadata:
        metadata["dc:creator"] = [WHERE]
    for name, value in entries.items():
        pdf.Root[f"/{name}"] = value
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def a_locked_letter() -> bytes:
    """The same, with a password."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(a_letter())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


def a_letter_that_acts(act: str = "/JavaScript") -> bytes:
    """A PDF that tells its viewer to do something."""
    action = pikepdf.Dictionary({"/S": pikepdf.Name(act), "/JS": pikepdf.String("app.alert(1)")})
    return a_letter(OpenAction=action)


def a_bomb() -> bytes:
    """A picture of a few kilobytes that unpacks to 900 million pixels."""
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    return out.getvalue()


def a_chunk(name: bytes, content: bytes) -> bytes:
    """One part of a PNG, with the sum that makes it believed."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def a_png(width: int, height: int, *parts: bytes, pixels: bytes = b"") -> bytes:
    """A PNG that says how large it is, whatever comes after."""
    head = a_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(parts) + a_chunk(b"IDAT", pixels) + a_chunk(b"IEND", b"")


def a_packed_bomb() -> bytes:
    """A ZIP, as office documents are, of five kilobytes that unpacks to five million."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", bytes(5_000_000))
    return out.getvalue()


def a_moving_picture(kind: str) -> bytes:
    """Four frames."""
    out = io.BytesIO()
    frames = [Image.new("RGB", (40, 30), (at * 40, 0, 0)) for at in range(4)]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


def a_letter_with_a_packed_photograph(*filters: str) -> bytes:
    """A PDF whose photograph, with its place, names the ways it is packed in a list; two of them hide the place."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    content = a_photograph() if len(filters) == 1 else zlib.compress(a_photograph())
    picture = pikepdf.Stream(pdf, content, Width=64, Height=48, BitsPerComponent=8, ColorSpace=pikepdf.Name.DeviceRGB)
    picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    picture.Filter = pikepdf.Array([pikepdf.Name(each) for each in filters])
    pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=pdf.make_indirect(picture)))
    out = io.BytesIO()
    pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


NOT_TAKEN = {
    "nothing": b"",
    "a program": b"MZ\x90\0" * 50,
    "a library": b"\x7fELF" + bytes(60),
    "an office document that unpacks to millions": a_packed_bomb(),
    "a GIF": a_moving_picture("GIF"),
    "a GIF that is a script": b"GIF89a/*" + bytes(10) + b"*/=1;alert(1)",
    "a TIFF": a_photograph("TIFF"),
    "a HEIC": b"\0\0\0\x18ftypheic" + bytes(80),
    "a gzip": b"\x1f\x8b\x08" + bytes(30),
    "a RAR": b"Rar!\x1a\x07\0",
    "a page that holds a PDF": b"<html>" + a_letter(),
    "a page in UTF-16": "<html>".encode("utf-16"),
    "text with a zero": b"Dear all\0",
    "what moves a terminal's cursor": b"\x1b]0;x\x07",
    "bytes": bytes(range(256)),
}
"""Refused as it comes, by its beginning: none of it is stored."""
TAKEN_AS_TEXT = {
    "a drawing that acts": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a page": b"<!DOCTYPE html><script>alert(1)</script>",
    "a letter with parts": b"MIME-Version: 1.0\nContent-Type: text/html\n\n<script>",
    "PostScript": b"%!PS-Adobe-3.0\n",
}
"""Taken as the text that it is: saved as text/plain in a sandbox under a name that ends in .txt, never shown."""
