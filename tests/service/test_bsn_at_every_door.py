"""A BSN beside a word for it comes in nowhere, however it is written, and is kept nowhere."""
from __future__ import annotations

import io
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from api.service import description
from api.services.accounts import Right
from api.store.base import Base
from api.web.bsn_door import holds_bsn
from api.web.logs import set_up_logs
from tests.service.browser import PASSWORD, Person, Service
from tests.service.test_access_matrix import MATRIX, NONE, RIGHTS, beside

BSN = "111222333"
assert sum(w * int(d) for w, d in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), BSN, strict=True)) % 11 == 0
DISGUISES = {
    "plain": "bsn {}", "capitals": "BSN:{}", "dotted word": "b.s.n. {}", "in full": "burgerservicenummer is {}",
    "old word": "sofinummer {}", "school's word": "PGN {}", "behind": "{} (dat is het bsn)", "between": "x\nBSN\n{}\ny",
    "spaces": "bsn 111 222 333", "dots": "bsn 111.222.333", "hyphens": "bsn 111-222-333", "dash": "bsn 111–222–333",
    "no-break": "bsn 111\u00a0222\u00a0333", "zero width": "bsn 111\u200b222\u200b333", "soft": "bsn 111\u00ad222333",
    "full width": "bsn １１１２２２３３３", "arabic": "bsn ١١١٢٢٢٣٣٣", "slashes": "bsn 111/222/333",
    "commas": "bsn 111,222,333", "underscores": "bsn: 111_222_333", "each apart": "bsn 1 1 1 2 2 2 3 3 3",
    "lost zero": "bsn 10000008",
}  # fmt: skip
assert len(DISGUISES) >= 20
pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


def written(name: str) -> str:
    """A disguise with the number in it."""
    return DISGUISES[name].format(BSN)


