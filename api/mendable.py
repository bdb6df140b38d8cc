"""What went wrong outside this program, and who runs it can mend: one sentence that says what, where and what to do.

It is made from the kind of an error and the place alone. The words of a database may hold what somebody entered.
"""
from __future__ import annotations

import errno
import traceback
from pathlib import Path

from api.errors import Refused, ServiceError, WrongUsage

_PACKAGE = Path(__file__).resolve().parent
_NOT_THERE = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG)
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
_SETTINGS = "SCHAKEL_DATA_DIR and SCHAKEL_DATABASE_URL"
_SQLITE: tuple[tuple[str, type[ServiceError], str], ...] = (
    ("SQLITE_CANTOPEN", WrongUsage,
     f"this file cannot be opened. Is its folder there, and yours to write in? See {_SETTINGS}."),
    ("SQLITE_NOTADB", WrongUsage, f"this is no database of SQLite. See {_SETTINGS}; nothing was changed."),
    ("SQLITE_READONLY", WrongUsage, "this file, or its folder, is not yours to write in."),
    ("SQLITE_FULL", Refused, "the disk is full. Make room; nothing was kept."),
    ("SQLITE_IOERR", Refused, "the disk does not read or write. Look at it, and make room; nothing was kept."),
    ("SQLITE_BUSY", Refused, "another program holds this file. End it, or try again."),
    ("SQLITE_CORRUPT", Refused, "this file is damaged. Put a backup back (`schakel db restore`) into a new one."),
)  # fmt: skip
_POSTGRES: tuple[tuple[str, type[ServiceError], str], ...] = (
    ("28", WrongUsage, "it does not let this user in. See user and password in SCHAKEL_DATABASE_URL."),
    ("3D", WrongUsage, "it has no such database. Make it, or see SCHAKEL_DATABASE_URL."),
    ("42501", Refused, "this user may not do this. Give it the rights of the owner of the database."),
    ("53", Refused, "its disk, its memory or its connections are used up. Make room, then try again."),
    ("57", Refused, "it stops or starts. Try again in a moment."),
    ("08", Refused, "the connection was lost. Try again in a moment."),
)


def mendable(error: BaseException) -> ServiceError | None:
    """Return what to say of an error, with its exit status; None: it is no such error, so it is our fault."""
    if isinstance(error, OSError):
        return _of_system(error)
    orig, where = getattr(error, "orig", None) or error, str(getattr(error, "where", ""))
    name = str(getattr(orig, "sqlite_errorname", None) or "")
    if name:
        return _told(_SQLITE, name, where or "The database")
    if not type(orig).__module__.startswith("psycopg"):
        return None
    state = str(getattr(orig, "sqlstate", None) or "")
    where = f"PostgreSQL at {where}" if where else "PostgreSQL"
    if state or type(orig).__name__ != "OperationalError":
        return _told(_POSTGRES, state, where)
    return Refused(f"{where} cannot be reached, or does not let us in. Does it run, and are host, port, user, password "
                   "and database right in SCHAKEL_DATABASE_URL?")  # fmt: skip


def _told(
    known: tuple[tuple[str, type[ServiceError], str], ...], name: str, where: str
) -> ServiceError | None:
    return next((kind(f"{where}: {words}") for begin, kind, words in known if name.startswith(begin)), None)


def _of_system(error: OSError) -> ServiceError | None:
    """What the system refused; a file of ours that is missing is our fault all the same."""
    if error.errno in _NO_ROOM:
        return Refused(f"{error.filename or 'The disk'}: {error.strerror}. Make room or choose another place, and try "
                       "again.")  # fmt: skip
    if error.errno not in _NOT_THERE or not isinstance(error.filename, (str, bytes)):
        return None
    file = Path(error.filename.decode(errors="replace") if isinstance(error.filename, bytes) else error.filename)
    if file.absolute().is_relative_to(_PACKAGE):
        return None
    return WrongUsage(f"{file}: {error.strerror}. Look at the place that was said, and whether it is yours.")


def frames(error: BaseException) -> str:
    """Where an error came through; with its words, unless a database said them about what somebody entered."""
    chain, seen = [error], error.__cause__ or error.__context__
    while seen is not None:
        chain.append(seen)
        seen = seen.__cause__ or seen.__context__
    told = ("sqlalchemy", "psycopg", "sqlite3")
    if not any(type(one).__module__.split(".")[0] in told for one in chain):
        return "".join(traceback.format_exception(error))
    return "".join(traceback.format_tb(error.__traceback__)) + " < ".join(type(one).__name__ for one in chain) + "\n"
