"""The official number of a party or region: one rule, for the form, the API, rights and the command line."""
from __future__ import annotations

import re

from api.bsn import suspects
from features.geography import REGIONS, find_municipality

_FORMS = {
    "school": (r"[0-9]{2}[A-Z]{2}[0-9]{2}", "A school's number is its BRIN with the branch, such as 25AB00."),
    "referrer": (r"[0-9]{8}|(?![0-9 ]*\Z).{2,120}", "A referrer goes by its KvK number of eight digits or its name."),
    "employer": (r"[0-9]{8}", "An employer's KvK number has eight digits."),
    "municipality": (r"GM[0-9]{4}", "A municipality goes by its CBS code of today, such as GM0193."),
    "connector": (r"AM[0-9]{2}", "A connector works in a labour-market region, by its code, such as AM36."),
}


def tidy(kind: str, code: str) -> str:
    """The number as it is stored; only a referrer's name keeps its case."""
    return code.strip() if kind == "referrer" else code.strip().upper()


def fault_of(kind: str, code: str) -> str:
    """What is wrong with a number that is tidy, in a sentence; empty: nothing."""
    form, said = _FORMS[kind]
    right = re.fullmatch(form, code) is not None and (code.isdecimal() or not suspects(code))
    if kind == "connector":
        right = code in REGIONS
    elif kind == "municipality":
        right = right and find_municipality(code) is not None
    return "" if right else said


__all__ = ["fault_of", "tidy"]
