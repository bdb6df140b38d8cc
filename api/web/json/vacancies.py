"""Vacancies by form: posted, changed, closed; help with the words; what a connector looks at first."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask.views import MethodView

from api.errors import Refused
from api.services import cells, vacancy_drafts, vacancy_help, vacancy_review, workplaces
from api.services import vacancies as verbs
from api.services.records import opening_of
from api.store import people, vacancies
from api.store.lists import Organisation
from api.store.vacancies import VacancyRow
from api.texts.vacancies import EXAMPLES, example
from api.web.access import access, asker, regions_of
from api.web.database import local_day, now, rows
from api.web.json.base import ETAG, LOCATION, Blueprint, Page, etag, link, matched, must_match, page_of
from api.web.json.once import once
from api.web.json.students import LangQuery
from api.web.json.vacancy_schemas import (
    ChangedVacancySchema,
    EffectSchema,
    ExampleSchema,
    FoundWordsSchema,
    FullVacancySchema,
    ListedVacancySchema,
    NewVacancySchema,
    OpeningVersionSchema,
    StateSchema,
    SuggestionsSchema,
    TextSchema,
    VacancyQuery,
    WrittenVacancySchema,
)
from api.web.problems import Problem, not_found
from api.web.reach import own_employers

blueprint = Blueprint("vacancies", __name__, description="Vacancies: posted, changed, closed, and help with them")
WHO = ("employer", "connector")


@blueprint.route("/vacancies")
class Vacancies(MethodView):
    """All vacancies of one's own: of the employer, or in the regions."""

    @access(*WHO)
    @blueprint.arguments(VacancyQuery, location="query")
    @blueprint.response(200, page_of(ListedVacancySchema, "ListedVacancy"))
    def get(self, query: dict[str, Any]) -> Page:
        """The vacancies, newest first."""
        found = vacancies.on_page(rows(), employers=own_employers(asker()), regions=regions_of(asker()),
                                  state=query["state"], to_review=None, after=query["after"],
                                  limit=query["limit"] + 1)  # fmt: skip
        page = Page.of(found, query["limit"], lambda last: (last.vacancy.created_at, last.vacancy.id))
        return Page([listed(row) for row in page.items], page.next)

    @access(*WHO, scope="upload")
    @blueprint.arguments(NewVacancySchema)
    @blueprint.response(201, WrittenVacancySchema, headers=ETAG | LOCATION)
    @once
    def post(self, given: dict[str, Any]) -> Any:
        """Post a vacancy; it is matched at once unless a connector is to look first."""
        draft = own_draft(given["draft_id"], lock=True) if "draft_id" in given else None
        home = whose(given, draft)
        shared, openings = given["shared"], given["openings"]
        if draft is not None:
            shared, openings = {**draft.content["fields"], **shared}, openings or draft.content["openings"]
        row, warnings = verbs.post(rows(), asker().actor, home, shared, openings, ref=given["vacancy_ref"],
                                   lang=given["lang"], trusted=_trusted(home), now=now(),
                                   within=within(home))  # fmt: skip
        if draft is not None:
            verbs.set_contact(rows(), asker().actor, row, vacancy_drafts.contact_of(draft), now=now())
            vacancy_drafts.remove(rows(), asker().actor, draft, now=now())
        _say_contact(row, given)
        told = {"vacancy": full(row, given["lang"]), "warnings": cells.told("vacancies", warnings)}
        return told, 201, {"Location": link("vacancies.OneVacancy", vacancy_id=row.vacancy.id),
                           **etag(row.vacancy.version)}  # fmt: skip


@blueprint.route("/vacancies/<vacancy_id>")
class OneVacancy(MethodView):
    """One vacancy."""

    @access(*WHO)
    @blueprint.arguments(LangQuery, location="query")
    @blueprint.response(200, FullVacancySchema, headers=ETAG)
    def get(self, query: dict[str, Any], vacancy_id: str) -> Any:
        """All that it says, places left, what to fill in next, and words a connector would look at."""
        row = own_vacancy(vacancy_id)
        return full(row, query["lang"]), 200, etag(row.vacancy.version)

    @access(*WHO, scope="upload")
    @matched
    @blueprint.arguments(ChangedVacancySchema)
    @blueprint.response(200, WrittenVacancySchema, headers=ETAG)
    def patch(self, given: dict[str, Any], vacancy_id: str) -> Any:
        """Change it: a new version of its openings, with never fewer places than are taken.

        What the participation of a vacancy says is changed there: `PATCH /participations/{participation_id}`.
        """
        row = own_vacancy(vacancy_id, lock=True)
        must_match(row.vacancy.version)
        row, warnings = verbs.change(rows(), asker().actor, row, given["shared"], given["openings"],
                                     lang=given["lang"], trusted=_trusted(row.home), now=now(),
                                     within=within(row.home))  # fmt: skip
        _say_contact(row, given)
        told = {"vacancy": full(row, given["lang"]), "warnings": cells.told("vacancies", warnings)}
        return told, 200, etag(row.vacancy.version)


