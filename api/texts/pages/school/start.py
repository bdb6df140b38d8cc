"""The words of the start page of a school or referrer."""
from __future__ import annotations

from api.texts.catalogue import Catalogue

SCHOOL_START: Catalogue = {
    "title": ("Welkom, {name}", "Welcome, {name}"),
    "lead": ("Dit is er te doen voor {party}.", "This is what there is to do for {party}."),
    "tasks": ("Te doen", "To do"),
    "left": ("Nog {n}", "{n} left"),
    "done": ("Klaar", "Done"),
    "never": ("Nog niet gedaan", "Not done yet"),
    "ground": ("Grondslag vastleggen", "Record the legal ground"),
    "ground_hint": ("Op welke grond van de wet geven jullie gegevens?",
                    "On which ground of the law do you hand in data?"),
    "list_hint": ("Nieuwe leerlingen, of een lijst met wijzigingen.", "New students, or a list with changes."),
    "mend": ("Lijst afmaken", "Finish a list"),
    "mend_hint": ("Je was hier al mee begonnen.", "You had begun with this already."),
    "fill": ("Gegevens aanvullen", "Fill in what is missing"),
    "fill_hint": ("Met meer gegevens worden voorstellen zekerder.", "With more data, proposals become more certain."),
    "confirm": ("Gegevens bevestigen", "Confirm the data"),
    "confirm_hint": ("Kijk of alles nog klopt. Eén klik per leerling.",
                     "See if all is still right. One click per student."),
    "answer": ("Vragen beantwoorden", "Answer questions"),
    "answer_hint": ("Van de verbinder of de leerling.", "Of the connector or the student."),
    "consent": ("Toestemming vragen", "Ask for consent"),
    "consent_hint": ("Geef elke leerling een code. De leerling beslist.",
                     "Give each student a code. The student decides."),
    "outcome": ("Uitkomst melden", "Report the outcome"),
    "outcome_hint": ("Waar ging de leerling heen?", "Where did the student go?"),
    "questions": ("Vragen aan jou", "Questions for you"),
    "about": ("Over {name}", "About {name}"),
    "figures": ("Hoe het gaat", "How things are going"),
    "students": ("Leerlingen", "Students"),
    "talk": ("Wil eerst praten", "Wants to talk first"),
    "given": ("Toestemming gegeven", "Consent given"),
    "placed": ("Geplaatst", "Placed"),
}  # fmt: skip
