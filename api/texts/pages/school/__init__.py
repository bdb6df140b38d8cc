"""The words of the pages of schools, referrers and coaches, and of the directory."""
from __future__ import annotations

from api.texts.catalogue import Catalogue
from api.texts.pages.school.directory import DIRECTORY, ORGANISATION
from api.texts.pages.school.lists import LISTS
from api.texts.pages.school.profile import FIELD, PROFILE
from api.texts.pages.school.route import AGREED, OUTCOMES, ROUTE, YOUTHS
from api.texts.pages.school.start import SCHOOL_START
from api.texts.pages.school.students import CONSENT, STUDENT, STUDENTS

OF_SCHOOL: dict[str, Catalogue] = {
    "consent": CONSENT, "directory": DIRECTORY, "field": FIELD, "lists": LISTS, "organisation": ORGANISATION,
    "outcomes": OUTCOMES, "profile": PROFILE, "route": ROUTE, "school_start": SCHOOL_START, "student": STUDENT,
    "agreed": AGREED, "students": STUDENTS, "youths": YOUTHS,
}  # fmt: skip