@blueprint.route("/vacancies/<vacancy_id>/state")
class VacancyState(MethodView):
    """Whether a vacancy is open."""

    @access(*WHO, people_only=True)
    @matched
    @blueprint.arguments(StateSchema)
    @blueprint.response(200, FullVacancySchema, headers=ETAG)
    def put(self, given: dict[str, Any], vacancy_id: str) -> Any:
        """Close it, or open it; a connector opens what was posted."""
        row = own_vacancy(vacancy_id, lock=True)
        must_match(row.vacancy.version)
        verbs.set_state(rows(), asker().actor, row, given["state"], trusted=_trusted(row.home), now=now())
        return full(row, "nl"), 200, etag(row.vacancy.version)


@blueprint.route("/vacancies/<vacancy_id>/versions")
class VacancyVersions(MethodView):
    """The versions of a vacancy's openings."""

    @access(*WHO)
    @blueprint.response(200, OpeningVersionSchema(many=True))
    def get(self, vacancy_id: str) -> Any:
        """Every version, newest first: when, by whom, what changed."""
        return verbs.history(rows(), own_vacancy(vacancy_id))


@blueprint.route("/vacancies/<vacancy_id>/effects")
class VacancyEffects(MethodView):
    """What the demands of a vacancy do."""

    @access(*WHO)
    @blueprint.arguments(LangQuery, location="query")
    @blueprint.response(200, EffectSchema(many=True))
    def get(self, query: dict[str, Any], vacancy_id: str) -> Any:
        """Per demand, in words: a large part of the students drops out, or a part; never how many."""
        row = own_vacancy(vacancy_id)
        if not row.openings:
            return []
        return vacancy_help.effects(rows(), opening_of(row.openings[-1].record), rules(), on=local_day(now()),
                                    lang=query["lang"])  # fmt: skip


@blueprint.route("/vacancy-examples")
class VacancyExamples(MethodView):
    """Vacancies to begin from."""

    @access(*WHO)
    @blueprint.arguments(LangQuery, location="query")
    @blueprint.response(200, ExampleSchema(many=True))
    def get(self, query: dict[str, Any]) -> Any:
        """The examples."""
        return [{"name": name, "shared": example(name, query["lang"])} for name in EXAMPLES]


@blueprint.route("/vacancy-suggestions")
class VacancySuggestions(MethodView):
    """What a job text may mean."""

    @access(*WHO, scope="upload")
    @blueprint.arguments(TextSchema)
    @blueprint.response(200, SuggestionsSchema)
    def post(self, given: dict[str, Any]) -> Any:
        """Suggest branch, tasks, conditions, support and certificates, to be confirmed. Nothing is stored."""
        return vacancy_help.suggestions(given["text"], given["lang"])


@blueprint.route("/wording-checks")
class WordingChecks(MethodView):
    """Words that shut people out."""

    @access(*WHO, scope="upload")
    @blueprint.arguments(TextSchema)
    @blueprint.response(200, FoundWordsSchema(many=True))
    def post(self, given: dict[str, Any]) -> Any:
        """Find what a connector would look at first, and say what to write instead. Nothing is stored."""
        return vacancy_review.findings(given["text"], given["lang"])


def listed(row: VacancyRow) -> dict[str, Any]:
    """A vacancy as a line of a list."""
    last = row.openings[-1].record if row.openings else {"title": "", "branch": ""}
    known = _known(row, "nl")
    own = row.home.id in own_employers(asker())  # an employer counts whom it knows of, not who was only chosen
    return {
        "id": row.vacancy.id, "vacancy_ref": row.vacancy.vacancy_ref, "employer_id": row.home.id,
        "employer": row.home.name, "employer_kvk": row.home.code, "title": last["title"], "branch": last["branch"],
        "region": row.openings[-1].opening.region_code if row.openings else None, "state": row.vacancy.state,
        "to_review": row.vacancy.to_review, "created_at": row.vacancy.created_at, "version": row.vacancy.version,
        "complete": known["complete"], "missing": known["missing"],
        "openings": [
            {"id": one.opening.id, "starts_on": one.opening.starts_on, "places": one.opening.places,
             "left": one.opening.places - (one.shown if own else one.held), "min_to_open": one.record["min_to_open"],
             "present": one.record["present"], "closes_on": opening_of(one.record).closes_on,
             "number": one.opening.number}
            for one in row.openings
        ],
    }  # fmt: skip


