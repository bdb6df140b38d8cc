"""What people decided: fixed, rejected, overruled later, about every intake, about nobody, or impossible together."""
from __future__ import annotations

import pytest

from tests.end_to_end.match_contract_cases import MATCHED, START, Desk, decision, leaver, vacancy

LATER = "2027-02-01"
TWO = [vacancy("V1"), vacancy("V2", branch="retail")]
WISH = {"branches": "green|retail"}


@pytest.mark.parametrize("word", ["accept", "pin", "past", "vast", "Accept", "PIN"])
def test_accept_and_pin_fix_the_pair(desk: Desk, word: str) -> None:
    done = desk.match([leaver(**WISH)], TWO, decisions=[decision("A", "V2", word)])
    assert done.status == 0, done.stderr
    assert done.rows("rows.csv") == []
    assert done.plan() == {"A": "V2"}
    assert done.rows("case/pairs.csv") == [
        {"student": "31TA00/A", "opening": f"V2@{START}", "constraint": "1"},
    ]  # fmt: skip
    assert desk.verify() == (0, "proved\n")


@pytest.mark.parametrize("word", ["reject", "past niet"])
def test_reject_forbids_the_pair_which_stays_in_the_scores(desk: Desk, word: str) -> None:
    done = desk.match([leaver(**WISH)], TWO, decisions=[decision("A", "V1", word, reason="travel")])
    assert done.plan() == {"A": "V2"}
    assert [row["vacancy_ref"] for row in done.rows("alternatives.csv")] == ["V2"]
    assert [(r["vacancy_ref"], r["eligible"], r["blocked"]) for r in done.rows("openings.csv")] == [
        ("V1", "0", "forbidden=1"), ("V2", "1", ""),
    ]  # fmt: skip
    assert {r["opening"] for r in done.rows("case/scores.csv")} == {f"V1@{START}", f"V2@{START}"}
    assert done.rows("case/pairs.csv") == [
        {"student": "31TA00/A", "opening": f"V1@{START}", "constraint": "-1"},
    ]  # fmt: skip
    both = [decision("A", "V1", word), decision("A", "V2", word)]
    done = desk.match([leaver(**WISH)], TWO, decisions=both)
    assert done.plan() == {"A": ""}
    assert done.blocked() == "forbidden=2"


@pytest.mark.parametrize("word", ["defer", "later"])
def test_defer_does_nothing(desk: Desk, word: str) -> None:
    done = desk.match([leaver(**WISH)], TWO, decisions=[decision("A", "V2", word)])
    assert done.plan() == {"A": "V1"}
    assert done.rows("case/pairs.csv") == []


def test_the_latest_word_wins_whatever_the_order_of_the_rows(desk: Desk) -> None:
    said = [
        decision("A", "V2", "pin", on="2026-06-01"), decision("A", "V2", "reject", on="2026-06-03"),
        decision("A", "V2", "accept", on="2026-06-02"),
    ]  # fmt: skip
    for rows in (said, said[::-1], [said[1], said[2], said[0]]):
        assert desk.match([leaver(**WISH)], TWO, decisions=rows).plan() == {"A": "V1"}
    said.append(decision("A", "V2", "pin", on="2026-06-04"))
    assert desk.match([leaver(**WISH)], TWO, decisions=said).plan() == {"A": "V2"}
    said.append(decision("A", "V2", "defer", on="2026-06-05"))
    assert desk.match([leaver(**WISH)], TWO, decisions=said).plan() == {"A": "V1"}


def test_a_dated_word_comes_after_one_without_a_date(desk: Desk) -> None:
    said = [decision("A", "V2", "pin", on=""), decision("A", "V2", "reject", on="2020-01-01")]
    assert desk.match([leaver(**WISH)], TWO, decisions=said).plan() == {"A": "V1"}


