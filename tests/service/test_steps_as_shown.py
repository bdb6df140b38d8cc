"""A step of a vacancy that is saved as it is shown changes nothing: not of the start it shows, nor of any other."""
from __future__ import annotations

import csv
import io
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy import select

from api.store.tables import Draft, OpeningVersion, StoredOpening
from features.codes import code_list
from tests.service.browser import Person, Service
from tests.service.test_changing_a_vacancy import begin_change, send
from tests.service.test_uploads import confirm, hand_in
from tests.service.test_vacancies import connector, employer, patch  # noqa: F401 - the fixtures

STEPS = ("het-werk", "begeleiding", "tijden", "echt-nodig", "aanpassen", "contact")
VALUES: dict[str, tuple[str, ...]] = {
    "taken": ("gras maaien|snoeien!", "mow_grass!|onkruid wieden", "Iets eigens, met / en zo|lawn",
              "|".join(f"taak {n}" for n in range(1, 12)), "vegen!|vegen|dweilen"),
    "omschrijving": ("Hallo", "", "2027-02-09", "Twee regels:\nmet een witte\n\nertussen", "Een\r\nregel"),
    "omstandigheden": ("none", "outdoors|lifting", "", "onbekend", "early_start"),
    "route": ("individual", "group", "", "group"), "contractvorm": ("job", "", "apprenticeship"),
    "begeleiding_biedt": ("none", "own_pace|-quiet_spot|demonstration=limited", "", "-own_pace|repetition"),
    "begeleiding_dagdelen": ("0", "2.5", "", "10"), "leerbedrijf": ("", "100010299", "12345678"),
    "crebo": ("", "25265", "K0001"), "postcode": ("8011", "8021"), "uren_min": ("16", "7.5", ""),
    "uren_max": ("24.5", "32", ""), "begintijd": ("8:00", "9.30", ""), "eindtijd": ("16:30", "", "17.00"),
    "duur_maanden": ("6", "", "0"), "werkvaardigheden": ("pace=0", "pace=2|rules=1!", "", "safety=0!|planning=3"),
    "certificaten_nodig": ("vca", "none", "vca|forklift", ""), "certificaten_te_halen": ("vca|haccp", "", "none"),
    "niveau_min": ("none", "", "entree"), "leeftijd_min": ("", "16", "18"), "leeftijd_max": ("27", "", "99"),
    "proefmaanden": ("0", "1.5", ""), "baangarantie": ("ja", "nee", "onbekend", ""),
    "participatieoptie": ("", "1", "3"), "instapcriteria": ("concept|-results", "", "none", "-mentor_fte"),
    "zekerheid": ("zeker", "verwacht"), "instroom": ("either", ""), "minimum": ("0", "3", ""),
    "aanwezig": ("", "0", "2"), "sluit_op": ("", "2027-01-02"),
}  # fmt: skip
"""By column of a list what starts say: what a form shows otherwise, what means nothing, and what it cannot show."""


SEVERAL = ("work_skills", "certificates_required", "certificates_obtainable", "support_offered",
           "participation_criteria")  # fmt: skip
"""Fields that a form asks in parts."""


class Form(HTMLParser):
    """What a browser would send of the form of a step: what is shown, chosen and ticked."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self._inside, self._list, self._area = False, "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what a field holds."""
        told = {name: value or "" for name, value in attrs}
        self._inside = told.get("id") == "step" if tag == "form" else self._inside
        name = told.get("name", "")
        if not self._inside:
            return
        if tag == "input" and name and (told.get("type") not in ("checkbox", "radio") or "checked" in told):
            self.found.setdefault(name, []).append(told.get("value", ""))
        elif tag == "select":
            self._list = name
        elif tag == "option" and ("selected" in told or self._list not in self.found):
            self.found[self._list] = [told.get("value", "")]
        elif tag == "textarea":
            self._area, self.found[name] = name, [""]

    def handle_endtag(self, tag: str) -> None:
        """Leave a field or the form."""
        self._inside = self._inside and tag != "form"
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        """Keep the text of a field of lines."""
        if self._area:
            text = (self.found[self._area][0] + data).replace("\r\n", "\n")
            self.found[self._area] = [text.replace("\n", "\r\n")]


def shown(person: Person, path: str) -> dict[str, Any]:
    """The form of a step as it is shown."""
    found = Form(person.get(path, headers={"Accept": "text/html"}).text).found
    return {name: values for name, values in found.items() if name not in ("csrf_token", "form_key")}


def stored(service: Service, vacancy: str) -> list[dict[str, Any]]:
    """What every start of a vacancy says."""
    with service.database.reading() as session:
        query = select(OpeningVersion.record).join(StoredOpening, StoredOpening.id == OpeningVersion.opening_id)
        query = query.where(StoredOpening.vacancy_id == vacancy, OpeningVersion.number == StoredOpening.number)
        return sorted(session.scalars(query), key=lambda record: str(record["starts_on"]))


