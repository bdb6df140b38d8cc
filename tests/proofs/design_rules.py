"""The Dutch design rules for APIs, as far as a description can break them: every defect with its rule.

The rules are those of the REST API Design Rules 2.x of Logius and of their linter, written anew; what only a running
service can show is in `test_design_rules`.
"""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

METHODS = ("get", "put", "post", "delete", "patch")
NOT_METHODS = ("head", "options", "trace")
_OF_PATH = ("parameters", "summary", "description", "servers")
CAMEL, UPPER_CAMEL = re.compile(r"[a-z]+[0-9]*([A-Z][a-z0-9]*)*"), re.compile(r"([A-Z][a-z0-9]*)+")
KEBAB = re.compile(r"(/(\{[^/{}]+\}|[a-z0-9]+(-[a-z0-9]+)*))+")
DATED = re.compile(r"^(date|datum)$|\wD(ate|atum)|_[dD](ate|atum)")
OF_PYTHON = re.compile(r"\\[AZz]|\(\?[P#aiLmsux]|\(\?<[^=!]|[*+?}]\+")
"""What a pattern of Python may have and one of a description may not."""
Defect = tuple[str, str]


def defects(document: dict[str, Any]) -> list[Defect]:
    """Every breach: the rule, and where."""
    found = [*_root(document), *_schemas(document), *_shapes(document, "")]
    for path, item in document.get("paths", {}).items():
        found += _path(document, path, item)
    ids = Counter(operation.get("operationId") for _, _, operation in operations(document))
    found += [("operation-id-unique", str(name)) for name, times in ids.items() if times > 1 or not name]
    return found + [("ref-resolves", where) for where in _broken_refs(document, document)]


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation with its path and method."""
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            if method in METHODS + NOT_METHODS:
                yield path, method, operation


def _root(document: dict[str, Any]) -> Iterator[Defect]:
    if not re.fullmatch(r"3\.\d+\.\d+", str(document.get("openapi", ""))):
        yield "openapi3", "openapi"
    info = document.get("info", {})
    for part in ("title", "version", "description"):
        if not info.get(part):
            yield "openapi-root-exists", f"info.{part}"
    if not re.fullmatch(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?", str(info.get("version", ""))):
        yield "semver", "info.version"
    for part in ("name", "email", "url"):
        if not info.get("contact", {}).get(part):
            yield "info-contact-fields-exist", f"info.contact.{part}"
    if not document.get("servers"):
        yield "api-servers", "servers"
    for server in document.get("servers", []):
        url = server.get("url", "")
        if not url.startswith("https://"):
            yield "servers-use-https", url
        if not re.search(r"/v\d+$", url):
            yield "include-major-version-in-uri", url
        if url.endswith("/"):
            yield "no-trailing-slash", url
    tags = Counter(tag["name"] for tag in document.get("tags", []))
    yield from (("tags-unique", name) for name, times in tags.items() if times > 1)


def _path(document: dict[str, Any], path: str, item: dict[str, Any]) -> Iterator[Defect]:
    if path != "/" and path.endswith("/"):
        yield "no-trailing-slash", path
    if not KEBAB.fullmatch(path.rstrip("/")):
        yield "paths-kebab-case", path
    for method, operation in item.items():
        if method in _OF_PATH:
            continue
        where = f"{method} {path}"
        if method not in METHODS:
            yield "http-methods", where
            continue
        parameters = [resolve(document, p) for p in [*item.get("parameters", []), *operation.get("parameters", [])]]
        named = {p["name"] for p in parameters if p["in"] == "path"}
        if named != set(re.findall(r"\{(\w+)\}", path)):
            yield "path-params", where
        for parameter in parameters:
            if parameter["in"] == "query" and not CAMEL.fullmatch(parameter["name"]):
                yield "query-keys-camel-case", f"{where} {parameter['name']}"
        yield from _responses(document, where, method, operation, bool(parameters))


def _responses(document: dict[str, Any], where: str, method: str, operation: dict[str, Any],
               told: bool) -> Iterator[Defect]:  # fmt: skip
    responses = {str(code): resolve(document, answer) for code, answer in operation.get("responses", {}).items()}
    if not any(code[:1] in "23" for code in responses):
        yield "operation-success-response", where
    if (method in ("post", "put", "patch") or told) and "400" not in responses:
        yield "problem-invalid-input", where
    for code, answer in responses.items():
        headers = {name.lower() for name in answer.get("headers", {})}
        if code[:1] in "23" and "api-version" not in headers:
            yield "missing-version-header", f"{where} {code}"
        if code[:1] in "45":
            content = answer.get("content", {})
            if list(content) != ["application/problem+json"]:
                yield "use-problem-schema", f"{where} {code}"
                continue
            schema = resolve(document, content["application/problem+json"].get("schema", {}))
            if not {"status", "title", "detail"} <= schema.get("properties", {}).keys():
                yield "problem-schema-members", f"{where} {code}"


def _shapes(node: Any, where: str) -> Iterator[Defect]:
    """Patterns that a description cannot have, types said twice, and defaults that their own shape refuses."""
    if isinstance(node, list):
        for number, inner in enumerate(node):
            yield from _shapes(inner, f"{where}/{number}")
    if not isinstance(node, dict):
        return
    pattern, kinds = node.get("pattern"), node.get("type")
    if isinstance(pattern, str) and (OF_PYTHON.search(pattern) or not pattern.startswith("^")):
        yield "oas3-schema", f"{where} {pattern}"
    if isinstance(kinds, list) and len(set(kinds)) < len(kinds):
        yield "oas3-schema", f"{where} type"
    default = node.get("default")
    if isinstance(default, str) and isinstance(pattern, str) and not re.search(pattern, default):
        yield "valid-schema-example", where
    if default is not None and isinstance(node.get("enum"), list) and default not in node["enum"]:
        yield "valid-schema-example", where
    for name, inner in node.items():
        yield from _shapes(inner, f"{where}/{name}")


def _schemas(document: dict[str, Any]) -> Iterator[Defect]:
    for name in document.get("components", {}).get("schemas", {}):
        if not UPPER_CAMEL.fullmatch(name):
            yield "schema-camel-case", name
    for where, schema in _walk(document, ""):
        for name, inner in (schema.get("properties") or {}).items():
            if not isinstance(inner, dict):
                continue
            if not CAMEL.fullmatch(name):
                yield "property-casing", f"{where}.{name}"
            form = inner.get("format")
            if form is None and "allOf" not in inner and DATED.search(name):
                yield "specify-format-for-date-and-time", f"{where}.{name}"
            if inner.get("type") in ("string", ["string", "null"]):
                if form == "date-time-local":
                    yield "date-time-ensure-timezone", f"{where}.{name}"
                if form == "time":
                    yield "time-without-timezone", f"{where}.{name}"
                if re.search(r"(At|Time)$", name) and form is None and "pattern" not in inner:
                    yield "specify-format-for-date-and-time", f"{where}.{name}"
                if re.search(r"(Date|On|Day)$", name) and form == "date-time":
                    yield "use-date-instead-of-datetime", f"{where}.{name}"


def _walk(node: Any, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            yield where, node
        for key, value in node.items():
            yield from _walk(value, f"{where}/{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _walk(value, f"{where}/{number}")


def resolve(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """What a reference points at; anything else as it is."""
    reference = node.get("$ref")
    if reference is None:
        return node
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found.get(part, {})
    return found  # type: ignore[no-any-return]


def _broken_refs(document: dict[str, Any], node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str) and not resolve(document, node):
            yield node["$ref"]
        for value in node.values():
            yield from _broken_refs(document, value)
    elif isinstance(node, list):
        for value in node:
            yield from _broken_refs(document, value)
