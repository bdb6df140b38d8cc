"""Style, scripts and pictures: few files, read once, under an address that changes with their content.

A file that changed has another address, so browsers may keep what they have for a year. Only files that were there at
the start are known; an address is never a path on the disk.
"""
from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, url_for

from api.web.access import ANYBODY, access
from api.web.problems import not_found

blueprint = Blueprint("static_files", __name__)
FOLDER = Path(__file__).resolve().parent.parent / "static"
_TEXT = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is served."""

    content: bytes
    digest: str
    kind: str


@cache
def files() -> dict[str, File]:
    """Every file, by name."""
    found = {}
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            kind = _TEXT.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            found[path.relative_to(FOLDER).as_posix()] = File(content, hashlib.sha256(content).hexdigest()[:12], kind)
    return found


@blueprint.get("/static/<digest>/<path:name>")
@access(ANYBODY)
def file(digest: str, name: str) -> Response:
    """A file."""
    found = files().get(name)
    if found is None or found.digest != digest:
        raise not_found()
    return Response(found.content, content_type=found.kind)


def address(name: str) -> str:
    """The address of a file as it is now."""
    return url_for("static_files.file", digest=files()[name].digest, name=name)