def changes(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What differs, by start and field; a start that came or went."""
    assert [one["starts_on"] for one in after] == [one["starts_on"] for one in before]
    return [(one["starts_on"], name, one[name], two[name]) for one, two in zip(before, after, strict=True)
            for name in one if one[name] != two[name]]  # fmt: skip


def several(person: Person, shift: int, starts: int = 3) -> str:
    """A vacancy whose starts each say something else; return its id."""
    text = io.StringIO()
    out = csv.writer(text)
    head = ("vacaturenummer", "kvk", "functie", "branche", "startdatum", "plekken")
    out.writerow([*head, *VALUES])
    for at in range(starts):
        own = [values[(shift + at) % len(values)] for values in VALUES.values()]
        out.writerow([f"V{shift}", "12345678", f"Functie {at}", ("groen", "infra")[at % 2],
                      f"{2027 + at // 12}-{at % 12 + 1:02d}-15", 4 + at, *own])  # fmt: skip
    upload = hand_in(person, text.getvalue(), kind="vacancies")
    told = person.get(f"/api/v1/uploads/{upload['id']}/defects").json["items"]
    assert [(one["column"], one["found"], one["message"]) for one in told if one["severity"] == "error"] == []
    assert confirm(person, upload).status_code == 200
    listed = person.get("/api/v1/vacancies?limit=100").json["items"]
    return str(next(one["id"] for one in listed if one["vacancyRef"] == f"V{shift}"))


@pytest.mark.parametrize("shift", range(10))
def test_every_step_saved_as_it_is_shown_changes_no_start(
    service: Service, employer: Person, shift: int  # noqa: F811
) -> None:
    vacancy = several(employer, shift)
    before = stored(service, vacancy)
    draft = begin_change(employer, vacancy)
    for step in STEPS:
        answer = send(employer, f"{draft}/{step}", shown(employer, f"{draft}/{step}"))
        assert answer.status_code == 303, (step, answer.text)
    assert send(employer, f"{draft}/nakijken").status_code == 303
    assert changes(before, stored(service, vacancy)) == []


def test_a_title_that_changes_leaves_the_tasks_of_every_start_its_own(
    service: Service, employer: Person  # noqa: F811
) -> None:
    vacancy = several(employer, 0)
    before = stored(service, vacancy)
    draft = begin_change(employer, vacancy)
    form = shown(employer, f"{draft}/het-werk")
    assert send(employer, f"{draft}/het-werk", form | {"title": "Hovenier"}).status_code == 303
    assert send(employer, f"{draft}/nakijken").status_code == 303
    changed = {name for _, name, *_ in changes(before, stored(service, vacancy))}
    assert changed == {"title", "employer"}  # the list did not say what the employer is called; what is written does


def test_a_vacancy_of_many_starts_and_tasks_keeps_them_all(
    service: Service, employer: Person  # noqa: F811
) -> None:
    vacancy = several(employer, 3, starts=16)
    before = stored(service, vacancy)
    draft = begin_change(employer, vacancy)
    for step in ("het-werk", "tijden"):
        assert send(employer, f"{draft}/{step}", shown(employer, f"{draft}/{step}")).status_code == 303
    assert send(employer, f"{draft}/nakijken").status_code == 303
    assert changes(before, stored(service, vacancy)) == []


def test_who_said_that_there_is_none_may_still_say_what_there_is(
    service: Service, employer: Person  # noqa: F811
) -> None:
    vacancy = several(employer, 0, starts=1)
    draft = begin_change(employer, vacancy)
    for step, said in (("aanpassen", {"offer_own_pace": "yes"}), ("het-werk", {"conditions": "outdoors"}),
                       ("echt-nodig", {"skill_pace": "2", "cert_vca": "required", "level_min": "entree"})):  # fmt: skip
        assert send(employer, f"{draft}/{step}", shown(employer, f"{draft}/{step}") | said).status_code == 303
    assert send(employer, f"{draft}/nakijken").status_code == 303
    (told,) = stored(service, vacancy)
    assert (told["support_offered"], told["conditions"], told["level_min"]) == (
        [["own_pace", "yes"]], ["outdoors"], "entree")  # fmt: skip
    assert [(one["text"], one["level"]) for one in told["work_skills"]] == [("pace", 2)]
    assert (told["certificates_required"], told["certificates_obtainable"]) == (["vca"], ["haccp"])


def test_what_cannot_be_read_in_any_step_is_said_on_the_last_page(
    service: Service, employer: Person  # noqa: F811
) -> None:
    """Of a field without a name the page was our fault."""
    draft = begin_change(employer, several(employer, 0, starts=1))
    with service.database.writing() as session:
        found = session.scalars(select(Draft)).one()
        unknown = {name: ["wat"] for name in SEVERAL}
        found.content = {**found.content, "fields": {**found.content["fields"], **unknown}}
    page = employer.get(f"{draft}/nakijken", headers={"Accept": "text/html"})
    assert page.status_code == 200, page.text
    assert "Welke begeleiding u biedt" in page.text
    answer = send(employer, f"{draft}/nakijken")
    assert answer.status_code == 400, answer.text


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_label_of_every_task_is_read_as_its_code(lang: str) -> None:
    tasks = code_list("task")
    assert [code for code in tasks.codes if tasks.read(tasks.label(code, lang)) != code] == []


def test_cells_that_came_by_the_api_as_one_text_are_shown_and_kept_item_by_item(
    service: Service, employer: Person  # noqa: F811
) -> None:
    several_in_one = {"tasks": "gras maaien|harken", "conditions": "outdoors|heights", "workSkills": "pace=2|safety=1!",
                      "supportOffered": "own_pace=yes", "certificatesRequired": "vca|b_car"}  # fmt: skip
    made = employer.post("/api/v1/drafts", {"shared": {"title": "Hulp", **several_in_one}}).json
    as_items = {name: text.split("|") for name, text in several_in_one.items()}
    assert {name: made["shared"][name] for name in as_items} == as_items
    page = f"/vacatures/concept/{made['id']}"
    for step in STEPS:
        answer = send(employer, f"{page}/{step}", shown(employer, f"{page}/{step}"))
        assert answer.status_code in (303, 400), (step, answer.text)
    kept = employer.get(f"/api/v1/drafts/{made['id']}").json["shared"]
    known = as_items | {"tasks": ["mow_grass", "rake_leaves"], "supportOffered": ["own_pace"]}  # as the pages say it
    assert {name: sorted(kept[name]) for name in known} == {name: sorted(items) for name, items in known.items()}
