"""``schakel suggest`` from the outside: files in, answers out, exit status, messages."""
from __future__ import annotations

import csv
from pathlib import Path

import pytest

from api.cli import run
from features.codes import code_list
from features.text import TextRanker, link_tasks

TEXTS = "id,text\n007,schappen vullen\n7,geen idee\nb,\n"
LABELS = "label_id,label\nglass,glazenwasser\nwood,timmerman\nglass,wasser van ruiten\n=x,kok\n"


def _suggest(folder: Path, texts: str | bytes, *more: str, labels: str | None = None) -> tuple[int, list[list[str]]]:
    (folder / "texts.csv").write_bytes(texts.encode() if isinstance(texts, str) else texts)
    out = folder / "made" / "answers.csv"
    if labels is not None:
        (folder / "labels.csv").write_text(labels, encoding="utf-8")
        more = (*more, "--labels", str(folder / "labels.csv"))
    status = run(["suggest", str(folder / "texts.csv"), "--out", str(out), *more])
    return status, list(csv.reader(out.read_text(encoding="utf-8").splitlines())) if out.exists() else []


def test_every_text_gets_its_rows_in_the_order_of_the_file(tmp_path: Path) -> None:
    status, rows = _suggest(tmp_path, TEXTS, "--top", "3")
    assert status == 0
    assert rows[0] == ["id", "rank", "label_id", "score", "sure"]
    assert [row[:2] for row in rows[1:]] == [[key, str(rank)] for key in ("007", "7", "b") for rank in (1, 2, 3)]
    assert rows[1][2:] == ["stock_shelves", "1.000000", "yes"]
    assert {row[4] for row in rows[2:]} == {"no"}


def test_five_answers_are_given_when_nothing_is_asked_and_no_more_than_there_are(tmp_path: Path) -> None:
    assert len(_suggest(tmp_path, TEXTS)[1]) == 1 + 3 * 5
    assert len(_suggest(tmp_path, TEXTS, "--top", "50", "--kind", "support")[1]) == 1 + 3 * 10


@pytest.mark.parametrize("kind", ["branch", "task", "condition", "support", "certificate"])
def test_each_kind_ranks_the_codes_of_its_list(tmp_path: Path, kind: str) -> None:
    codes = code_list(kind).codes
    words = [code_list(kind).label(code, "nl") for code in codes]
    texts = "id,text\n" + "".join(f'{k},"{word}"\n' for k, word in enumerate(words))
    status, rows = _suggest(tmp_path, texts, "--kind", kind, "--top", "1")
    assert status == 0
    assert [(row[2], row[3], row[4]) for row in rows[1:]] == [(code, "1.000000", "yes") for code in codes]


def test_labels_of_ones_own_are_ranked_and_an_id_with_several_labels_stands_once(tmp_path: Path) -> None:
    status, rows = _suggest(tmp_path, "id,text\nq,ruitenwasser\nr,kok\n", labels=LABELS)
    assert status == 0
    assert sorted(row[2] for row in rows[1:4]) == ["'=x", "glass", "wood"]
    assert rows[1][2] == "glass"
    assert rows[4][2:] == ["'=x", "1.000000", "yes"]


def test_the_answers_are_those_of_the_model_that_uploads_use(tmp_path: Path) -> None:
    texts = ["vakken vullen en dweilen", "gezellig werken", "honden borstelen"]
    written = "id,text\n" + "".join(f"{k},{text}\n" for k, text in enumerate(texts))
    _, rows = _suggest(tmp_path, written, "--top", "185")
    for key, linked in enumerate(link_tasks(texts)):
        assert {row[2] for row in rows[1:] if row[0] == str(key) and row[4] == "yes"} == set(linked)
    _, rows = _suggest(tmp_path, written, labels="label_id,label\na,dweilen\nb,borstelen\n")
    expected = TextRanker([("a", "dweilen"), ("b", "borstelen")]).rank(texts)
    wanted = [[one.label_id, f"{one.score:.6f}"] for row in expected for one in row]
    assert [row[2:4] for row in rows[1:]] == wanted


def test_the_same_labels_in_another_order_give_the_same_bytes(tmp_path: Path) -> None:
    head, *rest = LABELS.splitlines()
    first = _suggest(tmp_path, TEXTS, labels=LABELS)
    assert _suggest(tmp_path, TEXTS, labels="\n".join([head, *rest[::-1]]) + "\n") == first


@pytest.mark.parametrize(
    "data",
    [b"\xef\xbb\xbfid;text\r\n1;caf\xc3\xa9 schoonmaken\r\n", b"id\ttext\n1\tcaf\xe9 schoonmaken\n",
     b'Text,ID\n"caf\xc3\xa9 schoonmaken",1\n'],
)  # fmt: skip
def test_other_separators_encodings_and_orders_of_columns_are_read(tmp_path: Path, data: bytes) -> None:
    status, rows = _suggest(tmp_path, data, "--top", "1")
    assert (status, rows[1][:2]) == (0, ["1", "1"])
    assert rows == _suggest(tmp_path, "id,text\n1,café schoonmaken\n", "--top", "1")[1]


@pytest.mark.parametrize(
    ("texts", "labels", "says"),
    [("", None, "is leeg"), ("id,text\n", None, "geen rijen"), ("id,naam\n1,a\n", None, "kolom text ontbreekt"),
     ("id,text\n,vegen\n", None, "rij 2: id is leeg"), ("id,text\n1,a\n\n1,b\n", None, "staat ook in rij 2"),
     ("id,text\n1,a\n", "label_id,tekst\n1,a\n", "kolom label ontbreekt"),
     ("id,text\n1,a\n", "label_id,label\n1,\n", "geen enkel label"),
     ("id,text\n1,a\n", "label_id,label\n1,de\n", "geen enkel label"),
     ("id,text\n1,a\n", "label_id,label\n", "geen rijen")],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], texts: str, labels: str | None, says: str
) -> None:
    status, rows = _suggest(tmp_path, texts, labels=labels)
    assert (status, rows) == (1, [])
    assert says in capsys.readouterr().err


def test_wrong_usage_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["suggest", str(tmp_path / "none.csv"), "--out", str(tmp_path / "out.csv")]) == 2
    assert "Er is geen bestand" in capsys.readouterr().err
    assert _suggest(tmp_path, TEXTS, "--kind", "task", labels=LABELS)[0] == 2
    assert _suggest(tmp_path, TEXTS, "--kind", "colour")[0] == 2
    assert _suggest(tmp_path, TEXTS, "--top", "0")[0] == 2
    (tmp_path / "made").mkdir(exist_ok=True)
    (tmp_path / "made" / "answers.csv").write_text("mine", encoding="utf-8")
    assert _suggest(tmp_path, TEXTS, "--lang", "en")[0] == 2
    assert "is no earlier result" in capsys.readouterr().err
    assert (tmp_path / "made" / "answers.csv").read_text(encoding="utf-8") == "mine"


def test_an_earlier_result_is_replaced(tmp_path: Path) -> None:
    _suggest(tmp_path, TEXTS)
    assert len(_suggest(tmp_path, TEXTS, "--top", "1")[1]) == 4
