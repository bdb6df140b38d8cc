"""Words for what happens after a decision: kinds, states, verbs, what is in the way, reasons and bands."""
from __future__ import annotations

from api.texts.catalogue import Catalogue

KINDS: Catalogue = {
    "consent_request": ("De vraag om toestemming", "The question for consent"),
    "consent": ("De toestemming", "The consent"),
    "release": ("Het delen", "The release"),
    "candidate": ("De kandidaat", "The candidate"),
    "introduction": ("De kennismaking", "The introduction"),
    "agreement": ("De afspraak", "The agreement"),
    "placement": ("De plaatsing", "The placement"),
    "check_moment": ("Het evaluatiemoment", "The check moment"),
    "step": ("De stap", "The step"),
    "question": ("De vraag", "The question"),
    "help_request": ("De hulpvraag", "The request for help"),
}  # fmt: skip
STATES: Catalogue = {
    "open": ("open", "open"), "answered": ("beantwoord", "answered"), "ended": ("beëindigd", "ended"),
    "live": ("van kracht", "in force"), "withdrawn": ("ingetrokken", "withdrawn"), "new": ("nieuw", "new"),
    "meet": ("uitgenodigd", "invited"), "does_not_fit": ("niet passend", "not fitting"),
    "no_longer_available": ("niet meer beschikbaar", "no longer available"), "asked": ("aangevraagd", "asked for"),
    "planned": ("gepland", "planned"), "held": ("geweest", "held"), "cancelled": ("afgezegd", "cancelled"),
    "draft": ("nog niet akkoord", "not agreed yet"), "agreed": ("akkoord", "agreed"),
    "started": ("begonnen", "started"),
    "trial": ("op proef", "on trial"), "contract": ("met contract", "under contract"), "due": ("gepland", "due"),
    "active": ("bezig", "active"), "paused": ("gepauzeerd", "paused"), "stopped": ("gestopt", "stopped"),
    "done": ("klaar", "done"),
}  # fmt: skip
VERBS: Catalogue = {
    "answer": ("antwoorden", "answering"), "take_back": ("terugtrekken", "taking it back"),
    "withdraw": ("intrekken", "withdrawing"), "meet": ("kennismaken", "meeting"),
    "does_not_fit": ("afwijzen", "saying that it does not fit"), "plan": ("plannen", "planning"),
    "cancel": ("afzeggen", "cancelling"), "hold": ("de uitkomst melden", "reporting the outcome"),
    "permit_names": ("de naam laten geven", "permitting the name"),
    "take_back_names": ("de naam weer afschermen", "hiding the name again"), "change": ("wijzigen", "changing"),
    "agree": ("akkoord gaan", "agreeing"), "start": ("beginnen", "starting"),
    "finish_step": ("een aanpassing afronden", "finishing an adaptation"), "extend": ("verlengen", "extending"),
    "pass": ("de proeftijd afronden", "finishing the trial"), "sign": ("een contract geven", "giving a contract"),
    "end": ("beëindigen", "ending"), "report": ("melden", "reporting"), "begin": ("beginnen", "beginning"),
    "pause": ("pauzeren", "pausing"), "stop": ("stoppen", "stopping"), "finish": ("afronden", "finishing"),
    "consent": ("toestemming geven", "giving consent"),
}  # fmt: skip
IN_THE_WAY: Catalogue = {
    "wrong_state": ("{kind} is {state}. {verb} kan nu niet.", "{kind} is {state}. {verb} is not possible now."),
    "decision_ended": ("Deze keuze geldt niet meer.", "This decision does not stand any more."),
    "not_accepted": ("Kies eerst Past of Vastzetten.", "Accept or pin the proposal first."),
    "rejected": ("Deze leerling is hier niet passend bevonden.", "This student was found not to fit here."),
    "asked_already": ("De vraag om toestemming is al gesteld.", "Consent was asked already."),
    "consented_already": ("De toestemming is er al.", "Consent was given already."),
    "no_consent": ("De leerling heeft nog geen toestemming gegeven.", "The student has not given consent yet."),
    "released_already": ("De werkgever ziet deze kandidaat al.", "The employer sees this candidate already."),
    "vacancy_not_open": ("De vacature is niet open.", "The vacancy is not open."),
    "vacancy_closed": ("De sluitingsdatum van de vacature is voorbij.", "The closing date of the vacancy has passed."),
    "employer_not_approved": ("De werkgever is nog niet goedgekeurd.", "The employer is not approved yet."),
    "no_place_left": ("Alle plekken zijn bezet.", "Every place is taken."),
    "destination_known": ("De leerling heeft al een bestemming.", "The student has a destination already."),
    "preview_changed": ("De kaart is veranderd na je voorbeeld. Bekijk hem opnieuw.",
                        "The card changed after your preview. Look at it again."),
    "placement_runs": ("Er loopt een plaatsing. Beëindig die eerst.", "There is a placement. End that first."),
    "at_work": ("Deze kandidaat werkt bij u. Gaat dat niet verder? Beëindig dan de plaatsing.",
                "This candidate works for you. Does that not go on? Then end the placement."),
    "released": ("De werkgever ziet deze leerling al. Trek dat eerst terug.",
                 "The employer sees this student already. End that first."),
    "no_longer_available": ("Deze kandidaat is niet meer beschikbaar.", "This candidate is no longer available."),
    "parent_answers": ("Onder de 16 jaar zegt een ouder of vertegenwoordiger ja.",
                       "Under 16 a parent or representative says yes."),
    "student_answers": ("Vanaf 16 jaar antwoordt de leerling zelf, of wie de leerling machtigt.",
                        "From 16 on the student answers, or who has the student's mandate."),
    "names_not_permitted": ("De naam mag nog niet worden gegeven.", "The name may not be given yet."),
    "not_held": ("De kennismaking is nog niet geweest.", "The introduction has not been held yet."),
    "no_go": ("Na de kennismaking gaan zij niet verder.", "After the introduction they do not go on."),
    "agreement_there": ("Er is al een afspraak.", "There is an agreement already."),
    "not_agreed": ("Beide kanten moeten eerst akkoord zijn.", "Both sides must agree first."),
    "not_passed": ("De proeftijd is niet goed afgerond.", "The trial was not passed."),
    "day_before_start": ("Deze dag ligt voor het begin.", "This day lies before the start."),
    "day_before_report": ("Deze dag ligt voor de dag waarop de plaatsing is gemeld.",
                          "This day lies before the day the placement was reported."),
    "not_begun": ("De plaatsing is nog niet begonnen. Kies een andere reden.",
                  "The placement has not begun yet. Choose another reason."),
    "day_to_come": ("Deze dag moet nog komen.", "This day is still to come."),
    "day_over": ("Deze dag is al voorbij.", "This day is over already."),
    "day_outside": ("Kies een dag van {first} tot en met {last}.", "Choose a day from {first} to {last}."),
    "not_your_step": ("Dit is niet aan jou.", "This is not yours to do."),
    "no_plan": ("In deze regio geldt nog geen plan. Maak eerst een berekening en neem die over.",
                "No plan holds in this region yet. Compute one and take it over first."),
    "pair_decided": ("Over dit paar is al gekozen. Wil je iets anders? Maak die keuze dan eerst ongedaan.",
                     "Somebody decided on this pair already. Take that decision back first."),
    "run_discarded": ("Deze berekening is weggelegd. Beoordeel het voorstel uit het plan dat geldt.",
                      "This run was discarded. Review the proposal of the plan that holds."),
    "pair_proposed": ("Dit paar is al voorgesteld. Beoordeel het daar.",
                      "This pair is proposed already. Review it there."),
    "not_placeable": ("Deze leerling kan nu geen plek krijgen. Klopt dat niet? Vraag het de school.",
                      "This student cannot be placed now. Is that not right? Ask the school."),
    "places_held": ("Er zijn meer plekken bezet dan dit. Vul een hoger aantal in.",
                    "More places are taken than this. There cannot be fewer."),
    "opening_held": ("De verbinder is al bezig met de plekken van {day}. Bel de verbinder om die dag te wijzigen.",
                     "The connector is at work on the places of {day} already. Call the connector to change that day."),
    "opening_used": ("De plekken van {day} telden al mee in een berekening, en kunnen niet weg. "
                     "Zet het aantal op 0, dan komt er niemand bij.",
                     "The places of {day} went into a run already and cannot go. Set their number to 0: then nobody "
                     "is added."),
    "not_a_municipality": ("Dit is geen gemeente die meedoet.", "This is no municipality that takes part."),
}  # fmt: skip
"""Why something cannot be, by code; pages say it in the language of who reads."""
EMPLOYER_REASONS: Catalogue = {
    "travel": ("de reis is te lang", "the journey is too long"),
    "guidance": ("wij kunnen de begeleiding niet geven", "we cannot give the guidance"),
    "hours": ("de werktijden passen niet", "the hours do not fit"),
    "load": ("het werk is te zwaar", "the work is too heavy"),
    "tasks": ("de taken passen niet", "the tasks do not fit"),
    "place_filled": ("de plek is al bezet", "the place is filled already"),
    "other": ("anders, vertel het aan de verbinder", "something else, tell the connector"),
}  # fmt: skip
"""Why an employer says that a candidate does not fit: a closed list, one of them always."""
TURNED_DOWN: Catalogue = {
    "why": ("Werkgever zei {date} past niet: {reason}", "Employer said {date} does not fit: {reason}"),
    "no": ("Werkgever zei {date} past niet", "Employer said {date} does not fit"),
}  # fmt: skip
AGES: Catalogue = {
    "16-17": ("16 of 17 jaar", "16 or 17"), "18-20": ("18 tot en met 20 jaar", "18 to 20"),
    "21-24": ("21 tot en met 24 jaar", "21 to 24"),
}  # fmt: skip
TRAVEL: Catalogue = {
    "short": ("hoogstens een half uur", "half an hour at most"),
    "middle": ("een half uur tot een uur", "half an hour to an hour"),
    "long": ("langer dan een uur", "more than an hour"),
}  # fmt: skip
ASKED: Catalogue = {
    "yes": ("het gevraagde niveau is er", "the level you ask is there"),
    "no": ("het gevraagde niveau is er nog niet", "the level you ask is not there yet"),
    "unknown": ("het niveau is nog niet bekend", "the level is not known yet"),
}  # fmt: skip
OFFERED: Catalogue = {
    "yes": ("u biedt dit", "you offer this"), "limited": ("u biedt dit deels", "you offer part of this"),
    "no": ("u biedt dit niet", "you do not offer this"), "unknown": ("nog niet ingevuld", "not filled in yet"),
}  # fmt: skip
AVAILABLE: Catalogue = {
    "now": ("nu", "now"), "month": ("vanaf {month} {year}", "from {month} {year}"),
    "quarter": ("vanaf {one}, {two} of {three} {year}", "from {one}, {two} or {three} {year}"),
}  # fmt: skip
HEADERS: Catalogue = {
    "code": ("kandidaat", "candidate"), "vacancy_ref": ("vacaturenummer", "vacancy"), "title": ("functie", "title"),
    "starts_on": ("startdatum", "start"), "state": ("stand", "status"), "strengths": ("gaat goed", "goes well"),
    "support": ("begeleiding nodig", "support needed"), "available": ("beschikbaar", "available"),
    "travel": ("reis", "journey"), "hours": ("uren", "hours"), "certificates": ("certificaten", "certificates"),
    "level": ("niveau", "level"), "age": ("leeftijd", "age"),
}  # fmt: skip
