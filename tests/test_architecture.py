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


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path) -> set[str]:
    """Modules of ours that a module takes something from, late imports included, but not those for types alone."""
    tree, known = ast.parse(path.read_text(encoding="utf-8")), {_name(one) for one in MODULES}
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inner & known or {node.module}
    return (found & known) - {_name(path)}


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """A way round for each module that has one: taking away who leads nowhere, again and again, leaves the circles."""
    left = {name: set(others) for name, others in graph.items()}
    while leads_nowhere := {name for name, others in left.items() if not others & left.keys()}:
        left = {name: others for name, others in left.items() if name not in leads_nowhere}
    while not_led_to := left.keys() - {other for others in left.values() for other in others}:
        left = {name: others for name, others in left.items() if name not in not_led_to}
    return [[name, *sorted(others & left.keys())] for name, others in sorted(left.items())]


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circles({_name(path): imported(path) for path in MODULES}) == []


def test_a_circle_is_found_and_what_only_hangs_on_one_is_not() -> None:
    planted = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set(), "e": {"a"}}
    assert [name for name, *_ in circles(planted)] == ["a", "b", "c"]
    assert circles({"a": {"b"}, "b": set()}) == []


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
