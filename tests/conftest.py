"""Shared by all tests: which kinds run by default, and what a missing real part means."""
from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
REQUIRE_PARTS = os.environ.get("SCHAKEL_REQUIRE_PARTS") == "1"
CHROMIUM = shutil.which("chromium")
PARTS = ("numba", "ortools", "lap", "distributed", "openpyxl", "playwright", "axe_playwright_python")

# What somebody imported on this machine (`schakel geo import`) is no part of a test.
os.environ["SCHAKEL_DATA"] = str(ROOT / "no-data-of-this-machine")

# Shared machines are noisy: no deadline per example, and the same examples on every run.
settings.register_profile(
    "schakel", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)
settings.load_profile("schakel")


def pytest_configure() -> None:
    """Where the parts are asked for, one that is missing ends the run: a skipped test would look like a good one."""
    missing = [name for name in PARTS if find_spec(name) is None] if REQUIRE_PARTS else []
    if missing:
        raise pytest.UsageError(f"SCHAKEL_REQUIRE_PARTS=1, but not installed: {', '.join(missing)}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the full counts out unless asked for, and browser tests where there is no browser."""
    asked = "slow" in (config.option.markexpr or "")
    kept, left = [], []
    for item in items:
        (left if item.get_closest_marker("slow") and not asked else kept).append(item)
        if item.get_closest_marker("ui") and CHROMIUM is None and not REQUIRE_PARTS:
            item.add_marker(pytest.mark.skip(reason="Debian's Chromium is not installed"))
    if left:
        config.hook.pytest_deselected(items=left)
    items[:] = kept


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of public reference data beside the checkout; the test is skipped where it is absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the public reference data (../shared/data) is not here")
    return folder
