"""Figures: counted right, small ones hidden, and nothing small follows from all pages together."""
from __future__ import annotations

import ast
import random
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.regions import TILES
from api.services import figures
from api.services.accounts import Right
from api.services.figures import STAGES, Cell, rounded, shown
from api.store.figures import Youth
from features.completeness import missing_of_student
from features.geography import REGIONS
from features.records import Student
from tests.service.browser import Service
from tests.service.conftest import NOW

TODAY = date(2026, 6, 15)


def youth(i: int, region: str = "AM36", **other: Any) -> Youth:
    """A leaver of the school year 2025-2026, for whom nothing has happened yet."""
    values: dict[str, Any] = {
        "id": str(i), "region": region, "school_type": "pro", "leaves_on": date(2026, 7, 31),
        "since": date(2026, 1, 1), "confirmed_on": None, "destination": None, "expects_work": True, "proposed": False,
        "released": False, "introduced": False, "started_on": None, "ended_on": None, "missing": 0,
    }  # fmt: skip
    return Youth(**{**values, **other})


def fake(monkeypatch: pytest.MonkeyPatch, people: list[Youth], places: dict[str | None, int] | None = None) -> None:
    """Let the figures count these people."""
    monkeypatch.setattr("api.store.figures.youths", lambda *_: people)
    monkeypatch.setattr("api.store.figures.open_places", lambda *_: places or {})


def test_every_region_has_a_tile_of_its_own() -> None:
    assert set(TILES) == set(REGIONS)
    assert len({(column, row) for _, column, row in TILES.values()}) == 35
    assert len({name for name, _, _ in TILES.values()}) == 35


@pytest.mark.parametrize(("day", "year"), [("2026-07-31", 2025), ("2026-08-01", 2026), ("2026-12-31", 2026),
                                           ("2027-01-01", 2026)])  # fmt: skip
def test_a_school_year_begins_on_the_first_of_august(day: str, year: int) -> None:
    assert figures.school_year(date.fromisoformat(day)) == year


def test_the_dashboard_counts_who_looks_for_work_and_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [youth(i) for i in range(12)]
    people += [youth(20 + i, started_on=TODAY) for i in range(7)]
    people += [youth(30 + i, destination="mbo") for i in range(9)]
    people += [youth(40 + i, expects_work=False) for i in range(6)]
    people += [youth(50 + i, leaves_on=date(2027, 7, 31)) for i in range(50)]  # another year
    people += [youth(200 + i, "AM01") for i in range(3)]
    people += [youth(300 + i, "AM02") for i in range(30)]
    fake(monkeypatch, people, {"AM36": 4})
    told = figures.by_region(None, 2025)  # type: ignore[arg-type]
    assert told["AM36"]["placements"] == Cell(5)
    assert told["AM36"]["open_places"].hidden  # four places: the next acceptance would be told by them
    assert told["AM01"]["without_place"].hidden
    assert told["AM36"]["without_place"].hidden  # or the three would follow from the sum
    assert told["AM02"]["without_place"] == Cell(30)
    assert told["AM03"]["without_place"] == Cell(0)


