"""Files as they come in: from a disk, or as bytes with a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from api.bsn import mask
from api.errors import WrongUsage
from api.files.headers import near_header, words_of
from api.files.sheets import FILES, MOST_BYTES, Limits, Sheet, UnusableError
from api.schemas.columns import KINDS, plain


@dataclass(frozen=True, slots=True)
class Source:
    """A file's base name and its bytes; its sheets are kept with it once they were opened, or why it has none.

    ``limits`` say how long and wide a list may be where it is handed in; with ``apart`` a heavy one is opened in a
    process of its own (`api.files.apart`).
    """

    name: str
    data: bytes
    opened: list[Sheet] = field(default_factory=list, repr=False, compare=False)
    refused: list[UnusableError] = field(default_factory=list, repr=False, compare=False)
    limits: Limits = FILES
    apart: bool = False


def sources_of(files: Path | Source | Sequence[Path | Source]) -> list[Source]:
    """Return the files with their bytes.

    Raises
    ------
    WrongUsage
        If a file does not exist or may not be read.
    """
    if isinstance(files, (Path, Source)):
        files = [files]
    return [file if isinstance(file, Source) else _load(file) for file in files]


def parse_columns(options: Sequence[str]) -> dict[str, str]:
    """Return header -> field, both as given, of ``--column "HEADER=field"`` options.

    Raises
    ------
    WrongUsage
        If an option has no ``=``, an empty header, or a field that no list has.
    """
    found: dict[str, str] = {}
    for option in options:
        header, mark, name = option.rpartition("=")
        if not mark or not plain(header):
            raise WrongUsage(f'--column "{mask(option)}": write "HEADER=field", with the header as in the file.')
        found[header.strip()] = name.strip()
    field_columns(found, "leavers")
    return found


def field_columns(columns: Mapping[str, str], kind: str) -> dict[str, str]:
    """Return header in plain form -> field of this kind of list, of ``--column "HEADER=field"`` options.

    A field may be named by any header we know for it, Dutch or English. Fields of another list are left out.

    Raises
    ------
    WrongUsage
        If a field is one that no list has.
    """
    found = {}
    for header, name in columns.items():
        word = plain(name)
        if not any(word in words_of(other) for other in KINDS):
            near = next((close for other in KINDS if (close := near_header(word, other))), None)
            hint = f" Did you mean {near}?" if near else ""
            raise WrongUsage(
                f'--column "{mask(header)}={mask(name)}": no list has a field "{mask(name)}".{hint} '
                "`schakel template leavers`, `vacancies` and `decisions` show the fields."
            )
        if word in words_of(kind):
            found[plain(header)] = words_of(kind)[word]
    return found


def check_columns(columns: Mapping[str, str], named: frozenset[str]) -> None:
    """Refuse a ``--column`` whose header is in none of the files.

    Raises
    ------
    WrongUsage
        If there is one; ``named`` are the headers that were found, in plain form.
    """
    for header, name in columns.items():
        if plain(header) not in named:
            raise WrongUsage(f'--column "{mask(header)}={name}": none of the files has a column "{mask(header)}".')


def _load(path: Path) -> Source:
    try:
        with path.open("rb") as stream:
            return Source(path.name, stream.read(MOST_BYTES + 1))
    except FileNotFoundError:
        raise WrongUsage(f"{path}: there is no such file.") from None
    except OSError as error:
        raise WrongUsage(f"{path}: the file cannot be read ({error.strerror}).") from None
