"""`schakel user` says what was expected, and ends with the status of wrong usage where it was called wrongly."""
from __future__ import annotations

import pytest
from click.testing import CliRunner

from api.commands.user import command

ADD = ("add", "a@example.org", "--name", "A", "--role")
TOKEN = ("token", "a@example.org", "--name", "A")


@pytest.mark.parametrize(("words", "expected"), [
    ((*ADD, "nope"), "'nope' is no role; the roles are school, referrer, employer, connector,"),
    ((*ADD, "administrator", "--role", "Connector:AM36"), "'Connector' is no role"),
    ((*TOKEN, "--scope", "bla"), "'bla' is no scope; the scopes are read, upload, run."),
    ((*TOKEN, "--scope", "read", "--scope", "decide"), "'decide' is no scope"),
    ((*TOKEN, "--scope", "read", "--days", "999"), "999 is not in the range 1<=x<=366"),
    ((*TOKEN, "--scope", "read", "--days", "0"), "0 is not in the range 1<=x<=366"),
])  # fmt: skip
def test_what_cannot_be_said_is_wrong_usage_and_the_message_says_what_can(
    words: tuple[str, ...], expected: str
) -> None:
    ended = CliRunner().invoke(command, words)
    assert ended.exit_code == 2
    assert expected in ended.output
