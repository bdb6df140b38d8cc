"""Dutch stems and compounds against pairs judged by hand, the vectorizer against its definition and contract."""
from __future__ import annotations

import math
import pickle
from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from features.codes import code_list
from features.dutch import CompoundSplitter, stem, words
from features.errors import FeatureError
from features.vectorizer import DutchVectorizer, meanings

SAME = [
    "verkoper verkopers verkoopster verkoopsters", "kapper kapster kappers kapsters", "maker makers maakster",
    "monteur monteurs monteuse", "timmerman timmermannen timmervrouw timmerlui", "tegel tegels", "machine machines",
    "directeur directrice", "schoonmaker schoonmaakster schoonmakers", "bestuurder bestuurster bestuurders",
    "ruit ruiten", "muur muren", "huis huizen", "brief brieven", "boom bomen",
    "straat straten", "groot grote", "glas glazen",
    "kaas kazen", "kas kassen", "garage garages", "deur deuren", "kaartje kaartjes", "motor motoren", "dak daken",
]  # fmt: skip
APART = ["verkoper verkoop", "bakker bakkerij", "maaltijd maaier", "schilder schild", "ramen rails", "kaas kas"]


@pytest.mark.parametrize("line", SAME)
def test_number_and_gender_leave_the_stem_as_it_is(line: str) -> None:
    assert len({stem(word) for word in line.split()}) == 1, [stem(word) for word in line.split()]


@pytest.mark.parametrize("line", APART)
def test_other_words_keep_stems_of_their_own(line: str) -> None:
    first, second = line.split()
    assert stem(first) != stem(second)


def test_words_are_folded_and_stop_words_left_out() -> None:
    assert words("Café-medewerker (m/v) voor auto's") == ["cafe", "medewerker", "autos"]


@pytest.mark.parametrize(
    ("compound", "parts"),
    [("ruitenwasser", ("ruit", "wasser")), ("schoonmaakmiddel", ("schoonmaak", "middel")),
     ("kassahulp", ("kassa", "hulp")),
     ("veiligheidsschoen", ("veiligheid", "schoen")), ("magazijnmedewerker", ("magazijn", "medewerker")),
     ("koekjesfabriekmedewerker", ("koekje", "fabriek", "medewerker"))],
)  # fmt: skip
def test_a_compound_is_split_where_both_halves_are_words(compound: str, parts: tuple[str, ...]) -> None:
    known = "ruit wasser schoonmaak middel kassa hulp veiligheid schoen magazijn medewerker koekje fabriek"
    splitter = CompoundSplitter(Counter(known.split()))
    assert tuple(map(stem, splitter.split(compound))) == tuple(map(stem, parts))


@given(st.text(alphabet="abcdefgijklmnoprstuvwz", min_size=1, max_size=20))
@settings(max_examples=200)
def test_the_parts_of_a_word_stand_in_it_in_order(word: str) -> None:
    splitter = CompoundSplitter(Counter(["kas", "sla", "bak", "oven", "stal", "tuin"]))
    at = 0
    for part in splitter.split(word):
        assert word.find(part, at) >= at
        at = word.find(part, at) + len(part)


TEXTS = ["glazenwasser", "ramen wassen en zemen", "timmerman", "hout zagen met de zaagmachine", "kok in een restaurant"]


