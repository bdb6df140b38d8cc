"""Imported postcodes on this machine: where they lie, how they get there as a whole, and how they are used.

The folder is ``SCHAKEL_DATA`` where that is set, else ``schakel`` in ``XDG_DATA_HOME`` or ``~/.local/share`` (on
Windows in ``LOCALAPPDATA``). The file holds the areas and where they come from, nothing about people.
"""
from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from api.errors import Refused, WrongUsage
from features.geography import use_postcodes
from features.postcodes import Area, OwnPostcodes

FILE = "postcodes.json"
_seen: dict[Path, tuple[int, int]] = {}  # size and time of the file in use


def data_folder() -> Path:
    """Return the folder for what somebody imported on this machine; it need not exist."""
    given = os.environ.get("SCHAKEL_DATA")
    if given:
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "schakel"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "schakel"


def save(own: OwnPostcodes, about: dict[str, Any]) -> Path:
    """Keep imported postcodes in place of earlier ones, as a whole or not at all; return the file.

    Raises
    ------
    WrongUsage
        If the folder cannot be made or written.
    """
    place = data_folder() / FILE
    areas = [[area.digits, area.municipality, area.latitude, area.longitude] for area in own.areas]
    body = {"format": 1, "source": own.source, "digest": own.digest, **about, "areas": areas}
    fresh: Path | None = None
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{FILE}-", dir=place.parent)
        fresh = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(body, stream, ensure_ascii=False, separators=(",", ":"))
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(place)
    except OSError as error:
        raise WrongUsage(f"{place}: {error.strerror}") from None
    finally:
        if fresh is not None:
            fresh.unlink(missing_ok=True)
    return place


def remove() -> Path | None:
    """Forget what was imported; return the file that went, None where there was none."""
    place = data_folder() / FILE
    if not place.exists():
        return None
    place.unlink()
    deactivate()
    return place


def deactivate() -> None:
    """Use the built-in table alone until the next `activate`."""
    _seen.clear()
    use_postcodes(None)


def activate() -> None:
    """Use what was imported on this machine, or the built-in table alone; called before anything is located.

    Raises
    ------
    Refused
        If the file is damaged: a wrong place would be worse than none.
    """
    place = data_folder() / FILE
    try:
        about = place.stat()
    except OSError:
        deactivate()
        return
    mark = (about.st_size, about.st_mtime_ns)
    if _seen.get(place) != mark:
        use_postcodes(_load(place))
        _seen.clear()
        _seen[place] = mark


def _load(place: Path) -> OwnPostcodes:
    try:
        body = json.loads(place.read_text(encoding="utf-8"))
        own = OwnPostcodes(tuple(Area(*area) for area in body["areas"]), body["source"])
        if body["format"] != 1 or own.digest != body["digest"]:
            raise ValueError(place.name)
    except (OSError, ValueError, KeyError, TypeError):
        raise Refused(
            f"{place}: the imported postcodes are damaged. Import them again with `schakel geo import FILE`, or go "
            "back to the built-in ones with `schakel geo import --undo`."
        ) from None
    return own