def full(row: VacancyRow, lang: str) -> dict[str, Any]:
    """A vacancy with all that it says."""
    text = vacancy_review.text_of(row.openings[-1].record) if row.openings else ""
    return listed(row) | {"shared": verbs.fields_of(row), "contact_id": row.vacancy.contact_id,
                          "to_ask": _known(row, lang)["to_ask"],
                          "wording": vacancy_review.findings(text, lang)}  # fmt: skip


def own_vacancy(vacancy_id: str, *, lock: bool = False) -> VacancyRow:
    """The vacancy, if it is one's own or in one's regions; else the same answer as for one that is not there."""
    found = vacancies.by_id(rows(), vacancy_id, lock=lock)
    if found is None:
        raise not_found()
    if found.home.id in own_employers(asker()):
        return found
    if any(one.opening.region_code in regions_of(asker()) for one in found.openings):
        return found
    raise not_found()


def own_draft(draft_id: str, *, lock: bool = False) -> vacancies.Draft:
    """The draft of a vacancy, if it is one's own or of one's employer."""
    from api.store import drafts

    found = drafts.draft_by_id(rows(), draft_id, lock=lock)
    mine = found is not None and found.kind == "vacancy" and found.changed_at > now() - vacancy_drafts.LASTS and (
        found.organisation_id in own_employers(asker())
        or (found.account_id == asker().account_id and (found.organisation_id is None or "connector" in asker().roles))
    )  # fmt: skip
    if found is None or not mine:
        raise not_found()
    return found


def whose(given: dict[str, Any], draft: vacancies.Draft | None = None) -> Organisation:
    """Which employer a vacancy is of, by the rights of who asks; a connector says it by KvK number.

    One that nobody knows is stored with its vacancy, not before.
    """
    mine = own_employers(asker())
    wanted = given.get("organisation_id") or (draft.organisation_id if draft else None)
    if given.get("employer_kvk") and "connector" in asker().roles:
        return workplaces.employer(rows(), given["employer_kvk"], given.get("employer", ""))
    chosen = [i for i in mine if wanted in (None, i)]
    if len(chosen) == 1:
        return people.organisations(rows(), chosen)[0]
    if not chosen and "connector" in asker().roles:
        raise Problem(400, "Say whose vacancy it is: employerKvk.", "invalid", errors=[
            {"field": "employerKvk", "message": "The employer's KvK number."}])  # fmt: skip
    if not chosen:
        raise Refused("This employer is not yours.", code="organisation")
    raise Problem(400, "Say whose vacancy it is: organisationId.", "invalid", errors=[
        {"field": "organisationId", "message": "You work at several employers; say which."}])  # fmt: skip


def within(home: Organisation) -> frozenset[str] | None:
    """The regions in which who asks may write vacancies of an employer; None: it is an own employer, wherever."""
    return None if home.id in own_employers(asker()) else regions_of(asker())


def rules() -> Any:
    """The rules of the policy that holds."""
    from api.services.run_inputs import policy_now

    return policy_now(rows()).rules


def _say_contact(row: VacancyRow, given: dict[str, Any]) -> None:
    """Say whom one calls about it, when that was said; nobody of another party, and nobody who is gone."""
    if "contact_id" not in given:
        return
    verbs.set_contact(rows(), asker().actor, row, given["contact_id"], now=now())
    if row.vacancy.contact_id != (given["contact_id"] or None):
        raise Problem(400, "This is no contact person of the employer.", "invalid", errors=[
            {"field": "contactId", "message": "One of GET /organisations/{organisationId}/contacts."}])  # fmt: skip


def _trusted(home: Organisation) -> bool:
    """Whether who asks may look at it as a connector: not at a vacancy of an own employer."""
    return "connector" in asker().roles and home.id not in own_employers(asker())


def _known(row: VacancyRow, lang: str) -> dict[str, Any]:
    found: Sequence[Any] = row.openings
    if not found:
        return {"complete": 0, "missing": [], "to_ask": []}
    return verbs.known_of(opening_of(found[-1].record), lang)