def test_the_funnel_counts_how_far_things_came(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [youth(i) for i in range(20)]
    people += [youth(100 + i, proposed=True) for i in range(15)]
    people += [youth(200 + i, proposed=True, released=True, introduced=True, started_on=date(2025, 10, 1))
               for i in range(10)]  # fmt: skip
    people += [youth(300 + i, proposed=True, released=True, introduced=True, started_on=date(2026, 3, 1))
               for i in range(5)]  # fmt: skip
    people += [youth(400 + i, proposed=True, released=True, introduced=True, started_on=date(2025, 10, 1),
                     ended_on=date(2025, 11, 1)) for i in range(10)]  # fmt: skip
    fake(monkeypatch, people)
    told = figures.funnel(None, 2025, "AM36", TODAY)  # type: ignore[arg-type]
    assert [told[stage].value for stage in STAGES] == [60, 40, 25, 25, 25, 10]
    assert figures.funnel(None, 2025, None, TODAY) == told  # type: ignore[arg-type]


def test_a_group_is_compared_with_the_others_and_a_small_one_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [youth(i, proposed=i < 80) for i in range(100)]
    people += [youth(200 + i, school_type="vso", proposed=i < 40) for i in range(100)]
    fake(monkeypatch, people)
    pro, vso = figures.chances(None, 2025, None, "school_type")[:2]  # type: ignore[arg-type]
    assert pro.share is not None
    assert pro.share.value == 800_000
    assert vso.ratio is not None
    assert vso.ratio.value == 500_000
    assert vso.alarm
    assert not pro.alarm
    fake(monkeypatch, [*people, *(youth(400 + i, school_type="mbo1", proposed=True) for i in range(3))])
    told = {chance.group: chance for chance in figures.chances(None, 2025, None, "school_type")}  # type: ignore[arg-type]
    assert told["mbo1"].people.hidden
    assert told["mbo1"].share is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=8))
def test_a_shown_count_is_never_small_and_a_hidden_one_never_follows(numbers: list[int]) -> None:
    """The attacker knows the exact total, every rule of rounding, and that a hidden cell has at least one person."""
    cells = shown(dict(enumerate(numbers)))
    for number, cell in zip(numbers, cells.values(), strict=True):
        assert cell.value in (None, rounded(number))
        if 0 < number < 5:
            assert cell.hidden
    hidden = [k for k, cell in cells.items() if cell.hidden]
    if hidden and sum(numbers) >= 5:
        ranges = {k: range(1, 200) if cell.hidden else
                  range(max(cell.value - 2, 0), cell.value + 3) if cell.value else range(1)
                  for k, cell in cells.items() if cell.value is not None or cell.hidden}  # fmt: skip
        for k in hidden:
            rest_low = sum(r.start for other, r in ranges.items() if other != k)
            rest_high = sum(r.stop - 1 for other, r in ranges.items() if other != k)
            possible = [x for x in ranges[k] if rest_low <= sum(numbers) - x <= rest_high]
            assert len(possible) > 1 or numbers[k] >= 5


