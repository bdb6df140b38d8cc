"""Vacancies in words: what a demand does to who can come, examples to begin from."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.texts.catalogue import Catalogue

_DEMANDS = {
    "age": ("deze leeftijd", "this age"),
    "route": ("deze vorm, alleen of in een groep,", "this form, alone or in a group,"),
    "contract_type": ("dit soort contract", "this type of contract"),
    "hours": ("deze uren", "these hours"),
    "certificate": ("dit certificaat", "this certificate"),
    "level": ("dit diploma", "this diploma"),
    "under_18": ("deze werktijden of dit werk", "these hours or this work"),
    "support": ("deze begeleiding", "this support"),
    "condition": ("deze omstandigheden", "these conditions"),
    "task": ("deze verplichte taken", "these tasks that must be done"),
    "skill": ("deze verplichte vaardigheden", "these skills that are a must"),
}
EFFECTS: Catalogue = {
    **{f"large_{code}": (f"Met {nl} valt een groot deel van de leerlingen af.",
                         f"With {en} a large part of the students drop out.") for code, (nl, en) in _DEMANDS.items()},
    **{f"part_{code}": (f"Met {nl} valt een deel van de leerlingen af.",
                        f"With {en} a part of the students drop out.") for code, (nl, en) in _DEMANDS.items()},
}  # fmt: skip
"""``size_rule`` -> the sentence; sizes are large and part."""

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "green": {
        "title": ("Medewerker groen", "Green worker"), "branch": "green", "route": "individual",
        "description": (
            "Je werkt buiten, met een klein team. Je snoeit, maait en houdt paden schoon. Een vaste begeleider doet "
            "het werk voor en kijkt mee.",
            "You work outdoors, in a small team. You prune, mow and keep paths clean. A fixed instructor shows the "
            "work and looks along."),
        "tasks": ["snoeien", "maaien", "harken"], "conditions": ["outdoors", "team_work", "standing_walking"],
        "support_offered": ["fixed_instructor", "demonstration", "own_pace"], "contract_type": "work_experience",
        "hours_min": 16, "hours_max": 32,
    },
    "cleaning": {
        "title": ("Medewerker schoonmaak", "Cleaner"), "branch": "cleaning", "route": "individual",
        "description": (
            "Je maakt kantoren schoon, steeds in dezelfde volgorde. Er is een kaart met stappen. Iemand kijkt elke dag "
            "even mee.",
            "You clean offices, always in the same order. There is a card with steps. Somebody looks along every day."),
        "tasks": ["stofzuigen", "dweilen", "sanitair schoonmaken"], "conditions": ["standing_walking", "working_alone"],
        "support_offered": ["step_cards", "regular_check_in", "fixed_structure"], "contract_type": "work_experience",
        "hours_min": 12, "hours_max": 24,
    },
    "logistics": {
        "title": ("Medewerker magazijn", "Warehouse worker"), "branch": "logistics", "route": "individual",
        "description": (
            "Je pakt bestellingen in en zet ze klaar. Je leert scannen en later rijden met een pompwagen. Je hebt een "
            "vaste begeleider.",
            "You pack orders and get them ready. You learn to scan, and later to use a pallet truck. You have a fixed "
            "instructor."),
        "tasks": ["orders verzamelen", "inpakken"], "conditions": ["lifting", "standing_walking", "team_work"],
        "support_offered": ["fixed_instructor", "repetition"], "contract_type": "internship",
        "hours_min": 24, "hours_max": 32,
    },
    "infra": {
        "title": ("Groep grond- en wegenbouw", "Groundworks group"), "branch": "infra", "route": "group",
        "description": (
            "Je leert met een groep straten en riolering leggen. Twee ochtenden per week is er les op het werk. Na een "
            "proeftijd volgt een contract.",
            "You learn with a group to lay roads and sewers. Two mornings a week there are lessons on site. After a "
            "trial a contract follows."),
        "tasks": ["bestraten", "graven"], "conditions": ["outdoors", "lifting", "team_work", "early_start"],
        "support_offered": ["fixed_instructor", "demonstration", "repetition"], "contract_type": "apprenticeship",
        "certificates_obtainable": ["vca"], "hours_min": 32, "hours_max": 32, "duration_months": 24, "trial_months": 3,
    },
    "hospitality": {
        "title": ("Medewerker bediening en keuken", "Kitchen and service worker"), "branch": "hospitality",
        "route": "individual",
        "description": (
            "Je helpt in de keuken en zet tafels klaar. Je begint rustig, buiten de drukke uren. Wat je doet, staat op "
            "een lijst.",
            "You help in the kitchen and set tables. You start quietly, outside the busy hours. What you do is on a "
            "list."),
        "tasks": ["afwassen", "tafels dekken"], "conditions": ["standing_walking", "team_work", "hygiene_rules"],
        "support_offered": ["fixed_structure", "regular_check_in"], "contract_type": "work_experience",
        "certificates_obtainable": ["haccp"], "hours_min": 12, "hours_max": 28,
    },
    "retail": {
        "title": ("Medewerker winkel", "Shop worker"), "branch": "retail", "route": "individual",
        "description": (
            "Je vult de vakken en houdt de winkel netjes. Klanten helpen hoeft in het begin niet. Je werkt samen met "
            "een vaste collega.",
            "You stock the shelves and keep the shop tidy. You need not help customers at first. You work with a fixed "
            "colleague."),
        "tasks": ["vakken vullen", "spiegelen"], "conditions": ["standing_walking", "team_work"],
        "support_offered": ["fixed_instructor", "own_pace"], "contract_type": "internship",
        "hours_min": 12, "hours_max": 32,
    },
}  # fmt: skip
"""Vacancies to begin from: cells of the vacancy list; title and description in Dutch and English."""


def example(name: str, lang: str) -> dict[str, Any]:
    """The cells of an example in ``lang``."""
    found = EXAMPLES[name]
    at = 0 if lang == "nl" else 1
    return {key: value[at] if key in ("title", "description") else value for key, value in found.items()}


__all__ = ["EFFECTS", "EXAMPLES", "example"]
