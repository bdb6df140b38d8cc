"""The house rules that a machine can check."""
from __future__ import annotations

import ast
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("features", "matcher", "api")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
HISTORY = ROOT / "api" / "store" / "migrations" / "versions"
"""What was once applied stays as it was, however long it is."""


def test_the_walls_between_the_rooms_hold() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


@pytest.mark.parametrize("path", [path for path in MODULES if path.parent != HISTORY],
                         ids=lambda path: str(path.relative_to(ROOT)))  # fmt: skip
def test_no_module_is_longer_than_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not tree.body or ast.get_docstring(tree)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_are_absolute(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert all(node.level == 0 for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))


def test_the_main_job_loads_no_web_server_and_help_loads_no_numbers() -> None:
    for code, absent in (
        ("import api.commands.match, api.match_files", ("flask", "sqlalchemy", "sklearn")),
        ("import api.cli", ("flask", "numpy", "sklearn", "marshmallow")),
    ):
        check = f"{code}; import sys; print([m for m in {absent!r} if m in sys.modules])"
        done = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]", code


def test_the_top_level_holds_what_was_agreed_and_no_more() -> None:
    top = {path.name for path in ROOT.iterdir()} - {".git"}  # what is ignored is no part of the project
    for line in (ROOT / ".gitignore").read_text().splitlines():
        top -= {name for name in top if fnmatch(name, line.rstrip("/"))}
    agreed = {"matcher", "api", "features", "fixtures", "tests", "pyproject.toml", "README.md", "start.py", "LICENSE",
              "NOTICE", "CHANGELOG.md", "requirements.lock", "requirements-parts.lock", ".ci", ".gitignore",
              ".gitattributes"}  # fmt: skip
    assert top <= agreed
