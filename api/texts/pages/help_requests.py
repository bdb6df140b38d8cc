"""The words of requests for help to a municipality: for who asks, for the student and for the municipality."""
from __future__ import annotations

from api.texts.catalogue import Catalogue

HELP_REQUEST: Catalogue = {
    "title": ("Hulpvragen", "Requests for help"),
    "title_of": ("Hulp van de gemeente voor {name}", "Help from the municipality for {name}"),
    "lead": ("Wie hier staat, vond goed dat u dit leest. De jongere leest dat u keek.",
             "Who is here agreed that you read this. The young person reads that you looked."),
    "lead_of": ("De gemeente ziet niets voordat de jongere ja zegt. Dan ziet zij de voornaam, de vraag, jouw naam en "
                "de datums.",
                "The municipality sees nothing before the young person says yes. Then it sees the first name, the "
                "question, your name and the dates."),
    "none": ("Er is nu geen hulpvraag.", "There is no request for help now."),
    "none_of": ("Er is nog niets gevraagd.", "Nothing has been asked yet."),
    "new": ("Vraag hulp", "Ask for help"),
    "municipality": ("Welke gemeente?", "Which municipality?"),
    "choose": ("Kies een gemeente", "Choose a municipality"),
    "no_towns": ("Er doet nog geen gemeente mee. Vraag de beheerder.",
                 "No municipality takes part yet. Ask the administrator."),
    "what": ("Wat is er nodig?", "What is needed?"),
    "what_hint": ("Zeg het zo dat de jongere het ook begrijpt.", "Say it so that the young person understands it too."),
    "what_missing": ("Zeg wat er nodig is.", "Say what is needed."),
    "who": ("Wie kan dit doen?", "Who can do this?"),
    "by": ("Wanneer moet het er zijn?", "By when?"),
    "asked_by": ("Gevraagd door", "Asked by"),
    "asked_at": ("Gevraagd op", "Asked on"),
    "ask": ("Vraag het de jongere", "Ask the young person"),
    "take_back": ("Neem de vraag terug", "Take the request back"),
    "answered": ("Antwoord van {name}, {day}", "Answer of {name}, {day}"),
    "answer": ("Uw antwoord", "Your answer"),
    "answer_hint": ("De jongere leest dit ook.", "The young person reads this too."),
    "answer_missing": ("Schrijf eerst een antwoord.", "Write an answer first."),
    "send": ("Antwoord sturen", "Send answer"),
    "somebody": ("Een jongere", "A young person"),
    "state_asked": ("Wacht op de jongere", "Waits for the young person"),
    "state_open": ("Wacht op antwoord", "Waits for an answer"),
    "state_answered": ("Beantwoord", "Answered"),
    "state_withdrawn": ("Teruggenomen", "Taken back"),
    "link": ("Hulp van de gemeente", "Help from the municipality"),
    "mine": ("Hulp van de gemeente", "Help from the municipality"),
    "question": ("Mag {town} dit van je lezen?", "May {town} read this about you?"),
    "goes": ("De gemeente ziet dan je voornaam, deze vraag, wie het vroeg en wanneer. Verder niets.",
             "The municipality then sees your first name, this question, who asked and when. Nothing else."),
    "yes": ("Ja, dat mag", "Yes, it may"),
    "no": ("Nee, liever niet", "No, rather not"),
    "parent_must": ("Je bent jonger dan 16. Je ouder of verzorger zegt hier ja. Nee zeggen mag je zelf.",
                    "You are under 16. Your parent or guardian says yes here. You may say no yourself."),
    "stop": ("Stop: de gemeente mag dit niet meer lezen", "Stop: the municipality may no longer read this"),
    "waiting": ("Er is een vraag over hulp van de gemeente.", "There is a question about help from the municipality."),
    "see": ("Bekijk de vraag", "See the question"),
}  # fmt: skip

__all__ = ["HELP_REQUEST"]
