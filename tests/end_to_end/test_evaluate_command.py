"""`schakel evaluate` as people call it: the table, the files, outcomes, and every defect of a file at once."""
from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from api.texts.evaluate import DO, EXPECTED, METRICS, NOTES, PAGE, WRONG
from tests.end_to_end.match_contract_cases import BRANCH_ALONE, Desk, Done, leaver, vacancy
from tests.end_to_end.match_contract_cohort import CAPS, cohort

OUTCOMES = "school,student_ref,vacancy_ref,starts_on,outcome"


def table(text: str) -> dict[tuple[str, str, str], dict[str, str]]:
    return {(row["part"], row["group"], row["metric"]): row for row in csv.DictReader(io.StringIO(text))}


@pytest.fixture
def solved(desk: Desk) -> Done:
    ours, theirs, said = cohort()
    done = desk.match(ours, theirs, decisions=said, policy=CAPS)
    assert done.status == 0, done.stderr
    return done


def outcomes(done: Done, *, extra: str = "") -> str:
    lines = [OUTCOMES + (",opmerking" if extra else "")]
    for k, row in enumerate(row for row in done.rows("proposals.csv") if row["status"] == "placed"):
        answer = ("ja", "nee", "ja", "")[k % 4]
        cells = [row["school"], row["student_ref"], row["vacancy_ref"], row["starts_on"], answer]
        lines.append(",".join(cells + ([extra] if extra else [])))
    return "\n".join(lines) + "\n"


def test_the_table_says_what_the_files_of_the_match_say(desk: Desk, solved: Done) -> None:
    status, said, err = desk.run("evaluate", solved.out)
    assert status == 0, err
    found = table(said)
    rows = solved.rows("proposals.csv")
    placed = [row for row in rows if row["status"] == "placed"]
    assert int(found["plan", "all", "students"]["value"]) == len(rows)
    assert int(found["plan", "all", "placed"]["value"]) == len(placed)
    fits = sorted(float(row["fit"]) for row in placed)
    assert float(found["plan", "all", "total_fit"]["value"]) == pytest.approx(sum(fits), abs=1e-6)
    assert float(found["plan", "all", "mean_fit"]["value"]) == pytest.approx(sum(fits) / len(fits), abs=1e-6)
    assert float(found["plan", "all", "worst_fit"]["value"]) == fits[0]
    ratios = [float(row["own_best_ratio"]) for row in placed]
    assert float(found["plan", "all", "own_best_ratio"]["value"]) == pytest.approx(sum(ratios) / len(ratios), abs=1e-6)
    assert int(found["rank", "all", "1"]["value"]) == sum(row["own_rank"] == "1" for row in placed)
    for school in {row["school"] for row in rows}:
        mine = [row for row in rows if row["school"] == school]
        assert int(found["school", school, "students"]["value"]) == len(mine)
        assert int(found["school", school, "placed"]["value"]) == sum(row["status"] == "placed" for row in mine)
    for row in solved.rows("openings.csv"):
        use = found["limit", f"{row['vacancy_ref']}@{row['starts_on']}", "places"]
        assert (use["value"], use["high"]) == (row["filled"], row["places"])
    assert (solved.out / "evaluation.csv").read_text(encoding="utf-8") == said
    assert "evaluation.html" in err
    assert desk.verify()[0] == 0


def test_a_new_match_takes_the_evaluation_of_the_old_one_away(desk: Desk, solved: Done) -> None:
    assert desk.run("evaluate", solved.out)[0] == 0
    again = desk.match([leaver()], [vacancy()])
    assert again.status == 0, again.stderr
    assert "evaluation.html" not in again.names()


def test_outcomes_add_calibration_and_rank_agreement(desk: Desk, solved: Done) -> None:
    path = desk.write("outcomes.csv", outcomes(solved, extra="x"))
    status, said, err = desk.run("evaluate", solved.out, "--outcomes", path)
    assert status == 0, err
    found = table(said)
    placed = [row for row in solved.rows("proposals.csv") if row["status"] == "placed"]
    known = [(float(row["fit"]), k % 4 in (0, 2)) for k, row in enumerate(placed) if k % 4 != 3]
    assert int(found["outcome", "all", "outcomes"]["value"]) == len(known)
    exact = sum((fit - well) ** 2 for fit, well in known) / len(known)
    assert float(found["outcome", "all", "brier_fit"]["value"]) == pytest.approx(exact, abs=1e-6)
    assert {group for part, group, _ in found if part == "grouped"} == {"by_school", "by_vacancy"}
    assert str(len(known)) in err
    assert "opmerking" in err  # a column that was not asked for is named


