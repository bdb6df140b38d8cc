"""Prove every promise in full: the tests with all their counts, then the load. What `python3 start.py prove` runs.

    python -m tests.proofs [--without-load] [--seconds 300] [pytest's own words]

Without words of its own, all tests run, in groups of which two run side by side (`tests.proofs.side_by_side`). Every
full count adds its figure to ``out/proofs.json``; at the end the latest figure per promise is printed and written to
``out/proofs.md``, with date and commit.
"""
from __future__ import annotations

import argparse
import json
import subprocess
import sys

from tests.proofs.figures import KEPT, ROOT, as_page, record
from tests.proofs.side_by_side import FULL, run_all, words_of


def main() -> int:
    """Run it all; exit status 1 when anything failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--without-load", action="store_true", help="only the tests")
    parser.add_argument("--seconds", type=float, default=300.0, help="of load, for each of four measurements")
    options, words = parser.parse_known_args()
    wrong = _some(words) if words else _all()
    load = 0
    if not options.without_load:
        load = subprocess.call([sys.executable, "-m", "tests.proofs.load", "--seconds", str(options.seconds)], cwd=ROOT)
        record("load, every bar", "held" if load == 0 else "NOT HELD")
    page = as_page(json.loads(KEPT.read_text(encoding="utf-8")))
    sys.stdout.write(f"\n{page}\nAlso in {KEPT.with_suffix('.md').relative_to(ROOT)}.\n")
    return 1 if wrong or load else 0


def _some(words: list[str]) -> bool:
    """Run what the words ask for, in full; whether anything failed."""
    return subprocess.call([sys.executable, "-m", "pytest", *FULL, *words], cwd=ROOT) != 0


def _all() -> bool:
    """Run all tests in full; whether anything failed."""
    told = run_all(words_of())
    failed = [one.group for one in told if one.status]
    passed = "; ".join(f"{one.group}: {one.line.strip('= ')}" for one in told)
    record("all tests, full counts", f"FAILED: {', '.join(failed)}" if failed else f"passed: {passed}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
