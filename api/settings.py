"""Settings of the service, from the environment alone; what is unsafe or unknown is refused, all of it at once.

`TABLE` is the one list of settings: `schakel serve --settings` prints it.
"""
from __future__ import annotations

import hmac
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from urllib.parse import urlsplit

from api.errors import WrongUsage

SHORTEST_SECRET = 32
FEWEST_SIGNS = 10
"""Different characters that a secret has at least: thirty-two times one letter is long, and no secret."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")
NOT_OURS = ("SCHAKEL_REQUIRE_PARTS", "SCHAKEL_DATA")
"""Names that are for others: the checks of this project, and where maps are kept (`api.geo_store`)."""


_NUMBER = re.compile(r"[0-9]{1,9}")
_MAIL = re.compile(r"mailto:[^\s@?]+@[^\s@?]+")


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the table of settings."""

    name: str
    default: str
    meaning: str


TABLE = (
    Setting("SCHAKEL_DATA_DIR", "schakel-data", "Folder of the SQLite file, the generated secret and the log's anchor."),
    Setting("SCHAKEL_DATABASE_URL", "", "postgresql://USER@HOST/NAME or sqlite:////PATH; empty: schakel.db in the folder."),
    Setting("SCHAKEL_PRODUCTION", "no", "yes: nothing is generated, and only HTTPS addresses are accepted."),
    Setting("SCHAKEL_SECRET_KEY", "", "At least 32 characters; empty: made once and kept in the folder (not in production)."),
    Setting("SCHAKEL_AUDIT_KEY", "", "Key of the audit log's seals; empty: derived from the secret. Keep it when that changes."),
    Setting("SCHAKEL_HOST", "127.0.0.1", "Address to listen on; another than this machine's own only in production."),
    Setting("SCHAKEL_PORT", "8080", "Port to listen on; 0: any free one."),
    Setting("SCHAKEL_PUBLIC_URL", "", "How people reach it, such as https://schakel.example; required in production."),
    Setting("SCHAKEL_PROXY_HOPS", "0", "How many proxies stand before it; their X-Forwarded headers are believed."),
    Setting("SCHAKEL_THREADS", "8", "Requests that one process answers side by side, 1 to 64."),
    Setting("SCHAKEL_PROCESSES", "4", "Web processes under gunicorn, two a core, 1 to 32; `schakel serve` is always one."),
    Setting("SCHAKEL_WORKER", "child", "child: serve starts the worker of runs itself; apart: `schakel worker` runs elsewhere."),
    Setting("SCHAKEL_DAILY_RUN", "", "Time in the Netherlands, such as 06:00, at which every plan is computed anew; empty: never."),
    Setting("SCHAKEL_UPLOAD_MB", "10", "Largest upload in megabytes, 1 to 50."),
    Setting("SCHAKEL_TWO_FACTOR", "", "off (not in production), offered or required: a second factor for who sees data of others; "
                                      "empty: required in production, else offered."),
    Setting("SCHAKEL_RATE_LIMITS", "on", "on or off: how often one may ask; off only outside production, for a load test."),
    Setting("SCHAKEL_METRICS_TOKEN", "", "Bearer token for /metrics; empty: only this machine reads it, in production nobody."),
    Setting("SCHAKEL_SECURITY_CONTACT", "", "mailto: or https: address for who finds a leak, in /.well-known/security.txt; empty: none."),
    Setting("SCHAKEL_LOG_LEVEL", "info", "debug, info, warning or error."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force; secrets do not show in its text."""

    data_dir: Path
    database_url: str
    production: bool
    secret: bytes
    audit_key: bytes
    host: str
    port: int
    public_url: str
    proxy_hops: int
    threads: int
    processes: int
    worker: str
    daily_run: time | None
    upload_bytes: int
    two_factor: str
    rate_limits: bool
    metrics_token: str
    security_contact: str
    log_level: str

    def __repr__(self) -> str:
        return f"Settings(data_dir={str(self.data_dir)!r}, production={self.production})"

    def derive(self, purpose: str) -> bytes:
        """Return a key of 32 bytes for one purpose; one key tells nothing about another."""
        return hmac.digest(self.secret, purpose.encode(), "sha256")

    @property
    def secure(self) -> bool:
        """Whether people reach it by HTTPS."""
        return self.public_url.startswith("https://")


class Unsafe(WrongUsage):
    """Settings with which the service does not start."""


def read_settings(environ: Mapping[str, str] | None = None, *, begins: bool = True) -> Settings:
    """Return the settings; makes the data folder and, outside production, the secret.

    Who does not begin a service (``begins``) works on one that is there: nothing is made where there is none.

    Raises
    ------
    Unsafe
        With every setting that is unknown, unreadable or unsafe, and what to do; if there is no service here; if its
        secret is gone.
    """
    environ = os.environ if environ is None else environ
    known = {setting.name: setting.default for setting in TABLE}
    wrong = [
        f"{name}: there is no such setting; `schakel serve --settings` shows them all."
        for name in sorted(environ)
        if name.startswith("SCHAKEL_") and name not in known and name not in NOT_OURS
    ]
    given = {name.removeprefix("SCHAKEL_").lower(): environ.get(name, "") or default for name, default in known.items()}
    given["two_factor"] = given["two_factor"] or ("required" if given["production"] == "yes" else "offered")
    numbers = {}
    for name, least, most in (("port", 0, 65535), ("proxy_hops", 0, 5), ("threads", 1, 64), ("processes", 1, 32),
                              ("upload_mb", 1, 50)):  # fmt: skip
        text = given[name]
        numbers[name] = int(text) if _NUMBER.fullmatch(text) else -1
        if not least <= numbers[name] <= most:
            wrong.append(f"SCHAKEL_{name.upper()}: a whole number from {least} to {most}, not {text!r}.")
    for name, values in (("production", ("yes", "no")), ("worker", ("child", "apart")), ("rate_limits", ("on", "off")),
                         ("two_factor", ("off", "offered", "required")),
                         ("log_level", ("debug", "info", "warning", "error"))):  # fmt: skip
        if given[name] not in values:
            wrong.append(f"SCHAKEL_{name.upper()}: {' or '.join(values)}, not {given[name]!r}.")
    daily = _time(given["daily_run"])
    if given["daily_run"] and daily is None:
        wrong.append(f"SCHAKEL_DAILY_RUN: a time such as 06:00, not {given['daily_run']!r}.")
    wrong += _unsafe(given)
    if environ.get("FLASK_DEBUG", "0").lower() not in ("", "0", "false", "no"):
        wrong.append("FLASK_DEBUG: a service in debug mode shows its inside to everybody; leave it out.")
    if wrong:
        raise Unsafe("\n".join(wrong))
    try:
        data_dir, database_url, secret = _place(given, begins=begins)
    except OSError as error:
        raise Unsafe(f"SCHAKEL_DATA_DIR: {error.filename or given['data_dir']}: {error.strerror}. It must be a folder that is "
                     "yours to write in.") from None  # fmt: skip
    return Settings(
        data_dir=data_dir, database_url=database_url,
        production=given["production"] == "yes", secret=secret,
        audit_key=given["audit_key"].encode() or hmac.digest(secret, b"audit", "sha256"),
        host=given["host"], port=numbers["port"], public_url=given["public_url"].rstrip("/"),
        proxy_hops=numbers["proxy_hops"], threads=numbers["threads"], processes=numbers["processes"], daily_run=daily,
        worker=given["worker"], upload_bytes=numbers["upload_mb"] * 1_000_000,
        two_factor=given["two_factor"], rate_limits=given["rate_limits"] == "on", metrics_token=given["metrics_token"],
        security_contact=given["security_contact"], log_level=given["log_level"],
    )  # fmt: skip


def _place(given: Mapping[str, str], *, begins: bool) -> tuple[Path, str, bytes]:
    """The folder, the database and the secret; made where a service begins."""
    data_dir = Path(given["data_dir"]).resolve()
    database_url = given["database_url"] or f"sqlite:///{data_dir / 'schakel.db'}"
    secret = given["secret_key"].encode() or _kept_secret(data_dir)
    _must_fit(data_dir, database_url, begins=begins, sealed=bool(secret or given["audit_key"]))
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = secret or _new_secret(data_dir)
    return data_dir, database_url, secret


def _time(text: str) -> time | None:
    """The time of a day as ``HH:MM``; None when it is none."""
    try:
        return datetime.strptime(text, "%H:%M").time()
    except ValueError:
        return None


def _unsafe(given: Mapping[str, str]) -> list[str]:
    wrong = []
    production, address = given["production"] == "yes", given["public_url"]
    for name in ("secret_key", "audit_key", "metrics_token"):
        if given[name] and len(given[name]) < SHORTEST_SECRET:
            wrong.append(f"SCHAKEL_{name.upper()}: too short to be a secret; at least {SHORTEST_SECRET} characters.")
        elif given[name] and len(set(given[name])) < FEWEST_SIGNS:
            wrong.append(f"SCHAKEL_{name.upper()}: too easy to guess; draw it, for instance with `openssl rand -hex 32`.")
    if given["secret_key"] and given["secret_key"] in (given["audit_key"], given["metrics_token"]):
        wrong.append("SCHAKEL_SECRET_KEY: a secret of its own, not the one of another setting.")
    if given["audit_key"] and given["audit_key"] == given["metrics_token"]:
        wrong.append("SCHAKEL_AUDIT_KEY: a secret of its own, not the one of another setting.")
    contact = given["security_contact"]
    if contact and not (_MAIL.fullmatch(contact) or (contact.startswith("https://") and _host(contact))):
        wrong.append("SCHAKEL_SECURITY_CONTACT: an address such as mailto:security@schakel.example or https://...")
    if production and given["rate_limits"] == "off":
        wrong.append("SCHAKEL_RATE_LIMITS: on in production.")
    if production and given["two_factor"] == "off":
        wrong.append("SCHAKEL_TWO_FACTOR: in production required or offered; a password alone can be guessed, seen or shared.")
    if production and not given["secret_key"]:
        wrong.append("SCHAKEL_SECRET_KEY: production needs a secret of your own, at least 32 characters.")
    if production and not (address.startswith("https://") and _host(address)):
        wrong.append("SCHAKEL_PUBLIC_URL: production needs the https:// address by which people reach it.")
    if address and not (address.startswith(("http://", "https://")) and _bare(address)):
        wrong.append("SCHAKEL_PUBLIC_URL: an address such as https://schakel.example, without a path, a name or more.")
    if _in_memory(given["database_url"]):
        wrong.append("SCHAKEL_DATABASE_URL: SQLite in a file, such as sqlite:////PATH, which stays when a process ends.")
    if not production and given["host"] not in LOOPBACK:
        wrong.append("SCHAKEL_HOST: only this machine may reach it unless SCHAKEL_PRODUCTION is yes.")
    return wrong


def _must_fit(folder: Path, database_url: str, *, begins: bool, sealed: bool) -> None:
    """Refuse where there is no service to work on, and where a database has lost the key that its log is sealed with.

    An audit key of its own (``sealed``) keeps the log whole under a new secret. What another key sealed is found in
    the database itself: `api.services.upkeep`.
    """
    file = Path(database_url.removeprefix("sqlite:///")) if database_url.startswith("sqlite:///") else None
    if not begins and (not file.exists() if file else not sealed):
        raise Unsafe(
            f"There is no service here: {file or folder / 'secret.key'} is not there. Go to the folder it was begun in, "
            "or say where it is in SCHAKEL_DATA_DIR or SCHAKEL_DATABASE_URL, with its keys; a new one is begun by "
            "`schakel serve` or `schakel db upgrade`. Nothing was made."
        )
    if not sealed and file and (not begins or _is_sqlite(file)):
        raise Unsafe(
            f"{folder / 'secret.key'} is not there, and {file} has a log that is sealed with it. Put the file back, or "
            "set SCHAKEL_SECRET_KEY or SCHAKEL_AUDIT_KEY as they were. Nothing was made or changed."
        )


def _is_sqlite(file: Path) -> bool:
    """Whether something was ever kept in a file of SQLite: an empty one, or another, has no log."""
    if not file.is_file():
        return False
    with file.open("rb") as stream:
        return stream.read(16) == b"SQLite format 3\0"


def _host(address: str) -> str:
    """The host of an address; empty when it is none that a browser would take."""
    if not address.isprintable() or " " in address:
        return ""  # what `urlsplit` leaves out without a word among them
    try:
        url = urlsplit(address)
        return url.hostname or "" if url.port != 0 else ""
    except ValueError:
        return ""


def _bare(address: str) -> bool:
    """Whether an address is a host, and a port perhaps, with nothing before or after it."""
    return bool(_host(address)) and not set(address.removesuffix("/").partition("://")[2]) & set("/@?#\\")


def _in_memory(address: str) -> bool:
    """Whether an address of SQLite names no file, or one by a way that goes round its name."""
    kind, _, path = address.partition("://")
    return kind.split("+")[0] == "sqlite" and (path[1:] in ("", ":memory:") or path[1:].startswith("file:") or "?" in path)


def _kept_secret(folder: Path) -> bytes:
    """The secret that was made once; nothing where none was."""
    path = folder / "secret.key"
    try:
        secret = path.read_bytes().strip()
    except (FileNotFoundError, NotADirectoryError):
        return b""
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise Unsafe(f"{path}: others on this machine may read it. Run `chmod 600 {path}`.")
    if len(secret) < SHORTEST_SECRET:
        raise Unsafe(f"{path}: this is no secret. Put the one back that was there.")
    return secret


def _new_secret(folder: Path) -> bytes:
    """Make a secret and keep it; the one of who was first, when two begin at once."""
    try:
        handle = os.open(folder / "secret.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _kept_secret(folder)
    with os.fdopen(handle, "wb") as stream:
        stream.write(secrets.token_hex(32).encode())
    return _kept_secret(folder)