def test_without_a_start_date_a_word_is_about_every_intake(desk: Desk) -> None:
    theirs = [vacancy("V1"), vacancy("V2", branch="retail"), vacancy("V2", branch="retail", starts_on=LATER)]
    done = desk.match([leaver(**WISH)], theirs, decisions=[decision("A", "V2", "reject")])
    assert [(r["vacancy_ref"], r["starts_on"]) for r in done.rows("alternatives.csv")] == [("V1", START)]
    done = desk.match([leaver(**WISH)], theirs, decisions=[decision("A", "V2", "reject", starts_on=LATER)])
    assert [(r["vacancy_ref"], r["starts_on"]) for r in done.rows("alternatives.csv")] == [("V1", START), ("V2", START)]
    done = desk.match([leaver(**WISH)], theirs, decisions=[decision("A", "V2", "pin")])
    assert done.status == 0, done.stderr
    assert done.plan()["A"] in ("V2", f"V2@{LATER}")
    assert desk.verify()[0] == 0
    done = desk.match([leaver(**WISH)], theirs, decisions=[decision("A", "V2", "pin", starts_on="1-2-2027")])
    assert done.plan() == {"A": f"V2@{LATER}"}


RULES_BROKEN = [
    ("age", {}, {"age_min": "25"}),
    ("entry", {"enrolled": "no"}, {"entry": "werkschool"}),
    ("route", {"route": "group"}, {}),
    ("contract_type", {"contract_types": "job"}, {}),
    ("dates", {"available_from": "2026-10-01"}, {}),
    ("hours", {"hours_min": "36", "hours_max": "40"}, {}),
    ("region", {"postcode": "9711", "max_km": "300", "max_minutes": "300", "travel_means": "car"}, {}),
    ("reach", {"postcode": "7411"}, {}),
    ("branch", {"branches": "", "branches_excluded": "green"}, {}),
    ("certificate", {}, {"certificates_required": "forklift"}),
    ("level", {}, {"level_min": "mbo2"}),
    ("under_18", {"birth_date": "2009-03-01"}, {"starts_at": "23:30"}),
    ("support", {"support_needed": "quiet_spot!"}, {"support_offered": "-quiet_spot"}),
    ("condition", {"conditions_unacceptable": "outdoors", "conditions_wanted": ""}, {}),
    ("task", {"tasks_disliked": "weed"}, {"tasks": "weed!"}),
    ("skill", {}, {"work_skills": "pace=3!"}),
    ("participation", {}, {"participation_criteria": "-concept"}),
    ("freshness", {"confirmed_on": "2025-01-01"}, {}),
]


@pytest.mark.parametrize(("rule", "ours", "theirs"), RULES_BROKEN, ids=[case[0] for case in RULES_BROKEN])
def test_a_fixed_pair_is_eligible_whatever_rule_it_breaks_and_the_rule_stands_in_to_check(
    desk: Desk, rule: str, ours: dict[str, object], theirs: dict[str, object]
) -> None:
    done = desk.match([leaver(**ours)], [vacancy(**theirs)], decisions=[decision("A", "V1", "accept")])
    assert done.status == 0, done.stderr
    assert done.plan() == {"A": "V1"}
    assert rule in done.points()
    assert [(r["vacancy_ref"], r["rank"]) for r in done.rows("alternatives.csv")] == [("V1", "1")]
    assert done.rows("openings.csv")[0]["blocked"] == ""


def test_a_fixed_pair_below_the_floor_is_placed_with_min_fit_to_check(desk: Desk) -> None:
    done = desk.match([leaver(branches="retail")], [vacancy()], decisions=[decision("A", "V1", "pin")])
    assert done.plan() == {"A": "V1"}
    assert "min_fit" in done.points()
    row = done.rows("proposals.csv")[0]
    assert (row["fit"], row["band"]) == ("0.200000", "not_yet")


@pytest.mark.parametrize("over", [{"work_capacity": "unknown"}, {"destination": "mbo"}])
def test_work_capacity_and_destination_hold_against_a_pin(desk: Desk, over: dict[str, object]) -> None:
    done = desk.match([leaver(**over), leaver("B")], [vacancy()], decisions=[decision("A", "V1", "pin")])
    assert done.status == 3
    conflict = done.json()["conflict"]
    assert [(m["kind"], m["students"], m["openings"]) for m in conflict] == [
        ("ineligible_pin", ["31TA00/A"], [f"V1@{START}"]),
    ]  # fmt: skip
    assert "31TA00/A" in done.stderr
    assert "31TA00/B" not in done.stderr


