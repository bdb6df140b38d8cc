"""What kind of file some bytes are, and text from bytes: UTF-8, UTF-16 and Windows-1252, with or without a mark."""

from __future__ import annotations

import codecs
import re

from api.files.sheets import MOST_BYTES, SIZE, unreadable

_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BINARY = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"{\\rtf",
    b"\x7fELF",
    b"MZ\x90",
)
_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|table|meta|\?xml|!--|[a-z]+:|workbook|style|div)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def kind_of_bytes(data: bytes, name: str) -> str:
    """Return xlsx, json or csv.

    Raises
    ------
    UnusableError
        If the bytes are something else: too many, an old or locked spreadsheet, a PDF.
    """
    if len(data) > MOST_BYTES:
        raise unreadable(f"{len(data) / 1024**2:.1f} MB", "too_big", expected=SIZE)
    if data.startswith(_OLE):
        raise unreadable("xls", "encrypted" if _ENCRYPTED in data else "old_excel")
    if data.startswith(_BINARY):
        raise unreadable(name, "binary")
    if data.startswith(_ZIP):
        return "xlsx"
    ending = name.lower().rpartition(".")[2]
    if ending == "json":
        return "json"
    if ending in ("xlsx", "xlsm") and not data.strip(b"\0 \r\n\t"):
        raise unreadable(name, "corrupt")
    first = data.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")[:1]
    return "json" if first in (b"[", b"{") and ending not in ("csv", "tsv", "txt") else "csv"


def decode(data: bytes, name: str) -> str:
    """Return the text of a text file.

    Without a byte order mark UTF-16 is seen by its zero bytes. Text that is not UTF-8 is Windows-1252, line by
    line, so that a file pasted together of both is read as well.

    Raises
    ------
    UnusableError
        If the bytes are no text, or text of a web page.
    """
    text = _decode(data)
    if _MARKUP.match(text[:200]):
        raise unreadable("HTML", "html")
    if _CONTROL.search(text) or "\ufffe" in text:
        raise unreadable(name, "binary")
    return text.removeprefix("\ufeff")


def _decode(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    wide = _utf16_without_mark(data)
    if wide:
        return data[: len(data) // 2 * 2].decode(wide, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(_line(line) for line in data.splitlines(keepends=True))


def _line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def _utf16_without_mark(data: bytes) -> str:
    """Text in our alphabet has a zero in every other byte of UTF-16; which one tells the byte order."""
    head = data[:4000]
    if len(head) < 4:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) / 2
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 * half and odd < 0.1 * half else ""
