"""The bill of materials lists exactly what is locked."""
from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from api.cli import schakel
from api.errors import Refused, WrongUsage
from api.sbom import bill

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-parts.lock"])
def test_the_bill_lists_every_locked_package_with_all_its_hashes_and_nothing_else(name: str) -> None:
    """The lock is read here by lines, apart from the code that makes the bill."""
    told = CliRunner().invoke(schakel, ["sbom", "--lock", str(ROOT / name)])
    assert told.exit_code == 0
    listed = {(c["name"], c["version"]): {h["content"] for h in c["externalReferences"][0]["hashes"]}
              for c in json.loads(told.output)["components"]}  # fmt: skip
    locked: dict[tuple[str, str], set[str]] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith((" ", "#")) and "==" in line:
            package, version = line.split(";")[0].strip(" \\").split("==")
            locked[package, version.strip()] = set()
        elif "--hash=sha256:" in line:
            locked[package, version.strip()].add(line.strip(" \\").removeprefix("--hash=sha256:"))
    assert listed == locked
    assert len(locked) > 50


def test_the_lock_is_found_beside_the_program_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(schakel, ["sbom"])
    assert told.exit_code == 0, told.output
    assert told.output == bill((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    monkeypatch.setattr("api.commands.sbom.LOCK", tmp_path / "requirements.lock")  # installed without one
    told = CliRunner().invoke(schakel, ["sbom"])
    assert isinstance(told.exception, WrongUsage)
    assert "--lock" in str(told.exception)


def test_the_same_lock_gives_the_same_bytes_in_the_form_of_cyclonedx() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    made = json.loads(bill(lock))
    assert bill(lock) == bill(lock) != bill(lock + "# more\n")
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made["serialNumber"])
    refs = [component["bom-ref"] for component in made["components"]]
    assert len(set(refs)) == len(refs)
    assert all(re.fullmatch(r"pkg:pypi/[a-z0-9-]+@\S+", ref) for ref in refs)
    assert made["dependencies"][0]["dependsOn"] == refs


@pytest.mark.parametrize("lock", ["flask==3.1.3\n", "flask>=3 \\\n    --hash=sha256:" + "0" * 64 + "\n"])
def test_a_lock_that_pins_nothing_is_refused(lock: str) -> None:
    with pytest.raises(Refused):
        bill(lock)