UNKNOWN = [
    ("unknown student", {"student_ref": "Z"}, "student_ref", "unknown_person"),
    ("another school's student", {"school": "31TB00"}, "student_ref", "unknown_person"),
    ("a row in error", {"student_ref": "X"}, "student_ref", "unknown_person"),
    ("a student without capacity", {"student_ref": "N"}, "student_ref", "unknown_person"),
    ("unknown vacancy", {"vacancy_ref": "V9"}, "vacancy_ref", "unknown_code"),
    ("a vacancy in error", {"vacancy_ref": "VX"}, "vacancy_ref", "unknown_code"),
    ("unknown start", {"starts_on": LATER}, "starts_on", "unknown_code"),
]


@pytest.mark.parametrize(("over", "column", "code"), [case[1:] for case in UNKNOWN], ids=[case[0] for case in UNKNOWN])
def test_a_decision_about_nobody_is_an_error_of_its_row_and_the_run_goes_on(
    desk: Desk, over: dict[str, object], column: str, code: str
) -> None:
    rows = [leaver(**WISH), leaver("X", birth_date="gisteren"), leaver("N", work_capacity="no")]
    theirs = [*TWO, vacancy("VX", places="veel")]
    said = [decision("A", "V2", "pin"), decision("A", "V2", "reject", on="2026-06-11") | over]
    done = desk.match(rows, theirs, decisions=said)
    assert done.status == 0, done.stderr
    assert done.plan() == {"A": "V2"}
    found = [r for r in done.rows("rows.csv") if r["file"] == "decisions.csv"]
    assert [(r["row"], r["column"], r["severity"], r["code"]) for r in found] == [("3", column, "error", code)]
    assert found[0]["message"]
    strict = desk.match(rows, theirs, "--strict", decisions=said)
    assert strict.status == 1
    assert strict.names() == {"rows.csv"}


def test_a_decision_about_nobody_is_named_by_the_files_own_header_and_every_repeat_by_its_row(desk: Desk) -> None:
    header = "Leerlingnummer;BRIN;Vacaturenummer;Startdatum;Besluit;Reden;Op\n"
    lines = "Z;31TA;V2;;vast;;10-06-2026\n" * 2 + "A;31ta00;V2;01-09-2026;vast;want dit past;10-6-2026\n"
    done = desk.match([leaver(**WISH)], TWO, decisions=header + lines)
    assert done.status == 0, done.stderr
    assert done.plan() == {"A": "V2"}
    assert [(r["row"], r["column"], r["code"], r["found"]) for r in done.rows("rows.csv")] == [
        ("2", "Leerlingnummer", "unknown_person", "31TA00/Z"), ("3", "Leerlingnummer", "unknown_person", "31TA00/Z"),
    ]  # fmt: skip


def test_defects_of_decisions_stand_in_the_order_of_their_rows(desk: Desk) -> None:
    said = [
        decision("Z", "V1", "pin"), decision("A", "V1", "misschien"), decision("A", "V9", "pin"),
        decision("A", "V1", "pin", on="31-31-2026"),
    ]  # fmt: skip
    done = desk.match([leaver()], TWO, decisions=said)
    assert done.status == 0, done.stderr
    assert [(r["row"], r["column"], r["code"]) for r in done.rows("rows.csv")] == [
        ("2", "student_ref", "unknown_person"), ("3", "decision", "unknown_code"), ("4", "vacancy_ref", "unknown_code"),
        ("5", "on", "not_a_date"),
    ]  # fmt: skip


