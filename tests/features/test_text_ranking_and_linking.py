"""Ranking against plain arithmetic over every pair, and linking against texts read by hand."""
from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from features.codes import code_list
from features.errors import FeatureError
from features.text import KINDS, TextRanker, guess_branch, link, link_tasks, suggest_codes
from features.vectorizer import DutchVectorizer

DATA = Path(__file__).parent / "data"
LABELS = [
    ("glass", "glazenwasser"), ("glass", "wasser van ruiten"), ("wood", "timmerman"), ("wood", "schrijnwerker"),
    ("cook", "kok"), ("bread", "bakker"), ("floor", "medewerker schoonmaak"), ("store", "magazijnmedewerker"),
]  # fmt: skip
TEXTS = ["ruitenwasser", "Timmervrouw", "leerling bakker", "medewerkster", "kok", "", "magazijn en schoonmaak"]


def _plain_scores(labels: list[tuple[str, str]], text: str) -> dict[str, float]:
    """Best inner product over the labels of an id, one pair at a time, as a share of the greatest there can be."""
    ordered = sorted(labels)
    model = DutchVectorizer()
    rows = model.fit_transform([label for _, label in ordered]).toarray()
    wanted = model.set_params(half_position=math.inf).transform([text]).toarray()[0]
    best: dict[str, float] = {}
    for (label_id, label), row in zip(ordered, rows, strict=True):
        score = 1.0 if label == text else float(sum(a * b for a, b in zip(row, wanted, strict=True))) / 1.4
        best[label_id] = max(score, best.get(label_id, 0.0))
    return best


@pytest.mark.parametrize("text", TEXTS)
def test_a_label_id_scores_what_its_nearest_label_scores(text: str) -> None:
    found = {one.label_id: one.score for one in TextRanker(LABELS).rank([text], 99)[0]}
    assert found == pytest.approx(_plain_scores(LABELS, text), abs=2e-6)


def test_answers_come_best_first_and_ties_in_the_order_of_their_ids() -> None:
    for row in TextRanker([*LABELS, ("a", "kok"), ("z", "kok")]).rank(TEXTS, 99):
        assert [(-one.score, one.label_id) for one in row] == sorted((-one.score, one.label_id) for one in row)
    three = TextRanker([*LABELS, ("a", "kok"), ("z", "kok")]).rank(["kok"], 3)[0]
    assert [one.label_id for one in three] == ["a", "cook", "z"]


@pytest.mark.parametrize("top", [1, 2, 5, 6])
def test_a_shorter_answer_is_the_beginning_of_the_whole_one(top: int) -> None:
    ranker = TextRanker(LABELS)
    assert [row[:top] for row in ranker.rank(TEXTS, 99)] == ranker.rank(TEXTS, top)


def test_the_order_of_labels_and_texts_changes_nothing() -> None:
    forward = TextRanker(LABELS).rank(TEXTS, 4)
    assert TextRanker(LABELS[::-1]).rank(TEXTS[::-1], 4)[::-1] == forward
    assert [TextRanker(LABELS).rank([text], 4)[0] for text in TEXTS] == forward


def test_only_the_first_answer_can_be_sure_and_only_from_its_threshold() -> None:
    for row in TextRanker(LABELS, sure_from=0.6).rank(TEXTS, 99):
        assert [one.sure for one in row] == [k == 0 and one.score >= 0.6 for k, one in enumerate(row)]


def test_no_labels_or_no_answers_asked_is_an_error() -> None:
    with pytest.raises(FeatureError, match="no labels"):
        TextRanker([])
    for name in KINDS:
        with pytest.raises(FeatureError, match="expected 1 or more"):
            suggest_codes(name, ["bakker"], 0)


