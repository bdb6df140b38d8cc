"""The words of the screens are published beside the words of the API, and each of these is one of the API."""
from __future__ import annotations

import re

from api.web.json.glossary import GLOSSARY
from tests.service.browser import Service


def test_every_word_of_the_glossary_is_a_word_of_the_api(service: Service) -> None:
    told = service.person().get("/api/v1/openapi.json").json
    description = told["info"].pop("description")
    words = set(re.findall(r"[A-Za-z]+(?:-[a-z]+)*", str(told)))
    for nl, en, codes in GLOSSARY:
        assert f"| {nl} | {en} |" in description
        assert set(codes) <= words, (nl, set(codes) - words)


def test_a_word_stands_in_the_glossary_once() -> None:
    for column in zip(*GLOSSARY, strict=True):
        assert len(set(column)) == len(column)
