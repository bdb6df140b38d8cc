"""Vacature plaatsen: how to begin, the steps in any order, each kept by itself, checking, posting."""
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from api.errors import Refused
from api.services import meanwhile, vacancies, vacancy_drafts, vacancy_help
from api.services.cells import Cells, Unreadable
from api.services.states import NotNow
from api.services.uploads import Conflict
from api.store import organisations
from api.store.drafts import Draft
from api.store.people import Organisation
from api.texts.catalogue import capital
from api.texts.vacancies import EXAMPLES, example
from api.web.access import access, asker
from api.web.database import local_day, now, rows
from api.web.json.once import once
from api.web.json.vacancies import own_draft, rules
from api.web.pages.base import code_label, go, show, t
from api.web.pages.employer import changes, topics
from api.web.pages.employer.base import contact_words, own_homes, own_vacancies, own_vacancy, title_of
from api.web.pages.employer.words import FOR_TEMPLATES
from api.web.pages.language import language
from api.web.problems import not_found
from api.web.reach import own_employers

blueprint = Blueprint("vacancy_drafts", __name__)
PATH = "/vacatures/concept"
NEW = "/vacatures/nieuw"
FOR_WHOM = "bedrijf"
"""Key of the address and field of the form that say for which employer one posts."""
WAYS = ("empty", "example", "earlier", "text")
LIST_FIELDS = ("tasks", "conditions", "support_offered", "certificates_required")
SHORTEST_TEXT = 12
_TITLE = 60  # what fits in a list; a text without a heading gives its first sentence
MISSING = ("required", "missing_column")
"""What a list says of a cell or column that is not there: on a form, something is not filled in."""


@blueprint.get(NEW)
@access("employer", people_only=True)
def begin() -> Response:
    """Ask for whom, where one works for several, and how to begin."""
    homes = own_homes()
    if len(homes) > 1 and _chosen(homes) is None:
        return show("employer/for_whom.html", homes=homes, new=NEW)
    return _begin()


@blueprint.post(NEW)
@access("employer", people_only=True)
@once
def begun() -> Any:
    """Begin: empty, or filled from an example, an earlier vacancy or a text."""
    form = request.form
    way, text = form.get("way", ""), form.get("text", "").strip()[:20_000]
    fields: Cells = {}
    opened: list[Cells] = []
    if way not in WAYS:
        return _begin({"way": t("vacancy.choose_begin")})
    if way == "example" and form.get("example") in EXAMPLES:
        fields = example(form["example"], language())
    elif way == "earlier":
        fields = vacancies.fields_of(own_vacancy(form.get("earlier", "")))
        fields.pop("confirmed_on", None)
    elif way == "text":
        if len(text) < SHORTEST_TEXT:
            return _begin({"text": t("vacancy.give_text")})
        if "confirmed" not in form:
            return show("employer/suggest.html", text=text, found=vacancy_help.suggestions(text, language()),
                        home=_asked_home())  # fmt: skip
        fields = _confirmed(text)
    try:
        made = vacancy_drafts.begin(rows(), asker().actor, _asked_home(), fields, opened, step="work", now=now())
    except Refused as refused:
        return _begin({"text": str(refused)})
    return go(f"{PATH}/{made.id}")


@blueprint.get(f"{PATH}/<draft_id>")
@access("employer", people_only=True)
def steps(draft_id: str) -> Response:
    """The steps, and how far each is."""
    draft = own_draft(draft_id)
    return show("employer/steps.html", draft=draft, items=_items(draft), title_of=title_of(draft.content["fields"]),
                home=_named_home(draft))  # fmt: skip


@blueprint.get(f"{PATH}/<draft_id>/<topic>")
@access("employer", people_only=True)
def step(draft_id: str, topic: str) -> Response:
    """One step."""
    return _step(own_draft(draft_id), _topic(topic))


@blueprint.post(f"{PATH}/<draft_id>/<topic>")
@access("employer", people_only=True)
@once
def keep(draft_id: str, topic: str) -> Any:
    """Keep a step, also half filled in; by itself (``auto``) without a page in answer."""
    draft, name = own_draft(draft_id, lock=True), _topic(topic)
    before = draft.content["fields"]
    openings = topics.read_openings(request.form) if name == "times" else draft.content["openings"]
    contact = request.form.get("contact_id", "")[:32] if name == "contact" else None
    try:
        vacancy_drafts.save(rows(), draft, topics.read(name, request.form, before), openings, step=name,
                            contact_id=contact, now=now())  # fmt: skip
    except Refused as refused:
        return _step(draft, name, {_first(name): str(refused)})
    if "auto" in request.form:
        return Response(status=204)
    wrong = _wrong_of(name, draft)
    if wrong:
        return _step(draft, name, wrong)
    at = topics.TOPICS.index(name) + 1
    if "back" in request.form or at == len(topics.TOPICS):
        return go(f"{PATH}/{draft_id}", done="kept")
    return go(f"{PATH}/{draft_id}/{topics.PATHS[topics.TOPICS[at]]}", done="kept")


