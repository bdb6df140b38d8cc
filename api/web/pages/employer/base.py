"""What the pages of an employer share: its own vacancies."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.store import people, vacancies
from api.store.organisations import Contact
from api.store.paging import START
from api.store.people import Organisation
from api.store.vacancies import VacancyRow
from api.web.access import asker
from api.web.database import rows
from api.web.pages.base import code_label, t
from api.web.problems import not_found
from api.web.reach import own_employers

MOST = 200


def own_vacancies() -> list[VacancyRow]:
    """Every vacancy of one's own employers, newest first."""
    return vacancies.on_page(rows(), employers=own_employers(asker()), regions=(), state="", to_review=None,
                             after=START, limit=MOST)  # fmt: skip


def own_vacancy(vacancy_id: str, *, lock: bool = False) -> VacancyRow:
    """One of them; else the same answer as for one that is not there."""
    found = vacancies.by_id(rows(), vacancy_id, lock=lock)
    if found is None or found.home.id not in own_employers(asker()):
        raise not_found()
    return found


def own_homes() -> list[Organisation]:
    """The employers that one works for, by name."""
    return sorted(people.organisations(rows(), sorted(own_employers(asker()))), key=lambda home: (home.name, home.id))


def contact_words(one: Contact) -> str:
    """A person to call: name, what about, number."""
    return ", ".join(said for said in (one.name, one.task, one.phone) if said)


def title_of(fields: Mapping[str, Any]) -> str:
    """What a vacancy is called: its title, else its branch, else that it has no name."""
    if fields.get("title"):
        return str(fields["title"])
    return code_label("branch", fields["branch"]) if fields.get("branch") else t("vacancy.untitled")
