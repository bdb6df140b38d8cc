"""The policy file from disk: TOML through its schema, defects as rows for people."""
from __future__ import annotations

import tomllib
from pathlib import Path

from marshmallow import ValidationError

from api.files import RowError
from api.policy import Policy, parse_policy
from api.schemas.policy import defects, load_policy

_SAYS = {
    "nl": (
        "Het beleid kan niet gebruikt worden: {what}. `schakel template policy` toont elke instelling.",
        "TOML-tekst",
    ),
    "en": ("The policy cannot be used: {what}. `schakel template policy` shows every setting.", "TOML text"),
}


def read_policy(path: Path, lang: str) -> tuple[Policy, list[RowError]]:
    """Return the policy and its defects; with any defect the policy is the default one and must not be used."""
    sentence, toml = _SAYS[lang]

    def row(code: str, column: str, what: str, expected: str) -> RowError:
        return RowError(
            file=path.name, row=None, column=column, severity="error", code=code, found="", expected=expected,
            message=sentence.format(what=f"{column}: {what}" if column else what).replace("?. ", "? "),
        )  # fmt: skip

    try:
        data = parse_policy(path.read_bytes().decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Policy(), [row("unreadable", "", str(error), toml)]
    try:
        return load_policy(data), []
    except ValidationError as error:
        return Policy(), [row("out_of_range", name, what, what) for name, what in defects(error, lang)]