def strings(schema: dict[str, Any], parts: dict[str, Any], at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where texts stand in a body, by its description."""
    schema = parts[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
    kinds = schema.get("type", "")
    if "string" in kinds:
        yield at
    for name, inner in schema.get("properties", {}).items():
        yield from strings(inner, parts, (*at, name))
    if "items" in schema:
        yield from strings(schema["items"], parts, (*at, 0))
    if isinstance(schema.get("additionalProperties"), dict):
        yield from strings(schema["additionalProperties"], parts, (*at, "x"))
    for inner in schema.get("allOf", []) + schema.get("anyOf", []):
        yield from strings(inner, parts, at)


def filled(at: tuple[Any, ...], value: str) -> Any:
    """A body with a text in one place."""
    for step in reversed(at):
        value = [value] if step == 0 else {step: value}  # type: ignore[assignment]
    return value


def doors(made: dict[str, Any]) -> Iterator[tuple[str, str, str, tuple[Any, ...]]]:
    """Every place of every operation where a text may be sent: method, path, where, which."""
    parts = made["components"]["schemas"]
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            for parameter in operation["parameters"]:
                if parameter["in"] == "query" and "string" in str(parameter["schema"].get("type", "")):
                    yield method.upper(), path, "query", (parameter["name"],)
            for kind, body in operation.get("requestBody", {}).get("content", {}).items():
                for at in strings(body["schema"], parts):
                    yield method.upper(), path, kind, at


@pytest.fixture
def people(service: Service) -> dict[str, Person]:
    """Somebody of every role, and nobody in particular."""
    for role, right in RIGHTS.items():
        service.add(f"{role}@example.org", right)
    beside(service)
    roles = [*RIGHTS, "coach", "student", "parent"]
    return {"": service.person()} | {role: service.person(f"{role}@example.org", PASSWORD) for role in roles}


def send(person: Person, door: tuple[str, str, str, tuple[Any, ...]], value: str) -> Any:
    """Send a text through one door."""
    method, path, kind, at = door
    address = "/api/v1" + re.sub(r"\{\w+\}", NONE, path)
    headers = {"If-Match": '"1"', "Idempotency-Key": "k"}
    if kind == "query":
        return person.ask(method, address, query_string={at[0]: value}, headers=headers)
    if kind == "multipart/form-data":
        if at[0] == "file":
            data = {"file": (io.BytesIO(b"a,b\n"), f"{value}.csv")}
        else:
            data = {"file": (io.BytesIO(b"a,b\n"), "x.csv"), at[0]: value}  # type: ignore[dict-item]
        return person.ask(method, address, data=data, headers=headers)
    return person.ask(method, address, json=filled(at, value), headers=headers)


def stored(service: Service) -> str:
    """Every value of every row, digits of all alphabets as ours and nothing between them."""
    with service.database.engine.connect() as connection:
        rows = [row for table in Base.metadata.sorted_tables
                for row in connection.execute(text(f"SELECT * FROM {table.name}"))]  # fmt: skip
    return plain("\n".join(str(value) for row in rows for value in row))


def plain(told: str) -> str:
    """Digits alone, as ours, so that a disguise does not hide them; other signs as a line end."""
    import unicodedata

    return re.sub(r"(?<=\d)[\s.,\-–_/\u200b\u00ad\u00a0]{1,2}(?=\d)", "", unicodedata.normalize("NFKC", told))


@pytest.mark.parametrize("each", [2, pytest.param(len(DISGUISES), marks=pytest.mark.slow)])
def test_every_text_of_every_operation_refuses_it(
    service: Service, people: dict[str, Person], capsys: pytest.CaptureFixture[str], each: int
) -> None:
    import json

    set_up_logs("debug")
    made = json.loads(description())
    every = list(doors(made))
    assert len(every) > 40
    names = list(DISGUISES)
    seen = []
    for number, (method, path, kind, at) in enumerate(every):
        role = sorted(MATRIX[method, path])[-1]
        for name in (names[(number * 7 + turn * 3) % len(names)] for turn in range(each)):
            answer = send(people[role], (method, path, kind, at), written(name))
            where = (method, path, kind, at, name, answer.text)
            # What a field's own pattern refuses first is refused as well, and not repeated in the answer.
            assert answer.status_code == 400, where
            assert answer.json["code"] in ("bsn", "invalid"), where
            assert BSN not in answer.text, where
            assert BSN not in plain(answer.text)
            seen.append(name)
    assert set(seen) == set(names)
    path = Path(str(service.database.engine.url.database))
    told, logged = stored(service), plain(capsys.readouterr().err)
    for number_ in (BSN, "10000008"):
        assert number_ not in told
        assert number_ not in logged
        assert number_.encode() not in path.read_bytes()


@pytest.mark.parametrize("field", ["kvk", "crebo", "leerbedrijf_id", "leerbedrijfId", "tel", "phone", "remarks"])
@pytest.mark.parametrize("name", DISGUISES)
def test_the_name_of_no_field_hides_it(name: str, field: str, url: str) -> None:
    assert holds_bsn(f"{field} {written(name)}")


@pytest.mark.parametrize("name", DISGUISES)
def test_no_disguise_hides_it(service: Service, name: str) -> None:
    service.add("a@example.org", Right("connector", "AM36"))
    person = service.person("a@example.org")
    for body in ({"lang": written(name)}, {written(name): "x"}, {"x": [{"y": written(name)}]}, {"bsn": int(BSN)},
                 {"BSN": BSN}, {"crebo": ["bsn", BSN]}, {"tasks": ["bsn", 111, 222, "333"]},
                 {"bsn": ["00", BSN]}, {"bsn": ["+31", int(BSN)]}):  # fmt: skip
        answer = person.post("/api/v1/runs", body)
        assert (answer.status_code, answer.json["code"]) == (400, "bsn"), body
        assert BSN not in plain(answer.text)
    assert person.post("/api/v1/runs", {BSN: "x"}).status_code == 400
    assert BSN not in person.post("/api/v1/runs", {BSN: "x"}).text  # a name of a field is not said back either


def test_forms_of_pages_have_the_same_door(service: Service) -> None:
    answer = service.person().sign_in("a@example.org", f"mijn bsn is {BSN}")
    assert (answer.status_code, answer.json["code"]) == (400, "bsn")


@pytest.mark.parametrize("said", [
    "geen bsn nodig", "bel 06-12345678 over het bsn", "BSN? Nee, zie kvk 12345678", "het is 15-06-2026, geen bsn",
    "plaats 8011 AB", "111222333",
])  # fmt: skip
def test_what_is_no_number_beside_the_word_comes_through(said: str, url: str) -> None:
    assert not holds_bsn(said)


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.slow)])
def test_drawn_numbers_in_drawn_disguises_are_all_seen(count: int, url: str) -> None:
    draw = random.Random(5)
    missed = []
    for _ in range(count):
        digits = [draw.randrange(10) for _ in range(8)]
        last = sum(w * d for w, d in zip((9, 8, 7, 6, 5, 4, 3, 2), digits, strict=True)) % 11
        if last == 10 or not digits[0]:
            continue
        number = "".join(map(str, [*digits, last]))
        form = draw.choice([f for f in DISGUISES.values() if "{}" in f])
        gap = draw.choice(["", " ", ".", "-", "\u00a0", "\u200b", "/", ","])
        said = form.format(gap.join((number[:3], number[3:6], number[6:])))
        if not holds_bsn(said):
            missed.append(said)
    assert missed == []


NOT_TYPED = {
    "email": "an address", "password": "kept as a digest", "code": "an official number, or a name that is looked at",
    "party": "what to look up, kept nowhere", "ref": "what to look up, kept nowhere", "text": "looked at by its form",
    "place": "a municipality, by its list", "offers": "codes", "key": "a code of ours", "action": "a code of ours",
    "subject_id": "an id", "columns": "headers of a list, masked by its reader", "cells": "read as cells of a list",
    "for_all": "read as cells of a list", "name": "of a sheet, which is there", "word": "a word of a list, masked",
    "vacancy_ref": "an employer's own number", "note": "looked at by its form", "mentor": "looked at by its form",
    "what": "looked at by its form", "answer": "looked at by its form",
}  # fmt: skip
"""Fields of requests that hold a text of more than 40 signs and are no words of a person, and why."""


def free_texts() -> Iterator[tuple[str, str]]:
    """Schemas and fields of requests, of the API and of forms, that take a text of some length as it is."""
    import importlib
    import pkgutil

    import marshmallow as ma

    import api.web
    from api.web.json.base import Words
    from api.web.pages.school.fields import Said

    def below(schema: type[ma.Schema]) -> Iterator[type[ma.Schema]]:
        for one in schema.__subclasses__():
            yield one
            yield from below(one)

    def takes(field: Any) -> bool:
        if isinstance(field, ma.fields.List):
            return takes(field.inner)
        if isinstance(field, ma.fields.Dict):
            return field.value_field is not None and takes(field.value_field)
        if not isinstance(field, ma.fields.String) or isinstance(field, (Words, Said)):
            return False
        if any(isinstance(one, (ma.validate.OneOf, ma.validate.Regexp)) for one in field.validators):
            return False
        return any(isinstance(one, ma.validate.Length) and (one.max or 0) >= 40 for one in field.validators)

    for module in pkgutil.walk_packages(api.web.__path__, "api.web."):
        importlib.import_module(module.name)
    for schema in set(below(ma.Schema)):
        if schema.__module__.startswith("api.web."):
            yield from ((f"{schema.__module__}.{schema.__name__}", name)
                        for name, field in schema._declared_fields.items() if takes(field))  # fmt: skip


def test_every_text_that_a_person_types_is_looked_at_for_a_number_alone(url: str) -> None:
    found = set(free_texts())
    assert {name for _, name in found} <= NOT_TYPED.keys(), found
    of_code = {where for where, name in found if name == "code"}
    assert {where.rsplit(".", 1)[1] for where in of_code} <= {
        "NewRightSchema", "NewOrganisationSchema", "RightForm", "AccountForm", "ActivationForm", "ActivationSchema",
        "CodeSchema"}  # fmt: skip


ALONE = "123456782"
assert sum(w * int(d) for w, d in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), ALONE, strict=True)) % 11 == 0


def test_a_number_alone_is_kept_in_no_name_and_in_no_name_of_a_file(service: Service) -> None:
    service.add("a@example.org", Right("administrator"))
    service.add("s@example.org", Right("school", "25AB00", "School"))
    admin, school = service.person("a@example.org"), service.person("s@example.org")
    me = admin.get("/api/v1/account").json["id"]
    right = {"role": "referrer", "code": f"Bureau {ALONE}", "name": "Bureau"}
    for path, body in (
        ("/accounts", {"email": "x@example.org", "name": f"Jan {ALONE}", "rights": []}),
        ("/accounts", {"email": "x@example.org", "name": "Jan", "rights": [right]}),
        ("/accounts", {"email": "x@example.org", "name": "Jan",
                       "rights": [right | {"code": "Bureau", "name": f"Bureau {ALONE}"}]}),
        (f"/accounts/{me}/tokens", {"name": f"systeem {ALONE}", "scopes": ["read"]}),
        ("/policies", {"text": f"# {ALONE}\n"}),
        ("/organisations", {"kind": "referrer", "code": f"Bureau {ALONE}", "name": "Bureau"}),
    ):
        refused = admin.post(f"/api/v1{path}", body)
        assert (refused.status_code, refused.json["code"] in ("invalid", "code")) == (400, True), (path, refused.text)
        assert ALONE not in refused.text
    for form in ({"name": f"Jan {ALONE}", "role": "administrator", "email": "x@example.org"},
                 {"name": "Jan", "role": "referrer", "code": f"Bureau {ALONE}", "email": "x@example.org"}):
        page = admin.post("/beheer/accounts/nieuw", data=form)
        assert page.status_code == 400
        assert "lijkt" in page.text or "nummer" in page.text
    for path in ("/uploads", "/upload-drafts"):
        for name in (f"{ALONE}.csv", f"leerling {ALONE} Jan.csv", "klas 123 456 782.csv"):
            data = {"file": (io.BytesIO(b"leerlingnummer;geboortedatum\nA;2009-01-01\n"), name)}
            made = school.ask("POST", f"/api/v1{path}", data=data)
            assert made.status_code == 201, made.text
            assert ALONE not in plain(made.text)
    path = Path(str(service.database.engine.url.database))
    assert ALONE not in stored(service)
    assert ALONE.encode() not in path.read_bytes()
