"""What the README tells who runs the service is what there is."""
from __future__ import annotations

import re

from api.cli import schakel
from api.settings import TABLE
from tests.service.processes import GUNICORN, ROOT

SECTION = (ROOT / "README.md").read_text(encoding="utf-8").split("## Running it\n")[1].split("\n## ")[0]


def test_the_table_of_settings_is_the_one_the_command_prints() -> None:
    rows = re.findall(r"^\| `(SCHAKEL_\w+)` \| (.*?) \| (.*) \|$", SECTION, re.MULTILINE)
    assert rows == [(s.name, s.default or "–", s.meaning) for s in TABLE]


def test_every_command_that_is_named_is_there() -> None:
    named = set(re.findall(r"`schakel ([a-z]+(?: [a-z-]+)?)", SECTION))
    assert len(named) >= 10
    for words in named:
        first, _, second = words.partition(" ")
        command = schakel.get_command(None, first)  # type: ignore[arg-type]
        assert command is not None, words
        assert not second or not hasattr(command, "commands") or second in command.commands, words


def test_the_production_command_is_the_one_that_is_tested() -> None:
    shown = re.search(r"```\n(gunicorn .*)\n```", SECTION)
    assert shown is not None
    assert shown[1].replace("'", "").split() == list(GUNICORN[1:])
