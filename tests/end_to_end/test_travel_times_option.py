"""`--travel-times`: a table of minutes goes before the estimate, wherever a match is made or asked about."""
from __future__ import annotations

import pytest

from tests.end_to_end.match_contract_cases import BRANCH_ALONE, ON, Desk, Done, csv_text, leaver, vacancy

FAR = {"max_km": "60"}
"""Raalte (8102) to Deventer (7411) is some 16 km as the crow flies: about 90 minutes by bicycle, the limit is 45."""
TRAVEL_ALONE = BRANCH_ALONE.replace("branch = 1", "branch = 0").replace("travel = 0", "travel = 1") + "\n"
NO_FLOOR = "min_fit = 0\n"


def run(desk: Desk, table: str | None, *args: object, policy: str = BRANCH_ALONE, out: str = "out") -> Done:
    more = [] if table is None else ["--travel-times", desk.write("times.csv", table)]
    return desk.match([leaver(**FAR)], [vacancy(postcode="7411")], *more, *args, policy=policy, out=out)


@pytest.mark.parametrize(
    ("table", "placed"),
    [
        (None, False),
        ("from,to,bicycle\n8102,7411,45\n", True),
        ("from,to,bicycle\n8102,7411,45.5\n", False),
        ("from,to,bicycle\n7411,8102,40\n", True),  # one direction holds for both
        ("from,to,bicycle\n7411,8102,40\n8102,7411,50\n", False),  # unless the other is there
        ("from,to,car\n8102,7411,20\n", False),  # the student has no car
        ("from,to,bicycle\n8103,7411,20\n", False),  # another postcode
        ("van;naar;fiets\n8102 HG;7411 AB;44,5\n", True),
        ("from\tto\tmeans\tminutes\n8102\t7411\tfiets\t44\n", True),
        ("sep,from,to,means,minutes\nx,8102,7411,bicycle,44\n", True),
    ],
)
def test_the_table_decides_where_it_speaks(desk: Desk, table: str | None, placed: bool) -> None:
    done = run(desk, table)
    assert done.status == 0, done.stderr
    assert done.plan() == {"A": "V1" if placed else ""}
    if not placed:
        assert done.blocked() == "reach=1"
    assert desk.verify() == (0, "proved\n")


def test_a_short_way_that_takes_long_is_refused_by_the_table(desk: Desk) -> None:
    times = desk.write("times.csv", "from,to,bicycle\n8102,8102,46\n")
    assert desk.match([leaver()], [vacancy()]).plan() == {"A": "V1"}
    done = desk.match([leaver()], [vacancy()], "--travel-times", times)
    assert done.plan() == {"A": ""}
    change = done.rows("unplaced.csv")[0]["smallest_change"]
    assert change.startswith("reach: ")
    assert "46 minuten" in change


def test_comfort_reasons_and_counts_come_from_the_table(desk: Desk) -> None:
    done = run(desk, "from,to,bicycle\n8102,7411,27\n", policy=NO_FLOOR + TRAVEL_ALONE)
    row = done.rows("proposals.csv")[0]
    assert row["fit"] == "0.640000"  # 1 - (27 / 45) ** 2
    assert "27 minuten" in row["reasons"]
    found = done.json()["travel"]
    assert (found["source"], found["pairs_given"], found["by_table"], found["by_estimate"]) == ("table", 1, 1, 0)
    assert "voor 1 van 1" in done.stdout
    assert "voor 1 van 1" in (done.out / "report.html").read_text(encoding="utf-8")
    assert desk.match([leaver()], [vacancy()]).json()["travel"] == {"source": "estimate"}


def test_what_is_missing_is_estimated_and_counted(desk: Desk) -> None:
    vacancies = [vacancy(), vacancy("V2", postcode="8103"), vacancy("V3", postcode="", place="Raalte")]
    leavers = [leaver(), leaver("B", travel_means="bicycle|moped"), leaver("C", travel_means="", max_minutes="")]
    table = desk.write("times.csv", "from,to,bicycle\n8102,8102,5\n8102,8103,6\n")
    done = desk.match(leavers, vacancies, "--travel-times", table)
    found = done.json()["travel"]
    # A is told two of three; B has a moped of which the table says nothing; C's means are not known.
    assert (found["by_table"], found["by_estimate"], found["places_missing"]) == (2, 4, 3)