def test_pins_beyond_the_places_are_a_conflict_that_names_its_members_and_nothing_else(desk: Desk) -> None:
    rows = [leaver(k) for k in "ABCD"]
    theirs = [vacancy("V1", places="2"), vacancy("V2", places="2")]
    said = [decision(k, "V1", "pin") for k in "ABC"] + [decision("D", "V2", "pin")]
    done = desk.match(rows, theirs, decisions=said)
    assert done.status == 3
    assert done.names() == {"rows.csv", "report.json", "case", "timings.json"}
    assert {p.name for p in (done.out / "case").iterdir()} == {
        "scores.csv", "openings.csv", "students.csv", "pairs.csv", "limits.json", "options.json",
    }  # fmt: skip
    report = done.json()
    assert report["status"] == "infeasible"
    members = [(m["kind"], tuple(m["students"]), tuple(m["openings"])) for m in report["conflict"]]
    assert sorted(members) == [
        ("pin", ("31TA00/A",), (f"V1@{START}",)), ("pin", ("31TA00/B",), (f"V1@{START}",)),
        ("pin", ("31TA00/C",), (f"V1@{START}",)), ("places", (), (f"V1@{START}",)),
    ]  # fmt: skip
    assert all(set(m) == {"kind", "name", "students", "openings", "sentence"} for m in report["conflict"])
    for word in ("31TA00/A", "31TA00/B", "31TA00/C", f"V1@{START}"):
        assert word in done.stderr
    for word in ("31TA00/D", "V2"):
        assert word not in done.stderr
        assert word not in "".join(m["sentence"] for m in report["conflict"])
    assert done.stdout == ""
    assert desk.verify()[0] == 0
    status, _, stderr = desk.run("assign", *case_options(done.out), "--out", desk.folder / "again")
    assert status == 3
    assert "31TA00/A" in stderr


def test_one_student_pinned_to_two_openings_is_a_conflict_of_the_two_pins(desk: Desk) -> None:
    done = desk.match([leaver(**WISH)], TWO, decisions=[decision("A", "V1", "pin"), decision("A", "V2", "pin")])
    assert done.status == 3
    assert sorted((m["kind"], m["openings"][0]) for m in done.json()["conflict"]) == [
        ("pin", f"V1@{START}"), ("pin", f"V2@{START}"),
    ]  # fmt: skip


def test_a_minimum_that_the_cap_of_the_policy_cannot_give_is_a_conflict_with_both_names(desk: Desk) -> None:
    from tests.end_to_end.match_contract_cases import BRANCH_ALONE

    caps = '[[caps]]\nname = "veel"\nbranch = "green"\nat_least = 3\n[[caps]]\nname = "weinig"\nbranch = "green"\n' \
        "at_most = 2\n"
    done = desk.match([leaver(k) for k in "ABCD"], [vacancy(places="4")], policy=BRANCH_ALONE + caps)
    assert done.status == 3
    members = sorted((m["kind"], m["name"]) for m in done.json()["conflict"])
    assert members == [("at_least", "veel"), ("at_most", "weinig")]
    assert done.names() == MATCHED & {"rows.csv", "report.json", "case", "timings.json"}
    dutch, english = done.stderr, desk.match(
        [leaver(k) for k in "ABCD"], [vacancy(places="4")], "--lang", "en", policy=BRANCH_ALONE + caps
    ).stderr
    assert dutch != english


def test_a_pinned_student_counts_as_placed_when_a_group_needs_its_minimum(desk: Desk) -> None:
    group = {"route": "group"}
    rows = [leaver(k, **group) for k in "ABC"]
    done = desk.match(rows, [vacancy(min_to_open="4", places="4", **group)], decisions=[decision("A", "V1", "pin")])
    assert done.status == 3  # a pin to a group that cannot open
    kinds = sorted(m["kind"] for m in done.json()["conflict"])
    assert kinds == ["min_to_open", "pin"]
    done = desk.match(rows, [vacancy(min_to_open="3", places="4", **group)], decisions=[decision("A", "V1", "pin")])
    assert done.status == 0
    assert set(done.plan().values()) == {"V1"}


def case_options(out) -> list[object]:  # type: ignore[no-untyped-def]
    """The options with which `assign` takes up a case."""
    case = out / "case"
    return ["--scores", case / "scores.csv", "--openings", case / "openings.csv", "--students", case / "students.csv",
            "--pairs", case / "pairs.csv", "--limits", case / "limits.json"]  # fmt: skip
