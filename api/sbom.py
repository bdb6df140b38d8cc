"""The bill of materials: every locked package with its version, its hashes and where it may be needed (CycloneDX 1.6).

It is made from the lock alone: no clock, no network, nothing of what happens to be installed here.
"""
from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from api.errors import Refused

_LINE = re.compile(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<marker>[^\\]*?))?\s*\\?$"
)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Locked:
    """A package as the lock names it; ``marker`` says where it is needed (empty: everywhere)."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def read_lock(text: str) -> Iterator[Locked]:
    """Return the packages of a lock in its order.

    Raises
    ------
    Refused
        If a line is not read, or a package has no hash.
    """
    for block in re.split(r"\n(?=\S)", text):
        first = next((line for line in block.splitlines() if line.strip() and not line.lstrip().startswith("#")), "")
        if not first:
            continue
        found, hashes = _LINE.match(first), tuple(_HASH.findall(block))
        if found is None or not hashes:
            raise Refused(f"The lock says {first!r}: not a package with one version and its hashes.")
        yield Locked(found["name"], found["version"], (found["marker"] or "").strip(), hashes)


def bill(lock: str) -> str:
    """Return the bill of materials of a lock as JSON.

    A hash of the lock is of a file that may be installed, one of several (a wheel per platform), not of the package
    as a whole: so the hashes stand with the files they are of.
    """
    made: dict[str, Any] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.UUID(bytes=hashlib.sha256(lock.encode()).digest()[:16], version=4)}",
        "version": 1,
        "metadata": {"component": {
            "type": "application", "bom-ref": "schakel", "name": "schakel", "version": metadata.version("schakel"),
            "licenses": [{"license": {"id": "EUPL-1.2"}}],
        }},
        "components": [_component(package) for package in read_lock(lock)],
    }  # fmt: skip
    refs = [component["bom-ref"] for component in made["components"]]
    made["dependencies"] = [{"ref": "schakel", "dependsOn": refs}]
    return json.dumps(made, indent=1) + "\n"


def _component(package: Locked) -> dict[str, Any]:
    purl = f"pkg:pypi/{re.sub(r'[-_.]+', '-', package.name).lower()}@{package.version}"
    made: dict[str, Any] = {"type": "library", "bom-ref": purl, "name": package.name, "version": package.version,
                            "purl": purl}  # fmt: skip
    made["externalReferences"] = [{
        "type": "distribution", "url": f"https://pypi.org/project/{package.name}/{package.version}/",
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in package.hashes],
    }]  # fmt: skip
    if package.marker:
        made["properties"] = [{"name": "schakel:marker", "value": package.marker}]
    return made
