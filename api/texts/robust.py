"""The words about proposals that hold, and those to look at first."""
from __future__ import annotations

from api.texts.catalogue import Catalogue

ROBUST: Catalogue = {
    "column": ("Hoe zeker", "How sure"),
    "look_first": ("Eerst kijken", "Look first"),
    "robust": ("Stevig", "Robust"),
    "open": ("Niet nagegaan", "Not checked"),
    "line": (
        "{n} voorstellen staan bovenaan: “Eerst kijken”. De andere zijn stevig.",
        "{n} proposals are at the top: “Look first”. The others are robust."),
    "line_one": (
        "1 voorstel staat bovenaan: “Eerst kijken”. De andere zijn stevig.",
        "1 proposal is at the top: “Look first”. The others are robust."),
    "summary": (
        "{n} voorstellen zijn nog niet stevig. Ze staan bovenaan in de lijst.",
        "{n} proposals are not robust yet. They are on top of the list."),
    "summary_one": (
        "1 voorstel is nog niet stevig. Het staat bovenaan in de lijst.",
        "1 proposal is not robust yet. It is on top of the list."),
    "help": (
        "Een voorstel is stevig als de leerling de plek houdt, ook als iets anders uitvalt. We rekenden het plan {n} "
        "keer opnieuw. Wat niet bekend is, viel mee of juist tegen. Elk onderdeel telde een keer {per_cent} % zwaarder "
        "en een keer lichter.",
        "A proposal is robust when the student keeps this place if something turns out otherwise. We made the plan {n} "
        "times again. What is not known turned out well, or badly. Each part once counted {per_cent} % more, and once "
        "less."),
    "help_none": (
        "Of voorstellen stevig zijn, is nu niet nagegaan: dat zou te lang duren.",
        "Whether proposals are robust was not checked now: it would take too long."),
    "why": ("Waarom eerst kijken?", "Why look first?"),
    "unknown": (
        "De plek hangt af van wat nog niet bekend is, van deze leerling of van anderen.",
        "The place hangs on what is not known yet, of this student or of others."),
    "low": (
        "Valt iets tegen, dan past dit te weinig om voor te stellen.",
        "If something turns out badly, this fits too little to be proposed."),
    "weights": (
        "De plek hangt af van hoe zwaar dit telt: {items}.",
        "The place hangs on how much this counts: {items}."),
    "branch": ("branche", "branch"),
    "tasks": ("taken", "tasks"),
    "work_skills": ("werkvaardigheden", "work skills"),
    "support": ("begeleiding", "guidance"),
    "travel": ("reizen", "travel"),
    "hours": ("uren", "hours"),
    "conditions": ("omstandigheden", "conditions"),
    "route": ("groep of alleen", "group or individual"),
    "development": ("leren", "learning"),
    "contract": ("contract", "contract"),
}  # fmt: skip
