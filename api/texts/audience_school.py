"""Why a place fits one of its students, for the school: what it can fill in, ask or arrange stands first.

Keys as in `api.texts.reasons` and `api.texts.points`. A reason that is not here is said to the school as it is
said to the connector; a point is not.
"""
from __future__ import annotations

from api.texts.catalogue import Catalogue

SCHOOL_INTRO: Catalogue = {
    "place": ("Er is een voorstel voor deze leerling. De verbinder kijkt ernaar.",
              "There is a proposal for this student. The connector looks at it."),
    "group": ("Er is een voorstel voor een groep. De verbinder kijkt ernaar.",
              "There is a proposal for a group. The connector looks at it."),
    "choice": ("De leerling kiest zelf. Praat er samen over.", "It is the student's choice. Talk about it together."),
}  # fmt: skip
SCHOOL_REASONS: Catalogue = {
    "branch_rank": ("De branche {branch} staat bij de wensen.", "The branch {branch} is among the wishes."),
    "branch_late": ("De branche {branch} staat ook bij de wensen.", "The branch {branch} is among the wishes too."),
    "branch_absent": ("De branche {branch} staat niet bij de wensen. Bespreek of het toch kan.",
                      "The branch {branch} is not among the wishes. Discuss if it is possible."),
    "branch_unknown": ("Vul in welke branches de leerling wil.", "Fill in which branches the student wants."),
    "tasks_unknown": ("Vul in welk werk de leerling graag doet.", "Fill in which work the student likes to do."),
    "tasks_disliked": ("De leerling doet dit liever niet: {tasks}. Bespreek het samen.",
                       "The student would rather not do this: {tasks}. Discuss it together."),
    "work_skills_short": ("Het werk vraagt meer bij: {skills}. Oefen dit op school.",
                          "The work asks more at: {skills}. Practise this at school."),
    "work_skills_unknown": ("Vul de werkvaardigheden in.", "Fill in the work skills."),
    "support_missing": ("Deze begeleiding is er niet: {items}. Bespreek wat de school kan doen.",
                        "This guidance is not there: {items}. Discuss what the school can do."),
    "support_unknown": ("Vul in welke begeleiding nodig is.", "Fill in which support is needed."),
    "travel_long": ("De reis duurt ongeveer {minutes} minuten {means}. Oefen de reis samen.",
                    "The journey takes about {minutes} minutes {means}. Practise it together."),
    "travel_unknown": ("Vul in hoe en hoe ver de leerling kan reizen.",
                       "Fill in how and how far the student can travel."),
    "hours_unknown": ("Vul in hoeveel uur per week de leerling kan.", "Fill in how many hours a week are possible."),
    "conditions_unknown": ("Vul in wat de leerling fijn vindt in het werk.",
                           "Fill in what the student likes in the work."),
    "route_unknown": ("Vul in of de leerling een groep of eigen plek wil.",
                      "Fill in if the student wants a group or an individual place."),
}  # fmt: skip
SCHOOL_POINTS: Catalogue = {
    "entry": ("Laat weten of de school meedoet aan de werkschool.",
              "Tell if the school is a member of the werkschool."),
    "route": ("Vul in of een groep of een eigen plek goed is.", "Fill in if a group or an individual place is fine."),
    "contract_type": ("Vul in welk soort contract goed is.", "Fill in which type of contract is fine."),
    "dates": ("Vul in vanaf wanneer de leerling kan beginnen.", "Fill in from when the student can start."),
    "hours": ("Vul in hoeveel uur per week kan.", "Fill in how many hours a week are possible."),
    "region": ("Vul de postcode in.", "Fill in the postcode."),
    "reach": ("Vul in hoe en hoe ver de leerling kan reizen.", "Fill in how and how far the student can travel."),
    "certificate": ("Vul in welke certificaten de leerling heeft.", "Fill in which certificates the student has."),
    "level": ("Vul het niveau in.", "Fill in the level."),
    "condition": ("Vul in wat in het werk niet kan.", "Fill in what in the work is not possible."),
    "skill": ("Vul de werkvaardigheden in.", "Fill in the work skills."),
    "freshness": ("Bevestig dat de gegevens nog kloppen.", "Confirm that the data are still right."),
    "consent": ("Vraag de leerling om toestemming.", "Ask the student for consent."),
    "first_transport": ("Het werk begint vroeg. Kijk of er dan al een bus of trein rijdt.",
                        "Work starts early. See if a bus or train runs by then."),
    "task": ("Vul in of de leerling alle vaste taken wil doen.", "Fill in if the student wants to do all fixed tasks."),
    "support": ("Vul in welke begeleiding echt nodig is.", "Fill in which support is really needed."),
    "under_18": ("De leerling is jonger dan 18. Let op de werktijden en de veiligheid.",
                 "The student is under 18. Mind working times and safety."),
    "under_18_schooling": ("De leerling is jonger dan 18. Regel ook scholing bij deze baan.",
                           "The student is under 18. Arrange schooling with this job too."),
    "planned": ("De vacature is nog niet zeker.", "The vacancy is not certain yet."),
    "load": ("Vul in hoeveel dagdelen begeleiding nodig zijn.", "Fill in how many half-days of support are needed."),
}  # fmt: skip