def test_subtracting_every_pair_of_pages_recovers_no_small_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many worlds: whatever two answers an attacker subtracts, a small count is never the only one possible."""
    draw = random.Random(7)
    recovered = 0
    for _ in range(15):
        people = [youth(i, draw.choice(["AM36", "AM01", "AM02"]), proposed=draw.random() < 0.6,
                        school_type=draw.choice(["pro", "vso"]),
                        leaves_on=draw.choice([date(2026, 7, 1), date(2025, 7, 1)]))
                  for i in range(draw.choice([8, 25, 60]))]  # fmt: skip
        fake(monkeypatch, people)
        for year in (2024, 2025):
            whole = figures.funnel(None, year, None, TODAY)  # type: ignore[arg-type]
            parts = {code: figures.funnel(None, year, code, TODAY) for code in REGIONS}  # type: ignore[arg-type]
            exact = Counter((y.region, figures.school_year(y.leaves_on or y.since)) for y in people)
            for code in REGIONS:
                one = exact[code, year]
                if not 0 < one < 5:
                    continue
                assert parts[code]["leavers"].hidden
                others = [parts[c]["leavers"] for c in REGIONS if c != code]
                total = whole["leavers"]
                if total.value is None or any(cell.hidden for cell in others):
                    continue
                low = total.value - 2 - sum(cell.value + 2 for cell in others if cell.value)
                high = total.value + 2 - sum(max(cell.value - 2, 0) for cell in others if cell.value)
                recovered += len([x for x in range(1, 200) if low <= x <= high]) == 1
    assert recovered == 0


def test_subtracting_open_places_of_two_days_recovers_no_number_of_acceptances(monkeypatch: pytest.MonkeyPatch) -> None:
    """One to four acceptances between two answers: more than one number of them fits what both answers tell."""
    draw = random.Random(11)
    recovered = 0
    for _ in range(300):
        before: dict[str | None, int] = {code: draw.choice([0, 0, 1, 3, 4, 5, 6, 11, 12, 13, 40]) for code in REGIONS}
        taken = {code: min(draw.randint(1, 4), before[code]) for code in REGIONS}
        answers = []
        for places in (before, {code: before[code] - taken[code] for code in REGIONS}):
            fake(monkeypatch, [], places)
            answers.append(figures.by_region(None, 2025))  # type: ignore[arg-type]
        for code in REGIONS:
            one, two = (could_be(answer[code]["open_places"]) for answer in answers)
            fits = {a - b for a in one for b in two if a >= b}
            recovered += 0 < taken[code] < 5 and len(fits) == 1
    assert recovered == 0


def could_be(cell: Cell) -> range:
    """The counts that an attacker who knows every rule holds possible behind a cell; up to 60 where it is hidden."""
    if cell.value is None:
        return range(1, 60)
    return range(max(cell.value - 2, 5), cell.value + 3) if cell.value else range(1)


def test_an_acceptance_is_not_told_by_the_open_places_of_its_region(service: Service) -> None:
    """Read back by pages, file and API before and after one acceptance, as a municipality: nothing bare anywhere."""
    from tests.service.test_decisions import decide, proposals
    from tests.service.test_runs import compute, tiny

    connector = tiny(service)
    run = compute(service, connector)["id"]
    service.add("m@example.org", Right("municipality", "GM0193", "Zwolle"))
    person = service.person("m@example.org")

    def told() -> list[Any]:
        answers = [person.get(f"/api/v1/figures/regions?schoolYear={year}").json for year in (2025, 2026, 2027)]
        files = [person.get(f"/dashboard.csv?jaar={year}").text for year in (2025, 2026, 2027)]
        for cell in cells_of(answers):
            assert cell["value"] is None or cell["value"] % 5 == 0
        for text in files:
            numbers = re.findall(r"(?<=[,;])\d+(?=[,;\r\n])", text)
            assert all(int(number) % 5 == 0 for number in numbers), text
        return [[cell for answer in answers for line in answer for cell in cells_of(line["openPlaces"])], files]

    before = told()
    chosen = proposals(connector, run, chosen="true")[0]
    assert decide(connector, chosen, "accept").status_code == 201
    assert told() == before


def test_no_cell_is_made_but_by_what_hides_and_rounds() -> None:
    """A bare `Cell(...)` gave single acceptances away: only `shown` makes one."""
    source = ast.parse(Path(figures.__file__).read_text(encoding="utf-8"))
    makers = {part.name for part in source.body if isinstance(part, ast.FunctionDef) for node in ast.walk(part)
              if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Cell"}  # fmt: skip
    assert makers == {"shown"}


def test_the_api_tells_figures_to_who_may_read_them_and_no_person(service: Service) -> None:
    from tests.service.test_runs import compute, tiny

    connector = tiny(service)
    compute(service, connector)
    service.add("m@example.org", Right("municipality", "GM0193", "Zwolle"))
    person = service.person("m@example.org")
    for name in ("regions", "funnel", "bottlenecks", "chances", "destinations", "freshness"):
        answer = person.get(f"/api/v1/figures/{name}")
        assert answer.status_code == 200, (name, answer.text)
        for cell in cells_of(answer.json):
            assert cell["value"] is None or cell["value"] % 5 == 0, name
    regions = {line["regionCode"]: line for line in person.get("/api/v1/figures/regions?schoolYear=2025").json}
    assert set(regions) == set(REGIONS)
    assert person.get("/api/v1/figures/funnel?regionCode=AM99").status_code == 400


def test_what_is_stored_is_what_is_counted(service: Service) -> None:
    """Read back through the tables: the tiny cohort by its own file."""
    from api.store.figures import open_places, youths
    from tests.service.test_runs import compute, tiny

    connector = tiny(service)
    compute(service, connector)
    with service.database.reading() as session:
        found = youths(session, len)
        places = open_places(session, date(2020, 8, 1), date(2040, 8, 1))
        students = {y.id for y in found}
        assert all(y.region in REGIONS or y.region is None for y in found)
        assert all(y.destination != "" for y in found)
        assert all(isinstance(y.since, date) and not isinstance(y.since, datetime) for y in found)
    stored = connector.get("/api/v1/runs").json["items"][0]["totals"]
    assert len(students) >= stored["students"]
    assert sum(places.values()) > 0


def test_a_new_version_of_a_profile_is_counted_and_only_that_is_read(service: Service) -> None:
    from api.store.figures import youths
    from api.store.tables import Profile, StoredStudent
    from tests.service.test_runs import tiny

    tiny(service)
    read: list[str] = []

    def missing(record: dict[str, Any]) -> int:
        read.append(record["student_ref"])
        return len(read)

    with service.database.reading() as session:
        before = {y.id: y for y in youths(session, missing)}
    assert len(read) == len(before) > 1
    with service.database.reading() as session:
        assert {y.id: y for y in youths(session, missing)} == before
    assert len(read) == len(before)
    with service.database.writing() as session:
        student = session.query(StoredStudent).order_by(StoredStudent.id).first()
        assert student is not None
        old = session.get_one(Profile, (student.id, student.number))
        session.add(Profile(student_id=student.id, number=student.number + 1, created_at=NOW, record={
            **old.record, "work_capacity": "no", "leaves_on": "2027-07-16"}))  # fmt: skip
        student.number += 1
        changed = student.id
    with service.database.reading() as session:
        after = {y.id: y for y in youths(session, missing)}
    assert len(read) == len(before) + 1
    assert {i for i in before if after[i] != before[i]} == {changed}
    assert (after[changed].leaves_on, after[changed].expects_work) == (date(2027, 7, 16), False)


def test_a_region_is_as_complete_and_as_fresh_as_its_profiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty profiles, six of them bare, seven confirmed of late; counted by hand."""
    full = Student("25AB00", "1", date(2008, 1, 1), "yes", leaves_on=TODAY, travel_means=("bicycle",), max_km=10,
                   travels_alone=True, hours_min=24, branches=("green",), tasks_wanted=("plant",),
                   route=("individual",), contract_types=("job",), work_skills=(("pace", 2),), support_needed=(),
                   support_half_days=0, conditions_wanted=("outdoors",), conditions_unacceptable=(), certificates=(),
                   level="none", confirmed_on=TODAY)  # fmt: skip
    bare = Student("25AB00", "2", date(2008, 1, 1), "unknown", leaves_on=TODAY)
    fake(monkeypatch, [youth(i, confirmed_on=TODAY if i < 7 else date(2026, 1, 1),
                             missing=len(missing_of_student(bare if i < 6 else full))) for i in range(20)])  # fmt: skip
    people, fresh, complete = figures.freshness(None, TODAY)["AM36"]  # type: ignore[arg-type]
    assert (people, fresh, complete) == (Cell(20), Cell(5), Cell(15))


def cells_of(data: Any) -> list[dict[str, Any]]:
    """Every cell in an answer."""
    if isinstance(data, list):
        return [cell for item in data for cell in cells_of(item)]
    if isinstance(data, dict):
        return [data] if set(data) == {"value", "hidden"} else [c for item in data.values() for c in cells_of(item)]
    return []


def test_a_count_that_nobody_asks_for_stays_in_no_memory(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who was erased meanwhile is in none either, whoever erased them."""
    from api.store import figures as counts

    service.add("c@example.org", Right("connector", "AM36"))
    connector = service.person("c@example.org")
    assert connector.get("/api/v1/figures/funnel").status_code == 200
    assert service.database.engine in counts._COUNTS or service.database._reading in counts._COUNTS
    connector.get("/api/v1/account")
    assert len(counts._COUNTS) > 0
    monkeypatch.setattr("api.services.figures.KEPT_FOR", -1.0)
    connector.get("/api/v1/account")
    assert (len(counts._COUNTS), len(counts._READ)) == (0, 0)
