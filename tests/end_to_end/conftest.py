"""A desk for the end-to-end tests."""
from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.match_contract_cases import Desk


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A folder of its own, with the command at hand."""
    return Desk(tmp_path, capsys)
