"""The words about the no-harm list, for the connector."""
from __future__ import annotations

from api.texts.catalogue import Catalogue

NO_HARM: Catalogue = {
    "title": ("Minder dan bij loten", "Less than by drawing lots"),
    "help": (
        "We hebben {orders} keer geloot wie als eerste mag kiezen. Iedereen kiest dan de beste plek die er nog is. "
        "Plekken, begeleiding en groepen tellen ook daar.",
        "We drew lots {orders} times for who may choose first. Everyone then takes the best place that is left. "
        "Places, guidance and groups count there too."),
    "help_list": (
        "Deze leerlingen hebben nu minder dan gemiddeld bij loten. Geen plek telt als 0 punten. Kijk of er voor hen "
        "iets beters kan. Kan dat niet, leg het dan uit.",
        "These students now have less than on average by lots. No place counts as 0 points. See whether something "
        "better is possible for them, and explain it if not."),
    "line": (
        "{n} leerlingen hebben minder dan gemiddeld bij loten. Zie “Minder dan bij loten”.",
        "{n} students have less than on average by lots. See “Less than by drawing lots”."),
    "line_one": (
        "1 leerling heeft minder dan gemiddeld bij loten. Zie “Minder dan bij loten”.",
        "1 student has less than on average by lots. See “Less than by drawing lots”."),
    "none": (
        "Niemand heeft minder dan gemiddeld bij loten. We hebben {orders} keer geloot wie als eerste mag kiezen.",
        "Nobody has less than on average by lots. We drew lots {orders} times for who may choose first."),
    "caption": ("Wie minder heeft dan gemiddeld bij loten", "Who has less than on average by lots"),
    "now": ("Nu, punten", "Now, points"),
    "lots": ("Bij loten, punten", "By lots, points"),
    "gap": ("Verschil", "Difference"),
    "place": ("Plek bij loten", "Place by lots"),
    "vacancy": ("Voorstel", "Proposal"),
    "unplaced": ("geen", "none"),
}  # fmt: skip
