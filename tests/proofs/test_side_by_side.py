"""What runs side by side is all of it, once, and a failure of one group is a failure."""
from __future__ import annotations

from pathlib import Path

import pytest

from tests.proofs import side_by_side
from tests.proofs.figures import ROOT
from tests.proofs.side_by_side import REST, run_all, words_of


def test_every_test_stands_in_one_group() -> None:
    files = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "tests").rglob("test_*.py"))]
    told = words_of()
    for file in files:
        within = {file, *map(str, Path(file).parents)}
        groups = [name for name, words in told.items()
                  if within & set(words) and not within & {word.removeprefix("--ignore=") for word in words
                                                           if word.startswith("--ignore=")}]  # fmt: skip
        assert len(groups) == 1, (file, groups)
    assert len(files) > 200


def test_each_group_says_how_it_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_good.py").write_text("def test_it() -> None:\n    pass\n")
    (tmp_path / "tests" / "test_bad.py").write_text("def test_it() -> None:\n    assert 1 == 2\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    slow: all of it\n")
    monkeypatch.setattr(side_by_side, "ROOT", tmp_path)
    monkeypatch.setattr(side_by_side, "KEPT", tmp_path / "out" / "proofs.json")
    told = run_all(words_of({"good": ("tests/test_good.py",)}))
    assert [(one.group, one.status, one.line.split(" in ")[0]) for one in told] == [
        ("good", 0, "1 passed"), (REST, 1, "1 failed"),
    ]  # fmt: skip
    said = capsys.readouterr().out
    assert "FAILED tests/test_bad.py::test_it" in said and "out/prove/the-rest.txt" in said
