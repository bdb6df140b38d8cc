"""Why a pair of a plan is other than before, in a sentence."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from api.texts.catalogue import Catalogue, count, say

CAUSES: Catalogue = {
    "first_plan": ("Dit is het eerste plan van deze regio.", "This is the first plan of this region."),
    "student_new": ("De leerling is nieuw.", "The student is new."),
    "student_left": ("De leerling doet niet meer mee.", "The student takes no part any more."),
    "student_changed": ("De gegevens van de leerling zijn veranderd.", "The student's data have changed."),
    "opening_new": ("De vacature is nieuw.", "The vacancy is new."),
    "opening_left": ("De vacature doet niet meer mee.", "The vacancy takes no part any more."),
    "opening_changed": ("De vacature is veranderd.", "The vacancy has changed."),
    "decision_accept": ("Een verbinder zei: past.", "A connector said: fits."),
    "decision_pin": ("Een verbinder zette dit vast.", "A connector pinned this."),
    "decision_reject": ("Een verbinder zei: past niet.", "A connector said: does not fit."),
    "decision_defer": ("Een verbinder zei: later.", "A connector said: later."),
    "decision_ended": ("Een besluit is teruggenomen of telt niet meer.", "A decision was taken back or lapsed."),
    "outside_run": ("Dit staat vast, buiten deze berekening.", "This stays as it is, outside this run."),
    "decided_elsewhere": ("De leerling kreeg een andere plek.", "The student got another place."),
    "policy_changed": ("De regels of gewichten zijn veranderd.", "The rules or weights have changed."),
    "day_changed": ("Regels die van de dag afhangen, vallen nu anders uit.",
                    "Rules that go by the day turn out otherwise now."),
    "place_taken": ("{n} andere leerlingen kregen hier een plek.", "{n} other students got a place here."),
    "place_taken_one": ("Een andere leerling kreeg de plek.", "Another student got the place."),
    "place_freed": ("Hier kwamen {n} plekken vrij.", "{n} places came free here."),
    "place_freed_one": ("Hier kwam een plek vrij.", "A place came free here."),
    "whole": ("Zo past het geheel beter.", "The whole fits better this way."),
}  # fmt: skip


def sentences(causes: Iterable[Mapping[str, Any]], lang: str) -> list[dict[str, Any]]:
    """Return the causes with a sentence each."""
    return [{**cause, "sentence": _sentence(cause, lang)} for cause in causes]


def _sentence(cause: Mapping[str, Any], lang: str) -> str:
    code = str(cause["code"])
    if code == "decision":
        code = f"decision_{cause['word']}"
    if "student_ids" in cause:
        return count(CAUSES, code, len(cause["student_ids"]), lang)
    return say(CAUSES, code, lang)
