"""Choices of a vacancy's steps in words."""
from __future__ import annotations

from typing import Any

import marshmallow as ma

from api.texts.catalogue import capital
from api.web.pages.base import code_label, day, t
from api.web.pages.fields import Day
from api.web.pages.language import language
from features.codes import code_list, skill_level

Choices = list[tuple[str, str]]


def options(name: str) -> Choices:
    """Every code of a list with its label."""
    return [(code, capital(code_label(name, code))) for code in code_list(name).codes]


def codes(name: str) -> tuple[str, ...]:
    """The codes of a list."""
    return code_list(name).codes


def offer_levels() -> Choices:
    """Whether support is offered."""
    return [(level, t(f"vacancy.offer_{level}")) for level in ("", "yes", "limited", "no")]


def cert_levels() -> Choices:
    """Whether a certificate must be there, or can be earned."""
    return [(level, t(f"vacancy.cert_{level}")) for level in ("", "required", "obtainable")]


def skill_levels(skill: str) -> Choices:
    """How much of a skill is asked, in behaviour."""
    return [("", t("vacancy.skill_none")), *((str(n), skill_level(skill, n, language())) for n in (1, 2, 3))]


def said_day(typed: str) -> str:
    """A typed day as it is read, ``27 maart 2026``; what is no day as it was typed."""
    try:
        return day(Day().deserialize(typed)) if typed else ""
    except ma.ValidationError:
        return typed


FOR_TEMPLATES: dict[str, Any] = {
    "options": options, "codes": codes, "offer_levels": offer_levels, "cert_levels": cert_levels,
    "skill_levels": skill_levels, "cap": capital, "said_day": said_day,
}  # fmt: skip
