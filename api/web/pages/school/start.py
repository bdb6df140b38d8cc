"""Where a school or referrer begins: what there is to do, in the order in which it helps most."""
from __future__ import annotations

from collections import Counter

from flask import Response

from api.services import grounds, student_questions, upload_drafts
from api.services import students as verbs
from api.services.records import student_of
from api.store import codes, destinations, drafts, lists, placements, students
from api.store.paging import START
from api.web.access import asker
from api.web.database import local_day, now, rows
from api.web.own import OF_PARTY
from api.web.pages.base import me, n, show, t
from api.web.pages.school.agreed import promises
from api.web.pages.school.lists import parties
from api.web.pages.school.outcomes import is_unknown
from api.web.pages.school.students import homes
from api.web.reach import reach_of

_MOST = 2_000
Task = tuple[str, str, str, str, str]


def start_page() -> Response:
    """The tasks of a school, each with how far it is."""
    own, today = homes(), local_day(now())
    found = verbs.listed(rows(), verbs.Wanted(), homes=own, regions=(), ids=(), after=START, limit=_MOST,
                         today=today)  # fmt: skip
    count: Counter[str] = Counter()
    for _, known, facts in found:
        count["gaps"] += bool(known.missing)
        count["old"] += known.freshness != "fresh"
        count["talk"] += facts.consent == "talk"
        count["given"] += facts.consent == "given"
        count["placed"] += facts.state == "placed"
    coded = {code.student_id for code in codes.codes_of(rows(), [row.student.id for row, _, _ in found])}
    went = destinations.latest(rows(), [row.student.id for row, _, _ in found])
    for row, _, _ in found:
        leaves, told = student_of(row.record).leaves_on, went.get(row.student.id)
        count["left"] += (leaves is None or leaves <= today) and is_unknown(told)
    count["due"] = len(placements.moments(rows(), reach_of(asker(), *OF_PARTY), due_until=today))
    mine = [one for one in promises() if one.mine]
    count["promised"], count["agreed"] = len(mine), sum(one.is_open for one in mine)
    count["uncoded"] = len(found) - len(coded)
    asked = [one for one in students.open_questions(rows(), own, ()) if one.kind != "to_connector"]
    first = f"/leerlingen/{asked[0].student_id}#questions-title" if asked else "/leerlingen"
    tasks = [*_of_lists(own, some=bool(found)), *_of_students(count, len(found), len(asked), first)]
    about = {row.student.id: row for row, _, _ in found}
    return show("school/start.html", name=me().name, parties=parties(), tasks=tasks, count=count, all=len(found),
                asked=[(one, about.get(one.student_id)) for one in asked][:5],
                kind_of=student_questions.kind_of)  # fmt: skip


def _of_lists(mine: list[str], *, some: bool) -> list[Task]:
    begun = drafts.drafts_of(rows(), "upload", mine, now() - upload_drafts.LASTS)
    earlier = lists.uploads_of(rows(), mine, None, START, 1)
    done = t("school_start.never") if not earlier else t("school_start.done") if some else ""
    told: list[Task] = []
    if not all(grounds.has_ground(rows(), party) for party in mine):
        told.append(("/organisatie", t("school_start.ground"), t("school_start.ground_hint"), t("school_start.never"),
                     "look"))  # fmt: skip
    told.append(("/lijsten/nieuw", t("lists.new"), t("school_start.list_hint"), done, "good" if some else ""))
    if begun:
        told.append(("/lijsten", t("school_start.mend"), t("school_start.mend_hint"),
                     n("school_start.left", len(begun)), "look"))  # fmt: skip
    return told


def _of_students(count: Counter[str], number: int, asked: int, first: str) -> list[Task]:
    if not number:
        return []
    told = [
        ("/leerlingen?gegevens=ja", "fill", count["gaps"]),
        ("/leerlingen?mist=confirmed_on", "confirm", count["old"]), (first, "answer", asked),
        ("/toestemming", "consent", count["uncoded"]),
        *([("/afspraken", "agreed", count["agreed"])] if count["promised"] else []),
        ("/uitkomsten", "outcome", count["due"] + count["left"]),
    ]  # fmt: skip
    return [
        (path, t(f"school_start.{name}"), t(f"school_start.{name}_hint"),
         n("school_start.left", left) if left else t("school_start.done"), "look" if left else "good")
        for path, name, left in told
    ]  # fmt: skip
