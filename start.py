#!/usr/bin/env python3
"""Make .venv from the locked packages, then run a task in it. Standard library only.

python3 start.py demo     the main job on the shipped cohort; the report lies in out/demo
python3 start.py test     the tests
python3 start.py prove    the full counts (thousands of drawn problems, benchmarks)
"""
from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
# The complete set of parts (linters, compiled kernels, a browser driver) is only for those who check the project.
LOCK = ROOT / ("requirements-parts.lock" if os.environ.get("SCHAKEL_REQUIRE_PARTS") == "1" else "requirements.lock")
TASKS = {
    "demo": ["-m", "api", "demo"],
    "test": ["-m", "pytest"],
    "prove": ["-m", "tests.proofs"],
}


def _fingerprint() -> str:
    """Digest of all that decides what .venv holds: the lock, the project's own metadata, and the Python."""
    parts = [LOCK.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), sys.version.encode(), str(ROOT).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def bootstrap() -> None:
    """Install the locked packages and the project itself, unless that was done before with this lock."""
    if sys.version_info < (3, 11):
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    stamp = VENV / ".installed"
    if stamp.is_file() and stamp.read_text() == _fingerprint():
        return
    own_pip = find_spec("ensurepip") is not None  # Debian keeps it in the package python3-venv
    if not own_pip and find_spec("pip") is None:
        sys.exit("Neither ensurepip nor pip was found. On Debian or Ubuntu: apt install python3-pip")
    print("First run: installing the locked packages, one to three minutes...", file=sys.stderr, flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    venv.EnvBuilder(with_pip=own_pip, symlinks=os.name != "nt").create(VENV)
    # A system pip may serve a virtual environment it does not live in (pip 22.3 and newer).
    pip = [str(PYTHON), "-m", "pip"] if own_pip else [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    install = [*pip, "install", "-q", "--disable-pip-version-check"]
    try:
        subprocess.run([*install, "--require-hashes", "-r", str(LOCK)], check=True)
        # The project itself has no hash: install it apart, from here, without looking anywhere else.
        subprocess.run([*install, "--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT)], check=True)
    except subprocess.CalledProcessError as error:
        sys.exit(f"Installing failed (status {error.returncode}); what pip said stands above. Run the command again.")
    # pip compiles what it copies; what it only points at would be compiled at every start where Python may not write.
    subprocess.run([str(PYTHON), "-m", "compileall", "-q", "api", "features", "matcher"], cwd=ROOT, check=False)
    stamp.write_text(_fingerprint())  # last, so that a broken installation is made anew


def main() -> int:
    """Run the named task and pass its exit status on."""
    task, *extra = sys.argv[1:] or [""]
    if task not in TASKS:
        print(__doc__, file=sys.stderr)
        return 2
    bootstrap()
    return subprocess.call([str(PYTHON), *TASKS[task], *extra], cwd=ROOT)


if __name__ == "__main__":
    raise SystemExit(main())