def _row_by_hand(model: DutchVectorizer, texts: list[str], text: str) -> dict[str, float]:
    """The row of a text from the class's own description, with dicts and logarithms."""

    def features_of(word: str) -> dict[str, dict[str, float]]:
        padded = f" {word} "
        low, high = model.char_ngrams
        letters: Counter[str] = Counter()
        for size in range(low, high + 1):
            if len(padded) <= size:
                letters[padded] += 1
                break
            letters.update(padded[k:k + size] for k in range(len(padded) - size + 1))
        parts = {word, *model.splitter_.split(word)}
        found: dict[str, float] = {}
        for part in parts:
            for concept in meanings().get(stem(part), ()):
                found[concept] = max(found.get(concept, 0.0), 1 / math.sqrt(len(meanings()[stem(part)])))
        return {"letters": dict(letters), "part": dict.fromkeys(map(stem, parts), 1.0), "meaning": found}

    def counts(one: str) -> dict[str, dict[str, float]]:
        total: dict[str, dict[str, float]] = {kind: defaultdict(float) for kind in ("letters", "part", "meaning")}
        for at, word in enumerate(words(one)):
            for kind, found in features_of(word).items():
                for name, value in found.items():
                    total[kind][name] += value / (1 + at / model.half_position)
        return total

    learned = [counts(one) for one in texts]
    row: dict[str, float] = {}
    weights = {"letters": 1.0, "part": model.part_weight, "meaning": model.concept_weight}
    for kind, values in counts(text).items():
        known = {name for one in learned for name in one[kind]} if kind != "meaning" else set(values)
        scaled = {}
        for name, value in values.items():
            if name in known:
                seen = sum(name in one[kind] for one in learned)
                scaled[name] = math.log1p(value) * (math.log((1 + len(texts)) / (1 + seen)) + 1)
        length = math.sqrt(sum(value**2 for value in scaled.values()))
        row |= {f"{kind} {name}": value / length * math.sqrt(weights[kind]) for name, value in scaled.items()}
    return row


@pytest.mark.parametrize("text", [*TEXTS, "ruitenwasser", "zager", "kok kok kok"])
def test_a_row_is_what_the_description_says(text: str) -> None:
    model = DutchVectorizer().fit(TEXTS)
    names = model.get_feature_names_out()
    row = model.transform([text]).toarray()[0]
    expected = _row_by_hand(model, TEXTS, text)
    assert {names[k] for k in np.flatnonzero(row)} == set(expected)
    assert row[np.flatnonzero(row)] == pytest.approx([expected[names[k]] for k in np.flatnonzero(row)], rel=1e-4)


def test_the_transformer_keeps_the_contract_of_scikit_learn() -> None:
    model = DutchVectorizer(char_ngrams=(3, 4), part_weight=0.2)
    twin = clone(model)
    assert twin is not model and twin.get_params() == model.get_params()
    assert model.set_params(concept_weight=0.5) is model and model.concept_weight == 0.5
    with pytest.raises(NotFittedError):
        model.transform(TEXTS)
    assert model.fit(TEXTS) is model
    assert {name for name in vars(model) if not name.endswith("_")} == set(model.get_params())
    rows = model.transform(TEXTS)
    assert rows.shape == (len(TEXTS), model.n_features_) == (len(TEXTS), len(model.get_feature_names_out()))
    assert np.array_equal(rows.toarray(), clone(model).fit_transform(TEXTS).toarray())
    assert np.array_equal(rows.toarray(), pickle.loads(pickle.dumps(model)).transform(TEXTS).toarray())
    assert np.array_equal(rows[[2]].toarray(), model.transform([TEXTS[2]]).toarray())
    assert np.array_equal(rows.toarray()[::-1], clone(model).fit(TEXTS[::-1]).transform(TEXTS[::-1]).toarray())
    assert model.transform(["", "!!"]).nnz == 0


@pytest.mark.parametrize(
    ("texts", "says"),
    [([], "no word"), (["", "de"], "no word"), ("timmerman", "a single text"), (["bakker", 3], "text 1 is int")],
)
def test_texts_that_cannot_be_learned_from_are_named(texts: list[str], says: str) -> None:
    with pytest.raises(FeatureError, match=says):
        DutchVectorizer().fit(texts)


@pytest.mark.parametrize(
    "wrong", [{"char_ngrams": (4, 2)}, {"part_weight": -1.0}, {"half_position": 0.0}, {"concept_weight": -0.1}]
)
def test_a_parameter_out_of_range_is_named(wrong: dict[str, float]) -> None:
    with pytest.raises(FeatureError, match=next(iter(wrong))):
        DutchVectorizer(**wrong).fit(TEXTS)  # type: ignore[arg-type]


def test_every_branch_named_in_the_lexicon_and_the_occupations_exists() -> None:
    from features.codes import read_table

    named = {row["branch"] for file in ("lexicon.csv", "occupations.csv") for row in read_table(file)} - {""}
    assert named == set(code_list("branch").codes)