@blueprint.get(f"{PATH}/<draft_id>/nakijken")
@access("employer", people_only=True)
def check(draft_id: str) -> Response:
    """Everything once more, with what is wrong, what demands do, and words to look at."""
    return _check(own_draft(draft_id))


@blueprint.post(f"{PATH}/<draft_id>/nakijken")
@access("employer", people_only=True)
@once
def post(draft_id: str) -> Any:
    """Post it, or keep the changes of one that was posted."""
    draft = own_draft(draft_id, lock=True)
    fields, openings = draft.content["fields"], draft.content["openings"]
    if changes.by_others(draft, lock=True):
        return _check(draft, status=409)
    told: dict[str, Any] = {"lang": language(), "trusted": False, "now": now(), "within": None}
    try:
        if draft.subject_id:
            row = own_vacancy(draft.subject_id, lock=True)
            own = meanwhile.of_draft(rows(), draft, row).changed(fields)
            row, _ = vacancies.change(rows(), asker().actor, row, own, openings,
                                      whole="seen" in draft.content, **told)  # fmt: skip
        else:
            row, _ = vacancies.post(rows(), asker().actor, _home(draft), fields, openings, ref="", **told)
        vacancies.set_contact(rows(), asker().actor, row, vacancy_drafts.contact_of(draft), now=now())
    except Unreadable as unreadable:
        return _check(draft, {error["field"]: _said(error) for error in unreadable.errors
                              if error["severity"] == "error"})  # fmt: skip
    except NotNow as why:
        return _check(draft, {"starts_on" if why.code.startswith("opening") else "places": why.sentence(language())})
    except Conflict as conflict:
        return _check(draft, {"places": str(conflict)})
    vacancy_drafts.remove(rows(), asker().actor, draft, now=now())
    return go(f"/vacatures/{row.vacancy.id}", done="vacancy_changed" if draft.subject_id else "vacancy_posted")


@blueprint.post(f"{PATH}/<draft_id>/bijwerken")
@access("employer", people_only=True)
@once
def bring_up_to_date(draft_id: str) -> Any:
    """Take over what others changed meanwhile, and look at everything anew."""
    draft = own_draft(draft_id, lock=True)
    if draft.subject_id:
        vacancy_drafts.bring_up_to_date(rows(), draft, own_vacancy(draft.subject_id), now=now())
    return go(f"{PATH}/{draft_id}/nakijken")


@blueprint.post(f"{PATH}/<draft_id>/weg")
@access("employer", people_only=True)
@once
def throw_away(draft_id: str) -> Any:
    """Let it go."""
    vacancy_drafts.remove(rows(), asker().actor, own_draft(draft_id, lock=True), now=now())
    return go("/vacatures", done="draft_gone")


@blueprint.post("/vacatures/<vacancy_id>/wijzigen")
@access("employer", people_only=True)
@once
def change(vacancy_id: str) -> Any:
    """Change one that was posted, by the same steps."""
    row = own_vacancy(vacancy_id)
    made = vacancy_drafts.begin(rows(), asker().actor, row.home, vacancies.fields_of(row), vacancies.openings_of(row),
                                step="work", subject_id=row.vacancy.id, contact_id=row.vacancy.contact_id,
                                seen=meanwhile.seen_of(row), now=now())  # fmt: skip
    return go(f"{PATH}/{made.id}")


def _home(draft: Draft) -> Organisation:
    """The employer whose vacancy it becomes; one that is no longer one's own gives way to the first that is."""
    homes = own_homes()
    return next((home for home in homes if home.id == draft.organisation_id), homes[0])


def _named_home(draft: Draft) -> str:
    """For whom a draft is, where that is a question."""
    return _home(draft).name if len(own_employers(asker())) > 1 else ""


def _chosen(homes: list[Organisation]) -> Organisation | None:
    """The employer that the address or the form says, if it is one's own."""
    return next((home for home in homes if home.id == request.values.get(FOR_WHOM)), None)


def _asked_home() -> Organisation:
    homes = own_homes()
    return _chosen(homes) or homes[0]


def _begin(wrong: dict[str, str] | None = None) -> Response:
    examples = [(name, example(name, language())["title"]) for name in EXAMPLES]
    home = _asked_home()
    earlier = [(row.vacancy.id, f"{title_of(vacancies.fields_of(row))} ({row.vacancy.vacancy_ref})")
               for row in own_vacancies() if row.home.id == home.id]  # fmt: skip
    ways = [way for way in WAYS if way != "earlier" or earlier]
    typed = {name: request.form.get(name, "") for name in ("way", "example", "earlier", "text")}
    return show("employer/begin.html", 400 if wrong else 200, wrong=wrong or {}, ways=ways, examples=examples,
                earlier=earlier, typed=typed, home=home, several=len(own_employers(asker())) > 1)  # fmt: skip