def test_the_order_of_the_rows_changes_no_byte(desk: Desk, solved: Done) -> None:
    lines = outcomes(solved).splitlines()
    first = desk.run("evaluate", solved.out, "--outcomes", desk.write("o.csv", "\n".join(lines)))
    page = (solved.out / "evaluation.html").read_bytes()
    turned = "\n".join([lines[0], *lines[:0:-1]])
    other = desk.run("evaluate", solved.out, "--outcomes", desk.write("o.csv", turned))
    assert first == other
    assert (solved.out / "evaluation.html").read_bytes() == page


def test_every_defect_of_a_file_is_told_at_once_with_what_to_do(desk: Desk) -> None:
    two = vacancy("V2", starts_on="2026-10-01", places="2"), vacancy("V2", starts_on="2027-02-01", places="2")
    done = desk.match([leaver("A"), leaver("B", branches="retail")], [vacancy(), *two], policy=BRANCH_ALONE)
    assert done.status == 0, done.stderr
    rows = [
        "31TA00,A,V1,2026-09-01,misschien", "31TA00,Z,V1,2026-09-01,ja", "31TA00,A,V9,2026-09-01,ja",
        "31TA00,A,V2,03/04/2026,ja", "31TA00,A,V2,,ja", "31TA00,A,V2,2026-11-01,ja", "31TA00,B,V1,2026-09-01,nee",
        ",A,V1,2026-09-01,ja", "31TA00,A,V1,,nee",
    ]  # fmt: skip
    path = desk.write("o.csv", "\n".join([OUTCOMES, *rows]) + "\n")
    status, said, err = desk.run("evaluate", done.out, "--outcomes", path)
    assert (status, said) == (1, "")
    lines = err.splitlines()
    expected = [
        (2, "outcome", "outcome"), (3, "student_ref", "student"), (4, "vacancy_ref", "opening"),
        (5, "starts_on", "date"), (6, "starts_on", "date"), (7, "starts_on", "start"), (8, "starts_on", "pair"),
        (9, "school", "text"), (10, "starts_on", "once"),
    ]  # fmt: skip
    assert len(lines) == len(expected)
    for line, (row, column, kind) in zip(lines, expected, strict=True):
        assert line.startswith(f"o.csv, rij {row}, {column}: "), line
        assert EXPECTED[kind][0] in line
        assert line.endswith(DO[kind][0].format(first=2)), line
    status, _, english = desk.run("evaluate", done.out, "--outcomes", path, "--lang", "en")
    assert status == 1
    assert english.splitlines()[0].startswith("o.csv, row 2, outcome: ")