def _fixture(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def test_task_texts_are_read_right_or_not_at_all() -> None:
    rows = list(_fixture("task_texts.csv"))
    right = wrong = said = nothing = 0
    for row, found in zip(rows, link_tasks([row["text"] for row in rows]), strict=True):
        meant = set(row["tasks"].split("|")) - {""}
        said += bool(meant)
        right += bool(meant and found and set(found) <= meant)
        wrong += bool(meant and set(found) - meant)
        nothing += bool(not meant and found)
    assert said >= 100 and len(rows) - said >= 30
    assert right >= 0.8 * said, right / said
    assert wrong <= 0.06 * said, wrong / said
    assert nothing <= 1  # texts that name no task at all


def test_branches_of_vacancy_titles_are_guessed_right_or_not_at_all() -> None:
    rows = list(_fixture("vacancy_titles.csv"))
    known = {word.lower() for entry in code_list("branch").entries for word in entry.words()}
    assert {row["branch"] for row in rows} == set(code_list("branch").codes)
    assert not [row for row in rows if row["title"].lower() in known]
    guesses = guess_branch([row["title"] for row in rows])
    right = sum(guess == row["branch"] for row, guess in zip(rows, guesses, strict=True))
    wrong = sum(guess not in (row["branch"], None) for row, guess in zip(rows, guesses, strict=True))
    assert right >= 0.75 * len(rows), right / len(rows)
    assert wrong <= 0.05 * len(rows), wrong / len(rows)


VAGUE = ["Medewerker", "Allround medewerker", "Vakantiekracht", "Operator", "Hulp gezocht", "Leerling (m/v)", "", "xyz",
         "Bijbaan zaterdag", "Teamleider", "Productiemedewerker", "12345"]  # fmt: skip


def test_a_title_that_names_no_work_gets_no_branch() -> None:
    assert guess_branch(VAGUE) == [None] * len(VAGUE)


def test_a_code_label_or_synonym_is_always_read_as_itself() -> None:
    tasks = code_list("task")
    texts = [word for entry in tasks.entries for word in entry.words()]
    codes = [(entry.code,) for entry in tasks.entries for _ in entry.words()]
    assert link_tasks(texts) == codes
    assert guess_branch(list(code_list("branch").codes)) == list(code_list("branch").codes)


def test_a_text_that_names_several_things_gets_them_in_its_order() -> None:
    assert link_tasks(["vegen, dweilen en ramen wassen"]) == [("sweep", "mop_floors", "clean_windows")]
    assert link_tasks(["ramen wassen en vegen"]) == [("clean_windows", "sweep")]
    assert link_tasks(["brieven en pakjes sorteren"]) == [("sort_parcels",)]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [("condition", "veel herrie", "noise"), ("condition", "werken aan de lopende band", "forced_pace"),
     ("condition", "vaak in de regen buiten werken", "outdoors"),
     ("support", "een vaste begeleider op de werkplek", "fixed_instructor"),
     ("support", "stappenkaarten met plaatjes", "step_cards"), ("certificate", "heftruckdiploma gehaald", "forklift")],
)  # fmt: skip
def test_other_lists_are_read_from_free_text_too(name: str, text: str, code: str) -> None:
    assert suggest_codes(name, [text], 3)[0][0].label_id == code
    assert code in link(name, [text])[0]


def test_a_suggestion_is_sure_exactly_where_the_product_would_take_it() -> None:
    texts = [row["text"] for row in _fixture("task_texts.csv")][::4]
    for row, linked in zip(suggest_codes("task", texts, 185), link_tasks(texts), strict=True):
        assert {one.label_id for one in row if one.sure} == set(linked)
        assert len(row) == 185 and all(0 <= one.score <= 1 for one in row)
    titles = [row["title"] for row in _fixture("vacancy_titles.csv")][::6]
    for row, guess in zip(suggest_codes("branch", titles, 24), guess_branch(titles), strict=True):
        assert [one.label_id for one in row if one.sure] == ([guess] if guess else [])


@pytest.mark.parametrize(
    ("texts", "labels", "least"), [("titles", "labels", 0.5375), ("compounds", "descriptions", 0.51)]
)
def test_titles_find_their_first_right_label_better_than_letters_alone(
    shared_data: Path, texts: str, labels: str, least: float
) -> None:
    folder = shared_data / "titles"

    def pairs(name: str) -> list[tuple[str, str]]:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            return [(row[0], row[1]) for row in list(csv.reader(stream))[1:]]

    right: dict[str, set[str]] = {}
    for text_id, label_id in pairs(f"{texts}_right"):
        right.setdefault(text_id, set()).add(label_id)
    asked = pairs(texts)
    found = TextRanker(pairs(labels)).rank([text for _, text in asked], 200)
    reciprocal = [
        next((1 / rank for rank, one in enumerate(row, 1) if one.label_id in right[text_id]), 0.0)
        for (text_id, _), row in zip(asked, found, strict=True)
    ]
    assert sum(reciprocal) / len(reciprocal) >= least
