"""The entry of the matching in the Dutch register of algorithms, field by field, in the register's own headings.

What only the organisation that uses the service knows stands between square brackets: it fills that in.
"""
from __future__ import annotations

from api.texts.catalogue import Catalogue

ALGORITHM: Catalogue = {
    "title": ("Algoritmeregister", "Algorithm register"),
    "lead": ("Zo staat het voorstel in het register van algoritmes van de overheid. "
             "Vul in wat tussen rechte haken staat, en meld het aan.",
             "This is the entry of the proposals in the government's register of algorithms. "
             "Fill in what is between square brackets, and publish it."),
    "download": ("Download (CSV)", "Download (CSV)"),
    "print": ("Je kunt deze pagina ook printen.", "You can print this page too."),
    "part": ("Onderdeel", "Part"),
    "text": ("Tekst", "Text"),
}  # fmt: skip

ENTRY: Catalogue = {
    "name": ("Naam", "Name"),
    "name_text": ("Schakel: voorstellen voor leerwerkplekken", "Schakel: proposals for learn-work places"),
    "short": ("Korte omschrijving", "Short description"),
    "short_text": ("Schakel zoekt voor jongeren uit het vso en praktijkonderwijs plekken die kunnen passen. Een "
                   "verbinder beoordeelt elk voorstel. De jongere beslist of een werkgever iets mag zien.",
                   "Schakel looks for places that may fit young people from special and practical education. A "
                   "connector judges every proposal. The young person decides whether an employer may see anything."),
    "organisation": ("Organisatie", "Organisation"),
    "organisation_text": ("[naam van de organisatie die Schakel gebruikt]", "[name of the organisation that uses it]"),
    "status": ("Status", "Status"),
    "status_text": ("[In ontwikkeling, In gebruik of Buiten gebruik]", "[In development, In use or Out of use]"),
    "contact": ("Contactgegevens", "Contact"),
    "contact_text": ("[e-mailadres of telefoonnummer]", "[e-mail address or telephone number]"),
    "category": ("Publicatiecategorie", "Category"),
    "category_text": ("Hoog-risico AI-systeem", "High-risk AI system"),
    "goal": ("Doel en impact", "Goal and impact"),
    "goal_text": ("Meer schoolverlaters vinden een plek waar ze kunnen leren en werken. Het systeem maakt een plan: "
                  "welke jongere past bij welke plek. Zonder voorstel kan een verbinder iemand toch voorstellen. "
                  "Niemand verliest een recht door de uitkomst.",
                  "More school leavers find a place to learn and work. The system makes a plan: which young person "
                  "fits which place. Without a proposal a connector can still propose somebody. Nobody loses a right "
                  "by the outcome."),
    "considerations": ("Afwegingen", "Considerations"),
    "considerations_text": ("Er zijn veel jongeren en veel plekken. Met de hand bekijkt niemand alle paren. Daardoor "
                            "blijft buiten beeld wie niet bekend is. Geslacht, afkomst, nationaliteit, diagnose en "
                            "het soort school tellen niet mee. Het systeem leert niet van eerdere keuzes.",
                            "There are many young people and many places. By hand nobody looks at all pairs, so "
                            "whoever is not known stays out of view. Sex, origin, nationality, diagnosis and school "
                            "type do not count. The system does not learn from earlier choices."),
    "human": ("Menselijke tussenkomst", "Human intervention"),
    "human_text": ("Een verbinder kiest bij elk voorstel: past, past niet of later. Bij een deel oordeelt de "
                   "verbinder eerst zelf, zonder cijfer. Daarna zegt de jongere ja of nee. Pas dan ziet een "
                   "werkgever een kaart zonder naam. De stopknop zet elke berekening stil.",
                   "A connector chooses for every proposal: fits, does not fit or later. For some of them the "
                   "connector judges first, without a number. Then the young person says yes or no. Only then an "
                   "employer sees a card without a name. The stop switch halts every run."),
    "risks": ("Risicobeheer", "Risk management"),
    "risks_text": ("Elke berekening wordt nagerekend door een los programma. Kansen van groepen worden vergeleken, met "
                   "een marge en een waarschuwing bij verschil. Elk besluit staat in een logboek dat "
                   "veranderingen verraadt. Verouderde gegevens worden gemeld en tellen na 120 dagen niet mee.",
                   "Every run is checked by a separate program. Chances of groups are compared, with an interval and "
                   "a warning when they differ. Every decision stands in a log that shows any change. Old data are "
                   "marked and do not count after 120 days."),
    "legal": ("Wettelijke basis", "Legal basis"),
    "legal_text": ("[de wet of taak waarop elke partij zich beroept]", "[the law or task on which each party relies]"),
    "impact": ("Impacttoetsen", "Impact assessments"),
    "impact_text": ("[DPIA en IAMA, met datum]", "[DPIA and IAMA, with their dates]"),
    "data": ("Gegevens", "Data"),
    "data_text": ("Van jongeren: leeftijd, wensen, taken en ervaring, werkvaardigheden, begeleiding die nodig is, "
                  "certificaten, reizen, uren en begindatum. Van plekken: taken, begeleiding, tijden, plaats en "
                  "eisen. Geen BSN, geen diagnose, geen foto. De velden staan in het gegevenswoordenboek.",
                  "Of young people: age, wishes, tasks and experience, work skills, support needed, certificates, "
                  "travel, hours and start date. Of places: tasks, support, times, place and demands. No citizen "
                  "service number, no diagnosis, no photograph. The fields are in the data dictionary."),
    "working": ("Technische werking", "How it works"),
    "working_text": ("Eerst vallen paren af die niet kunnen, zoals te ver reizen. Elk ander paar krijgt punten volgens "
                     "vaste gewichten, die de beheerder vaststelt. Daarna zoekt een rekenmodel het beste plan voor "
                     "iedereen samen. Dat plan is bewezen het beste, of de afstand tot het beste is bekend. Bij elk "
                     "voorstel staat waarom, wat onbekend is en wat zou helpen. Versies van de laatste berekening: "
                     "{versions}. Beleid: {policy}.",
                     "First, pairs that cannot be are left out, such as too long a journey. Every other pair gets "
                     "points by fixed weights, set by the administrator. Then a model finds the best plan for all "
                     "together. That plan is proven best, or its distance from the best is known. Every proposal "
                     "says why, what is unknown and what would help. Versions of the latest run: {versions}. "
                     "Policy: {policy}."),
    "supplier": ("Leverancier", "Supplier"),
    "supplier_text": ("Schakel, open broncode, versie {version}", "Schakel, open source, version {version}"),
    "none_yet": ("nog geen", "none yet"),
}  # fmt: skip
PARTS = {
    "name": 100, "short": 350, "organisation": 100, "status": 100, "contact": 200, "category": 100, "goal": 2500,
    "considerations": 2500, "human": 2500, "risks": 2500, "legal": 2500, "impact": 2500, "data": 2500,
    "working": 5000, "supplier": 200,
}  # fmt: skip
"""The fields in the register's order, with the most characters that its standard (1.0) takes."""

__all__ = ["ALGORITHM", "ENTRY", "PARTS"]