@pytest.mark.parametrize(
    ("content", "key"),
    [("", "empty"), ("\n \n", "empty"), (OUTCOMES + "\n", "header_only"), ("school,outcome\n1,ja\n", "header"),
     (OUTCOMES + ",outcome\n", "column_twice"), (OUTCOMES + '\n"31TA00,A', "quotes"), (b"PK\x03\x04xx", "not_csv"),
     (b"\x00\x01\x02\x00", "not_csv")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_what_to_do(desk: Desk, content: str | bytes, key: str) -> None:
    done = desk.match([leaver()], [vacancy()])
    status, said, err = desk.run("evaluate", done.out, "--outcomes", desk.write("o.csv", content))
    assert (status, said) == (1, "")
    begin = WRONG[key][0].split("{")[0] or WRONG[key][0].split("}")[1].split("{")[0]
    assert begin.strip() in err
    assert not (done.out / "evaluation.csv").exists()


def test_semicolons_dutch_words_and_a_bare_vacancy_are_read(desk: Desk) -> None:
    done = desk.match([leaver("A"), leaver("B")], [vacancy(places="2")])
    header = "BRIN;Leerlingnummer;Vacaturenummer;Startdatum;Uitkomst;KvK"
    text = f"{header}\n31ta,A,V1,,JA,1\n31TA00,B,V1,01-09-2026,nee,2\n".replace(",", ";")
    status, said, err = desk.run("evaluate", done.out, "--outcomes", desk.write("o.csv", text.encode("utf-16")))
    assert status == 0, err
    assert table(said)["outcome", "all", "went_well"]["value"] == "0.500000"
    assert table(said)["grouped", "by_employer", "groups"]["value"] == "2"


def test_messages_name_the_column_as_the_file_does(desk: Desk) -> None:
    done = desk.match([leaver("A")], [vacancy()])
    text = "brin;leerlingnummer;vacaturenummer;startdatum;uitkomst\n31TA00;A;V9;;best\n"
    status, _, err = desk.run("evaluate", done.out, "--outcomes", desk.write("o.csv", text))
    assert status == 1
    places = [line.split(": ")[0] for line in err.splitlines()]
    assert places == ["o.csv, rij 2, uitkomst", "o.csv, rij 2, vacaturenummer"]


@pytest.mark.parametrize("column", ["BSN", "kenmerk"])
def test_a_column_of_bsns_refuses_the_file(desk: Desk, column: str) -> None:
    done = desk.match([leaver(k) for k in "ABCDE"], [vacancy(places="9")])
    numbers = ["111222333", "123456782", "111111110", "999999990", "200000007"]
    rows = [f"31TA00,{who},V1,,ja,{number}" for who, number in zip("ABCDE", numbers, strict=True)]
    path = desk.write("o.csv", "\n".join([f"{OUTCOMES},{column}", *rows]) + "\n")
    status, said, err = desk.run("evaluate", done.out, "--outcomes", path)
    assert (status, said) == (1, "")
    assert WRONG["bsn"][0].format(file="o.csv", column=column) in err
    assert not any(number in err for number in numbers)


def test_a_bsn_in_an_outcome_is_masked(desk: Desk) -> None:
    done = desk.match([leaver()], [vacancy()])
    path = desk.write("o.csv", f"{OUTCOMES}\n31TA00,111222333,V1,,ja\n")
    status, _, err = desk.run("evaluate", done.out, "--outcomes", path)
    assert status == 1
    assert "111222333" not in err
    assert "*********" in err


def test_places_that_cannot_be_written_to_or_measured_are_named(desk: Desk, tmp_path: Path) -> None:
    done = desk.match([leaver()], [vacancy()])
    assert desk.run("evaluate", tmp_path / "nowhere")[0] == 2
    assert desk.run("evaluate", done.out, "--outcomes", tmp_path / "none.csv")[0] == 2
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("x")
    assert desk.run("evaluate", done.out, "--out", tmp_path / "mine")[0] == 2
    assert (tmp_path / "mine" / "letter.txt").read_text() == "x"
    status, said, err = desk.run("evaluate", done.out, "--out", tmp_path / "new" / "place")
    assert status == 0, err
    assert sorted(path.name for path in (tmp_path / "new" / "place").iterdir()) == ["evaluation.csv", "evaluation.html"]
    assert not (done.out / "evaluation.csv").exists()
    again = desk.run("evaluate", done.out, "--out", tmp_path / "new" / "place")
    assert again[:2] == (0, said)


def test_no_plan_and_a_broken_result_are_refused(desk: Desk) -> None:
    pins = [{"school": "31TA00", "student_ref": k, "vacancy_ref": "V1", "decision": "pin"} for k in "AB"]
    done = desk.match([leaver("A"), leaver("B")], [vacancy()], decisions=pins)
    assert done.status == 3
    status, _, err = desk.run("evaluate", done.out)
    assert status == 1
    assert WRONG["no_plan"][0].split("}")[1] in err
    done = desk.match([leaver()], [vacancy()], out="other")
    path = done.out / "case" / "assignment.csv"
    path.write_text(path.read_text().replace("V1@2026-09-01", "V7@2026-09-01"))
    status, _, err = desk.run("evaluate", done.out)
    assert status == 1
    assert "V7@2026-09-01" in err


def test_a_result_of_assign_is_measured_too(desk: Desk) -> None:
    scores = desk.write("scores.csv", "student,opening,score\n007,x,0.9\n7,x,0.4\n7,y,0.3\n")
    openings = desk.write("openings.csv", "opening,places\nx,1\ny,1\n")
    assert desk.run("assign", "--scores", scores, "--openings", openings, "--out", desk.folder / "a")[0] == 0
    path = desk.write("o.csv", "student,opening,outcome\n007,x,yes\n7,y,no\n")
    status, said, err = desk.run("evaluate", desk.folder / "a", "--outcomes", path, "--lang", "en")
    assert status == 0, err
    found = table(said)
    assert found["plan", "all", "total_fit"]["value"] == "1.200000"
    assert found["outcome", "all", "brier_fit"]["value"] == "0.050000"
    assert found["outcome", "all", "auc"]["value"] == "1.000000"
    assert not any(part == "school" for part, _, _ in found)
    assert found["grouped", "by_group", "groups"]["value"] == "2"


def test_the_words_are_there_in_two_languages_and_short() -> None:
    for catalogue in (WRONG, EXPECTED, DO, NOTES, PAGE, METRICS):
        for key, (dutch, english) in catalogue.items():
            assert dutch, key
            assert english, key
            for sentence in dutch.replace("?", ".").split(". "):
                assert len(sentence.split()) <= 20, (key, sentence)