def test_the_digest_tells_tables_apart_and_not_their_layout(desk: Desk) -> None:
    wide = "from,to,bicycle,car\n8102,7411,44,20\n7411,8102,,21\n"
    long = "to,means,from,minutes\n8102,car,7411,21.0\n7411,car,8102,20\n7411,fiets,8102,44\n"
    one, two = run(desk, wide, out="one"), run(desk, long, out="two")
    assert one.files() == two.files()
    other = run(desk, wide.replace("21", "22"), out="other")
    assert other.json()["digest"] != one.json()["digest"]
    assert other.json()["travel"]["digest"] != one.json()["travel"]["digest"]
    assert run(desk, None, out="none").json()["digest"] not in (one.json()["digest"], other.json()["digest"])


def test_a_row_in_error_is_named_and_left_out(desk: Desk) -> None:
    table = (
        "van,naar,fiets,opmerking\n8102,7411,44,\n8102,7411,45,\n810,7411,3,\n8102,,3,\n8102,8103,-1,\n"
        "8102,8104,1441,\n8102,8105,snel,\n\n8102,8106,12,x\n"
    )
    done = run(desk, table)
    assert done.plan() == {"A": "V1"}
    found = [(r["file"], r["row"], r["column"], r["severity"], r["code"]) for r in done.rows("rows.csv")]
    assert found == [
        ("times.csv", "", "opmerking", "warning", "unmapped_column"),
        ("times.csv", "3", "van", "error", "duplicate"),
        ("times.csv", "4", "van", "error", "bad_postcode"),
        ("times.csv", "5", "naar", "error", "required"),
        ("times.csv", "6", "fiets", "error", "out_of_range"),
        ("times.csv", "7", "fiets", "error", "out_of_range"),
        ("times.csv", "8", "fiets", "error", "not_a_number"),
    ]
    assert done.json()["travel"]["pairs_given"] == 2
    assert run(desk, table, "--strict").status == 1
    status, stdout, _ = desk.run("check", desk.folder / "times.csv")
    assert status == 1
    assert stdout == (done.out / "rows.csv").read_text(encoding="utf-8")


def test_an_unknown_means_is_named_with_what_may_be_meant(desk: Desk) -> None:
    done = run(desk, "from,to,means,minutes\n8102,7411,fits,44\n")
    [row] = done.rows("rows.csv")
    assert (row["column"], row["code"]) == ("means", "unknown_code")
    assert "bicycle" in row["message"]


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ("", "empty_file"),
        ("from,to,bicycle\n", "header_only"),
        ("from,bicycle\n8102,3\n", "missing_column"),
        ("from,to\n8102,7411\n", "missing_column"),
        ("from,to,means\n8102,7411,car\n", "missing_column"),
        ("%PDF-1.4 \x00\x01", "unreadable"),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(desk: Desk, table: str, code: str) -> None:
    done = run(desk, table)
    assert done.status == 1
    assert "times.csv" in done.stderr
    assert [row["code"] for row in done.rows("rows.csv") if row["severity"] == "error"] == [code]
    assert done.names() == {"rows.csv"}


def test_a_missing_table_is_wrong_usage(desk: Desk) -> None:
    assert desk.match([leaver()], [vacancy()], "--travel-times", desk.folder / "none.csv").status == 2


def test_a_comparison_of_policies_uses_the_table(desk: Desk) -> None:
    old, new = desk.write("old.toml", BRANCH_ALONE), desk.write("new.toml", "min_fit = 0.3\n" + BRANCH_ALONE)
    lists = [desk.write("l.csv", csv_text([leaver(**FAR)])), desk.write("v.csv", csv_text([vacancy(postcode="7411")]))]
    times = desk.write("times.csv", "from,to,bicycle\n8102,7411,44\n")
    _, without, _ = desk.run("policy", "compare", old, new, *lists, "--on", ON, "--lang", "en")
    _, told, _ = desk.run("policy", "compare", old, new, *lists, "--on", ON, "--lang", "en", "--travel-times", times)
    assert "Eligible pairs                      0         0" in without
    assert "Eligible pairs                      1         1" in told


def test_a_new_vacancy_is_scored_with_the_table_of_the_run_alone(desk: Desk) -> None:
    lists = desk.write("l.csv", csv_text([leaver(**FAR)]))
    times = desk.write("times.csv", "from,to,bicycle\n8102,7411,44\n")
    done = desk.match(lists, [vacancy()], "--travel-times", times)
    assert done.status == 0
    new = desk.write("new.csv", csv_text([vacancy("V9", postcode="7411", branch="green")]))
    ask = ("what-if", done.out, "--new-opening", new, "--leavers", lists, "--policy", desk.folder / "policy.toml")
    assert desk.run(*ask)[0] == 2
    other = desk.write("other.csv", "from,to,bicycle\n8102,7411,43\n")
    assert desk.run(*ask, "--travel-times", other)[0] == 1
    status, said, _ = desk.run(*ask, "--travel-times", times, "--json")
    assert status == 0
    assert '"V9@2026-09-01"' in said