def _confirmed(text: str) -> Cells:
    """What somebody left on of the suggestions, with the text itself as description."""
    form = request.form
    head = next((line.strip() for line in text.splitlines() if line.strip()), "")
    fields: Cells = {"title": _heading(head), "description": text[:2_000], "branch": form.get("branch", "")[:30]}
    for name in LIST_FIELDS:
        fields[name] = [one[:40] for one in form.getlist(name)]
    return {name: value for name, value in fields.items() if value}


def _heading(line: str) -> str:
    """The first sentence of a line, as far as it fits in a list."""
    sentence = re.split(r"(?<=\w)[.!?:](?:\s|$)", line, maxsplit=1)[0]
    return sentence if len(sentence) <= _TITLE else sentence[: _TITLE + 1].rsplit(" ", 1)[0][:_TITLE]


def _step(draft: Draft, name: str, wrong: Mapping[str, str] | None = None) -> Response:
    told = topics.shown(draft.content["fields"], draft.content["openings"], code_label)
    at = topics.TOPICS.index(name)
    effects = _review(draft)["effects"] if name == "needed" and not wrong else []
    return show(f"employer/step_{name}.html", 400 if wrong else 200, wrong=wrong or {}, draft=draft, name=name, at=at,
                v=told, home=_home(draft), topics=topics, effects=effects, contacts=_contacts(draft),
                contact_id=vacancy_drafts.contact_of(draft), **FOR_TEMPLATES)  # fmt: skip


def _contacts(draft: Draft) -> list[tuple[str, str]]:
    """Whom of the employer one may call, to choose from."""
    return [(one.id, contact_words(one)) for one in organisations.contacts_of(rows(), [_home(draft).id])]


def _check(draft: Draft, wrong: dict[str, str] | None = None, *, status: int = 0) -> Response:
    told = _review(draft)
    shown = topics.shown(draft.content["fields"], draft.content["openings"], code_label)
    return show("employer/check.html", status or (400 if wrong else 200), wrong=wrong or {}, draft=draft, review=told,
                v=shown, meanwhile=changes.by_others(draft), moments=changes.of_moments(draft),
                items=_items(draft, told), topics=topics, title_of=title_of(draft.content["fields"]),
                contact=dict(_contacts(draft)).get(vacancy_drafts.contact_of(draft), ""), home=_named_home(draft),
                **FOR_TEMPLATES)  # fmt: skip


def _review(draft: Draft) -> dict[str, Any]:
    told = vacancy_drafts.review(rows(), _home(draft), draft, rules(), on=local_day(now()), lang=language())
    for error in told["errors"]:  # the field is named by the page
        error["message"] = _said(error)
    return told


def _said(error: Mapping[str, Any]) -> str:
    """What is wrong with a field, in the words of a form: that speaks of no columns."""
    missing = error["code"] in MISSING
    return capital(t("form.required") if missing else error["message"].removeprefix(f"{error['field']}: "))


def _items(draft: Draft, told: Mapping[str, Any] | None = None) -> list[dict[str, str]]:
    """The steps with their addresses and states."""
    fields, openings = draft.content["fields"], draft.content["openings"]
    wrong = [error["field"] for error in (told or _review(draft))["errors"] if error["severity"] == "error"]
    return [
        {"name": name, "href": f"{PATH}/{draft.id}/{topics.PATHS[name]}",
         "state": topics.state_of(name, fields, openings, wrong)}
        for name in topics.TOPICS
    ]  # fmt: skip


def _wrong_of(name: str, draft: Draft) -> dict[str, str]:
    """What is wrong in a step, by field of its form; what is only missing is for later."""
    wrong = {}
    for error in _review(draft)["errors"]:
        field = error["field"]
        if error["severity"] == "error" and error["code"] not in MISSING and topics.topic_of(field) == name:
            many = name == "times" and field in topics.OF_OPENING
            wrong[f"{field}_{error['row'] or 1}" if many else _field(field)] = error["message"]
    return wrong


def _field(name: str) -> str:
    return "task_1" if name == "tasks" else name


def _first(name: str) -> str:
    return {"work": "title", "support": "supervision_half_days", "times": "postcode", "needed": "level_min",
            "adapt": "offer_own_pace", "contact": "trial_months"}[name]  # fmt: skip


def _topic(path: str) -> str:
    found = next((name for name, said in topics.PATHS.items() if said == path), None)
    if found is None:
        raise not_found()
    return found
